public import ClusterModel

/// A chain inside each scale-up domain and a double binary tree between domains, reduction and broadcast overlapping.
///
/// Inside a domain the ranks form one chain, of which each rank is the end of its share of the message towards the
/// other domains; an interior rank sends the message once in each direction of the chain.
public enum Tree: CollectiveAlgorithm {
  /// `tree`.
  public static let name = "tree"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]
  /// Every channel has its own order of the ranks of a domain.
  public static let isDealtOverChannels = true

  /// A phase of chains where domains have several ranks, a phase of trees where there are several domains.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    var phases: [Schedule.Phase] = []
    if ladder.ranks > 1 {
      if ladder.largestSize(ladder.domainLevel) > 1 { phases.append(chains(on: ladder)) }
      if ladder.groupCount(ladder.domainLevel) > 1 { phases.append(TreePhase(on: ladder).phase()) }
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: phases, isPipelined: true, family: .tree)
  }

  private static func chains(on ladder: TierLadder) -> Schedule.Phase {
    let domain = ladder.domainLevel
    let borders = { (level: Int) in level >= domain ? 0 : ladder.mostGroups(of: level, in: domain) - 1 }
    // The message crosses every border between two groups of a domain once each way.
    let crossing = { (group: Range<Int>) in
      let domain = ladder.group(of: group.lowerBound, at: domain)
      return (group.lowerBound > domain.lowerBound ? 1.0 : 0) + (group.upperBound < domain.upperBound ? 1 : 0)
    }
    let longest = ladder.largestSize(domain) - 1
    return Schedule.Phase(
      name: "chains in the \(ladder.name(of: domain))",
      summary: "Each rank adds its part and sends the sum to its neighbour in the chain; the result comes back.",
      traffic: ladder.traffic(crossing: crossing, class: ladder.railAligned),
      latency: ladder.hops(leaving: { 2 * Double(borders($0)) }, class: ladder.railAligned),
      repeats: max(1, 2 * longest))
  }

  /// The messages: the first half of the chunks goes over the first tree and the second over the other, both from the
  /// rank of each domain that is its end for a part.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let domains = Domains(of: ladder)
    let dealing = domains.count > 1 ? domains.dealing : Domains.Dealing(chunks: 1, parts: [0..<1])
    var chainSteps = [ScheduleExpansion.Step](repeating: .init(), count: domains.largest - 1)
    for domain in 0..<domains.count {
      for part in dealing.parts {
        let end = domains.end(of: part, in: domain, dealing)
        for rank in domains.starts[domain]..<domains.starts[domain + 1] where rank != end {
          chainSteps[domains.largest - 1 - abs(rank - end)].transfers += [0, dealing.chunks].map { half in
            .init(
              from: .rank(rank), to: .rank(rank < end ? rank + 1 : rank - 1),
              chunks: .init(first: half + part.lowerBound, count: part.count), effect: .reduce)
          }
        }
      }
    }
    let trees = domains.reduceSteps(dealing)
    let up = chainSteps.inPhase(0) + trees.inPhase(chainSteps.isEmpty ? 0 : 1)
    return ScheduleExpansion(
      chunkCount: 2 * dealing.chunks, chunkShare: 1 / Double(2 * dealing.chunks), steps: up + up.broadcastBack)
  }
}
