public import ClusterModel

/// Rings inside each scale-up domain and rings between domains, one per rail.
///
/// All-reduce: reduce-scatter in the domain, all-reduce among the ranks of the same place, all-gather in the domain.
/// All-gather goes between domains first, so that the small parts travel far; reduce-scatter is its reverse.
/// Broadcast deals the message to the root's domain, passes the parts on between domains, a chain per rail, and gathers
/// them in each domain; reduce is its reverse.
public enum Hierarchical: CollectiveAlgorithm {
  /// `hierarchical`.
  public static let name = "hierarchical"
  /// All-reduce, all-gather, reduce-scatter, broadcast and reduce.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter, .broadcast, .reduce]

  /// One ring phase per tier (two for all-reduce); for broadcast and reduce those of `HierarchicalBroadcast`.
  /// - Throws: `AlgorithmError.notApplicable` for one domain, domains of one rank or of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    return RingsPerTier.schedule(name, for: collective, on: ladder, levels: try levels(of: ladder))
  }

  /// The messages; rank r is in charge of chunk r.
  /// - Throws: `AlgorithmError.notApplicable` for one domain, domains of one rank or of different sizes.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    return RingsPerTier.expansion(of: collective, on: ladder, levels: try levels(of: ladder))
  }

  private static func levels(of ladder: TierLadder) throws(AlgorithmError) -> [Int] {
    let domain = ladder.domainLevel
    guard ladder.ranks > 1 else { return [] }
    guard ladder.groupCount(domain) > 1 else {
      throw .notApplicable(reason: "All \(ladder.ranks) ranks are in one domain.")
    }
    guard let size = ladder.uniformSize(domain) else {
      throw .notApplicable(reason: "The domains (\(ladder.name(of: domain))) hold different numbers of ranks.")
    }
    guard size > 1 else { throw .notApplicable(reason: "Each domain holds one rank.") }
    return [domain, ladder.topLevel]
  }
}
