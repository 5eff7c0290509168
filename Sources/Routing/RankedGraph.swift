import ClusterModel

/// A graph of cells in which some vertices are ranks and one or two of them stand alone: what a flow is asked of.
struct RankedGraph {
  var topology: Topology
  /// By cell: whether its members are ranks.
  var isRank: [Bool]
  /// The ranks that stand alone in their cells.
  var singled: [CellID]
  /// By cell: how its members stand to the first rank that stands alone, as a level of the rank order; nil for itself
  /// and for what is no rank.
  var levels: [Int?]
  /// By cell: the numbers that its members share with the others of their scale-up domain; empty where unknown.
  var domains: [[Int]]

  var ranks: Int { topology.cells.indices.reduce(0) { $0 + (isRank[$1] ? topology.cells[$1].size : 0) } }

  /// Whether flows may pass through a cell: its members relay, or take part and can pass on what they receive.
  func passes(_ cell: CellID) -> Bool { isRank[cell.index] || topology.cells[cell.index].relays }
}

/// The ranks of a fabric, and the graphs in which flows to one or two of them are exact.
struct RankedFabric: Sendable {
  private enum Form {
    case blueprint(RankPartition)
    case explicit(Topology, ranks: [CellID])
  }

  /// A rank that stands for all that a symmetry exchanges with it.
  struct Target: Hashable, Sendable {
    /// Its cell in the partition without singled-out ranks.
    var cell: CellID
    /// How many ranks it stands for.
    var count: Int
  }

  private let form: Form
  /// One rank of each orbit.
  let targets: [Target]
  /// How many ranks there are.
  let ranks: Int
  /// How many levels the rank order has.
  let levelCount: Int
  /// The partition without singled-out ranks.
  let base: Topology
  /// Whether every link has a partner of the same kind in the other direction.
  let isSymmetric: Bool

  init(_ partition: RankPartition) {
    form = .blueprint(partition)
    base = partition.base.topology
    targets = partition.orbits.map { Target(cell: $0, count: partition.base.topology.cells[$0.index].size) }
    ranks = partition.ranks
    levelCount = partition.order.levels.count
    isSymmetric = true
  }

  init(_ topology: Topology, ranks: [CellID]) throws(FlowError) {
    for rank in ranks {
      guard topology.cells.indices.contains(rank.index), topology.cells[rank.index].size == 1 else { throw .rank(rank) }
    }
    guard Set(ranks).count == ranks.count, !ranks.isEmpty else { throw .rank(ranks.first ?? CellID(0)) }
    form = .explicit(topology, ranks: ranks)
    base = topology
    targets = ranks.map { Target(cell: $0, count: 1) }
    self.ranks = ranks.count
    levelCount = 1
    isSymmetric = RankedFabric.isSymmetric(topology)
  }

  private static func isSymmetric(_ topology: Topology) -> Bool {
    struct Key: Hashable {
      var from: CellID
      var to: CellID
      var link: Int
    }
    var balance: [Key: Int] = [:]
    for arc in topology.arcs {
      balance[Key(from: arc.from, to: arc.to, link: arc.link), default: 0] += arc.linksPerMember
    }
    return balance.allSatisfy { key, links in
      balance[Key(from: key.to, to: key.from, link: key.link)] == links
    }
  }

  /// The graph with one rank of an orbit singled out.
  func graph(of target: Target) throws(FlowError) -> RankedGraph {
    switch form {
    case .explicit(let topology, let ranks):
      return RankedFabric.explicit(topology, ranks: ranks, singled: [target.cell])
    case .blueprint(let partition):
      let refined: RankPartition.Refinement?
      do throws(RoutingError) { refined = try partition.refinement(of: target.cell) } catch { throw .routing(error) }
      guard let refined else { throw .rank(target.cell) }
      var isRank = refined.relations.map { $0 != nil }
      isRank[refined.destination.index] = true
      return RankedGraph(
        topology: refined.topology, isRank: isRank, singled: [refined.destination],
        levels: refined.relations.map { $0?.level }, domains: domains(of: refined, in: partition))
    }
  }

