public import ClusterModel

/// All-to-all through a relay: inside the scale-up domain to the rank on the receiver's rail, then along that rail.
///
/// What a domain has for a rank elsewhere leaves as one message, and never crosses rails outside of domains (the PXN
/// way of NCCL).
public enum PairwiseRelayed: CollectiveAlgorithm {
  /// `pairwise-relayed`.
  public static let name = "pairwise-relayed"
  /// All-to-all.
  public static let collectives: [Collective] = [.allToAll]

  /// A phase inside the domains and a phase along the rails, overlapping.
  /// - Throws: `AlgorithmError.notApplicable` for one domain, domains of one rank or of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    guard ladder.ranks > 1 else {
      return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: [])
    }
    let size = try domainSize(of: ladder)
    let domain = ladder.domainLevel
    let (n, g) = (Double(ladder.ranks), Double(size))
    let near = { (level: Int) in level >= domain ? 0 : g - Double(ladder.smallestSize(level)) }
    let far = { (level: Int) in n - Double(ladder.smallestSize(max(level, domain))) }
    let phases = [
      Schedule.Phase(
        name: "to the rail, inside the \(ladder.name(of: domain))",
        summary: "Each rank sends each rank of its domain what is for that one and for all others on its rail.",
        traffic: ladder.traffic(leaving: { near($0) / g }, class: ladder.railAligned),
        latency: ladder.hops(leaving: near, class: ladder.railAligned), repeats: size - 1,
        peersPerRank: .init(insideDomain: size - 1, outsideDomain: 0)),
      Schedule.Phase(
        name: "along the rails",
        summary: "Each rank sends what its domain has for a rank of the same rail in one message.",
        traffic: ladder.traffic(leaving: { far($0) / n }, class: ladder.railAligned),
        latency: ladder.hops(leaving: { far($0) / g }, class: ladder.railAligned),
        repeats: ladder.ranks / size - 1,
        peersPerRank: .init(insideDomain: 0, outsideDomain: ladder.ranks / size - 1)),
    ]
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: phases, isPipelined: true,
      family: .pointToPoint)
  }

  /// The messages, one step per distance inside the domain, then one per distance between domains.
  /// - Throws: `AlgorithmError.notApplicable` for one domain, domains of one rank or of different sizes.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let size = try domainSize(of: ladder)
    let n = ladder.ranks
    let inside = (1..<size).map { distance in
      ScheduleExpansion.Step(
        (0..<n).map { rank in
          let place = (rank % size + distance) % size
          return .init(
            from: .rank(rank), to: .rank(rank - rank % size + place),
            chunks: .init(first: rank * n + place, count: n / size, stride: size), effect: .copy)
        })
    }
    let along = (1..<(n / size)).map { distance in
      ScheduleExpansion.Step(
        (0..<n).map { rank in
          let peer = (rank + distance * size) % n
          let first = (rank - rank % size) * n + peer
          return .init(
            from: .rank(rank), to: .rank(peer), chunks: .init(first: first, count: size, stride: n), effect: .copy)
        })
    }
    return ScheduleExpansion(chunkCount: n * n, chunkShare: 1 / Double(n), steps: inside + along)
  }

  private static func domainSize(of ladder: TierLadder) throws(AlgorithmError) -> Int {
    let domain = ladder.domainLevel
    guard ladder.groupCount(domain) > 1 else {
      throw .notApplicable(reason: "All \(ladder.ranks) ranks are in one domain.")
    }
    guard let size = ladder.uniformSize(domain) else {
      throw .notApplicable(reason: "The domains (\(ladder.name(of: domain))) hold different numbers of ranks.")
    }
    guard size > 1 else { throw .notApplicable(reason: "Each domain holds one rank.") }
    return size
  }
}
