public import ClusterModel

/// Reduce-scatter by recursive halving, all-gather by recursive doubling, and all-reduce by both (Rabenseifner, 2004).
///
/// The largest parts go to the nearest partners: S/2 at distance 1, S/4 at distance 2, … All-reduce on other numbers
/// of ranks than powers of two takes two more rounds of the whole message; the other two are refused there.
public enum HalvingDoubling: CollectiveAlgorithm {
  /// `halving-doubling`.
  public static let name = "halving-doubling"
  /// All-reduce, all-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter]

  /// Phases of log2(n) exchanges each, one for each tier that they reach.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives, and for all-gather and reduce-scatter unless the
  ///   ranks are a power of two.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    let butterfly = try butterfly(for: collective, on: ladder)
    var phases = Butterfly.phases(butterfly.fold, name: "fold", summary: Butterfly.foldSummary, on: ladder)
    if collective != .allGather {
      phases += Butterfly.phases(
        butterfly.halving, name: "reduce-scatter",
        summary: "Each rank sends half of what it is in charge of to the partner at distance 1, 2, 4, …", on: ladder)
    }
    if collective != .reduceScatter {
      phases += Butterfly.phases(
        butterfly.halving.reversed(), name: "all-gather",
        summary: "Each rank exchanges what is finished with the partner at distance …, 4, 2, 1.", on: ladder)
    }
    phases += Butterfly.phases(butterfly.unfold, name: "unfold", summary: Butterfly.unfoldSummary, on: ladder)
    return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: phases)
  }

  /// The messages, one step per distance and direction; rank r is in charge of chunk r.
  /// - Throws: `AlgorithmError.notApplicable` as `schedule` does.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    let butterfly = try butterfly(for: collective, on: ladder)
    let fold = butterfly.foldSteps(chunks: butterfly.core)
    let halving = butterfly.halvingSteps
    return ScheduleExpansion(
      chunkCount: butterfly.core, chunkShare: 1 / Double(butterfly.core),
      steps: fold + (collective == .allGather ? [] : halving)
        + (collective == .reduceScatter ? [] : halving.broadcastBack) + fold.broadcastBack)
  }

  private static func butterfly(
    for collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> Butterfly {
    try check(collective, on: ladder)
    let butterfly = Butterfly(ranks: ladder.ranks)
    guard collective == .allReduce || butterfly.isWhole else {
      throw .notApplicable(reason: "\(ladder.ranks) ranks are not a power of two; 'bruck' takes any number.")
    }
    return butterfly
  }
}
