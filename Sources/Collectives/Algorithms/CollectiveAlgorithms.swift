public import ClusterModel

/// The algorithms there are.
public enum CollectiveAlgorithms {
  /// All of them, in the order in which answers list candidates of equal time.
  public static let all: [any CollectiveAlgorithm.Type] = [
    Ring.self,
    Tree.self,
    Chain.self,
    BinomialTree.self,
    BinaryTreePair.self,
    ScatterAllGather.self,
    Linear.self,
    DirectOneShot.self,
    DirectTwoShot.self,
    Direct.self,
    RecursiveDoubling.self,
    HalvingDoubling.self,
    Bruck.self,
    PAT.self,
    NVLS.self,
    Hierarchical.self,
    HierarchicalPerTier.self,
    NVLSHierarchical.self,
    NVLSTree.self,
    SHARP.self,
    TorusRings.self,
    TorusExchange.self,
    Pairwise.self,
    PairwiseRelayed.self,
    Neighbours.self,
  ]

  /// The algorithm of a name.
  public static func named(_ name: String) -> (any CollectiveAlgorithm.Type)? { all.first { $0.name == name } }

  /// An algorithm that does not apply, and why.
  public struct Refusal: Sendable, Hashable {
    /// The algorithm's name.
    public var algorithm: String
    /// The reason as one sentence.
    public var reason: String
  }

  /// The schedules of all algorithms that know a collective, and why the others of them do not apply.
  public static func schedules(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) -> (schedules: [Schedule], refusals: [Refusal]) {
    var schedules: [Schedule] = []
    var refusals: [Refusal] = []
    for algorithm in all where algorithm.collectives.contains(collective) {
      do {
        schedules.append(try algorithm.schedule(for: collective, on: ladder, capabilities: capabilities))
      } catch {
        refusals.append(Refusal(algorithm: algorithm.name, reason: error.description))
      }
    }
    return (schedules, refusals)
  }
}

extension Schedule {
  /// The largest number of ranks whose messages are listed one by one.
  public static let expansionLimit = 1024

  /// Every message of the schedule; every step tells its phase.
  /// - Parameter limit: The most ranks for which they are listed.
  /// - Throws: `AlgorithmError` when there are more ranks.
  public func expansion(limit: Int = expansionLimit) throws(AlgorithmError) -> ScheduleExpansion {
    guard ladder.ranks <= limit else { throw .tooManyRanks(ladder.ranks, limit: limit) }
    guard ladder.ranks > 1 else { return ScheduleExpansion(chunkCount: 1, chunkShare: 1, steps: []) }
    guard let algorithm = CollectiveAlgorithms.named(algorithm) else {
      throw .notApplicable(reason: "There is no algorithm named '\(algorithm)'.")
    }
    var expansion = try algorithm.expansion(of: collective, on: ladder)
    let inOrder = phases.indices.flatMap { [Int](repeating: $0, count: phases[$0].repeats) }
    for step in expansion.steps.indices where expansion.steps[step].phase == nil {
      expansion.steps[step].phase = step < inOrder.count ? inOrder[step] : phases.count - 1
    }
    return expansion
  }

  /// The messages of the schedule, alike steps given once where the algorithm knows them.
  /// - Parameter limit: The most ranks for which they are listed.
  /// - Throws: `AlgorithmError` when there are more ranks.
  public func distinctSteps(limit: Int) throws(AlgorithmError) -> DistinctSteps {
    guard ladder.ranks <= limit else { throw .tooManyRanks(ladder.ranks, limit: limit) }
    if let known = try CollectiveAlgorithms.named(algorithm)?.distinctSteps(of: collective, on: ladder) { return known }
    let all = try expansion(limit: limit)
    return DistinctSteps(chunkShare: all.chunkShare, steps: all.steps.map { .init($0, count: 1) })
  }
}
