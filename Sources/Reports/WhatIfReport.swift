import ClusterModel
import Collectives
public import Estimation
import Quantities

/// What failures, changes and other figures do to a collective.
public struct WhatIfReport: Report {
  /// What is reported.
  public var whatIf: WhatIfAnswer
  /// What is in the cluster with all that was asked, for the drawing of the HTML form; nil: none is drawn.
  public var layout: Description?

  /// A report of an answer.
  public init(_ whatIf: WhatIfAnswer, layout: Description? = nil) {
    self.whatIf = whatIf
    self.layout = layout
  }

  /// The costliest failure first, then tables of what was asked, of failures and of sensitivities.
  public var page: Page {
    Page(
      title: "What if: \(collective.rawValue) on \(whatIf.base.subject.fullName)",
      question: "What would failures and other figures do to \(collective.rawValue) over "
        + "\(counted(whatIf.base.ranks, "GPU")) of \(whatIf.base.subject.title)?",
      answer: headline,
      sections: [
        .init(nil, figures.map { .figure($0) }, in: .document),
        .init("What was asked", whatIf.asked.isEmpty ? [] : [.table(table(whatIf.asked, isAsked: true))]),
        .init(
          "One link or switch fails", whatIf.failures.isEmpty ? [] : [.table(table(whatIf.failures, isAsked: false))]),
        .init("How the time answers to each figure", sensitivities.rows.isEmpty ? [] : [.table(sensitivities)]),
        .remarks(whatIf.remarks + whatIf.base.remarks), .assumptions(whatIf.base.assumptions),
      ])
  }

  var collective: Collective { whatIf.base.question.collective }

  var largest: Estimate? { whatIf.base.estimates.last }

  private var headline: [String] {
    guard let largest else { return ["No size was asked."] }
    var lines = [
      "\(collective.capitalised) of \(largest.bytes) over \(counted(whatIf.base.ranks, "GPU")) takes "
        + "\(largest.time), by \(largest.method)."
    ]
    for scenario in whatIf.asked { lines.append("\(scenario.name): \(outcome(of: scenario)).") }
    if let worst = whatIf.failures.first {
      lines.append("The costliest single failure is that of \(worst.name): \(outcome(of: worst)).")
    }
    lines.append("\(whatIf.base.subject.fullName), \(whatIf.base.subject.title); library \(whatIf.base.library).")
    return lines
  }

  private func outcome(of scenario: WhatIfAnswer.Scenario) -> String {
    guard let ratio = scenario.ratio(to: whatIf.baseTimes), let time = scenario.times?.last else {
      return "no answer, \(scenario.refusal.map(lowered) ?? "for no known reason")"
    }
    guard abs(ratio - 1) > 5e-4 else { return "no difference" }
    return "\(time), \(ratioText(ratio)) the time"
  }

  private func lowered(_ sentence: String) -> String {
    let whole = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return whole.prefix(1).lowercased() + whole.dropFirst()
  }

  private func table(_ scenarios: [WhatIfAnswer.Scenario], isAsked: Bool) -> TextTable {
    let several = whatIf.base.estimates.count > 1
    var columns: [TextTable.Column] = [.init(isAsked ? "change" : "what fails")]
    if !isAsked { columns.append(.init("alike", isNumeric: true)) }
    if several { columns.append(.init("size", isNumeric: true)) }
    columns += [
      .init("time", isNumeric: true), .init("of now", isNumeric: true),
      .init("weighted split", isNumeric: true, rank: 1),
      .init("decided by", rank: 2),
    ]
    var table = TextTable(columns)
    for scenario in scenarios {
      for (place, estimate) in whatIf.base.estimates.enumerated() {
        var row = [scenario.name]
        if !isAsked { row.append("\(scenario.count)") }
        if several { row.append("\(estimate.bytes)") }
        guard let time = scenario.times?[place] else {
          table.append(row + ["–", "–", "–", scenario.refusal ?? ""])
          break
        }
        let weighted = scenario.weightedTimes.map { ratioText($0[place] / estimate.time) } ?? "–"
        let decider = scenario.bottleneck.map { "\($0.link) (\($0.tier))" } ?? "–"
        table.append(row + ["\(time)", ratioText(time / estimate.time), weighted, decider])
      }
    }
    return table
  }

