import Foundation

/// The programs that are measured.
enum Programs {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The release binary of this checkout.
  static let isochrone = checkout.appending(path: ".build/release/isochrone").path
  /// A program that does nothing.
  static let doesNothing = "/bin/true"

  static func isochrone(_ words: String) -> Child {
    Child(path: isochrone, arguments: words.split(separator: " ").map(String.init))
  }
}

extension Benchmark {
  /// How long the command takes to begin.
  static let start = Benchmark(
    name: "start",
    about: "The command that has least to do, from start to exit, against a program that does nothing. Wanted: 30 ms."
  ) { report in
    report(
      try Contest(
        "isochrone --version", against: Programs.doesNothing, runs: 41, ours: Programs.isochrone("--version").run,
        theirs: Child(path: Programs.doesNothing).run))
  }

  /// Everyday questions.
  static let commands = Benchmark(
    name: "commands",
    about: "Everyday questions from start to exit, against `isochrone --version`: what is above 1 is the answer's own."
  ) { report in
    for words in [
      "check gb200-nvl72", "catalog GB200", "describe gb200-nvl72",
      "estimate all-reduce gb200-nvl72:racks=8 --sizes 8B..16GiB",
      "compare gb200-nvl72:racks=8 gb300-nvl72:racks=8",
    ] {
      report(
        try Contest(
          "isochrone \(words)", against: "isochrone --version", runs: 11, ours: Programs.isochrone(words).run,
          theirs: Programs.isochrone("--version").run))
    }
  }
}
