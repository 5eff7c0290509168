import ClusterModel
import Collectives
import Estimation
import Quantities

extension Collective {
  /// The name at the beginning of a sentence: `All-reduce`.
  var capitalised: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

extension Tier {
  /// Where the links of the tier are: `inside the rack`.
  var whereabouts: String {
    switch self {
    case .device: "inside the device"
    case .board: "on the board"
    case .rack: "inside the rack"
    case .leaf, .spine, .core: "up to the \(self) switches"
    case .datacenter: "across the datacenter"
    case .wideArea: "between datacenters"
    }
  }
}

extension Estimate {
  /// What decides the time at this size.
  enum Decider {
    /// Links carry bytes for at least half of the time.
    case link(Bottleneck)
    /// Time that does not grow with the size is more than half; its largest addend and the busiest links, where known.
    case latency(Term?, before: Bottleneck?)
  }

  var decider: Decider {
    if let bottleneck, bandwidthTime >= latencyTime { return .link(bottleneck) }
    let addends = terms.filter { $0.time > .zero && $0.time <= latencyTime }
    return .latency(addends.max { $0.time < $1.time }, before: bottleneck)
  }

  /// How near the time is to what no algorithm can beat: 1 is at the bound; nil where none was worked out.
  var shareOfBound: Double? { lowerBound.map { time > .zero ? $0 / time : 1 } }

  /// Algorithm and protocol as one name: `ring LL128`.
  var method: String { "\(printable(algorithm)) \(messageProtocol.rawValue)" }
}

extension Estimate.Decider {
  /// As the end of a sentence: `the nvlink5 links inside the rack decide`.
  var clause: String {
    switch self {
    case .link(let bottleneck): return "\(bottleneck.links) decide"
    case .latency(let term, let bottleneck):
      let most = term.map { ", most of it \(printable($0.name))" } ?? ""
      return "latency decides\(most)" + (bottleneck.map { ", before \($0.links)" } ?? "")
    }
  }

  /// As a field of a table: `nvlink5 (rack)`.
  var field: String {
    switch self {
    case .link(let bottleneck): "\(bottleneck.link) (\(bottleneck.tier))"
    case .latency: "latency"
    }
  }
}

extension Estimate.Bottleneck {
  /// The links with their place: `the nvlink5 links inside the rack`.
  var links: String { "the \(printable(link)) links \(tier.whereabouts)" }
}

extension Estimate.Basis {
  /// What the basis says of an interval.
  var explanation: String {
    switch self {
    case .calibrated: "fitted on measurements of such hardware at such a scale"
    case .extrapolated: "fitted on less or smaller hardware than this"
    case .uncalibrated: "not fitted on measurements"
    }
  }
}

extension Subject {
  /// The name with the given parameters: `gb200-nvl72:racks=8,trays=18`.
  func name(with keys: [String]) -> String {
    let values = keys.sorted().compactMap { key in parameters[key].map { "\(key)=\($0)" } }
    return printable(values.isEmpty ? topology : "\(topology):\(values.joined(separator: ","))")
  }

  /// The name with all its parameters.
  var fullName: String { name(with: Array(parameters.keys)) }

  var parametersJSON: JSON {
    .object(parameters.sorted { $0.key < $1.key }.map { ($0.key, .parameter($0.value)) })
  }
}

/// A rate as bytes and as bits: `50 GB/s (400 Gb/s)`.
func bytesAndBits(_ rate: Bandwidth) -> String {
  "\(rate) (\(DecimalPrefix.format(rate.bytesPerSecond * 8, unit: "b/s")))"
}

/// A fraction as whole per cents, without claiming 100 % or 0 % where it is only near.
func percent(_ share: Double) -> String {
  guard share.isFinite else { return "–" }
  let whole = (share * 100).rounded()
  if whole >= 100, share < 1 { return "> 99 %" }
  if whole <= 0, share > 0 { return "< 1 %" }
  return "\(DecimalPrefix.fixed(whole, decimals: 0)) %"
}

/// A count with its noun: `1 rack`, `8 racks`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// How a time compares with another by their ratio, with two decimals.
func ratioText(_ ratio: Double) -> String { ratio.isFinite ? DecimalPrefix.fixed(ratio, decimals: 2) + "×" : "–" }
