import Quantities

/// Contests as rows of a Markdown table.
enum Table {
  static func head(of benchmark: Benchmark) -> String {
    """

    ### \(benchmark.name)
    \(benchmark.about)

    | what | ours: least, median, most | peak memory | rival | its least, median, most | peak memory | ratio: least, median, most |
    |---|---|---|---|---|---|---|
    """
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
