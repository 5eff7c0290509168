import ClusterModel
import Collectives
import Estimation
import Quantities

extension ComparisonReport {
  /// Time and ratio against the message size.
  func figures(of section: ComparisonSection, _ labels: [String]) -> [any Figure] {
    let name = section.collective.capitalised
    let rows = section.rows.sorted { $0.bytes < $1.bytes }
    let times = LineChart(
      title: "\(name): time", horizontal: .sizes, vertical: .times,
      series: labels.indices.map { index in
        .init(
          name: labels[index],
          points: rows.map { .init(Double($0.bytes.count), $0.estimates[index].time.value) })
      })
    let ratios = LineChart(
      title: "\(name): time over that of \(labels.first ?? "the first")", horizontal: .sizes, vertical: .ratios,
      series: labels.indices.dropFirst().map { index in
        .init(
          name: labels[index], points: rows.map { .init(Double($0.bytes.count), $0.ratiosToFirst[index]) },
          colour: index)
      }, reference: 1, marks: crossings(rows, labels))
    return [times, ratios] + (scaling(section).map { [$0] } ?? [])
  }

  /// Bus bandwidth of the largest size against the number of GPUs, where one topology stands in several sizes.
  private func scaling(_ section: ComparisonSection) -> LineChart? {
    guard let largest = section.rows.max(by: { $0.bytes < $1.bytes }) else { return nil }
    let kinds = Dictionary(grouping: comparison.subjects.indices) { comparison.subjects[$0].topology }
    let series = kinds.sorted { $0.value[0] < $1.value[0] }.compactMap { topology, subjects -> LineChart.Series? in
      let points = subjects.sorted { comparison.ranks[$0] < comparison.ranks[$1] }.map { subject in
        let factor = section.collective.busBandwidthFactor(ranks: comparison.ranks[subject])
        return LineChart.Point(
          Double(comparison.ranks[subject]),
          Double(largest.bytes.count) / largest.estimates[subject].time.value * factor)
      }
      return Set(points.map(\.x)).count > 2 ? .init(name: topology, points: points) : nil
    }
    guard !series.isEmpty else { return nil }
    return LineChart(
      title: "\(section.collective.capitalised) of \(largest.bytes): bus bandwidth against GPUs",
      horizontal: .counts("GPUs"), vertical: .bandwidths, series: series)
  }

  /// Where a subject and the first one change places as the faster.
  private func crossings(_ rows: [Comparison.Row], _ labels: [String]) -> [LineChart.Mark] {
    labels.indices.dropFirst().flatMap { subject in
      zip(rows, rows.dropFirst()).compactMap { smaller, larger in
        let (before, after) = (smaller.ratiosToFirst[subject], larger.ratiosToFirst[subject])
        guard (before < 1 && after > 1) || (before > 1 && after < 1) else { return nil }
        return LineChart.Mark(
          x: Double(larger.bytes.count), label: "\(labels[after < 1 ? subject : 0]) faster from here")
      }
    }.prefix(1).map { $0 }
  }

  /// A drawing for each subject, with what its links decide.
  var drawings: [Page.Block] {
    zip(descriptions.indices, descriptions).map { index, description in
      .figure(TopologyDrawing(description, decisions: decisions(of: index)))
    }
  }

  /// What the links of one subject decide at the largest size of each collective.
  private func decisions(of subject: Int) -> [TopologyDrawing.Decision] {
    sections.compactMap { section in
      guard let largest = section.rows.max(by: { $0.bytes < $1.bytes }),
        case .link(let bottleneck) = largest.estimates[subject].decider
      else { return nil }
      return TopologyDrawing.Decision(
        link: bottleneck.link, tier: bottleneck.tier, what: "\(section.collective) at \(largest.bytes)")
    }
  }
}
