public import ClusterModel

/// All-reduce as a reduce-scatter by recursive halving and an all-gather by recursive doubling (Rabenseifner, 2004).
///
/// The largest parts go to the nearest partners: S/2 at distance 1, S/4 at distance 2, … For powers of two, in groups
/// of equal size.
public enum HalvingDoubling: CollectiveAlgorithm {
  /// `halving-doubling`.
  public static let name = "halving-doubling"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]

  /// Two phases of log2(n) exchanges each.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives and rank counts.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    try Butterfly.check(ladder)
    let phases = [
      ("reduce-scatter", "Each rank sends half of what it is in charge of to the partner at distance 1, 2, 4, …"),
      ("all-gather", "Each rank exchanges what is finished with the partner at distance …, 4, 2, 1."),
    ].map { name, summary in
      Schedule.Phase(
        name: name, summary: summary,
        traffic: ladder.traffic(
          leaving: { 1 / Double(ladder.smallestSize($0)) - 1 / Double(ladder.ranks) }, class: ladder.railAligned),
        latency: Butterfly.hops(on: ladder), repeats: Butterfly.exchanges(leaving: -1, on: ladder))
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? phases : [])
  }

  /// The messages, one step per distance and direction.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives and rank counts.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    try Butterfly.check(ladder)
    let n = ladder.ranks
    let up = (0..<n.trailingZeroBitCount).map { bit in
      ScheduleExpansion.Step(
        (0..<n).map { rank in
          let partner = rank ^ (1 << bit)
          return .init(
            from: .rank(rank), to: .rank(partner), chunks: part(of: partner, after: bit + 1, ranks: n),
            effect: .reduce)
        })
    }
    return ScheduleExpansion(chunkCount: n, chunkShare: 1 / Double(n), steps: up + up.broadcastBack)
  }

  /// What a rank is in charge of after so many halvings: its lowest bit says which half, the next which quarter of it.
  private static func part(of rank: Int, after halvings: Int, ranks: Int) -> ScheduleExpansion.ChunkRun {
    let first = (0..<halvings).reduce(0) { $0 + ((rank >> $1) & 1) * (ranks >> ($1 + 1)) }
    return .init(first: first, count: ranks >> halvings)
  }
}
