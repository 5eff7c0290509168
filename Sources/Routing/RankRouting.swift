public import ClusterModel
import Matrices

/// The ranks of a cluster on its fabric, ready to be routed: distances and loads come from the same quotients.
public struct RankRouting: Sendable {
  /// The most cells and arcs, summed over the orbits of ranks, that are worked through: some ten seconds.
  private static let workLimit = 400_000_000

  /// How many cells and arcs are worked through, summed over the orbits of ranks.
  public let work: Int

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
    let orbits = partition.orbits.count
    guard orbits <= RankRouting.workLimit / size else { throw .tooManyOrbits(orbits) }
    work = orbits * size
  }

  /// Works through all orbits of ranks, in parts that are the same however many threads there are.
  /// - Parameters:
  ///   - body: Takes the orbits of one part and a quotient of its own.
  ///   - merge: Takes what `body` gives, part by part in order; few parts wait for it at a time.
  func inParts<Result: Sendable>(
    policy: RoutingPolicy = .equalSplit,
    _ body: @Sendable (_ orbits: ArraySlice<CellID>, _ quotient: inout RankQuotient) -> Result,
    merge: (Result) -> Void
  ) {
    let orbits = partition.orbits
    let count = max(1, min(8, orbits.count / 8))
    var first = RankQuotient(self)
    first.policy = policy
    let width = 2 * Workers.available
    for start in stride(from: 0, to: count, by: width) {
      let results = Workers.map(min(width, count - start)) { [first] place in
        var quotient = first
        let part = start + place
        return body(orbits[part * orbits.count / count..<(part + 1) * orbits.count / count], &quotient)
      }
      for result in results { merge(result) }
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
    /// `divisible` by template and outermost block.
    let runs: [Run]
    /// Cells of ranks in use, with the segment that they belong to.
    let ranks: [(cell: Int, segment: Int)]
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

    /// Divisible cells of one template that have the same block on its outermost axis.
    struct Run {
      var template: Int
      /// Their places in `divisible`.
      var cells: Range<Int>
      /// Whether a further axis of the template lies inside no other.
      var isLoose: Bool
      /// Whether one of them holds several indices of an axis whose indices mean the same everywhere.
      var isCoupled: Bool
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
      self.ranks = cells.indices.compactMap { cell in ranks.segments[baseCells[cell]].map { (cell, $0) } }
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
      runs = Ground.runs(
        divisible, cells: cells, parents: parents, templates: base.blueprint.templates, ranks.coupledAxes)
    }

    private static func runs(
      _ divisible: [Int], cells: [Topology.Cell], parents: [[Int]], templates: [Blueprint.Template],
      _ coupled: Set<AxisID>
    ) -> [Run] {
      var runs: [Run] = []
      for (place, cell) in divisible.enumerated() {
        let template = cells[cell].template.index
        let isCoupled = zip(templates[template].axes, cells[cell].blocks).contains { axis, block in
          coupled.contains(axis) && block.reduce(0) { $0 + $1.count } > 1
        }
        if let last = runs.last, last.template == template,
          let first = cells[divisible[last.cells.lowerBound]].blocks.first,
          first == cells[cell].blocks.first
        {
          runs[runs.count - 1].cells = last.cells.lowerBound..<place + 1
          runs[runs.count - 1].isCoupled = last.isCoupled || isCoupled
        } else {
          runs.append(
            Run(
              template: template, cells: place..<place + 1, isLoose: parents[template].dropFirst().contains(-1),
              isCoupled: isCoupled))
        }
      }
      return runs
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
