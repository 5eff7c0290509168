public import ClusterModel

/// All-reduce in two exchanges: a direct reduce-scatter, then a direct all-gather.
public enum DirectTwoShot: CollectiveAlgorithm {
  /// `direct-two-shot`.
  public static let name = "direct-two-shot"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]
  /// Every rank sends to every other one.
  public static let isAlikeOnTori = true

  /// Two phases of one message to every peer.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let phases = [DirectPhase.reduceScatter(on: ladder), DirectPhase.allGather(on: ladder)]
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? phases : [])
  }

  /// The messages in two steps; rank r reduces chunk r.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    return ScheduleExpansion(
      chunkCount: n, chunkShare: 1 / Double(n),
      steps: [
        DirectPhase.step(ranks: n, effect: .reduce) { _, to in to },
        DirectPhase.step(ranks: n, effect: .copy) { from, _ in from },
      ])
  }
}
