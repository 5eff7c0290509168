public import ClusterModel

/// Broadcast as a binomial scatter and a ring all-gather, reduce as a ring reduce-scatter and a binomial gather
/// (van de Geijn; Thakur, Rabenseifner and Gropp, 2005).
public enum ScatterAllGather: CollectiveAlgorithm {
  /// `scatter-all-gather`.
  public static let name = "scatter-all-gather"
  /// Broadcast and reduce.
  public static let collectives: [Collective] = [.broadcast, .reduce]
  /// Every channel has its own order of the ranks of a domain.
  public static let isDealtOverChannels = true

  /// The rounds of a binomial tree and one ring phase.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    guard ladder.ranks > 1 else {
      return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: [])
    }
    let scatter = BinomialRounds(ranks: ladder.ranks, scatters: true).rounds
    let ring = RingPhase(
      kind: collective == .broadcast ? .allGather : .reduceScatter, inner: -1, outer: ladder.topLevel
    ).phase(on: ladder)
    let phases =
      collective == .broadcast
      ? RoundPhases(
        name: "scatter", summary: "Each rank sends half of what it has to the rank …, 4, 2, 1 above.", ladder: ladder
      ).phases(scatter) + [ring]
      : [ring]
        + RoundPhases(
          name: "gather", summary: "Each rank sends the sums that it has to the rank 1, 2, 4, … below.", ladder: ladder
        ).phases(scatter.reversed().map(\.reversed))
    return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: phases)
  }

  /// The messages; rank r has chunk r in between.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    let scatter = BinomialRounds(ranks: n, scatters: true).steps
    let steps =
      collective == .broadcast
      ? scatter + RingPhase.steps(.allGather, ranks: n, size: n, place: 1)
      : RingPhase.steps(.reduceScatter, ranks: n, size: n, place: 1) + scatter.broadcastBack
    return ScheduleExpansion(chunkCount: n, chunkShare: 1 / Double(n), steps: steps)
  }
}
