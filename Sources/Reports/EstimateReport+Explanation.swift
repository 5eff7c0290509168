import ClusterModel
import Collectives
import Estimation
import Quantities

extension EstimateReport {
  /// How each time is made up, what else was considered, and the sources.
  var explanation: [Page.Section] {
    var sources = SourceList()
    var sections = answer.estimates.map { explained($0, &sources) }
    sections.append(
      .init("Not possible here", lines(answer.refusals.map { "\($0.algorithm): \($0.reason)" })))
    for (algorithm, schedule) in answer.schedules.sorted(by: { $0.key < $1.key }) {
      sections.append(.init("Schedule of \(algorithm)", lines(schedule)))
    }
    var table = TextTable([.init("figure"), .init("value"), .init("source")])
    for assumption in answer.assumptions {
      table.append([assumption.name, assumption.value, sources.mark(assumption.source)])
    }
    sections.append(.init("Rests on", table.rows.isEmpty ? [] : [.table(table)]))
    sections.append(.init("Sources", lines(sources.lines)))
    return sections
  }

  private func lines(_ lines: [String]) -> [Page.Block] { lines.isEmpty ? [] : [.lines(lines)] }

  private func explained(_ estimate: Estimate, _ sources: inout SourceList) -> Page.Section {
    var table = TextTable([
      .init("time", isNumeric: true), .init("share", isNumeric: true), .init("term"), .init("tier"), .init("formula"),
      .init("source"),
    ])
    for term in estimate.terms {
      let share = estimate.time > .zero ? term.time / estimate.time : 0
      table.append([
        "\(term.time)", percent(share), term.name, term.tier?.description ?? "", term.formula,
        term.source.isEmpty ? "" : sources.mark(term.source),
      ])
    }
    var sentences = estimate.bottleneck.map(explained) ?? []
    if let bound = estimate.lowerBound, let share = estimate.shareOfBound, let reason = estimate.lowerBoundReason {
      sentences.append("bound: \(bound), \(percent(share)) of the time: \(reason)")
    }
    sentences.append(
      "9 in 10 healthy clusters: \(intervalText(estimate.interval)) (\(estimate.basis.rawValue): "
        + "\(estimate.basis.explanation))")
    sentences += listed("candidates", estimate.candidates)
    sentences += listed("not run by \(answer.library) here", estimate.alternatives)
    return .init(
      "\(estimate.bytes) takes \(estimate.time), by \(estimate.method)",
      (table.rows.isEmpty ? [] : [.table(table)]) + [.sentences(sentences)])
  }

  private func explained(_ bottleneck: Estimate.Bottleneck) -> [String] {
    let bytes = DecimalPrefix.format(bottleneck.bytesPerLink, unit: "B")
    var lines = [
      "bottleneck: \(printable(bottleneck.link)), \(bottleneck.tier) tier, \(printable(bottleneck.between)): "
        + "\(bytes) over each link of \(bytesAndBits(bottleneck.bandwidth)) at \(percent(bottleneck.efficiency)) of its rate"
    ]
    if let runnerUp = bottleneck.runnerUp {
      lines.append("next: \(printable(runnerUp)), busy for \(percent(bottleneck.runnerUpShare)) of its time")
    }
    return lines
  }

  private func listed(_ title: String, _ candidates: [Estimate.Candidate]) -> [String] {
    guard !candidates.isEmpty else { return [] }
    let texts = candidates.map { "\(printable($0.algorithm)) \($0.messageProtocol.rawValue) \($0.time)" }
    return ["\(title): \(texts.joined(separator: ", "))"]
  }
}
