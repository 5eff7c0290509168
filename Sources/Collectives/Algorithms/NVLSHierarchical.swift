public import ClusterModel

/// All-reduce with in-switch reduction inside each scale-up domain and a ring per rail between domains.
public enum NVLSHierarchical: CollectiveAlgorithm {
  /// `nvls-hierarchical`.
  public static let name = "nvls-hierarchical"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]

  /// A phase in the switches and the two phases of a ring all-reduce per rail.
  /// - Throws: `AlgorithmError.notApplicable` without such switches, for one domain or domains of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let size = try InSwitch.domainSize(of: ladder, capabilities: capabilities)
    let rings = RingPhase.Kind.sequence(for: .allReduce).map {
      RingPhase(kind: $0, inner: ladder.domainLevel, outer: ladder.topLevel).phase(on: ladder)
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder,
      phases: [InSwitch.phase(.allReduce, domainSize: size)] + rings, isPipelined: true, usesInSwitchReduction: true)
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
    let rings = RingPhase.Kind.sequence(for: .allReduce).flatMap {
      RingPhase.steps($0, ranks: n, size: domains.count, place: domains.largest)
    }
    return ScheduleExpansion(
      chunkCount: n, chunkShare: 1 / Double(n),
      steps: InSwitch.reduceSteps(domains, all: all, share: share) + rings
        + InSwitch.multicastSteps(domains, all: all, share: share))
  }
}
