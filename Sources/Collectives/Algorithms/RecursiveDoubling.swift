public import ClusterModel

/// All-reduce in log2(n) exchanges of the whole message with partners at doubling distances.
///
/// For powers of two, in groups of equal size.
public enum RecursiveDoubling: CollectiveAlgorithm {
  /// `recursive-doubling`.
  public static let name = "recursive-doubling"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]

  /// One phase of log2(n) exchanges.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives and rank counts.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    try Butterfly.check(ladder)
    let phase = Schedule.Phase(
      name: "exchanges", summary: "Each rank exchanges the whole message with the partner at distance 1, 2, 4, …",
      traffic: ladder.traffic(
        leaving: { Double(Butterfly.exchanges(leaving: $0, on: ladder)) }, class: ladder.railAligned),
      latency: Butterfly.hops(on: ladder), repeats: Butterfly.exchanges(leaving: -1, on: ladder))
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? [phase] : [])
  }

  /// The messages, one step per distance.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives and rank counts.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    try Butterfly.check(ladder)
    let steps = (0..<Butterfly.exchanges(leaving: -1, on: ladder)).map { bit in
      ScheduleExpansion.Step(
        (0..<ladder.ranks).map {
          .init(from: .rank($0), to: .rank($0 ^ (1 << bit)), chunks: .init(first: 0), effect: .reduce)
        })
    }
    return ScheduleExpansion(chunkCount: 1, chunkShare: 1, steps: steps)
  }
}
