import Estimation
import Quantities

extension WhatIfReport {
  private static let mostBars = 12

  /// The layout with what fails crossed out, what each scenario costs, and which figures are worth improving.
  var figures: [any Figure] {
    let figures: [(any Figure)?] = [drawing, outcomes, worth]
    return figures.compactMap { $0 }
  }

  private var drawing: TopologyDrawing? {
    guard let layout else { return nil }
    let decider = (whatIf.asked.last?.bottleneck ?? largest?.bottleneck).map { bottleneck in
      TopologyDrawing.Decision(
        link: bottleneck.link, tier: bottleneck.tier, what: "\(collective)" + (largest.map { " at \($0.bytes)" } ?? ""))
    }
    return TopologyDrawing(layout, decisions: decider.map { [$0] } ?? [])
  }

  private var outcomes: BarChart? {
    let bars = (whatIf.asked + whatIf.failures).compactMap { scenario -> BarChart.Bar? in
      guard let ratio = scenario.ratio(to: whatIf.baseTimes) else { return nil }
      return .init(name: scenario.name, values: [ratio], note: ratioText(ratio))
    }.prefix(Self.mostBars)
    guard !bars.isEmpty, let largest else { return nil }
    return BarChart(
      title: "Time of \(largest.bytes) with each change, over that of now", axis: .ratios,
      parts: ["time over that of now"], bars: Array(bars))
  }

  private var worth: BarChart? {
    guard let largest, let list = whatIf.sensitivities.last, largest.time > .zero else { return nil }
    let bars = list.prefix(Self.mostBars).map { entry in
      let saved = max(0, 1 - entry.doubled / largest.time)
      return BarChart.Bar(name: entry.figure.text, values: [saved], note: percent(saved))
    }
    guard bars.contains(where: { $0.values[0] > 0 }) else { return nil }
    return BarChart(
      title: "Time of \(largest.bytes) that twice each bandwidth would save", axis: .shares("share of the time"),
      parts: ["saved"], bars: bars.filter { $0.values[0] > 0 })
  }
}
