public import ClusterModel

/// All-reduce with in-switch reduction inside each scale-up domain and double binary trees between domains, one pair
/// per rail; all parts overlap.
public enum NVLSTree: CollectiveAlgorithm {
  /// `nvls-tree`.
  public static let name = "nvls-tree"
  /// All-reduce.
  public static let collectives: [Collective] = [.allReduce]

  /// A phase in the switches and a phase of trees.
  /// - Throws: `AlgorithmError.notApplicable` without such switches, for one domain or domains of different sizes.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let size = try InSwitch.domainSize(of: ladder, capabilities: capabilities)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder,
      phases: [InSwitch.phase(.allReduce, domainSize: size), TreePhase(on: ladder).phase()], isPipelined: true,
      family: .inSwitch)
  }

  /// The messages: the rank at place p of each domain of g is in charge of chunks p (first tree) and g + p.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let domains = Domains(of: ladder)
    let size = domains.largest
    let all = ScheduleExpansion.ChunkRun(first: 0, count: 2 * size)
    let share = { (place: Int) in ScheduleExpansion.ChunkRun(first: place, count: 2, stride: size) }
    let up = domains.reduceSteps(domains.dealing).inPhase(1)
    return ScheduleExpansion(
      chunkCount: 2 * size, chunkShare: 1 / Double(2 * size),
      steps: InSwitch.reduceSteps(domains, all: all, share: share).inPhase(0) + up + up.broadcastBack
        + InSwitch.multicastSteps(domains, all: all, share: share).inPhase(0))
  }
}
