import ClusterModel
import Matrices

/// A graph of cells in which some vertices are ranks and one or two of them stand alone: what a flow is asked of.
struct RankedGraph: Sendable {
  /// Alike links between two cells.
  struct Arc: Sendable {
    var from: Int
    var to: Int
    /// How many links there are in all.
    var links: Int
    /// The kind of link: an index into `linkTypes`.
    var link: Int
  }

  /// The scale-up domains that the members of a cell are in.
  struct Domains: Hashable, Sendable {
    /// What the domain's cells have in common, in numbers.
    var name: [Int]
    /// How many domains there are.
    var count: Int
  }

  /// By cell: how many members it has.
  var sizes: [Int]
  /// By cell: whether its members are ranks.
  var isRank: [Bool]
  /// By cell: whether flows may pass through: its members relay, or take part and can pass on what they receive.
  var passes: [Bool]
  var arcs: [Arc]
  var linkTypes: [LinkType]
  /// The ranks that stand alone in their cells.
  var singled: [Int]
  /// By cell: how its members stand to the first rank that stands alone, as a level of the rank order; nil for itself
  /// and for what is no rank.
  var levels: [Int?]
  /// By cell of ranks: its domains; empty where they are unknown.
  var domains: [Domains?] = []
  /// The graph by which cells and arcs have names; nil where they have none.
  var topology: Topology?

  var ranks: Int { sizes.indices.reduce(0) { $0 + (isRank[$1] ? sizes[$1] : 0) } }
}

extension RankedGraph {
  /// A graph whose cells and arcs have names.
  init(_ topology: Topology, isRank: [Bool], singled: [Int], levels: [Int?]) {
    sizes = topology.cells.map(\.size)
    self.isRank = isRank
    passes = topology.cells.indices.map { isRank[$0] || topology.cells[$0].relays }
    arcs = topology.arcs.map {
      Arc(
        from: $0.from.index, to: $0.to.index, links: $0.linksPerMember * topology.cells[$0.from.index].size,
        link: $0.link)
    }
    linkTypes = topology.linkTypes
    self.singled = singled
    self.levels = levels
    self.topology = topology
  }

  /// The graph of a quotient, in which the rank singled out stands alone with others that were alone before.
  /// - Parameter alone: The cells of these.
  init(_ quotient: RankQuotient, alone: [Int] = []) {
    let graph = quotient.paths.graph
    let base = quotient.ranks.base.topology
    sizes = graph.sizes.map { Int($0) }
    isRank = quotient.baseCells.map { quotient.ranks.segments[$0] != nil }
    passes = zip(isRank, graph.relays).map { $0 || $1 }
    var arcs: [Arc] = []
    arcs.reserveCapacity(graph.arcs.count)
    for (cell, range) in graph.outgoing.enumerated() {
      for place in range {
        arcs.append(
          Arc(
            from: cell, to: Int(graph.arcs[place].to), links: Int(graph.links[place] * graph.sizes[cell]),
            link: base.arcs[quotient.rows[place]].link))
      }
    }
    self.arcs = arcs
    linkTypes = base.linkTypes
    singled = alone + [quotient.destination.index]
    levels = graph.sizes.indices.map { quotient.relations[$0]?.level }
    domains = quotient.domains
  }
}

/// The ranks of a fabric, and the graphs in which flows to one or two of them are exact.
struct RankedFabric: Sendable {
  private enum Form {
    case blueprint(RankPartition, RankQuotient)
    case explicit(RankedGraph, ranks: [CellID])
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

