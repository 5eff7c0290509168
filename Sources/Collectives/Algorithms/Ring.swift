public import ClusterModel

/// All ranks in one ring in rank order, each sending to the next.
///
/// All-reduce is a reduce-scatter followed by an all-gather: 2(n-1) steps of S/n bytes (Patarasuk and Yuan, 2009).
public enum Ring: CollectiveAlgorithm {
  /// `ring`.
  public static let name = "ring"
  /// All-reduce, all-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter]

  /// One ring phase, or two for all-reduce; any number of ranks, groups may be uneven.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let phases = RingPhase.Kind.sequence(for: collective).map {
      RingPhase(kind: $0, inner: -1, outer: ladder.topLevel).phase(on: ladder)
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? phases : [])
  }

  /// The messages of the ring: in step t of the reduce-scatter, rank r sends on chunk r-1-t; of the all-gather, r-t.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    return RingPhase.expansion(of: collective, sizes: [ladder.ranks])
  }
}
