public import ClusterModel

/// All-reduce in one exchange: every rank sends all it has to every other rank, and all reduce everything.
///
/// One message of latency against n-1 times the message in bytes: for small messages.
public enum DirectOneShot: CollectiveAlgorithm {
  /// `direct-one-shot`.
  public static let name = "direct-one-shot"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]
  /// Every rank sends to every other one.
  public static let isAlikeOnTori = true

  /// One phase of one message to every peer.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let phase = DirectPhase.phase(
      name: "exchange", summary: "Each rank sends the whole message to every other rank.", part: 1, on: ladder)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? [phase] : [])
  }

  /// The messages, all in one step.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let step = DirectPhase.step(ranks: ladder.ranks, effect: .reduce) { _, _ in 0 }
    return ScheduleExpansion(chunkCount: 1, chunkShare: 1, steps: [step])
  }
}
