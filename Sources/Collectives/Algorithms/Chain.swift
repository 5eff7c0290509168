public import ClusterModel

/// All ranks in a row, passing the message on in chunks: broadcast from rank 0 down the row, reduce up it, all-reduce
/// up and down.
///
/// For broadcast and reduce this is what libraries call a ring from the root. See `ChainPhase` for the chunks.
public enum Chain: CollectiveAlgorithm {
  /// `chain`.
  public static let name = "chain"
  /// All-reduce, broadcast and reduce.
  public static let collectives: [Collective] = [.allReduce, .broadcast, .reduce]
  /// Every channel has its own order of the ranks of a domain.
  public static let isDealtOverChannels = true

  /// One pass over the row, or two for all-reduce, that overlap in chunks.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let phases =
      switch collective {
      case .broadcast: [ChainPhase.broadcast(on: ladder)]
      case .reduce: [ChainPhase.reduce(on: ladder)]
      default: [upAndDown(on: ladder)]
      }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? phases : [],
      isPipelined: true)
  }

  private static func upAndDown(on ladder: TierLadder) -> Schedule.Phase {
    var phase = ChainPhase.phase(
      name: "reduce and broadcast",
      summary: "Each rank adds its part and passes the sum on to the rank before, in chunks; the result comes back.",
      on: ladder)
    // Groups inside the row send the message to both neighbours.
    phase.traffic = ladder.traffic(
      crossing: { ($0.lowerBound > 0 ? 1 : 0) + ($0.upperBound < ladder.ranks ? 1 : 0) }, class: ladder.railAligned)
    phase.rankTraffic = phase.traffic
    for index in phase.latency.indices { phase.latency[index].count *= 2 }
    phase.repeats *= 2
    return phase
  }

  /// The messages of one chunk.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    return ChainPhase.expansion(of: collective, ranks: ladder.ranks)
  }
}
