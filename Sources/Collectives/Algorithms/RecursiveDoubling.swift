public import ClusterModel

/// All-reduce in log2(n) exchanges of the whole message with partners at doubling distances.
///
/// Other numbers of ranks than powers of two take two more rounds of the whole message.
public enum RecursiveDoubling: CollectiveAlgorithm {
  /// `recursive-doubling`.
  public static let name = "recursive-doubling"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]

  /// Phases of exchanges, one for each tier that they reach.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let butterfly = Butterfly(ranks: ladder.ranks)
    let phases =
      Butterfly.phases(butterfly.fold, name: "fold", summary: Butterfly.foldSummary, on: ladder)
      + Butterfly.phases(
        exchanges(butterfly), name: "exchanges",
        summary: "Each rank exchanges the whole message with the partner at distance 1, 2, 4, …", on: ladder)
      + Butterfly.phases(butterfly.unfold, name: "unfold", summary: Butterfly.unfoldSummary, on: ladder)
    return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: phases)
  }

  private static func exchanges(_ butterfly: Butterfly) -> [ExchangeRound] {
    (0..<butterfly.bits).map { .exchange(bit: $0, ranks: butterfly.core, volume: 1) }
  }

  /// The messages, one step per distance.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let butterfly = Butterfly(ranks: ladder.ranks)
    let fold = butterfly.foldSteps(chunks: 1)
    let steps = exchanges(butterfly).map {
      $0.step(ranks: butterfly.core, effect: .reduce) { _, _ in [.init(first: 0)] }
    }
    return ScheduleExpansion(chunkCount: 1, chunkShare: 1, steps: fold + steps + fold.broadcastBack)
  }
}
