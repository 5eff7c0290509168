public import ClusterModel

/// Send-receive as in nccl-tests: every rank sends its message to the next rank, the last one to the first.
public enum Neighbours: CollectiveAlgorithm {
  /// `neighbours`.
  public static let name = "neighbours"
  /// Send-receive.
  public static let collectives: [Collective] = [.sendReceive]
  /// Every rank sends to the next one.
  public static let isAlikeOnTori = true

  /// One phase of one message per rank.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    if let sizes = ladder.torus?.sizes, ladder.ranks > 1 {
      return Schedule(
        algorithm: name, collective: collective, ladder: ladder, phases: [roundTorus(sizes)], family: .pointToPoint)
    }
    var phases = RoundPhases(
      name: "send and receive", summary: "Each rank sends its message to the next rank, the last one to the first.",
      ladder: ladder
    ).phases(round(ladder.ranks))
    let crossesDomains = ladder.groupCount(ladder.domainLevel) > 1
    for index in phases.indices {
      phases[index].peersPerRank = .init(
        insideDomain: crossesDomains ? 0 : 1, outsideDomain: crossesDomains ? 1 : 0)
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: phases, family: .pointToPoint)
  }

  /// On a torus every link of the innermost rings carries one message: what the last rank of a ring sends to the first
  /// one of the next ring goes over that ring's closing link or its own.
  private static func roundTorus(_ sizes: [Int]) -> Schedule.Phase {
    Schedule.Phase(
      name: "send and receive", summary: "Each rank sends its message to the next rank, the last one to the first.",
      traffic: [.neighbours(ring: 0, forward: true): 1],
      latency: sizes.indices.map { .init(.neighbours(ring: $0, forward: true), count: 1) }, repeats: 1,
      peersPerRank: .init(insideDomain: 1, outsideDomain: 0))
  }

  private static func round(_ ranks: Int) -> [ExchangeRound] {
    ranks > 1 ? [.rotation(by: 1, ranks: ranks, volume: 1)] : []
  }

  /// The messages, all in one step; chunk r is what rank r sends.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let steps = round(ladder.ranks).map {
      $0.step(ranks: ladder.ranks, effect: .copy) { from, _ in [.init(first: from)] }
    }
    return ScheduleExpansion(chunkCount: ladder.ranks, chunkShare: 1, steps: steps)
  }
}
