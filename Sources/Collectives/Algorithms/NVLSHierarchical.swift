public import ClusterModel

/// In-switch reduction and multicast inside each scale-up domain, and a ring per rail between domains.
///
/// All-gather goes round the rings first and multicasts what a rank then has of its rail; reduce-scatter is its
/// reverse.
public enum NVLSHierarchical: CollectiveAlgorithm {
  /// `nvls-hierarchical`.
  public static let name = "nvls-hierarchical"
  /// All-reduce, all-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter]

  /// A phase in the switches and the phases of a ring per rail.
  /// - Throws: `AlgorithmError.notApplicable` without such switches, for one domain or domains of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let size = try InSwitch.domainSize(of: ladder, capabilities: capabilities)
    let switches = InSwitch.phase(collective, domainSize: size)
    let rings = RingPhase.Kind.sequence(for: collective).map {
      RingPhase(kind: $0, inner: ladder.domainLevel, outer: ladder.topLevel).phase(on: ladder)
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder,
      phases: collective == .allGather ? rings + [switches] : [switches] + rings, isPipelined: true, family: .inSwitch)
  }

  /// The messages: the rank at place p of each domain of g is in charge of every g-th chunk from p.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let domains = Domains(of: ladder)
    let n = ladder.ranks
    let all = ScheduleExpansion.ChunkRun(first: 0, count: n)
    let share = { (place: Int) in
      ScheduleExpansion.ChunkRun(first: place, count: domains.count, stride: domains.largest)
    }
    let rings = RingPhase.Kind.sequence(for: collective).flatMap {
      RingPhase.steps($0, ranks: n, size: domains.count, place: domains.largest)
    }
    let reduce = collective == .allGather ? [] : InSwitch.reduceSteps(domains, all: all, share: share)
    let multicast = collective == .reduceScatter ? [] : InSwitch.multicastSteps(domains, all: all, share: share)
    return ScheduleExpansion(chunkCount: n, chunkShare: 1 / Double(n), steps: reduce + rings + multicast)
  }
}
