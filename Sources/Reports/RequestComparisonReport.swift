import Quantities
public import Serving

/// Answers of an estate side by side: of two estates, or of the hours of a day.
public struct RequestComparisonReport: Report {
  /// What the answers are of.
  public enum Kind: Sendable { case estates, hours }

  /// What is reported.
  public var answers: [RequestAnswer]
  /// What they are of.
  public var kind: Kind

  /// A report of answers.
  public init(_ answers: [RequestAnswer], of kind: Kind) {
    self.answers = answers
    self.kind = kind
  }

  /// A row an answer.
  public var page: Page {
    var table = TextTable([
      .init(kind == .hours ? "hour (UTC)" : "estate"), .init("requests", isNumeric: true),
      .init("first token mean", isNumeric: true), .init("per token mean", isNumeric: true),
      .init("done mean", isNumeric: true), .init("p50", isNumeric: true), .init("p99", isNumeric: true),
      .init("to first", isNumeric: true), .init("highest use", isNumeric: true),
      .init("communication", isNumeric: true),
    ])
    let summaries = answers.map(\.summary)
    for (answer, whole) in zip(answers, summaries) {
      table.append([
        kind == .hours ? "\(answer.hour):00" : answer.estate, DecimalPrefix.format(answer.rate, unit: "/s"),
        "\(Seconds(answer.mean { $0.timeToFirstToken.mean }))",
        "\(Seconds(answer.mean { $0.timePerOutputToken.mean }))", "\(Seconds(whole.mean))", "\(Seconds(whole.p50))",
        "\(Seconds(whole.p99))", ratioText(whole.mean / (answers.first?.summary.mean ?? whole.mean)),
        percent(answer.sites.map(\.utilisation).max() ?? 0), percent(answer.communicationShare),
      ])
    }
    return Page(
      title: kind == .hours ? "A day" : "Estates side by side", answer: headline,
      sections: [
        .init(nil, [.table(table)]), .init("Charts", figures(summaries).map { .figure($0) }, in: .document),
        .remarks(Set(answers.flatMap(\.remarks)).sorted()),
      ])
  }

  private var headline: [String] {
    let ranked = answers.sorted { $0.summary.mean < $1.summary.mean }
    guard let best = ranked.first, let worst = ranked.last, answers.count > 1 else { return [] }
    guard worst.summary.mean > 1.001 * best.summary.mean else {
      return [
        "Requests are done equally soon \(kind == .hours ? "all day" : "on all"), in \(Seconds(best.summary.mean))."
      ]
    }
    func name(_ answer: RequestAnswer) -> String { kind == .hours ? "\(answer.hour):00 UTC" : answer.estate }
    return [
      "Requests are done soonest \(kind == .hours ? "at" : "on") \(name(best)), in \(Seconds(best.summary.mean)) in the "
        + "mean, and last \(kind == .hours ? "at" : "on") \(name(worst)), in \(Seconds(worst.summary.mean)) "
        + "(\(ratioText(worst.summary.mean / best.summary.mean)))."
    ]
  }

  /// The answers, and each mean over the first.
  public var json: JSON {
    let first = answers.first?.summary.mean ?? 1
    return .object([
      Release.member,
      (
        kind == .hours ? "hours" : "subjects",
        .array(answers) { .object($0.members + [("ratioToFirst", .number($0.summary.mean / first))]) }
      ),
    ])
  }
}
