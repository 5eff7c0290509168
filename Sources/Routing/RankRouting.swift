public import ClusterModel

/// The ranks of a cluster on its fabric, ready to be routed: distances and loads come from the same quotients.
public struct RankRouting: Sendable {
  /// The most cells and arcs, summed over the orbits of ranks, that are worked through: some ten seconds.
  private static let workLimit = 400_000_000

  let partition: RankPartition
  /// The partition that a rank is singled out of: `partition.base`, or, since singling out splits rings wholly, that
  /// with all rings split.
  let ground: Ground

  /// Finds the orbits of the first ranks of a rank order.
  /// - Parameters:
  ///   - blueprint: The fabric.
  ///   - order: The ranks.
  ///   - ranks: How many are in use, the first ones; nil: all.
  /// - Throws: `RoutingError` when the blueprint, the order or the number of ranks does not fit, or failures leave so
  ///   many kinds of ranks that routing to each would take too long.
  /// - Complexity: O(cells + arcs) of the partition with rings split.
  public init(_ blueprint: Blueprint, order: RankOrder, ranks: Int? = nil) throws(RoutingError) {
    partition = try RankPartition(blueprint, order: order, ranks: ranks, separatingRails: true)
    ground = try Ground(partition)
    let size = ground.topology.cells.count + ground.topology.arcs.count + 1
    guard partition.orbits.count <= RankRouting.workLimit / size else {
      throw .tooManyOrbits(partition.orbits.count)
    }
  }

  /// A partition that refines that of the ranks, with what each of its parts belongs to.
  struct Ground: Sendable {
    let partition: TriePartition
    let graph: RoutingGraph
    /// By cell: the base partition's cell that it is part of.
    let baseCells: [Int]
    /// By arc: the base partition's arc that it is part of.
    let rows: [Int]
    /// By arc of the base partition: how many links it stands for.
    let links: [Double]
    /// Cells of which a member may be singled out, or alike ones that one of them may be linked to.
    let divisible: [Int]
    /// Cells of ranks in use.
    let ranks: [Int]
    /// By cell: its template, and where its blocks start in `blocks`.
    let templates: [Int]
    let blockStarts: [Int]
    let blocks: [Block]
    /// By template and place of an axis: the place of the axis that encloses it, or -1.
    let parents: [[Int]]

    /// A block of indices, without the ranges in between.
    struct Block {
      var first: Int
      var end: Int
      var count: Int
    }

    /// Whether a block of a cell holds an index.
    @inline(__always)
    func contains(_ index: Int, _ block: Block, _ cell: Int, _ place: Int) -> Bool {
      guard index >= block.first, index < block.end else { return false }
      return block.count == block.end - block.first
        || topology.cells[cell].blocks[place].contains { $0.contains(index) }
    }

    var topology: Topology { partition.topology }

    init(_ ranks: RankPartition) throws(RoutingError) {
      let base = ranks.base
      let rings = base.blueprint.axes.indices.filter { base.blueprint.axes[$0].symmetry == .rotations }
      let marks = rings.map { Blueprint.Selection([AxisID($0): [0..<1]]) }
      let partition =
        rings.isEmpty
        ? base : try RoutingError.wrapping { () throws(BlueprintError) in try base.marking(ranks.marks + marks) }
      let cells = partition.topology.cells
      let baseCells =
        rings.isEmpty
        ? Array(cells.indices)
        : cells.map { base.cell(of: $0.template, at: ranks.firstIndices($0))?.index ?? 0 }
      rows =
        rings.isEmpty ? Array(base.topology.arcs.indices) : Ground.rows(partition.topology, in: base, baseCells)
      self.partition = partition
      self.baseCells = baseCells
      graph = RoutingGraph(partition.topology)
      links = base.topology.arcs.map { Double($0.linksPerMember) * Double(base.topology.cells[$0.from.index].size) }
      divisible = cells.indices.filter { cells[$0].size > 1 }
      self.ranks = cells.indices.filter { ranks.segments[baseCells[$0]] != nil }
      templates = cells.map(\.template.index)
      let all = cells.flatMap { cell in
        cell.blocks.map { block in
          Block(
            first: block.first?.lowerBound ?? 0, end: block.last?.upperBound ?? 0,
            count: block.reduce(0) { $0 + $1.count })
        }
      }
      var starts: [Int] = []
      var start = 0
      for cell in cells {
        starts.append(start)
        start += cell.blocks.count
      }
      blocks = all
      blockStarts = starts
      let axes = base.blueprint.axes
      parents = base.blueprint.templates.map { template in
        template.axes.map { axis in axes[axis.index].parent.flatMap { template.axes.firstIndex(of: $0) } ?? -1 }
      }
    }

    private struct Key: Hashable {
      var from: Int
      var to: Int
      var rule: RuleID
      var link: Int
      var forward: Bool
    }

    private static func rows(_ topology: Topology, in base: TriePartition, _ cells: [Int]) -> [Int] {
      var places: [Key: Int] = [:]
      for (place, arc) in base.topology.arcs.enumerated() {
        places[Key(from: arc.from.index, to: arc.to.index, rule: arc.rule, link: arc.link, forward: arc.forward)] =
          place
      }
      return topology.arcs.map { arc in
        places[
          Key(
            from: cells[arc.from.index], to: cells[arc.to.index], rule: arc.rule, link: arc.link, forward: arc.forward)]
          ?? 0
      }
    }
  }
}
