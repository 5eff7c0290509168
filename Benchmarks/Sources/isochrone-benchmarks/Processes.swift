/// The command from start to exit.
enum Processes {
  private static let doesNothing = "/bin/true"

  static func all(binary: String) throws -> [Benchmark] {
    let floor = try Measurement.process(doesNothing, [], runs: 21)
    func command(_ words: String, runs: Int) throws -> Benchmark {
      Benchmark(
        name: "isochrone \(words)", rival: "\(doesNothing), which does nothing",
        ours: try Measurement.process(binary, words.split(separator: " ").map(String.init), runs: runs), theirs: floor)
    }
    return [
      try command("--version", runs: 21),
      try command("describe gb200-nvl72", runs: 11),
      try command("compare gb200-nvl72:racks=8 gb300-nvl72:racks=8", runs: 11),
      try command("estimate all-reduce gb200-nvl72:racks=13824 --sizes 8B..16GiB", runs: 11),
    ]
  }
}
