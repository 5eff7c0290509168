import ClusterModel
import Collectives
import Estimation
import Quantities

extension EstimateReport {
  /// How each time is made up, what else was considered, and the sources.
  var explanation: [String] {
    var lines: [String] = []
    var sources = SourceList()
    for estimate in answer.estimates { lines += [""] + explained(estimate, &sources) }
    if !answer.refusals.isEmpty {
      lines += ["", "Not possible here:"]
      lines += answer.refusals.map { "  \(printable($0.algorithm)): \(printable($0.reason))" }
    }
    for (algorithm, schedule) in answer.schedules.sorted(by: { $0.key < $1.key }) {
      lines += ["", "Schedule of \(printable(algorithm)):"] + schedule.map { "  \(printable($0))" }
    }
    if !answer.assumptions.isEmpty {
      var table = TextTable([.init("figure"), .init("value"), .init("source")])
      for assumption in answer.assumptions {
        table.append([assumption.name, assumption.value, sources.mark(assumption.source)])
      }
      lines += ["", "Rests on:"] + table.lines().map { "  \($0)" }
    }
    let marked = sources.lines
    return marked.isEmpty ? lines : lines + ["", "Sources:"] + marked.map { "  \($0)" }
  }

  private func explained(_ estimate: Estimate, _ sources: inout SourceList) -> [String] {
    var lines = ["\(estimate.bytes) takes \(estimate.time), by \(estimate.method):"]
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
    if !table.rows.isEmpty { lines += table.lines().map { "  \($0)" } }
    if let bottleneck = estimate.bottleneck { lines += explained(bottleneck).map { "  \($0)" } }
    lines.append(
      "  bound: \(estimate.lowerBound), \(percent(estimate.shareOfBound)) of the time: "
        + printable(estimate.lowerBoundReason))
    lines.append(
      "  9 in 10 healthy clusters: \(intervalText(estimate.interval)) (\(estimate.basis.rawValue): "
        + "\(estimate.basis.explanation))")
    lines += listed("candidates", estimate.candidates)
    lines += listed("not run by \(answer.library) here", estimate.alternatives)
    return lines
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
    return ["  \(title): \(texts.joined(separator: ", "))"]
  }
}