  init(_ partition: RankPartition) throws(RoutingError) {
    form = .blueprint(partition, RankQuotient(partition, try RankRouting.Ground(partition)))
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
    var isRank = [Bool](repeating: false, count: topology.cells.count)
    var levels = [Int?](repeating: nil, count: topology.cells.count)
    for rank in ranks {
      isRank[rank.index] = true
      levels[rank.index] = 0
    }
    form = .explicit(RankedGraph(topology, isRank: isRank, singled: [], levels: levels), ranks: ranks)
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

  /// How much a flow to one rank costs, in arcs.
  var arcCount: Int {
    switch form {
    case .blueprint(_, let quotient): quotient.rows.count
    case .explicit(let graph, _): graph.arcs.count
    }
  }

  /// The graph with one rank of an orbit singled out, which shows where it is cut.
  func graph(of target: Target) throws(FlowError) -> RankedGraph {
    guard case .blueprint(let partition, _) = form else { return try explicit(singling: [target.cell]) }
    do throws(RoutingError) {
      guard let refined = try partition.refinement(of: target.cell) else { throw RoutingError.segment(0) }
      var isRank = refined.relations.map { $0 != nil }
      isRank[refined.destination.index] = true
      var graph = RankedGraph(
        refined.topology, isRank: isRank, singled: [refined.destination.index],
        levels: refined.relations.map { $0?.level })
      graph.domains = domains(of: refined, in: partition)
      return graph
    } catch {
      throw .routing(error)
    }
  }

  /// By cell: the blocks that name its members' scale-up domains.
  private func domains(
    of refined: RankPartition.Refinement, in partition: RankPartition
  ) -> [RankedGraph.Domains?] {
    guard let level = partition.order.scaleUpLevel, partition.order.levels.indices.contains(level) else { return [] }
    return refined.topology.cells.indices.map { cell in
      guard let segment = partition.segments[refined.baseCells[cell].index] else { return nil }
      let leading = partition.order.levels[level].leadingDigits[segment]
      var domain = RankedGraph.Domains(name: [leading == 0 ? -1 : segment], count: 1)
      for place in partition.places[segment].prefix(leading) {
        // A block is told from the others inside the same ones by its first index.
        let block = refined.topology.cells[cell].blocks[place]
        domain.name.append(block.first?.lowerBound ?? 0)
        domain.count *= block.reduce(0) { $0 + $1.count }
      }
      return domain
    }
  }

  /// Works through targets, several at a time, in parts that are the same however many threads there are.
  /// - Parameter body: Takes the targets of one part, and what gives the graph of each; nothing in it has a name.
  /// - Returns: What `body` gives, by part.
  func inParts<Part: Sendable>(
    _ targets: [Target],
    _ body:
      @Sendable (_ targets: ArraySlice<Target>, _ graph: (Target) throws(FlowError) -> RankedGraph)
      throws(FlowError) -> Part
  ) throws(FlowError) -> [Part] {
    let count = max(1, min(8, targets.count / 8))
    let results = Workers.map(count) { part -> Result<Part, FlowError> in
      let own = targets[part * targets.count / count..<(part + 1) * targets.count / count]
      do throws(FlowError) {
        guard case .blueprint(_, var quotient) = form else {
          return .success(try body(own) { (target) throws(FlowError) in try explicit(singling: [target.cell]) })
        }
        return .success(
          try body(own) { (target) throws(FlowError) in
            guard quotient.divide(around: target.cell) else { throw .rank(target.cell) }
            return RankedGraph(quotient)
          })
      } catch {
        return .failure(error)
      }
    }
    var parts: [Part] = []
    for result in results { parts.append(try result.get()) }
    return parts
  }

  /// Rank 0, and the fabric in which it stands alone: the targets are all other ranks.
  func rooted() throws(FlowError) -> (fabric: RankedFabric, root: Int) {
    switch form {
    case .explicit(_, let ranks): return (self, ranks[0].index)
    case .blueprint(let partition, _):
      guard let root = partition.firstRank else { throw .rank(CellID(0)) }
      do throws(RoutingError) {
        let own = try partition.singling(root)
        guard let cell = own.base.cell(of: root.template, at: root.indices) else { throw RoutingError.segment(0) }
        return (try RankedFabric(own), cell.index)
      } catch {
        throw .routing(error)
      }
    }
  }

  /// The graph with rank 0 singled out.
  func graphOfRoot() throws(FlowError) -> RankedGraph {
    switch form {
    case .explicit(_, let ranks): return try explicit(singling: [ranks[0]])
    case .blueprint(let partition, _):
      guard let root = partition.firstRank else { throw .rank(CellID(0)) }
      return try RankedFabric.graph(singling: [root], in: partition)
    }
  }

  /// The graph with rank 0 and one other rank singled out, which shows where it is cut.
  /// - Parameter target: A target of `rooted`.
  func graph(ofRootAnd target: Target) throws(FlowError) -> RankedGraph {
    switch form {
    case .explicit(_, let ranks): return try explicit(singling: [ranks[0], target.cell])
    case .blueprint(let partition, _):
      guard let root = partition.firstRank else { throw .rank(CellID(0)) }
      let cell = base.cells[target.cell.index]
      let other = RankPartition.Single(template: cell.template, indices: partition.firstIndices(cell))
      return try RankedFabric.graph(singling: [root, other], in: partition)
    }
  }

  private static func graph(
    singling singles: [RankPartition.Single], in partition: RankPartition
  ) throws(FlowError) -> RankedGraph {
    do throws(RoutingError) {
      let refined = try partition.refinement(singling: singles)
      return RankedGraph(
        refined.topology, isRank: refined.isRank, singled: refined.singled.map(\.index),
        levels: refined.topology.cells.map { _ in nil })
    } catch {
      throw .routing(error)
    }
  }

  private func explicit(singling cells: [CellID]) throws(FlowError) -> RankedGraph {
    guard case .explicit(var graph, _) = form else { throw .rank(cells.first ?? CellID(0)) }
    graph.singled = cells.map(\.index)
    for cell in cells { graph.levels[cell.index] = nil }
    return graph
  }

  /// Which group of a level a target is in, by numbers that are the same for all ranks of the group; nil where every
  /// target is in one of its own.
  func group(of target: Target, level: Int) -> [Int]? {
    guard case .blueprint(let partition, _) = form, level >= 0, let segment = partition.segments[target.cell.index]
    else {
      return nil
    }
    let indices = partition.firstIndices(base.cells[target.cell.index])
    let leading = partition.order.levels[level].leadingDigits[segment]
    // A group of several segments has no digits.
    return [leading == 0 ? -1 : segment] + partition.places[segment].prefix(leading).map { indices[$0] }
  }

  /// The graph of a target with, by arc, the arc of the base partition that it is part of.
  func baseArcs(of target: Target) throws(FlowError) -> (graph: RankedGraph, arcs: [Int?]) {
    let graph = try graph(of: target)
    guard case .blueprint(let partition, _) = form, let topology = graph.topology else {
      return (graph, Array(graph.arcs.indices))
    }
    let baseCells = topology.cells.map { partition.base.cell(of: $0.template, at: partition.firstIndices($0)) }
    return (
      graph,
      topology.arcs.map { arc in
        guard let from = baseCells[arc.from.index], let to = baseCells[arc.to.index] else { return nil }
        return (base.outgoing[from.index]..<base.outgoing[from.index + 1]).first {
          base.arcs[$0].to == to && base.arcs[$0].rule == arc.rule && base.arcs[$0].link == arc.link
            && base.arcs[$0].forward == arc.forward
        }
      }
    )
  }
}
