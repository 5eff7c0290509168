public import ClusterModel

/// Broadcast and reduce over two binary trees of all ranks but the root, each with half of the message in chunks
/// (Sanders, Speck and Träff, 2009).
///
/// Rank 0 sends a half to the root of each tree. No rank has children in both trees, so none sends more than the
/// message: full bandwidth at logarithmic latency. What the filling costs beyond one message per hop is the ramp of
/// the library's profile, as for chains.
public enum BinaryTreePair: CollectiveAlgorithm {
  /// `double-binary-tree`.
  public static let name = "double-binary-tree"
  /// Broadcast and reduce.
  public static let collectives: [Collective] = [.broadcast, .reduce]

  /// One phase of trees.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func schedule(
    for collective: Collective, on ladder: TierLadder, capabilities: FabricCapabilities
  ) throws(AlgorithmError) -> Schedule {
    try check(collective, on: ladder)
    guard ladder.ranks > 1 else {
      return Schedule(algorithm: name, collective: collective, ladder: ladder, phases: [])
    }
    let tree = DoubleBinaryTree(count: ladder.ranks - 1)
    let path = tree.longestPath.map { $0 + 1 } + [0]
    let phase = Schedule.Phase(
      name: collective.rawValue,
      summary: collective == .broadcast
        ? "Rank 0 sends half of the message down each of two binary trees over the other ranks, in chunks."
        : "Halves of the message are summed up two binary trees over all ranks but rank 0, which receives both.",
      traffic: ladder.traffic(crossing: { crossing($0, tree) }, class: ladder.unaligned),
      rankTraffic: rankTraffic(tree, on: ladder),
      latency: ladder.hops(
        leaving: { level in
          Double(zip(path, path.dropFirst()).filter { !ladder.group(of: $0, at: level).contains($1) }.count)
        }, class: ladder.unaligned),
      repeats: path.count - 1)
    return Schedule(
      algorithm: name, collective: collective, ladder: ladder, phases: [phase], isPipelined: true)
  }

  /// Bytes that leave or enter a group, whichever is more; each edge carries half of the message.
  private static func crossing(_ group: Range<Int>, _ tree: DoubleBinaryTree) -> Double {
    var edges = tree.crossing(max(0, group.lowerBound - 1)..<(group.upperBound - 1))
    for side in DoubleBinaryTree.Side.allCases {
      switch (group.lowerBound == 0, group.contains(tree.root(of: side) + 1)) {
      case (true, false): edges.toChildren += 1
      case (false, true): edges.toParents += 1
      default: break
      }
    }
    return Double(max(edges.toChildren, edges.toParents)) / 2
  }

  private static func rankTraffic(_ tree: DoubleBinaryTree, on ladder: TierLadder) -> [TrafficClass: Double] {
    BusiestRank.traffic(on: ladder, class: ladder.unaligned) { rank in
      let sides = DoubleBinaryTree.Side.allCases
      return (
        sides.flatMap { children(of: rank, in: $0, of: tree) }.map { ($0, 0.5) },
        rank == 0 ? [] : sides.map { (parent(of: rank, in: $0, of: tree), 0.5) }
      )
    }
  }

  private static func parent(of rank: Int, in side: DoubleBinaryTree.Side, of tree: DoubleBinaryTree) -> Int {
    tree.parent(of: rank - 1, in: side).map { $0 + 1 } ?? 0
  }

  private static func children(of rank: Int, in side: DoubleBinaryTree.Side, of tree: DoubleBinaryTree) -> [Int] {
    (rank == 0 ? [tree.root(of: side)] : tree.children(of: rank - 1, in: side)).map { $0 + 1 }
  }

  /// The messages: chunk 0 over the first tree, chunk 1 over the second.
  /// - Throws: `AlgorithmError.notApplicable` for other collectives.
  public static func expansion(
    of collective: Collective, on ladder: TierLadder
  ) throws(AlgorithmError) -> ScheduleExpansion {
    try check(collective, on: ladder)
    guard ladder.ranks > 1 else { return ScheduleExpansion(chunkCount: 2, chunkShare: 0.5, steps: []) }
    let tree = DoubleBinaryTree(count: ladder.ranks - 1)
    var steps = [ScheduleExpansion.Step](repeating: .init(), count: tree.depth + 1)
    for (chunk, side) in DoubleBinaryTree.Side.allCases.enumerated() {
      var parents = [0]
      var depth = 0
      while !parents.isEmpty, depth < steps.count {
        let edges = parents.flatMap { parent in children(of: parent, in: side, of: tree).map { (parent, $0) } }
        steps[depth].transfers += edges.map {
          .init(from: .rank($0.0), to: .rank($0.1), chunks: .init(first: chunk), effect: .copy)
        }
        parents = edges.map { $0.1 }
        depth += 1
      }
    }
    return ScheduleExpansion(
      chunkCount: 2, chunkShare: 0.5, steps: collective == .broadcast ? steps : steps.reducedBack)
  }
}
