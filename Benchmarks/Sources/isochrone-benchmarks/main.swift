import Foundation

// isochrone-benchmarks [NAME…]: the named benchmarks, or all, as Markdown tables.
let words = Array(CommandLine.arguments.dropFirst())

// Written at once, so that a long run can be followed in a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func fail(_ message: String, status: Int32) -> Never {
  FileHandle.standardError.write(Data("isochrone-benchmarks: \(message)\n".utf8))
  exit(status)
}

do {
  if words.first == ExpandOnly.flag, words.count == 2 {
    try ExpandOnly.run(words[1])
    exit(0)
  }
  if words.first == GraphOnly.flag, words.count == 3, let vertices = Int(words[2]) {
    GraphOnly.run(words[1], vertices: vertices)
    exit(0)
  }
  let names = Benchmarks.all.map(\.name)
  if let unknown = words.first(where: { !names.contains($0) }) {
    fail("there is no benchmark '\(unknown)'; there are \(names.joined(separator: ", "))", status: 64)
  }
  guard FileManager.default.isExecutableFile(atPath: Programs.isochrone) else {
    fail("there is no \(Programs.isochrone); 'swift build -c release --product isochrone' makes it", status: 66)
  }
  for benchmark in Benchmarks.all where words.isEmpty || words.contains(benchmark.name) {
    say(Table.head(of: benchmark))
    try benchmark.run { say(Table.row(of: $0)) }
  }
} catch {
  fail("\(error)", status: 1)
}
