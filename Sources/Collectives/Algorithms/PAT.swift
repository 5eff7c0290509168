public import ClusterModel

/// All-gather and reduce-scatter by parallel aggregated trees: each shard goes down its own binomial tree, farthest
/// messages first, and all trees share the rounds (NCCL 2.23; Jeaugey, 2025).
///
/// Far messages are the small ones, and any number of ranks works. This is the form with the shards of all trees in
/// one message, ceil(log2 n) rounds, which holds while a rank's buffers take half of the array.
public enum PAT: CollectiveAlgorithm {
  /// `pat`.
  public static let name = "pat"
  /// All-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allGather, .reduceScatter]

  /// Phases of rounds, one for each tier that they reach.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let rounds = rounds(ranks: ladder.ranks)
    let (name, summary) =
      collective == .allGather
      ? ("all-gather", "Each rank passes shards to the rank …, 4, 2, 1 above, one to the farthest.")
      : ("reduce-scatter", "Each rank sends partial sums to the rank 1, 2, 4, … below, one to the farthest.")
    return Schedule(
      algorithm: self.name, collective: collective, ladder: ladder,
      phases: RoundPhases(name: name, summary: summary, ladder: ladder).phases(
        collective == .allGather ? rounds : rounds.reversed().map(\.reversed)))
  }

  /// Nodes of a shard's tree that have a child at a distance.
  private static func parents(distance: Int, ranks n: Int) -> Int { (n - 1 - distance) / (2 * distance) + 1 }

  private static func distances(ranks n: Int) -> [Int] {
    n <= 1 ? [] : (0..<(Int.bitWidth - (n - 1).leadingZeroBitCount)).reversed().map { 1 << $0 }
  }

  private static func rounds(ranks n: Int) -> [ExchangeRound] {
    distances(ranks: n).map {
      .rotation(by: $0, ranks: n, volume: Double(parents(distance: $0, ranks: n)) / Double(n))
    }
  }

  /// The messages, one step per round.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    let steps = zip(distances(ranks: n), rounds(ranks: n)).map { distance, round in
      round.step(ranks: n, effect: .copy) { from, _ in
        // The rank is node i of the tree of shard from - i, for every i that has a child at this distance.
        let count = parents(distance: distance, ranks: n)
        return ScheduleExpansion.ChunkRun.wrapping(
          first: from - (count - 1) * 2 * distance, count: count, stride: 2 * distance, of: n)
      }
    }
    return ScheduleExpansion(
      chunkCount: n, chunkShare: 1 / Double(n), steps: collective == .allGather ? steps : steps.reducedBack)
  }
}
