import ClusterModel
import Collectives
public import Estimation
import Quantities

/// What no algorithm can beat, why, and how far from it each algorithm is.
public struct BoundReport: Report {
  /// What is reported.
  public var answer: Answer

  /// A report of an answer.
  public init(_ answer: Answer) { self.answer = answer }

  /// The bound with its proof, then a row for each size and algorithm.
  public var page: Page {
    Page(
      title: "Bound of \(collective.rawValue) on \(answer.subject.fullName)",
      question: "How fast can any \(collective.rawValue) over \(counted(answer.ranks, "GPU")) of "
        + "\(answer.subject.title) be, and how near does each algorithm come?",
      answer: headline,
      sections: [
        .init("The cut that proves it", cutTable.map { [.table($0)] } ?? []),
        .init("How far from it each algorithm is", rows.isEmpty ? [] : [.table(table)]),
        .remarks(answer.remarks), .assumptions(answer.assumptions),
      ])
  }

  private var collective: Collective { answer.question.collective }

  private var headline: [String] {
    guard let largest = answer.estimates.max(by: { $0.bytes < $1.bytes }) else { return ["No size was asked."] }
    guard largest.least > .zero, let proof = answer.proof else {
      return ["Nothing has to cross a link: \(counted(answer.ranks, "GPU")) have no one to exchange data with."]
    }
    return [
      "No \(collective.rawValue) of \(largest.bytes) over \(counted(answer.ranks, "GPU")) is faster than "
        + "\(largest.least): \(Bandwidth(bytesPerSecond: busBandwidth(of: largest))) bus bandwidth, latency aside.",
      "Why: \(proof.reason).", proof.kind.sentence,
      "\(answer.subject.fullName), \(answer.subject.title); library \(answer.library).",
    ]
  }

  private func busBandwidth(of estimate: Estimate) -> Double {
    (estimate.bytes / estimate.least).bytesPerSecond
      * collective.busBandwidthFactor(ranks: answer.ranks)
  }

  private var cutTable: TextTable? {
    guard let cut = answer.proof?.cut else { return nil }
    var table = TextTable([
      .init("count", isNumeric: true), .init("link"), .init("tier"), .init("one direction", isNumeric: true),
      .init("together", isNumeric: true), .init(cut.enters ? "into" : "out of"),
    ])
    for links in cut.links {
      table.append([
        "\(links.count)", links.link.name, "\(links.tier)", "\(links.link.bandwidth)",
        "\(links.link.bandwidth * Double(links.count))", cut.side,
      ])
    }
    return table
  }

  /// An algorithm with its quickest protocol at a size.
  private struct Row {
    let estimate: Estimate
    let candidate: Estimate.Candidate
    let isOffered: Bool
  }

  private var rows: [Row] {
    answer.estimates.flatMap { estimate in
      var seen: Set<String> = []
      let all =
        estimate.candidates.map { Row(estimate: estimate, candidate: $0, isOffered: true) }
        + estimate.alternatives.map { Row(estimate: estimate, candidate: $0, isOffered: false) }
      return all.sorted { $0.candidate.time < $1.candidate.time }
        .filter { seen.insert($0.candidate.algorithm).inserted }
    }
  }

  private var table: TextTable {
    var table = TextTable([
      .init("size", isNumeric: true), .init("bound", isNumeric: true), .init("algorithm"), .init("protocol", rank: 1),
      .init("time", isNumeric: true), .init("over bound", isNumeric: true), .init("run by \(answer.library)", rank: 2),
    ])
    for row in rows {
      table.append([
        "\(row.estimate.bytes)", "\(row.estimate.least)", row.candidate.algorithm,
        row.candidate.messageProtocol.rawValue, "\(row.candidate.time)",
        row.estimate.least > .zero ? ratioText(row.candidate.time / row.estimate.least) : "–",
        row.isOffered ? "yes" : "no",
      ])
    }
    return table
  }
}

extension BoundProof.Kind {
  /// How much the argument proves.
  fileprivate var sentence: String {
    switch self {
    case .optimum: "Schedules exist that reach it, latency aside: the bound is the optimum."
    case .cut: "It is the bound of a cut; whether a schedule reaches it is not known."
    case .programme: "It is the optimum of a linear programme over all ways of routing."
    case .twoPhases:
      "It holds for algorithms that scatter what they reduce in equal parts and gather it again; one that roots unequal "
        + "parts at better-connected GPUs could in principle be faster."
    case .tiers: "It follows from what the tiers carry; a finer argument was not possible here."
    }
  }
}

extension BoundReport {
  /// The bound with its cut, and every algorithm at every size.
  public var json: JSON {
    .object([
      Release.member,
      ("topology", .string(answer.subject.topology)),
      ("title", .string(answer.subject.title)),
      ("parameters", answer.subject.parametersJSON),
      ("collective", .string(collective.rawValue)),
      ("ranks", .count(answer.ranks)),
      ("library", .string(answer.library)),
      ("bound", bound),
      ("rows", .array(answer.estimates, json(of:))),
      ("assumptions", .array(answer.assumptions, \.json)),
      ("remarks", .array(answer.remarks, JSON.string)),
    ])
  }

  private var bound: JSON {
    guard let proof = answer.proof, let largest = answer.estimates.max(by: { $0.bytes < $1.bytes }),
      largest.least > .zero
    else { return .null }
    let perByte = largest.least.value / Double(largest.bytes.count)
    return .object([
      ("secondsPerByte", .number(perByte)),
      ("algorithmBandwidth", .number(1 / perByte)),
      ("busBandwidth", .number(collective.busBandwidthFactor(ranks: answer.ranks) / perByte)),
      ("kind", .string(proof.kind.rawValue)),
      ("reason", .string(proof.reason)),
      ("cut", proof.cut?.json ?? .null),
    ])
  }

  private func json(of estimate: Estimate) -> JSON {
    let list = { (candidates: [Estimate.Candidate], isOffered: Bool) in
      candidates.map { candidate in
        JSON.object([
          ("algorithm", .string(candidate.algorithm)),
          ("protocol", .string(candidate.messageProtocol.rawValue)),
          ("seconds", .number(candidate.time.value)),
          ("ratioToBound", estimate.least > .zero ? .number(candidate.time / estimate.least) : .null),
          ("offered", .boolean(isOffered)),
        ])
      }
    }
    return .object([
      ("bytes", .integer(estimate.bytes.count)),
      ("lowerBoundSeconds", .number(estimate.least.value)),
      ("algorithms", .array(list(estimate.candidates, true) + list(estimate.alternatives, false))),
    ])
  }
}

extension CutDescription {
  fileprivate var json: JSON {
    .object([
      ("side", .string(side)),
      ("ranks", .count(ranks)),
      ("others", .count(others)),
      ("direction", .string(enters ? "enters" : "leaves")),
      ("capacity", .number(capacity.bytesPerSecond)),
      (
        "links",
        .array(links) { links in
          .object([
            ("link", .string(links.link.name)), ("tier", .string(links.tier.description)),
            ("count", .count(links.count)), ("bandwidth", .number(links.link.bandwidth.bytesPerSecond)),
          ])
        }
      ),
    ])
  }
}

extension Estimate {
  /// The bound that the report is about.
  fileprivate var least: Seconds { lowerBound ?? .zero }
}