  /// The blocks that name a rank's scale-up domain.
  private func domains(of refined: RankPartition.Refinement, in partition: RankPartition) -> [[Int]] {
    guard let level = partition.order.scaleUpLevel, partition.order.levels.indices.contains(level) else { return [] }
    return refined.topology.cells.indices.map { cell in
      guard let segment = partition.segments[refined.baseCells[cell].index] else { return [] }
      let leading = partition.order.levels[level].leadingDigits[segment]
      let blocks = partition.places[segment].prefix(leading).map { refined.topology.cells[cell].blocks[$0] }
      return [leading == 0 ? -1 : segment]
        + blocks.flatMap { block in block.flatMap { [$0.lowerBound, $0.upperBound] } }
    }
  }

  /// Rank 0 and one other rank, which stands for all that a symmetry exchanges with it while rank 0 stays in place.
  struct Pair {
    fileprivate var root: RankPartition.Single?
    fileprivate var other: RankPartition.Single?
    fileprivate var cells: [CellID]
  }

  /// The pairs of rank 0 with every other rank, one for all alike.
  func pairs() throws(FlowError) -> [Pair] {
    switch form {
    case .explicit(_, let ranks):
      return ranks.dropFirst().map { Pair(root: nil, other: nil, cells: [ranks[0], $0]) }
    case .blueprint(let partition):
      let around = try graphOfRoot()
      return around.topology.cells.indices.filter { around.isRank[$0] && CellID($0) != around.singled.first }.map {
        let cell = around.topology.cells[$0]
        let other = RankPartition.Single(template: cell.template, indices: partition.firstIndices(cell))
        return Pair(root: partition.firstRank, other: other, cells: [])
      }
    }
  }

  /// The graph with both ranks of a pair singled out.
  func graph(of pair: Pair) throws(FlowError) -> RankedGraph {
    switch form {
    case .explicit(let topology, let ranks):
      return RankedFabric.explicit(topology, ranks: ranks, singled: pair.cells)
    case .blueprint(let partition):
      return try RankedFabric.graph(singling: [pair.root, pair.other].compactMap { $0 }, in: partition)
    }
  }

  /// The graph with rank 0 singled out.
  func graphOfRoot() throws(FlowError) -> RankedGraph {
    switch form {
    case .explicit(let topology, let ranks):
      return RankedFabric.explicit(topology, ranks: ranks, singled: [ranks[0]])
    case .blueprint(let partition):
      guard let root = partition.firstRank else { throw .rank(CellID(0)) }
      return try RankedFabric.graph(singling: [root], in: partition)
    }
  }

  private static func graph(
    singling singles: [RankPartition.Single], in partition: RankPartition
  ) throws(FlowError) -> RankedGraph {
    do throws(RoutingError) {
      let refined = try partition.refinement(singling: singles)
      return RankedGraph(
        topology: refined.topology, isRank: refined.isRank, singled: refined.singled,
        levels: refined.topology.cells.map { _ in nil }, domains: [])
    } catch {
      throw .routing(error)
    }
  }

  /// By arc of a graph with a singled-out rank: the arc of the base partition that it is part of.
  func baseArcs(of target: Target) throws(FlowError) -> (graph: RankedGraph, arcs: [Int?]) {
    let graph = try graph(of: target)
    guard case .blueprint(let partition) = form else { return (graph, Array(graph.topology.arcs.indices)) }
    let baseCells = graph.topology.cells.map { partition.base.cell(of: $0.template, at: partition.firstIndices($0)) }
    return (
      graph,
      graph.topology.arcs.map { arc in
        guard let from = baseCells[arc.from.index], let to = baseCells[arc.to.index] else { return nil }
        return (base.outgoing[from.index]..<base.outgoing[from.index + 1]).first {
          base.arcs[$0].to == to && base.arcs[$0].rule == arc.rule && base.arcs[$0].link == arc.link
            && base.arcs[$0].forward == arc.forward
        }
      }
    )
  }

  private static func explicit(_ topology: Topology, ranks: [CellID], singled: [CellID]) -> RankedGraph {
    var isRank = [Bool](repeating: false, count: topology.cells.count)
    var levels = [Int?](repeating: nil, count: topology.cells.count)
    for rank in ranks {
      isRank[rank.index] = true
      if !singled.contains(rank) { levels[rank.index] = 0 }
    }
    return RankedGraph(topology: topology, isRank: isRank, singled: singled, levels: levels, domains: [])
  }
}
