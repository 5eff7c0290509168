public import ClusterModel

/// In-switch reduction and multicast inside each scale-up domain, and a ring per rail between domains.
///
/// All-gather goes round the rings first and multicasts what a rank then has of its rail; reduce-scatter is its
/// reverse. Broadcast multicasts in the root's domain, passes the shares of its ranks on between domains, a chain per
/// rail, and multicasts them in each domain; reduce is its reverse.
public enum NVLSHierarchical: CollectiveAlgorithm {
  /// `nvls-hierarchical`.
  public static let name = "nvls-hierarchical"
  /// All-reduce, all-gather, reduce-scatter, broadcast and reduce.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter, .broadcast, .reduce]

  /// A phase in the switches and the phases of a ring or chain per rail.
  /// - Throws: `AlgorithmError.notApplicable` without such switches, for one domain or domains of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let size = try InSwitch.domainSize(of: ladder, capabilities: capabilities)
    let phases: [Schedule.Phase]
    switch collective {
    case .broadcast: phases = [InSwitch.rootedPhase(.broadcast), chains(ladder).chain(isReduce: false)]
    case .reduce: phases = [InSwitch.rootedPhase(.reduce), chains(ladder).chain(isReduce: true)]
    default:
      let switches = InSwitch.phase(collective, domainSize: size)
      let rings = RingPhase.Kind.sequence(for: collective).map {
        RingPhase(kind: $0, inner: ladder.domainLevel, outer: ladder.topLevel).phase(on: ladder)
      }
      phases = collective == .allGather ? rings + [switches] : [switches] + rings
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: phases, isPipelined: true, family: .inSwitch)
  }

  private static func chains(_ ladder: TierLadder) -> HierarchicalBroadcast {
    HierarchicalBroadcast(ladder: ladder, levels: [ladder.domainLevel, ladder.topLevel])
  }

  /// The messages: the rank at place p of each domain of g is in charge of every g-th chunk from p.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let domains = Domains(of: ladder)
    guard collective != .broadcast, collective != .reduce else { return rootedExpansion(collective, domains, ladder) }
    let n = ladder.ranks
    let all = ScheduleExpansion.ChunkRun(first: 0, count: n)
    let share = { (place: Int) in
      ScheduleExpansion.ChunkRun(first: place, count: domains.count, stride: domains.largest)
    }
    let kinds = RingPhase.Kind.sequence(for: collective)
    let (switches, firstRing) = collective == .allGather ? (1, 0) : (0, 1)
    let rings = kinds.enumerated().flatMap { place, kind in
      RingPhase.steps(kind, ranks: n, size: domains.count, place: domains.largest).inPhase(firstRing + place)
    }
    let reduce = collective == .allGather ? [] : InSwitch.reduceSteps(domains, all: all, share: share)
    let multicast = collective == .reduceScatter ? [] : InSwitch.multicastSteps(domains, all: all, share: share)
    return ScheduleExpansion(
      chunkCount: n, chunkShare: 1 / Double(n),
      steps: reduce.inPhase(switches) + rings + multicast.inPhase(switches))
  }

  /// A chunk for each rank of a domain.
  private static func rootedExpansion(
    _ collective: Collective, _ domains: Domains, _ ladder: TierLadder
  ) -> ScheduleExpansion {
    let size = domains.largest
    let all = ScheduleExpansion.ChunkRun(first: 0, count: size)
    let own = { (place: Int) in ScheduleExpansion.ChunkRun(first: place) }
    let ofRoot = { (place: Int) in ScheduleExpansion.ChunkRun(first: 0, count: place == 0 ? size : 0) }
    let chain = chains(ladder).chainSteps(chunks: size).inPhase(1)
    let steps =
      collective == .broadcast
      ? InSwitch.multicastSteps(domains, of: 0..<1, all: all, share: ofRoot).inPhase(0) + chain
        + InSwitch.multicastSteps(domains, of: 1..<domains.count, all: all, share: own).inPhase(0)
      : InSwitch.reduceSteps(domains, of: 1..<domains.count, all: all, share: own).inPhase(0) + chain.reducedBack
        + InSwitch.reduceSteps(domains, of: 0..<1, all: all, share: ofRoot).inPhase(0)
    return ScheduleExpansion(chunkCount: size, chunkShare: 1 / Double(size), steps: steps)
  }
}
