public import ClusterModel

/// All-gather, reduce-scatter and all-to-all in ceil(log2 n) rounds, for any number of ranks (Bruck et al., 1997).
///
/// All-gather: in round k a rank hands the 2^k shards that it has to the rank 2^k below it; reduce-scatter is its
/// reverse. All-to-all: in round k a part moves 2^k ranks up if its way has that bit; parts travel over several ranks,
/// which costs half the message in each round. The local rotation of the shards is not counted.
public enum Bruck: CollectiveAlgorithm {
  /// `bruck`.
  public static let name = "bruck"
  /// All-gather, reduce-scatter and all-to-all.
  public static let collectives: [Collective] = [.allGather, .reduceScatter, .allToAll]

  /// Phases of rounds, one for each tier that they reach.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let (name, summary) =
      switch collective {
      case .allGather: ("all-gather", "Each rank passes all shards that it has to the rank 1, 2, 4, … below.")
      case .reduceScatter: ("reduce-scatter", "Each rank sends partial sums to the rank …, 4, 2, 1 above.")
      default: ("exchange", "Each rank passes the parts with that bit in their way to the rank 1, 2, 4, … above.")
      }
    return Schedule(
      algorithm: self.name, collective: collective, ladder: ladder,
      phases: RoundPhases(name: name, summary: summary, ladder: ladder).phases(
        rounds(of: collective, ranks: ladder.ranks)))
  }

  private static func rounds(of collective: Collective, ranks n: Int) -> [ExchangeRound] {
    let rounds = (0..<roundCount(n)).map { bit in
      let distance = 1 << bit
      return collective == .allToAll
        ? ExchangeRound.rotation(by: distance, ranks: n, volume: Double(withBit(bit, below: n)) / Double(n))
        : .rotation(by: n - distance, ranks: n, volume: Double(min(distance, n - distance)) / Double(n))
    }
    return collective == .reduceScatter ? rounds.reversed().map(\.reversed) : rounds
  }

  private static func roundCount(_ n: Int) -> Int { n <= 1 ? 0 : Int.bitWidth - (n - 1).leadingZeroBitCount }

  /// How many numbers below n have a bit set.
  private static func withBit(_ bit: Int, below n: Int) -> Int {
    let period = 2 << bit
    return n / period * (period / 2) + max(0, n % period - period / 2)
  }

  /// The messages, one step per round.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    if collective == .allToAll {
      let steps = rounds(of: collective, ranks: n).enumerated().map { bit, round in
        round.step(ranks: n, effect: .copy) { from, _ in moving(from: from, bit: bit, ranks: n) }
      }
      return ScheduleExpansion(chunkCount: n * n, chunkShare: 1 / Double(n), steps: steps)
    }
    let gather = rounds(of: .allGather, ranks: n).enumerated().map { bit, round in
      round.step(ranks: n, effect: .copy) { from, _ in
        ScheduleExpansion.ChunkRun.wrapping(first: from, count: min(1 << bit, n - (1 << bit)), of: n)
      }
    }
    return ScheduleExpansion(
      chunkCount: n, chunkShare: 1 / Double(n),
      steps: collective == .allGather ? gather : gather.reducedBack)
  }

  /// The parts that a rank passes on in a round: their way has the round's bit, and they have come its lower bits.
  private static func moving(from rank: Int, bit: Int, ranks n: Int) -> [ScheduleExpansion.ChunkRun] {
    stride(from: 0, to: n, by: 2 << bit).flatMap { high in
      let first = high + (1 << bit)
      // With `low` of the lower bits done, the part came from rank - low and goes to rank + first.
      let count = min(1 << bit, n - first)
      guard count > 0 else { return [ScheduleExpansion.ChunkRun]() }
      let origin = (rank - (count - 1) + n) % n
      return ScheduleExpansion.ChunkRun.wrapping(
        first: origin * n + (rank + first) % n, count: count, stride: n, of: n * n)
    }
  }
}
