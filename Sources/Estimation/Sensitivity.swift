public import ClusterModel
import Collectives
public import Quantities
import Routing

/// How the time of a collective answers to one figure of the cluster or the library, all else as it is.
///
/// For the chosen algorithm and protocol: where another one becomes faster the time is shorter still.
public struct Sensitivity: Sendable, Hashable {
  /// A figure that may change.
  public enum Figure: Sendable, Hashable {
    /// The bandwidth of all links of a kind and tier.
    case bandwidth(link: String, tier: Tier)
    /// One addend of the latency.
    case latency(term: String, tier: Tier?)
  }

  /// The figure.
  public var figure: Figure
  /// Relative change of the time over relative change of the figure, for a figure that grows: −1 is a time that falls by a
  /// per cent for a per cent more bandwidth.
  public var elasticity: Double
  /// The same for a figure that shrinks; differs where links tie.
  public var elasticityDownwards: Double
  /// Factors on the figure between which the same links, or the same algorithm, decide; nil: no end.
  public var low: Double?
  /// The upper end of the range.
  public var high: Double?
  /// The time with half of the figure.
  public var halved: Seconds
  /// The time with twice the figure.
  public var doubled: Seconds
}

extension Pricing {
  /// The sensitivities of the time at a size to every bandwidth and every addend of the latency, the strongest first.
  ///
  /// Exact from the largest and the second largest time in each group of phases that overlap. Empty where the bound holds
  /// the time up, since then the links alone do not decide.
  func sensitivities(_ bytes: Bytes) -> [Sensitivity] {
    let chosen = self.chosen(bytes)
    guard times.slowest[chosen].secondsPerByte >= leastSecondsPerByte * (1 - 1e-9) else { return [] }
    let found = bandwidths(of: chosen, bytes) + latencies(of: chosen, bytes)
    return found.sorted { left, right in
      let strengths = [left, right].map { max(abs($0.elasticity), abs($0.elasticityDownwards)) }
      return strengths[0] != strengths[1] ? strengths[0] > strengths[1] : left.figure.order < right.figure.order
    }
  }

  private func total(_ candidate: Int, _ bytes: Bytes, perByte: Double, extra: Seconds = .zero) -> Double {
    model.cost(
      of: prepared[candidate].adding(latency: extra), bytes: bytes, linkTime: Seconds(perByte * Double(bytes.count))
    ).total.value
  }

  private func bandwidths(of chosen: Int, _ bytes: Bytes) -> [Sensitivity] {
    let groups = times.profile(of: chosen).groups.compactMap(GroupSensitivity.init)
    let kinds = Set(groups.flatMap(\.kinds)).sorted { ($0.tier, $0.link) < ($1.tier, $1.link) }
    let time = total(chosen, bytes, perByte: times.slowest[chosen].secondsPerByte)
    guard time > 0 else { return [] }
    return kinds.map { kind in
      let scaled = { (factor: Double) in
        total(chosen, bytes, perByte: groups.reduce(0) { $0 + $1.time(with: factor, of: kind) })
      }
      let step = 1e-6
      let turns = groups.compactMap { $0.turningFactor(of: kind) }
      let (deciding, waiting) = (turns.filter { $0 > 1 }, turns.filter { $0 < 1 })
      return Sensitivity(
        figure: .bandwidth(link: kind.link, tier: kind.tier),
        elasticity: clean((scaled(1 + step) - time) / time / step),
        elasticityDownwards: clean((time - scaled(1 - step)) / time / step), low: waiting.max(), high: deciding.min(),
        halved: Seconds(scaled(0.5)), doubled: Seconds(scaled(2)))
    }
  }

  private func latencies(of chosen: Int, _ bytes: Bytes) -> [Sensitivity] {
    let perByte = times.slowest[chosen].secondsPerByte
    let time = total(chosen, bytes, perByte: perByte)
    let cost = model.cost(of: prepared[chosen], bytes: bytes, linkTime: Seconds(perByte * Double(bytes.count)))
    guard time > 0 else { return [] }
    return cost.latencyTerms.filter { $0.time > .zero }.map { term in
      let scaled = { (factor: Double) in
        total(chosen, bytes, perByte: perByte, extra: term.time * (factor - 1))
      }
      let step = 1e-4
      let (low, high) = range(of: term.name, own: term.time, chosen, bytes)
      return Sensitivity(
        figure: .latency(term: term.name, tier: term.tier), elasticity: clean((scaled(1 + step) - time) / time / step),
        elasticityDownwards: clean((time - scaled(1 - step)) / time / step), low: low, high: high,
        halved: Seconds(scaled(0.5)), doubled: Seconds(scaled(2)))
    }
  }

  /// The factors on an addend of the latency between which no other offered candidate becomes faster, by its addends of
  /// the same name.
  private func range(of term: String, own: Seconds, _ chosen: Int, _ bytes: Bytes) -> (low: Double?, high: Double?) {
    var (low, high): (Double?, Double?) = (nil, nil)
    let costs = entries.indices.map { self.cost(of: $0, bytes: bytes) }
    for other in entries.indices where other != chosen && entries[other].isOffered {
      let shared = costs[other].latencyTerms.filter { $0.name == term }.reduce(0.0) { $0 + $1.time.value }
      let lead = costs[other].total.value - costs[chosen].total.value
      let difference = own.value - shared
      guard difference != 0 else { continue }
      let factor = 1 + lead / difference
      if difference > 0 { high = min(high ?? .infinity, factor) } else { low = max(low ?? 0, factor) }
    }
    return (low.flatMap { $0 > 0 ? $0 : nil }, high)
  }

  /// Differences of the last digits are none.
  private func clean(_ value: Double) -> Double { abs(value) < 1e-7 ? 0 : value }
}

/// How the slowest kind of link of phases that overlap answers to the bandwidth of each.
private struct GroupSensitivity {
  let kinds: [LinkTimes.Profile.Kind]
  private let sensitivity: BandwidthSensitivity

  init?(_ times: [LinkTimes.Profile.Kind: Double]) {
    let sorted = times.sorted { ($0.key.tier, $0.key.link) < ($1.key.tier, $1.key.link) }
    kinds = sorted.map(\.key)
    let found = BandwidthSensitivity(loads: sorted.map(\.value), capacities: sorted.map { _ in 1 })
    guard let found else { return nil }
    sensitivity = found
  }

  /// The time after the bandwidth of a kind has been multiplied.
  func time(with factor: Double, of kind: LinkTimes.Profile.Kind) -> Double {
    kinds.firstIndex(of: kind).map { sensitivity.time(with: factor, of: $0) } ?? sensitivity.time
  }

  func turningFactor(of kind: LinkTimes.Profile.Kind) -> Double? {
    kinds.firstIndex(of: kind).flatMap(sensitivity.turningFactor)
  }
}

extension Sensitivity.Figure {
  fileprivate var order: String {
    switch self {
    case .bandwidth(let link, let tier): "0 \(tier) \(link)"
    case .latency(let term, let tier): "1 \(tier?.description ?? "") \(term)"
    }
  }
}
