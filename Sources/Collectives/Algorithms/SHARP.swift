public import ClusterModel

/// All-reduce, broadcast and reduce in the switches of the network: a rank sends its share up once, or receives it once,
/// or both.
///
/// Ranks that share a scale-up domain reduce-scatter inside of it first, so that every rank is the domain's end for its
/// share, and gather the results there afterwards; for broadcast the root deals the shares to its domain, and reduce is
/// the reverse. A switch sends one sum up for all that it receives, and one copy down: S per group over the links of
/// every tier (Graham et al., Scalable Hierarchical Aggregation and Reduction Protocol, 2016 and 2020).
public enum SHARP: CollectiveAlgorithm {
  /// `sharp`.
  public static let name = "sharp"
  /// All-reduce, broadcast and reduce.
  public static let collectives: [Collective] = [.allReduce, .broadcast, .reduce]

  /// A phase through the switches of the network, between two phases inside the domains where these hold several ranks.
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
    let network = network(collective, domainSize: size, on: ladder)
    let phases: [Schedule.Phase]
    if collective != .allReduce {
      phases = rooted(ladder, domainSize: size).phases(for: collective, across: network)
    } else if size == 1 {
      phases = [network]
    } else {
      let rings = RingPhase.Kind.sequence(for: .allReduce).map {
        RingPhase(kind: $0, inner: -1, outer: ladder.domainLevel).phase(on: ladder)
      }
      phases = [rings[0], network, rings[1]]
    }
    return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: phases, isPipelined: true)
  }

  private static func network(
    _ collective: Collective, domainSize size: Int, on ladder: TierLadder
  ) -> Schedule.Phase {
    let domain = ladder.domainLevel
    let joined = ladder.railAligned(ladder.levels.firstIndex { $0.groupCount == 1 } ?? ladder.topLevel)
    let (name, summary) =
      switch collective {
      case .broadcast:
        (
          "multicast in the network",
          "Each rank of the root's domain sends its share to its switch; copies go down to all other domains."
        )
      case .reduce:
        (
          "reduction in the network",
          "Each rank sends its share to its switch; sums go up the switches once and down to the root's domain."
        )
      default:
        (
          "reduction in the network",
          "Each rank sends its share to its switch; sums go up the switches once and the result comes down."
        )
      }
    return Schedule.Phase(
      name: name, summary: summary,
      traffic: ladder.traffic(
        leaving: { ladder.groupCount($0) > 1 ? 1 / Double(ladder.smallestSize(max($0, domain))) : 0 },
        class: ladder.railAligned),
      rankTraffic: [joined: 1 / Double(size)],
      latency: [.init(joined, count: 2)], repeats: 1)
  }

  /// The levels of the domains, where these have several ranks, and of all ranks.
  private static func rooted(_ ladder: TierLadder, domainSize: Int) -> HierarchicalBroadcast {
    HierarchicalBroadcast(
      ladder: ladder, levels: domainSize > 1 ? [ladder.domainLevel, ladder.topLevel] : [ladder.topLevel])
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
    let phase = size > 1 ? 1 : 0
    let up = { (ranks: Range<Int>) in
      ScheduleExpansion.Step(
        ranks.map { .init(from: .rank($0), to: .networkSwitches, chunks: .init(first: $0 % size), effect: .reduce) },
        phase: phase)
    }
    guard collective == .allReduce else {
      let copies = [up(size..<n)].broadcastBack
      return rooted(ladder, domainSize: size).expansion(
        of: collective, across: [up(0..<size)] + copies)
    }
    let inside = RingPhase.steps(.reduceScatter, ranks: n, size: size, place: 1, chunks: size)
    return ScheduleExpansion(
      chunkCount: size, chunkShare: 1 / Double(size),
      steps: inside.inPhase(0) + [up(0..<n)] + [up(0..<n)].broadcastBack
        + RingPhase.steps(.allGather, ranks: n, size: size, place: 1, chunks: size).inPhase(2))
  }
}