  private var sensitivities: TextTable {
    let several = whatIf.base.estimates.count > 1
    var columns: [TextTable.Column] = several ? [.init("size", isNumeric: true)] : []
    columns += [
      .init("figure"), .init("1 % more", isNumeric: true), .init("1 % less", isNumeric: true),
      .init("from", isNumeric: true, rank: 1), .init("to", isNumeric: true, rank: 1),
      .init("half", isNumeric: true), .init("twice", isNumeric: true),
    ]
    var table = TextTable(columns)
    for (estimate, list) in zip(whatIf.base.estimates, whatIf.sensitivities) {
      for entry in list {
        table.append(
          (several ? ["\(estimate.bytes)"] : []) + [
            entry.figure.text, change(entry.elasticity), change(-entry.elasticityDownwards),
            entry.low.map { ratioText($0) } ?? "–", entry.high.map { ratioText($0) } ?? "–",
            ratioText(entry.halved / estimate.time), ratioText(entry.doubled / estimate.time),
          ])
      }
    }
    return table
  }

  /// A change in per cent with its sign.
  private func change(_ value: Double) -> String {
    value == 0 ? "0 %" : (value > 0 ? "+" : "−") + DecimalPrefix.fixed(abs(value), decimals: 2) + " %"
  }
}

extension Sensitivity.Figure {
  /// The figure in words: `bandwidth of nvlink5 (rack)`.
  var text: String {
    switch self {
    case .bandwidth(let link, let tier): "bandwidth of \(link) (\(tier))"
    case .latency(let term, let tier): "latency: \(term)" + (tier.map { " (\($0))" } ?? "")
    }
  }
}

extension WhatIfReport {
  /// The answer with every scenario and sensitivity.
  public var json: JSON {
    .object([
      Release.member,
      ("topology", .string(whatIf.base.subject.topology)),
      ("title", .string(whatIf.base.subject.title)),
      ("parameters", whatIf.base.subject.parametersJSON),
      ("collective", .string(collective.rawValue)),
      ("ranks", .count(whatIf.base.ranks)),
      ("library", .string(whatIf.base.library)),
      (
        "base",
        .array(whatIf.base.estimates) { estimate in
          .object([
            ("bytes", .integer(estimate.bytes.count)), ("seconds", .number(estimate.time.value)),
            ("algorithm", .string(estimate.algorithm)), ("protocol", .string(estimate.messageProtocol.rawValue)),
            ("bottleneck", estimate.bottleneck?.json ?? .null),
          ])
        }
      ),
      ("asked", .array(whatIf.asked, json(of:))),
      ("failures", .array(whatIf.failures, json(of:))),
      (
        "sensitivities",
        .array(zip(whatIf.base.estimates, whatIf.sensitivities)) { estimate, list in
          .object([("bytes", .integer(estimate.bytes.count)), ("figures", .array(list, \.json))])
        }
      ),
      ("assumptions", .array(whatIf.base.assumptions, \.json)),
      ("remarks", .array(whatIf.remarks + whatIf.base.remarks, JSON.string)),
    ])
  }

  private func json(of scenario: WhatIfAnswer.Scenario) -> JSON {
    .object([
      ("name", .string(scenario.name)),
      ("kind", .string(scenario.kind.rawValue)),
      ("count", .count(scenario.count)),
      ("seconds", scenario.times.map { .array($0) { .number($0.value) } } ?? .null),
      ("ratio", scenario.ratio(to: whatIf.baseTimes).map { .number($0) } ?? .null),
      ("weightedSeconds", scenario.weightedTimes.map { .array($0) { .number($0.value) } } ?? .null),
      ("bottleneck", scenario.bottleneck?.json ?? .null),
      ("refusal", .optional(scenario.refusal)),
    ])
  }
}

extension Sensitivity {
  fileprivate var json: JSON {
    let named: [(key: String, value: JSON)] =
      switch figure {
      case .bandwidth(let link, let tier):
        [("kind", .string("bandwidth")), ("name", .string(link)), ("tier", .string(tier.description))]
      case .latency(let term, let tier):
        [("kind", .string("latency")), ("name", .string(term)), ("tier", .optional(tier?.description))]
      }
    return .object(
      named + [
        ("elasticity", .number(elasticity)),
        ("elasticityDownwards", .number(elasticityDownwards)),
        ("validFrom", low.map { .number($0) } ?? .null),
        ("validTo", high.map { .number($0) } ?? .null),
        ("halvedSeconds", .number(halved.value)),
        ("doubledSeconds", .number(doubled.value)),
      ])
  }
}
