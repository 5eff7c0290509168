public import ClusterModel

/// All ranks in one ring in rank order, each sending to the next.
///
/// All-reduce is a reduce-scatter followed by an all-gather: 2(n-1) steps of S/n bytes (Patarasuk and Yuan, 2009).
/// Broadcast and reduce pass the message on in chunks from or to rank 0, as in `ChainPhase`.
public enum Ring: CollectiveAlgorithm {
  /// `ring`.
  public static let name = "ring"
  /// All-reduce, all-gather, reduce-scatter, broadcast and reduce.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter, .broadcast, .reduce]
  /// Every channel has its own order of the ranks of a domain.
  public static let isDealtOverChannels = true

  /// One ring phase, or two for all-reduce; any number of ranks, groups may be uneven.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let phases =
      switch collective {
      case .broadcast: [ChainPhase.broadcast(on: ladder)]
      case .reduce: [ChainPhase.reduce(on: ladder)]
      default:
        RingPhase.Kind.sequence(for: collective).map {
          RingPhase(kind: $0, inner: -1, outer: ladder.topLevel).phase(on: ladder)
        }
      }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? phases : [],
      isPipelined: isRooted(collective))
  }

  private static func isRooted(_ collective: Collective) -> Bool { collective == .broadcast || collective == .reduce }

  /// The messages of the ring: in step t of the reduce-scatter, rank r sends on chunk r-1-t; of the all-gather, r-t.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    return isRooted(collective)
      ? ChainPhase.expansion(of: collective, ranks: ladder.ranks)
      : RingPhase.expansion(of: collective, sizes: [ladder.ranks])
  }

  /// One step for each pass of the ring; nil for broadcast and reduce, which pass chunks on one after another.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func distinctSteps(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> DistinctSteps? {
    try check(collective, on: ladder)
    return isRooted(collective) ? nil : RingPhase.distinctSteps(of: collective, ranks: ladder.ranks)
  }
}
