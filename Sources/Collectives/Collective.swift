/// A collective operation, in the names and the size convention of nccl-tests.
public enum Collective: String, Sendable, Hashable, CaseIterable {
  case allReduce = "all-reduce"
  case allGather = "all-gather"
  case reduceScatter = "reduce-scatter"
  case allToAll = "all-to-all"
  case broadcast
  case reduce
  case gather
  case scatter
  case sendReceive = "send-recv"
}

extension Collective {
  /// What the message size S of a collective counts.
  public enum SizeConvention: String, Sendable, Hashable {
    /// The buffer that each rank holds.
    case perRankBuffer = "per-rank buffer"
    /// The whole array, of which each rank holds one of n equal parts at one end of the operation.
    case wholeArray = "whole array"
  }

  /// What the message size counts.
  public var sizeConvention: SizeConvention {
    switch self {
    case .allReduce, .allToAll, .broadcast, .reduce, .sendReceive: .perRankBuffer
    case .allGather, .reduceScatter, .gather, .scatter: .wholeArray
    }
  }

  /// Bus bandwidth over algorithm bandwidth, after the performance notes of nccl-tests; 0 for fewer than two ranks
  /// where the collective then moves nothing.
  public func busBandwidthFactor(ranks: Int) -> Double {
    let others = Double(max(ranks, 1) - 1) / Double(max(ranks, 1))
    return switch self {
    case .allReduce: 2 * others
    case .allGather, .reduceScatter, .allToAll, .gather, .scatter: others
    case .broadcast, .reduce, .sendReceive: 1
    }
  }
}

extension Collective: CustomStringConvertible {
  /// The name in commands and answers: `all-reduce`.
  public var description: String { rawValue }
}
