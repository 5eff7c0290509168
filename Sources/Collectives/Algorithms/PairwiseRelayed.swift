public import ClusterModel

/// All-to-all through a relay: inside the scale-up domain to the rank on the receiver's rail, then along that rail.
///
/// What a domain has for a rank elsewhere leaves as one message, and never crosses rails outside of domains (the PXN
/// way of NCCL). Domains may differ in size: the relay of a receiver at a place that the sender's domain does not have is
/// the rank at that place modulo the size; what leaves domains is then counted as going to any rail.
public enum PairwiseRelayed: CollectiveAlgorithm {
  /// `pairwise-relayed`.
  public static let name = "pairwise-relayed"
  /// All-to-all.
  public static let collectives: [Collective] = [.allToAll]

  /// A phase inside the domains and a phase along the rails, overlapping.
  /// - Throws: `AlgorithmError.notApplicable` for one domain and for domains of one rank.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    guard ladder.ranks > 1 else {
      return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: [])
    }
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: try Relays(on: ladder).phases,
      isPipelined: true, family: .pointToPoint)
  }

  /// The messages, one step per distance inside the domain, then one per distance between domains.
  /// - Throws: `AlgorithmError.notApplicable` for one domain and for domains of one rank.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let n = ladder.ranks
    return ScheduleExpansion(chunkCount: n * n, chunkShare: 1 / Double(n), steps: try Relays(on: ladder).steps)
  }
}
