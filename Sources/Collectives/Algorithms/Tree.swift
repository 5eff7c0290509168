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

  /// A phase of chains where domains have several ranks, a phase of trees where there are several domains.
  ///
  /// Where domains differ in size, what the busiest rank sends is an upper bound: the busiest place in a chain and the
  /// busiest node of the trees need not be the same.
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
    let longest = ladder.largestSize(domain) - 1
    return Schedule.Phase(
      name: "chains in the \(ladder.name(of: domain))",
      summary: "Each rank adds its part and sends the sum to its neighbour in the chain; the result comes back.",
      traffic: ladder.traffic(
        leaving: { Double(min(2, borders($0))) / Double(ladder.smallestSize($0)) }, class: ladder.railAligned),
      latency: ladder.hops(leaving: { 2 * Double(borders($0)) }, class: ladder.railAligned),
      repeats: max(1, 2 * longest))
  }

  /// The messages: chunk `2c` goes over the first tree and `2c + 1` over the second, both from the rank at place c of
  /// each domain.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let domains = Domains(of: ladder)
    let channels = channelCount(domains)
    var chainSteps = [ScheduleExpansion.Step](repeating: .init(), count: domains.largest - 1)
    for domain in 0..<domains.count {
      for channel in 0..<channels {
        let end = domains.rank(channel, in: domain)
        for rank in domains.starts[domain]..<domains.starts[domain + 1] where rank != end {
          chainSteps[domains.largest - 1 - abs(rank - end)].transfers.append(
            .init(
              from: .rank(rank), to: .rank(rank < end ? rank + 1 : rank - 1),
              chunks: .init(first: 2 * channel, count: 2), effect: .reduce))
        }
      }
    }
    let up = chainSteps + domains.reduceSteps(places: channels) { 2 * $0 + ($1 == .first ? 0 : 1) }
    return ScheduleExpansion(
      chunkCount: 2 * channels, chunkShare: 1 / Double(2 * channels), steps: up + up.broadcastBack)
  }

  /// Enough channels that every rank of every domain is the end of equally many, if that takes few.
  private static func channelCount(_ domains: Domains) -> Int {
    guard domains.count > 1 else { return 1 }
    var common = 1
    for size in Set((0..<domains.count).map(domains.size)).sorted() {
      var (a, b) = (common, size)
      while b > 0 { (a, b) = (b, a % b) }
      common = common / a * size
      if common > 64 { return domains.largest }
    }
    return common
  }
}
