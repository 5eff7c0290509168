public import ClusterModel

/// Reduction and multicast in the switches of one scale-up domain (NVLink SHARP).
///
/// All-reduce: the switch reads the message from all ranks, each rank receives the sum of its share and hands it back
/// to be multicast: (1 + 1/g) S in each direction of a rank's links.
public enum NVLS: CollectiveAlgorithm {
  /// `nvls`.
  public static let name = "nvls"
  /// All-reduce, all-gather and reduce-scatter.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter]

  /// One phase over the switches of the domain.
  /// - Throws: `AlgorithmError.notApplicable` without such switches, for several domains, or for one rank.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    try InSwitch.check(ladder, capabilities: capabilities)
    let domains = ladder.groupCount(ladder.domainLevel)
    guard domains == 1 else {
      throw .notApplicable(
        reason: "The \(ladder.ranks) ranks are in \(domains) scale-up domains, whose switches cannot reduce together.")
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder,
      phases: [InSwitch.phase(collective, domainSize: ladder.ranks)], usesInSwitchReduction: true)
  }

  /// The messages to and from the switches of domain 0.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    let domains = Domains(of: ladder)
    let chunks = { (place: Int) in ScheduleExpansion.ChunkRun(first: place) }
    let all = ScheduleExpansion.ChunkRun(first: 0, count: n)
    let reduce = collective == .allGather ? [] : InSwitch.reduceSteps(domains, all: all, share: chunks)
    let multicast = collective == .reduceScatter ? [] : InSwitch.multicastSteps(domains, all: all, share: chunks)
    return ScheduleExpansion(chunkCount: n, chunkShare: 1 / Double(n), steps: reduce + multicast)
  }
}
