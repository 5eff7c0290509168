import Foundation
import Quantities

// isochrone-benchmarks [BINARY]: every benchmark as a row of a Markdown table.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
let binary = CommandLine.arguments.dropFirst().first ?? checkout.appending(path: ".build/release/isochrone").path

func row(_ benchmark: Benchmark) -> String {
  let ratio = benchmark.ours.seconds / benchmark.theirs.seconds
  let memory = benchmark.ours.peakBytes.map { DecimalPrefix.format(Double($0), unit: "B") } ?? ""
  let span = "\(Seconds(benchmark.ours.range.lowerBound)) – \(Seconds(benchmark.ours.range.upperBound))"
  return "| \(benchmark.name) | \(Seconds(benchmark.ours.seconds)) | \(span) | \(memory) | \(benchmark.rival) "
    + "| \(Seconds(benchmark.theirs.seconds)) | \(DecimalPrefix.significant(ratio, digits: 2)) |"
}

do {
  print("| what | median | range | peak memory | rival | its median | ours over its |")
  print("|---|---|---|---|---|---|---|")
  // Processes first: what they are charged with in memory includes what this harness holds when it starts them.
  for benchmark in try Processes.all(binary: binary) { print(row(benchmark)) }
  for benchmark in try Fabrics.all() { print(row(benchmark)) }
  for benchmark in Products.all() { print(row(benchmark)) }
} catch {
  FileHandle.standardError.write(Data("isochrone-benchmarks: \(error)\n".utf8))
  exit(1)
}
