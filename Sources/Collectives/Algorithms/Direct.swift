public import ClusterModel

/// All-gather or reduce-scatter in one exchange: every rank sends its shard, or the shard of the other, to each rank.
public enum Direct: CollectiveAlgorithm {
  /// `direct`.
  public static let name = "direct"
  /// All-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allGather, .reduceScatter]
  /// Every rank sends to every other one.
  public static let isAlikeOnTori = true

  /// One phase of one message to every peer.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let phase = collective == .allGather ? DirectPhase.allGather(on: ladder) : DirectPhase.reduceScatter(on: ladder)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? [phase] : [])
  }

  /// The messages, all in one step.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    let step =
      collective == .allGather
      ? DirectPhase.step(ranks: n, effect: .copy) { from, _ in from }
      : DirectPhase.step(ranks: n, effect: .reduce) { _, to in to }
    return ScheduleExpansion(chunkCount: n, chunkShare: 1 / Double(n), steps: [step])
  }
}
