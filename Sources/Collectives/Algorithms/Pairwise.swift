public import ClusterModel

/// All-to-all by direct messages: in step k, rank r sends to rank r + k.
public enum Pairwise: CollectiveAlgorithm {
  /// `pairwise`.
  public static let name = "pairwise"
  /// All-to-all.
  public static let collectives: [Collective] = [.allToAll]
  /// Every rank sends to every other one.
  public static let isAlikeOnTori = true

  /// One phase of n-1 messages, one to every peer.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let n = Double(ladder.ranks)
    let outside = { (level: Int) in n - Double(ladder.smallestSize(level)) }
    let phase = Schedule.Phase(
      name: "exchange", summary: "Each rank sends every other rank its part, one after the other.",
      traffic: ladder.traffic(leaving: { outside($0) / n }, class: ladder.unaligned),
      rankTraffic: ladder.everyPeerTraffic(part: 1 / n),
      latency: ladder.hops(leaving: outside, class: ladder.unaligned), repeats: max(1, ladder.ranks - 1),
      peersPerRank: ladder.everyPeer)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? [phase] : [],
      family: .pointToPoint)
  }

  /// The messages, one step per distance.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    let steps = (1..<max(n, 1)).map { distance in
      ScheduleExpansion.Step(
        (0..<n).map { rank in
          let peer = (rank + distance) % n
          return .init(from: .rank(rank), to: .rank(peer), chunks: .init(first: rank * n + peer), effect: .copy)
        })
    }
    return ScheduleExpansion(chunkCount: n * n, chunkShare: 1 / Double(n), steps: steps)
  }
}
