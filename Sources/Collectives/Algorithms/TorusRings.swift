public import ClusterModel

/// Rings along every dimension of a torus, both ways round and in every order of the dimensions at once.
///
/// The message is divided into as many parts as there are dimensions. Each part is gathered or reduced along one
/// dimension after another, beginning with a different one, so that all links of a rank work at once; round a ring it
/// travels both ways, half way each (Jain and Sabharwal, Optimal bucket algorithms for large MPI collectives on torus
/// interconnects, 2010). Broadcast is a scatter followed by an all-gather, reduce the reverse (van de Geijn, 1994).
public enum TorusRings: CollectiveAlgorithm {
  /// `torus-rings`.
  public static let name = "torus-rings"
  /// All but all-to-all and send-receive.
  public static let collectives: [Collective] = [
    .allReduce, .allGather, .reduceScatter, .broadcast, .reduce, .gather, .scatter,
  ]
  /// Every rank sends to its neighbours.
  public static let isAlikeOnTori = true

  /// One phase for each pass over the dimensions; the ranks must fill whole rings of a torus.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives, without a torus, and for parts of rings.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    let walk = try TorusWalk(ladder)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder,
      phases: ladder.ranks > 1 ? passes(of: collective).map { phase($0, walk) } : [], isPipelined: true)
  }

  /// The messages; every rank's part is divided by dimension and into two halves.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives, without a torus, and for parts of rings.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    let walk = try TorusWalk(ladder)
    let chunks = 2 * walk.sizes.count * ladder.ranks
    let steps = passes(of: collective).flatMap { pass -> [ScheduleExpansion.Step] in
      switch pass {
      case .allGather: walk.gatherSteps
      case .reduceScatter: walk.gatherSteps.reducedBack
      case .scatter: walk.scatterSteps
      case .gather: walk.scatterSteps.broadcastBack
      }
    }
    return ScheduleExpansion(chunkCount: chunks, chunkShare: 1 / Double(chunks), steps: steps)
  }

  private enum Pass: String {
    case reduceScatter = "reduce-scatter"
    case allGather = "all-gather"
    case scatter, gather
  }

  private static func passes(of collective: Collective) -> [Pass] {
    switch collective {
    case .allReduce: [.reduceScatter, .allGather]
    case .allGather: [.allGather]
    case .reduceScatter: [.reduceScatter]
    case .broadcast: [.scatter, .allGather]
    case .reduce: [.reduceScatter, .gather]
    case .scatter: [.scatter]
    case .gather: [.gather]
    case .allToAll, .sendReceive: []
    }
  }

  private static func phase(_ pass: Pass, _ walk: TorusWalk) -> Schedule.Phase {
    let isRooted = pass == .scatter || pass == .gather
    var traffic: [TrafficClass: Double] = [:]
    for ring in walk.sizes.indices {
      let volume = isRooted ? walk.scattered(along: ring) : walk.gathered(along: ring)
      // What goes both ways round crosses each link of the busiest ring once in each direction.
      for forward in [true, false] { traffic[.neighbours(ring: ring, forward: forward)] = volume }
    }
    let dimensions = walk.sizes.count == 1 ? "the ring" : "\(walk.sizes.count) dimensions in every order at once"
    let summary =
      switch pass {
      case .reduceScatter: "Each rank sends partial sums both ways round \(dimensions)."
      case .allGather: "Each rank passes parts on both ways round \(dimensions)."
      case .scatter: "The root's parts go out both ways round \(dimensions); volumes are those of the root's links."
      case .gather: "Parts come in to the root both ways round \(dimensions); volumes are those of the root's links."
      }
    return Schedule.Phase(
      name: pass.rawValue, summary: summary, traffic: traffic, latency: walk.hops, repeats: max(1, walk.stepCount))
  }
}
