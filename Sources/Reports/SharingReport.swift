import ClusterModel
import Collectives
public import Estimation
import Quantities

/// How several collectives get on that run at the same time: how long each takes, and what holds it back.
public struct SharingReport: Report {
  /// What is reported.
  public var answer: SharingAnswer

  /// The most periods that a page lists.
  private static let mostPeriods = 40

  /// A report of an answer.
  public init(_ answer: SharingAnswer) { self.answer = answer }

  /// A row for each job, then who ran at what speed when.
  public var page: Page {
    Page(
      title: "Sharing \(answer.subject.fullName)",
      question: "How long do \(counted(answer.parts.count, "collective")) take that run at the same time on "
        + "\(answer.subject.title)?",
      answer: headline,
      sections: [
        .init("Each job", [.table(jobs), .figure(chart)]),
        .init("Who runs at what speed", periods.rows.isEmpty ? [] : [.table(periods)] + omitted),
        .remarks(answer.remarks), .assumptions(answer.assumptions),
      ])
  }

  private var headline: [String] {
    guard let slowest = answer.parts.max(by: { $0.slowdown < $1.slowdown }) else { return ["There is no job."] }
    var sentences: [String] = []
    if let holder = slowest.holder, slowest.slowdown > 1 + 1e-9 {
      sentences.append(
        "\(slowest.job.name) suffers most: \(slowest.time) in place of \(slowest.alone.time) alone "
          + "(\(ratioText(slowest.slowdown))), held back by \(holder.link) (\(holder.tier)), which "
          + "\(holder.jobs.map { answer.parts[$0].job.name }.joined(separator: ", ")) share.")
    } else {
      sentences.append("No job holds another back: no link has more to carry than it can.")
    }
    sentences.append(
      "All are done after \(answer.end); one after another they would take \(answer.oneAfterAnother), and no division of "
        + "the links has all of them done before \(answer.lowerBound).")
    return sentences
  }

  private var jobs: TextTable {
    var table = TextTable([
      .init("job"), .init("collective"), .init("size", isNumeric: true), .init("ranks", isNumeric: true),
      .init("algorithm", rank: 1), .init("start", isNumeric: true, rank: 2), .init("alone", isNumeric: true),
      .init("beside the others", isNumeric: true), .init("slower", isNumeric: true), .init("held back by"),
    ])
    for part in answer.parts {
      table.append([
        part.job.name, part.job.question.collective.rawValue, "\(part.job.bytes)", ranks(of: part),
        part.alone.algorithm, "\(part.job.start)", "\(part.alone.time)", "\(part.time)", ratioText(part.slowdown),
        part.holder.map { "\($0.link) (\($0.tier)), \($0.between)" } ?? "–",
      ])
    }
    return table
  }

  private func ranks(of part: SharingAnswer.Part) -> String {
    part.ranks == 1
      ? "\(part.job.firstRank)" : "\(part.job.firstRank)..\(part.job.firstRank + part.ranks - 1)"
  }

  private var chart: BarChart {
    BarChart(
      title: "Time beside the others over time alone", axis: .ratios, parts: ["time over time alone"],
      bars: answer.parts.map { .init(name: $0.job.name, values: [$0.slowdown], note: ratioText($0.slowdown)) })
  }

  private var periods: TextTable {
    var table = TextTable(
      [.init("from", isNumeric: true), .init("to", isNumeric: true)]
        + answer.parts.map { .init($0.job.name, isNumeric: true) })
    for period in answer.periods.prefix(SharingReport.mostPeriods) {
      table.append(
        ["\(period.start)", "\(period.end)"]
          + period.rates.map { rate in rate.map { "\(DecimalPrefix.significant($0 * 100, digits: 3)) %" } ?? "–" })
    }
    return table
  }

  private var omitted: [Page.Block] {
    let rest = answer.periods.count - SharingReport.mostPeriods
    return rest > 0 ? [.sentences(["\(counted(rest, "further period")) in the JSON form."])] : []
  }
}

extension SharingReport {
  /// Every job, and every period between two events.
  public var json: JSON {
    .object([
      Release.member,
      ("topology", .string(answer.subject.topology)),
      ("title", .string(answer.subject.title)),
      ("parameters", answer.subject.parametersJSON),
      ("jobs", .array(answer.parts, json(of:))),
      ("endSeconds", .number(answer.end.value)),
      ("oneAfterAnotherSeconds", .number(answer.oneAfterAnother.value)),
      ("lowerBoundSeconds", .number(answer.lowerBound.value)),
      (
        "periods",
        .array(answer.periods) { period in
          .object([
            ("startSeconds", .number(period.start.value)), ("endSeconds", .number(period.end.value)),
            ("shares", .array(period.rates) { $0.map(JSON.number) ?? .null }),
          ])
        }
      ),
      ("assumptions", .array(answer.assumptions, \.json)),
      ("remarks", .array(answer.remarks, JSON.string)),
    ])
  }

  private func json(of part: SharingAnswer.Part) -> JSON {
    .object([
      ("name", .string(part.job.name)),
      ("collective", .string(part.job.question.collective.rawValue)),
      ("bytes", .integer(part.job.bytes.count)),
      ("firstRank", .count(part.job.firstRank)),
      ("ranks", .count(part.ranks)),
      ("algorithm", .string(part.alone.algorithm)),
      ("protocol", .string(part.alone.messageProtocol.rawValue)),
      ("startSeconds", .number(part.job.start.value)),
      ("aloneSeconds", .number(part.alone.time.value)),
      ("seconds", .number(part.time.value)),
      ("slowdown", .number(part.slowdown)),
      (
        "heldBackBy",
        part.holder.map { holder in
          .object([
            ("link", .string(holder.link)), ("tier", .string(holder.tier.description)),
            ("between", .string(holder.between)),
            ("jobs", .array(holder.jobs.map { answer.parts[$0].job.name }, JSON.string)),
          ])
        } ?? .null
      ),
    ])
  }
}
