public import ClusterModel

/// All-to-all along one dimension of a torus after another, each rank passing on what is not for its own coordinate.
///
/// Every byte takes a shortest way, half of what lies opposite each way round, so that all links of a dimension carry
/// the same; the dimensions overlap in chunks.
public enum TorusExchange: CollectiveAlgorithm {
  /// `torus-exchange`.
  public static let name = "torus-exchange"
  /// All-to-all.
  public static let collectives: [Collective] = [.allToAll]
  /// Every rank sends to its neighbours.
  public static let isAlikeOnTori = true

  /// One phase for each dimension; the ranks must fill whole rings of a torus.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives, without a torus, and for parts of rings.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let walk = try TorusWalk(ladder)
    let phases = walk.sizes.enumerated().map { ring, size in
      let volume = walk.exchanged(along: ring)
      return Schedule.Phase(
        name: "exchange round rings of \(size)",
        summary: "Each rank passes on what is for others of its ring, \(size / 2) times both ways round.",
        traffic: [.neighbours(ring: ring, forward: true): volume, .neighbours(ring: ring, forward: false): volume],
        latency: [.init(.neighbours(ring: ring, forward: true), count: Double(size / 2))], repeats: max(1, size / 2),
        peersPerRank: .init(insideDomain: size > 2 ? 2 : 1, outsideDomain: 0))
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: ladder.ranks > 1 ? phases : [],
      isPipelined: true)
  }

  /// The messages; what a rank has for another is divided into two halves.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives, without a torus, and for parts of rings.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let walk = try TorusWalk(ladder)
    return ScheduleExpansion(
      chunkCount: 2 * ladder.ranks * ladder.ranks, chunkShare: 1 / Double(2 * ladder.ranks), steps: walk.exchangeSteps)
  }
}
