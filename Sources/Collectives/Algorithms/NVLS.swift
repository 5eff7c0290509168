public import ClusterModel

/// Reduction and multicast in the switches of one scale-up domain (NVLink SHARP).
///
/// All-reduce: the switch reads the message from all ranks, each rank receives the sum of its share and hands it back
/// to be multicast: (1 + 1/g) S in each direction of a rank's links.
public enum NVLS: CollectiveAlgorithm {
  /// `nvls`.
  public static let name = "nvls"
  /// All-reduce, all-gather, reduce-scatter, broadcast and reduce.
  public static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter, .broadcast, .reduce]

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
      phases: [InSwitch.phase(collective, domainSize: ladder.ranks)], family: .inSwitch)
  }

  /// The messages to and from the switches of domain 0.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    let domains = Domains(of: ladder)
    let all = ScheduleExpansion.ChunkRun(first: 0, count: n)
    let isRooted = collective == .broadcast || collective == .reduce
    let chunks = { (place: Int) in
      isRooted ? ScheduleExpansion.ChunkRun(first: 0, count: place == 0 ? n : 0) : .init(first: place)
    }
    let reduces = collective != .allGather && collective != .broadcast
    let multicasts = collective != .reduceScatter && collective != .reduce
    let reduce = reduces ? InSwitch.reduceSteps(domains, all: all, share: chunks) : []
    let multicast = multicasts ? InSwitch.multicastSteps(domains, all: all, share: chunks) : []
    return ScheduleExpansion(chunkCount: n, chunkShare: 1 / Double(n), steps: reduce + multicast)
  }
}
