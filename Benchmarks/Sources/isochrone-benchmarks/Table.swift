import Foundation
import Quantities

/// Contests as rows of a Markdown table.
enum Table {
  static func head(of benchmark: Benchmark) -> String {
    """

    ### \(benchmark.name)
    \(benchmark.about) \(circumstances)

    | what | ours: least, median, most | peak memory | rival | its least, median, most | peak memory | ratio: least, median, most |
    |---|---|---|---|---|---|---|
    """
  }

  /// When a benchmark ran, and what else the machine did.
  private static var circumstances: String {
    var loads = [0.0, 0, 0]
    getloadavg(&loads, 3)
    let day = Date().formatted(.iso8601.year().month().day())
    let load = DecimalPrefix.significant(loads[0], digits: 2)
    return "(\(day), \(ProcessInfo.processInfo.activeProcessorCount) processors, load \(load) at the start)"
  }

  static func row(of contest: Contest) -> String {
    let cells = [
      contest.name, times(contest.ours), memory(contest.peakBytes), contest.rival, contest.theirs.map(times) ?? "",
      memory(contest.rivalPeakBytes), contest.ratio.map(numbers) ?? "",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  private static func times(_ spread: Spread) -> String {
    [spread.least, spread.median, spread.most].map { DecimalPrefix.format($0, unit: "s") }.joined(separator: ", ")
  }

  private static func numbers(_ spread: Spread) -> String {
    [spread.least, spread.median, spread.most].map { DecimalPrefix.significant($0, digits: 2) }
      .joined(separator: ", ")
  }

  private static func memory(_ bytes: Int?) -> String {
    bytes.map { DecimalPrefix.format(Double($0), unit: "B") } ?? ""
  }
}
