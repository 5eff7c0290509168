import Collectives
import Estimation
import Foundation
import Quantities

/// The models that an estimate has to beat: what people compute by hand, and what NCCL itself reckons with.
enum ReferenceModels {
  /// Constant bus bandwidth over a floor: a table's time from the floors and bandwidths of other tables of its family
  /// and collective.
  static func constantBusBandwidth(_ table: MeasurementTable, others: [MeasurementTable]) -> [Seconds]? {
    let alike = others.filter {
      $0.id != table.id && $0.family == table.family && $0.collective == table.collective
    }
    let floors = alike.filter { !$0.rows(in: .small).isEmpty }.compactMap { $0.rows.first?.time.value }
    let rates = alike.filter { !$0.rows(in: .large).isEmpty }.compactMap { other in
      other.rows.last.map {
        Double($0.bytes.count) / $0.time.value * other.collective.busBandwidthFactor(ranks: other.ranks)
      }
    }
    guard let rate = MeasurementTests.median(rates) else { return nil }
    let floor = MeasurementTests.median(floors) ?? 0
    let factor = table.collective.busBandwidthFactor(ranks: table.ranks)
    return table.rows.map { Seconds(max(floor, Double($0.bytes.count) * factor / rate)) }
  }

  /// NCCL's own tuning model (version 2.30) for rings and trees of all-reduce and rings of all-gather and
  /// reduce-scatter, with the link rates that it assumes; nil for what it does not price.
  static func ncclTuning(_ table: MeasurementTable, domains: Int) -> [Seconds]? {
    guard let link = links[table.family], [.allReduce, .allGather, .reduceScatter].contains(table.collective) else {
      return nil
    }
    let ranks = Double(table.ranks)
    let inDomain = ranks / Double(domains)
    let passes = table.collective == .allReduce ? 2.0 : 1
    let steps = passes * (ranks - 1)
    let crossings = domains == 1 ? 0 : passes * Double(domains - 1)
    let bus = domains == 1 ? link.inside : min(link.inside, link.outside * inDomain)
    var candidates: [(latency: Double, rate: Double)] = []
    for (index, share) in [0.5, 0.92, 1].enumerated() {
      let rate = index == 0 ? min(bus * share, domains == 1 ? link.inside * 0.38 : 39) : bus * share
      candidates.append(
        (
          [6.6, 14, 8.4][index] + (steps - crossings) * [0.6, 1.9, 3.4][index] + crossings * [2.7, 4, 14][index],
          rate * ranks / steps
        ))
      if table.collective == .allReduce {
        let tree = [1 / 3.8, 7.0 / 9, 1][index] * 0.92 * bus
        candidates.append(
          (
            [6.8, 14, 8.4][index]
              + 2
              * ((inDomain - 1) * [0.6, 1.25, 4][index] + log2(Double(domains)).rounded(.down) * [5, 8.5, 14][index]),
            tree / 2
          ))
      }
    }
    if table.collective == .allReduce, domains == 1, let inSwitch = link.inSwitch {
      candidates.append((25, inSwitch * ranks / (2 * (ranks - 1))))
    }
    return table.rows.map { row in
      let times = candidates.map { $0.latency + Double(row.bytes.count) / (1000 * $0.rate) }
      return .microseconds(times.min() ?? .infinity)
    }
  }

  /// What NCCL's graph search finds inside a domain, per GPU toward the network, and by in-switch reduction, in GB/s.
  private static let links: [String: (inside: Double, outside: Double, inSwitch: Double?)] = [
    "V100": (120, 1.5, nil), "A100": (230, 25, nil), "H100": (360, 50, 476), "H200": (360, 50, 476),
    "B200": (720, 50, 720), "B300": (720, 100, 720), "GB200": (720, 50, 720), "GB300": (720, 100, 720),
    "GH200": (90, 25, nil), "MI300X": (310, 50, nil), "MI355X": (370, 50, nil),
  ]
}
