public import ClusterModel
public import Collectives

/// Why a question has no answer.
public enum EstimationError: Error, Sendable, Hashable {
  /// Fewer than 1 or more ranks than there are accelerators.
  case ranks(asked: Int, available: Int)
  /// The groups of ranks cannot be formed.
  case grouping(GroupingFault)
  /// The unequal parts of an all-to-all cannot be used.
  case amounts(UnequalAllToAll.AmountError)
  /// Only an all-to-all has unequal parts.
  case amountsOfOther(Collective)
  /// The algorithm is not known; those that are.
  case unknownAlgorithm(String, known: [String])
  /// The library profile is not known; those that are.
  case unknownLibrary(String, known: [String])
  /// The algorithm cannot run here; why, and those that can.
  case notApplicable(algorithm: String, reason: String, applicable: [String])
  /// The algorithm does not run with the protocol; those it runs with.
  case protocolNotOffered(algorithm: String, offered: [String])
  /// No algorithm can run; why not, one sentence each.
  case noCandidate([String])
  /// Two accelerators cannot reach each other.
  case unreachable(String)
  /// The graph is too large or its numbers do not fit; in one sentence.
  case graph(String)

  /// Why groups of ranks cannot be formed.
  public enum GroupingFault: Error, Sendable, Hashable {
    /// They do not fit the number of ranks.
    case misfit(RankGroupingError)
    /// They are not alike; in one sentence.
    case unlike(String)
  }
}
