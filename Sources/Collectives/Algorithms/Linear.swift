public import ClusterModel

/// Messages between the root, rank 0, and every other rank, one after the other.
///
/// NCCL's gather and scatter, which are grouped sends and receives.
public enum Linear: CollectiveAlgorithm {
  /// `linear`.
  public static let name = "linear"
  /// Broadcast, reduce, gather and scatter.
  public static let collectives: [Collective] = [.broadcast, .reduce, .gather, .scatter]

  /// One phase of n-1 messages.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let n = Double(ladder.ranks)
    let part = collective == .broadcast || collective == .reduce ? 1 : 1 / n
    let outside = { (level: Int) in Double(ladder.ranks - ladder.rootSize(level)) }
    let toRoot = collective == .reduce || collective == .gather
    let phase = Schedule.Phase(
      name: collective.rawValue,
      summary: toRoot
        ? "Each rank sends what it has to rank 0, one after the other."
        : "Rank 0 sends each rank what is for it, one after the other.",
      traffic: ladder.traffic(
        crossing: { ($0.lowerBound == 0 ? Double(ladder.ranks - $0.count) : Double($0.count)) * part },
        class: ladder.unaligned),
      rankTraffic: ladder.traffic(leaving: { outside($0) * part }, class: ladder.unaligned),
      latency: ladder.hops(leaving: outside, class: ladder.unaligned), repeats: max(1, ladder.ranks - 1),
      peersPerRank: .init(
        insideDomain: ladder.rootSize(ladder.domainLevel) - 1,
        outsideDomain: ladder.ranks - ladder.rootSize(ladder.domainLevel)))
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? [phase] : [],
      family: .pointToPoint)
  }

  /// The messages, one step for each rank.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let isWhole = collective == .broadcast || collective == .reduce
    let steps = (1..<max(1, ladder.ranks)).map {
      ScheduleExpansion.Step([
        .init(from: .rank(0), to: .rank($0), chunks: .init(first: isWhole ? 0 : $0), effect: .copy)
      ])
    }
    let chunks = isWhole ? 1 : ladder.ranks
    return ScheduleExpansion(
      chunkCount: chunks, chunkShare: 1 / Double(chunks),
      steps: collective == .reduce ? steps.reducedBack : collective == .gather ? steps.broadcastBack : steps)
  }
}
