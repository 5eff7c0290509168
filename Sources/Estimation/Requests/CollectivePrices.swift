public import ClusterModel
import Collectives
import Foundation
public import HardwareCatalog
import Quantities
public import Serving

/// What the collectives of a model's layers take on a cluster, by its estimator.
///
/// Each kind and number of ranks is asked once, at sizes that double; between them times are interpolated.
public struct CollectivePrices: Sendable {
  private struct Key: Hashable {
    var kind: CollectiveCall.Kind
    var ranks: Int
  }

  private static let smallest = 10
  private static let largest = 34

  private var curves: [Key: [Double]] = [:]

  /// Prices for the collectives of a replica.
  /// - Throws: `EstimationError` when the cluster has too few accelerators or cannot run one.
  public init(_ estimator: Estimator, parallelism: Parallelism) throws(EstimationError) {
    var keys: [Key] = []
    if parallelism.tensor > 1 { keys.append(Key(kind: .allReduce, ranks: parallelism.tensor)) }
    if parallelism.expert > 1 { keys.append(Key(kind: .allToAll, ranks: parallelism.expert)) }
    keys.append(Key(kind: .sendReceive, ranks: 2))
    let sizes = (Self.smallest...Self.largest).map { Bytes(Int64(1) << Int64($0)) }
    for key in keys where key.ranks > 1 {
      guard let collective = Collective(rawValue: key.kind.rawValue) else { continue }
      let question = Question(
        collective, sizes: sizes, ranks: key.ranks, harness: .init(graphLaunch: true))
      curves[key] = try estimator.answer(question).estimates.map(\.time.value)
    }
  }

  /// Seconds of one collective; none where fewer than two take part.
  public func time(_ kind: CollectiveCall.Kind, ranks: Int, bytes: Double) -> Double {
    guard ranks > 1, bytes > 0, let curve = curves[Key(kind: kind, ranks: ranks)], let first = curve.first,
      let last = curve.last
    else { return 0 }
    let place = log2(bytes) - Double(Self.smallest)
    if place <= 0 { return first }
    let index = Int(min(place, 1e6))
    guard index + 1 < curve.count else { return last * bytes / exp2(Double(Self.largest)) }
    // Between two sizes the time is a latency and a bandwidth, so a straight line in the bytes.
    let low = exp2(Double(Self.smallest + index))
    return curve[index] + (curve[index + 1] - curve[index]) * (bytes - low) / low
  }
}

extension AcceleratorFigures {
  /// The figures of a cluster's accelerators in the catalogue; nil where it lacks memory or arithmetic.
  public init?(_ cluster: Cluster, catalog: HardwareCatalog, weightBits: Double) {
    guard let name = cluster.accelerators.first?.part, let part = catalog.accelerator(name),
      let memory = part.memory?.value, let bandwidth = part.memoryBandwidth?.value
    else { return nil }
    let rates = [(4.5, part.peakFP4), (8.5, part.peakFP8), (Double.infinity, part.peakBF16)]
    // Without arithmetic of the width of the weights they are widened.
    guard let rate = rates.first(where: { weightBits <= $0.0 && $0.1 != nil })?.1?.value else { return nil }
    self.init(
      name: name, memory: Double(memory.count), memoryBandwidth: bandwidth.bytesPerSecond,
      operations: rate.operationsPerSecond)
  }
}
