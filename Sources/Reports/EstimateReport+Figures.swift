import Collectives
import Estimation
import Quantities

extension EstimateReport {
  private static let mostParts = 6

  /// Bus bandwidth with its uncertainty over the size, and what the time of each size is made of.
  var figures: [any Figure] {
    let estimates = answer.estimates.sorted { $0.bytes < $1.bytes }
    guard estimates.count > 1 else { return split(estimates) }
    let points = estimates.map { estimate in
      let bus = answer.busBandwidth(of: estimate)
      let slowest = bus * (estimate.time / max(estimate.interval.upperBound, estimate.time))
      let fastest = bus * (estimate.time / min(estimate.interval.lowerBound, estimate.time))
      return LineChart.Point(Double(estimate.bytes.count), bus, range: slowest...max(slowest, fastest))
    }
    let curve = LineChart(
      title: "Bus bandwidth against message size, 9 in 10 healthy clusters within the band", horizontal: .sizes,
      vertical: .bandwidths, series: [.init(name: answer.subject.topology, points: points)])
    return [curve] + split(estimates)
  }

  /// The layout with how busy the largest size keeps each kind of link.
  var drawing: [Page.Block] {
    guard let layout, let largest = answer.estimates.max(by: { $0.bytes < $1.bytes }) else { return [] }
    return [.figure(TopologyDrawing(layout, uses: largest))]
  }

  /// Shares of the time by term; the smallest terms are told as one.
  private func split(_ estimates: [Estimate]) -> [any Figure] {
    var weights: [String: Double] = [:]
    for estimate in estimates where estimate.time > .zero {
      for term in estimate.terms { weights[Self.name(term), default: 0] += term.time / estimate.time }
    }
    let ranked = weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.filter { $0.value > 0 }.map(\.key)
    guard !ranked.isEmpty else { return [] }
    let shown = Array(ranked.prefix(ranked.count > Self.mostParts ? Self.mostParts - 1 : Self.mostParts))
    let parts = shown + (ranked.count > shown.count ? ["everything else"] : [])
    let step = max(1, (estimates.count + 11) / 12)
    let bars = estimates.indices.filter { (estimates.count - 1 - $0).isMultiple(of: step) }.map { index in
      let estimate = estimates[index]
      var values = [Double](repeating: 0, count: parts.count)
      for term in estimate.terms where estimate.time > .zero && term.time > .zero {
        values[shown.firstIndex(of: Self.name(term)) ?? parts.count - 1] += term.time / estimate.time
      }
      return BarChart.Bar(name: "\(estimate.bytes)", values: values, note: "\(estimate.time)")
    }
    return [
      BarChart(title: "What the time is made of", axis: .shares("share of the time"), parts: parts, bars: bars)
    ]
  }

  private static func name(_ term: Estimate.Term) -> String {
    term.tier.map { "\(term.name) (\($0))" } ?? term.name
  }
}
