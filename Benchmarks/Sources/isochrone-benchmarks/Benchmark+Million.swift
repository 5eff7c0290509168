extension Benchmark {
  /// A million GPUs against the same fabric vertex by vertex, each in a process of its own.
  static let million = Benchmark(
    name: "million",
    about: """
      An estimate of 32 sizes on ever more racks, from start to exit, against a process that only expands the same \
      fabric vertex by vertex and routes nothing. Wanted for 13,824 racks: 0.5 s and 100 MB.
      """
  ) { report in
    for racks in [1, 16, 128, 1024, 13_824] {
      let name = "gb200-nvl72:racks=\(racks)"
      let ours = Programs.isochrone("estimate all-reduce \(name) --sizes 8B..16GiB")
      let rival = Child(path: ExpandOnly.program, arguments: [ExpandOnly.flag, name], isQuiet: true)
      let runs = racks == 1024 ? 3 : 11
      do {
        report(
          try Contest(
            "\(grouped(racks)) racks, \(grouped(racks * 72)) GPUs", against: "expansion, nothing routed", runs: runs,
            ours: ours.run, theirs: rival.run))
      } catch ChildError.status {
        report(
          try Contest(
            "\(grouped(racks)) racks, \(grouped(racks * 72)) GPUs",
            withoutRival: "none: the expansion needs more than \(ExpandOnly.mostMemory >> 30) GiB", runs: runs,
            ours: ours.run))
      }
    }
  }
}
