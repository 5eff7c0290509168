public import ClusterModel

/// All-reduce in the switches of the network: a rank sends its share up once and receives the result once.
///
/// Ranks that share a scale-up domain reduce-scatter inside of it first, so that every rank is the domain's end for its
/// share, and gather the results there afterwards. A switch sends one sum up for all that it receives: S per group over
/// the links of every tier (Graham et al., Scalable Hierarchical Aggregation and Reduction Protocol, 2016 and 2020).
public enum SHARP: CollectiveAlgorithm {
  /// `sharp`.
  public static let name = "sharp"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]

  /// A phase through the switches of the network, between two ring phases where domains hold several ranks.
  /// - Throws: `AlgorithmError.notApplicable` without such switches, for one domain or domains of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    guard ladder.ranks > 1 else {
      return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: [])
    }
    guard capabilities.networkReduction else {
      throw .notApplicable(reason: "The switches of the network do not reduce.")
    }
    let size = try domainSize(of: ladder)
    let domain = ladder.domainLevel
    let joined = ladder.railAligned(ladder.levels.firstIndex { $0.groupCount == 1 } ?? ladder.topLevel)
    let network = Schedule.Phase(
      name: "reduction in the network",
      summary: "Each rank sends its share to its switch; sums go up the switches once and the result comes down.",
      traffic: ladder.traffic(
        leaving: { ladder.groupCount($0) > 1 ? 1 / Double(ladder.smallestSize(max($0, domain))) : 0 },
        class: ladder.railAligned),
      rankTraffic: [joined: 1 / Double(size)],
      latency: [.init(joined, count: 2)], repeats: 1)
    guard size > 1 else {
      return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: [network], isPipelined: true)
    }
    let rings = RingPhase.Kind.sequence(for: .allReduce).map {
      RingPhase(kind: $0, inner: -1, outer: domain).phase(on: ladder)
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: [rings[0], network, rings[1]],
      isPipelined: true)
  }

  private static func domainSize(of ladder: TierLadder) throws(AlgorithmError) -> Int {
    guard ladder.groupCount(ladder.domainLevel) > 1 else {
      throw .notApplicable(reason: "All \(ladder.ranks) ranks are in one domain; no switch of the network is needed.")
    }
    guard let size = ladder.uniformSize(ladder.domainLevel) else {
      throw .notApplicable(reason: "The domains hold different numbers of ranks.")
    }
    return size
  }

  /// The messages; the switches of the network act as one, which takes the sums of all domains.
  /// - Throws: `AlgorithmError.notApplicable` for one domain or domains of different sizes.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let size = try domainSize(of: ladder)
    let n = ladder.ranks
    var up = ScheduleExpansion.Step()
    for rank in 0..<n {
      up.transfers.append(
        .init(from: .rank(rank), to: .networkSwitches, chunks: .init(first: rank % size), effect: .reduce))
    }
    let inside = RingPhase.steps(.reduceScatter, ranks: n, size: size, place: 1, chunks: size)
    return ScheduleExpansion(
      chunkCount: size, chunkShare: 1 / Double(size),
      steps: inside + [up] + [up].broadcastBack
        + RingPhase.steps(.allGather, ranks: n, size: size, place: 1, chunks: size))
  }
}
