public import ClusterModel

/// Send-receive as in nccl-tests: every rank sends its message to the next rank, the last one to the first.
public enum Neighbours: CollectiveAlgorithm {
  /// `neighbours`.
  public static let name = "neighbours"
  /// Send-receive.
  public static let collectives: [Collective] = [.sendReceive]

  /// One phase of one message per rank.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
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
