public import ClusterModel

/// Rings inside each scale-up domain and rings between domains, one per rail.
///
/// All-reduce: reduce-scatter in the domain, all-reduce among the ranks of the same place, all-gather in the domain.
/// All-gather goes between domains first, so that the small parts travel far; reduce-scatter is its reverse.
public enum Hierarchical: CollectiveAlgorithm {
  /// `hierarchical`.
  public static let name = "hierarchical"
  /// All-reduce, all-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter]

  /// One ring phase per tier (two for all-reduce).
  /// - Throws: `AlgorithmError.notApplicable` for one domain, domains of one rank or of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder,
      phases: RingsPerTier.phases(for: collective, on: ladder, levels: try levels(of: ladder)))
  }

  /// The messages; rank r is in charge of chunk r.
  /// - Throws: `AlgorithmError.notApplicable` for one domain, domains of one rank or of different sizes.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let levels = try levels(of: ladder)
    return RingPhase.expansion(of: collective, sizes: RingsPerTier.sizes(of: ladder, levels: levels))
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
