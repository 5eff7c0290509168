public import ClusterModel

/// Broadcast, reduce, gather and scatter over a binomial tree from rank 0, all-reduce as reduce and broadcast.
///
/// ceil(log2 n) rounds for each way, without chunks: a rank passes on what it has received whole. The root sends or
/// receives the message in every round, or its parts in gather and scatter.
public enum BinomialTree: CollectiveAlgorithm {
  /// `binomial-tree`.
  public static let name = "binomial-tree"
  /// All-reduce, broadcast, reduce, gather and scatter.
  public static let collectives: [Collective] = [.allReduce, .broadcast, .reduce, .gather, .scatter]

  /// Phases of rounds, one for each tier that they reach.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let down = rounds(of: collective, ranks: ladder.ranks).rounds
    var phases: [Schedule.Phase] = []
    if collective != .broadcast && collective != .scatter {
      let summary = "Each rank sends what it has to the rank 1, 2, 4, … below, which goes on with it."
      phases += RoundPhases(name: collective == .gather ? "gather" : "reduce", summary: summary, ladder: ladder)
        .phases(down.reversed().map(\.reversed))
    }
    if collective != .reduce && collective != .gather {
      let summary = "Each rank that has it sends the message, or its half of it, to the rank …, 4, 2, 1 above."
      phases += RoundPhases(name: collective == .scatter ? "scatter" : "broadcast", summary: summary, ladder: ladder)
        .phases(down)
    }
    return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: phases)
  }

  private static func rounds(of collective: Collective, ranks: Int) -> BinomialRounds {
    BinomialRounds(ranks: ranks, scatters: collective == .scatter || collective == .gather)
  }

  /// The messages, one step per round.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let rounds = rounds(of: collective, ranks: ladder.ranks)
    let down = rounds.steps
    let chunks = rounds.scatters ? ladder.ranks : 1
    let steps =
      switch collective {
      case .broadcast, .scatter: down
      case .reduce: down.reducedBack
      case .gather: down.broadcastBack
      default: down.reducedBack + down
      }
    return ScheduleExpansion(chunkCount: chunks, chunkShare: 1 / Double(chunks), steps: steps)
  }
}
