import Foundation

extension Benchmark {
  /// What the largest questions take that the command accepts, and smaller ones beside them.
  static let limits = Benchmark(
    name: "limits",
    about: """
      The command's own limits, from start to exit, against a question a quarter or a half as large: ranks of a list of \
      devices, whose messages are followed one by one (2,048; any algorithm); groups of ranks that lie over boxes in \
      different ways (1,024); and failures one by one of a million GPUs.
      """
  ) { report in
    for (ranks, less, collective) in [
      (1024, 512, "all-to-all"), (2048, 1024, "all-to-all"), (2048, 1024, "all-reduce"),
    ] {
      let question = { (ranks: Int) in
        Programs.isochrone("estimate \(collective) \(try list(ranks: ranks)) --sizes 1GiB")
      }
      report(
        try Contest(
          "\(collective), \(grouped(ranks)) listed ranks", against: "\(grouped(less)) ranks", runs: 1,
          ours: try question(ranks).run, theirs: try question(less).run))
    }
    let groups = { (ranks: Int) in
      Programs.isochrone(
        "estimate all-to-all dgx-h100:nodes=128 --ranks \(ranks) --group tensor=12,data=* --sizes 1MiB")
    }
    report(
      try Contest(
        "1,020 ranks in groups of 12", against: "516 ranks", runs: 3, ours: groups(1020).run, theirs: groups(516).run))
    let failures = { (racks: Int) in
      Programs.isochrone("what-if all-reduce gb200-nvl72:racks=\(racks) --sizes 1GiB")
    }
    report(
      try Contest(
        "what-if, 995,328 GPUs", against: "72 GPUs", runs: 3, ours: failures(13_824).run, theirs: failures(1).run))
  }

  /// Writes a list of devices: hosts of eight accelerators, a leaf for each two, spines above.
  private static func list(ranks: Int) throws -> String {
    let hosts = 0..<ranks / 8
    var lines = ["isochrone: 1", "name: A list", "graph:", "  devices:"]
    for host in hosts {
      lines += ["    \"h\(host)gpu[0..7]\": {part: H100, host: h\(host)}", "    h\(host)nvs: {kind: scale-up-switch}"]
    }
    lines += [
      "    \"leaf[0..\(hosts.count / 2 - 1)]\": {kind: switch}", "    \"spine[0..31]\": {kind: switch}", "  links:",
    ]
    for host in hosts {
      lines += [
        "    - {between: [\"h\(host)gpu[0..7]\", h\(host)nvs], link: NVLink-4, count: 18}",
        "    - {between: [\"h\(host)gpu[0..7]\", \"leaf[\(host / 2)]\"], link: NDR-400G}",
      ]
    }
    lines.append(
      "    - {between: [\"leaf[0..\(hosts.count / 2 - 1)]\", \"spine[0..31]\"], link: NDR-400G, tier: spine}")
    let url = FileManager.default.temporaryDirectory.appending(path: "isochrone-list-\(ranks).yaml")
    try Data(lines.joined(separator: "\n").utf8).write(to: url)
    return url.path
  }
}
