import ClusterModel
import Collectives
public import Estimation
import Quantities

/// How long a collective takes, a row a size.
public struct EstimateReport: Report {
  /// What is reported.
  public var answer: Answer
  /// Whether terms, candidates, refusals, schedules and sources are told as well.
  public var explains: Bool
  /// What is in the cluster, for the drawing of the HTML form; nil: none is drawn.
  public var layout: Description?

  /// A report of an answer.
  public init(_ answer: Answer, explains: Bool = false, layout: Description? = nil) {
    self.answer = answer
    self.explains = explains
    self.layout = layout
  }

  /// The sentences that matter first, then the table, then what it rests on.
  public var page: Page {
    let figures = figures.map { Page.Block.figure($0) }
    var sections: [Page.Section] = [.init(nil, figures + drawing, in: .document)]
    if answer.estimates.count > 0 { sections.append(.init(nil, [.table(table)])) }
    sections.append(.init(nil, figures, in: .text))
    if explains {
      sections += explanation
    } else {
      sections.append(.init(nil, restsOn.map { [.sentences([$0])] } ?? [], in: .text))
    }
    sections.append(.remarks(answer.remarks))
    if !explains { sections.append(.assumptions(answer.assumptions)) }
    return Page(
      title: "\(collective.capitalised) on \(answer.subject.fullName)",
      question: "How long does \(collective) over \(counted(answer.ranks, "GPU")) of "
        + "\(answer.subject.title) take, and which link decides?",
      answer: headline, sections: sections)
  }

  private var collective: Collective { answer.question.collective }

  private var headline: [String] {
    guard let largest = answer.estimates.max(by: { $0.bytes < $1.bytes }),
      let smallest = answer.estimates.min(by: { $0.bytes < $1.bytes })
    else { return ["No size was asked."] }
    let bus = Bandwidth(bytesPerSecond: answer.busBandwidth(of: largest))
    var lines = [
      "\(collective.capitalised) of \(largest.bytes) over \(answer.participants)\(answer.groups == nil ? "" : ",") takes \(largest.time): "
        + "\(bus) bus bandwidth, by \(largest.method); \(largest.decider.clause)."
    ]
    if smallest.bytes < largest.bytes {
      lines.append("At \(smallest.bytes) it takes \(smallest.time), by \(smallest.method); \(smallest.decider.clause).")
    }
    lines.append("\(answer.subject.fullName), \(answer.subject.title); library \(answer.library).")
    return lines
  }

  private var table: TextTable {
    var table = TextTable([
      .init("size", isNumeric: true), .init("time", isNumeric: true), .init("9 in 10 within", rank: 3),
      .init("algbw", isNumeric: true, rank: 2), .init("busbw", isNumeric: true), .init("algorithm"),
      .init("protocol", rank: 1), .init("decided by"), .init("of bound", isNumeric: true, rank: 4),
    ])
    for estimate in answer.estimates {
      table.append([
        "\(estimate.bytes)", "\(estimate.time)", intervalText(estimate.interval), "\(estimate.algorithmBandwidth)",
        "\(Bandwidth(bytesPerSecond: answer.busBandwidth(of: estimate)))", estimate.algorithm,
        estimate.messageProtocol.rawValue, estimate.decider.field, estimate.shareOfBound.map(percent) ?? "–",
      ])
    }
    return table
  }

  private var restsOn: String? {
    guard !answer.assumptions.isEmpty else { return nil }
    let assumed = answer.assumptions.filter { $0.source.lowercased().hasPrefix("assumed") }.count
    let part = assumed == 0 ? "" : ", \(assumed) of them assumed"
    return "Rests on \(counted(answer.assumptions.count, "figure"))\(part); --explain lists them with their sources."
  }
}

extension Answer {
  /// Who takes part: `72 GPUs` or `9 GPUs along 'data', in 8 groups side by side`.
  var participants: String {
    guard let groups else { return counted(ranks, "GPU") }
    return "\(counted(groups.size, "GPU")) along '\(printable(groups.names[groups.along]))', in "
      + "\(counted(groups.count, "group")) side by side"
  }
}

/// A span of times with its unit: `16.8 ms – 21 ms`.
func intervalText(_ interval: ClosedRange<Seconds>) -> String { "\(interval.lowerBound) – \(interval.upperBound)" }
