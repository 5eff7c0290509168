public import ClusterModel

/// Rings inside the groups of every tier, from the innermost outwards and back; all-to-all by exchanges with the
/// counterparts in the groups of every tier.
///
/// The latency of p₁ + p₂ + … messages takes the place of p₁ p₂ … (BlueConnect: Cho et al., 2019). A rank's counterpart
/// is the one whose number differs in one digit, so that groups of a tier must be of one size; `ring` and
/// `pairwise-relayed` take groups of any sizes.
public enum HierarchicalPerTier: CollectiveAlgorithm {
  /// `hierarchical-per-tier`.
  public static let name = "hierarchical-per-tier"
  /// All-reduce, all-gather, reduce-scatter, broadcast, reduce and all-to-all.
  public static let collectives: [Collective] = [
    .allReduce, .allGather, .reduceScatter, .broadcast, .reduce, .allToAll,
  ]

  /// One phase per tier (two for all-reduce, broadcast and reduce).
  /// - Throws: `AlgorithmError.notApplicable` for groups of different sizes, and for ladders on which `ring` or
  ///   `hierarchical` are the same.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    return RingsPerTier.schedule(name, for: collective, on: ladder, levels: try levels(of: ladder))
  }

  /// The messages; rank r is in charge of chunk r.
  /// - Throws: `AlgorithmError.notApplicable` for groups of different sizes.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    return RingsPerTier.expansion(of: collective, on: ladder, levels: try levels(of: ladder))
  }

  private static func levels(of ladder: TierLadder) throws(AlgorithmError) -> [Int] {
    guard ladder.ranks > 1 else { return [] }
    var levels: [Int] = []
    var size = 1
    for (index, level) in ladder.levels.enumerated() {
      guard let next = level.uniformSize, next.isMultiple(of: size) else {
        throw .notApplicable(reason: "The groups of tier '\(level.tier)' differ in size.")
      }
      if next > size { levels.append(index) }
      size = next
    }
    guard levels.count > 1 else { throw .notApplicable(reason: "There is one tier only; 'ring' is this case.") }
    guard levels.count > 2 || !levels.contains(ladder.domainLevel) else {
      throw .notApplicable(reason: "There is one tier between the domains; 'hierarchical' is this case.")
    }
    return levels
  }
}
