import ClusterModel
import Collectives
import Quantities
import Routing

/// The messages of an all-to-all of unequal parts, one by one on a graph of single vertices, so that nothing is averaged.
struct UnequalMessages {
  /// The largest graph on which they are routed, by vertices.
  private static let largestGraph = 20_000

  let topology: Topology
  /// The accelerators of each group of ranks.
  private let groups: [[CellID]]
  private let ladder: TierLadder
  private let amounts: Question.Amounts

  /// Lays the messages on a fabric.
  /// - Returns: nil where the fabric or the number of ranks is too large for that.
  init?(_ amounts: Question.Amounts, fabric: FabricView) {
    guard fabric.sharedLadder.ranks <= UnequalAllToAll.rankLimit else { return nil }
    if case .blueprint(let blueprint) = fabric.cluster.graph {
      guard let graph = try? blueprint.expanded(limit: UnequalMessages.largestGraph) else { return nil }
      let ranks = fabric.cluster.ranks.accelerators(in: graph, of: blueprint).prefix(fabric.sharedLadder.ranks)
      topology = graph.topology
      groups = FabricView.members(fabric.groups, of: Array(ranks))
    } else {
      topology = fabric.topology
      groups = fabric.groupMembers
    }
    ladder = fabric.ladder
    self.amounts = amounts
  }

  /// The messages as demands per byte of the size.
  /// - Parameter share: The share of the bulk rate that messages reach between ranks whose smallest common group is of a
  ///   level; a slower message counts as more bytes.
  func demands(share: (Int) -> Double) -> [Demand] {
    let shares = ladder.levels.indices.map(share)
    var levels: [[Int]] = []
    for rank in 0..<ladder.ranks {
      let own = ladder.levels.indices.map { ladder.group(of: rank, at: $0) }
      levels.append((0..<ladder.ranks).map { other in own.firstIndex { $0.contains(other) } ?? 0 })
    }
    return groups.flatMap { members in
      members.indices.flatMap { from in
        members.indices.compactMap { to -> Demand? in
          let bytes = from == to ? 0 : amounts.part(from: from, to: to, ranks: ladder.ranks)
          guard bytes > 0 else { return nil }
          return Demand(from: members[from], to: members[to], bytes: bytes / shares[levels[from][to]])
        }
      }
    }
  }
}

extension Question.Amounts {
  /// What one rank has for another, per byte of the size.
  func part(from: Int, to: Int, ranks: Int) -> Double {
    switch self {
    case .matrix(let matrix): matrix.size.count > 0 ? Double(matrix.bytes[from][to]) / Double(matrix.size.count) : 0
    case .skew(let skew): UnequalAllToAll.share(skew: skew, from: from, to: to, ranks: ranks)
    }
  }

  /// What the busiest rank sends or receives, per byte of the size.
  func mostMoved(ranks: Int) -> Double {
    switch self {
    case .matrix(let matrix): matrix.size.count > 0 ? max(1, matrix.mostReceived) : 0
    case .skew(let skew): Double(max(ranks, 1) - 1) / Double(max(ranks, 1)) * (ranks > 2 ? max(1, skew) : 1)
    }
  }
}
