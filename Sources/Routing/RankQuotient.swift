import ClusterModel

/// The quotient with one rank singled out: one graph, patched for one orbit of ranks after another.
///
/// Singling out a rank splits only the cells that hold a part of its path, so a patch costs as much as the arcs of
/// these cells and of those linked to them, however large the partition is.
struct RankQuotient: Sendable {
  let ranks: RankPartition
  let ground: RankRouting.Ground
  let joints: [Joint]
  let axes: [[Int]]

  /// The searches in the patched graph.
  var paths: ShortestPaths
  /// How traffic is divided among shortest paths.
  var policy = RoutingPolicy.equalSplit
  /// By arc: the arc of the base partition that it is part of.
  var rows: [Int]
  /// By cell: the base partition's cell that it is part of.
  var baseCells: [Int]
  /// By cell: how its members stand to the rank; nil where they are not ranks in use, and for the rank itself.
  private(set) var relations: [RankPartition.Relation?] = []
  /// The rank's index on each axis of its template.
  private(set) var indices: [Int] = []
  /// The cell of the rank.
  private(set) var destination = CellID(0)

  // What the present rank has patched.
  /// The parts of divided cells, those of one cell one after another.
  var parts: [Part] = []
  /// By cell of the ground: its parts' places in `parts`; empty where it is not divided.
  var partsOf: [Range<Int>]
  /// Divided cells, ascending.
  var divided: [Int] = []
  /// By part and place of an axis: what it has there, and how many indices.
  var partIndices: [Int] = []
  var partSizes: [Int] = []
  /// Arcs and entries of cells that were listed anew.
  var outgoing: [(cell: Int, range: Range<Int>)] = []
  var incoming: [(cell: Int, range: Range<Int>)] = []
  /// By cell of the ground, for its outgoing and incoming arcs: the turn in which they were listed anew.
  var outgoingTurns: [Int]
  var incomingTurns: [Int]
  var turn = 0
  /// By axis: the index singled out inside the path, or -1; and those singled out in every instance of the scope.
  var path: [Int]
  var everywhere: [[Int]]
  var hasMarksEverywhere = false
  /// The part that is being put together, by place of an axis.
  var draft = Draft()

  init(_ routing: RankRouting) { self.init(routing.partition, routing.ground) }

  init(_ partition: RankPartition, _ ground: RankRouting.Ground) {
    ranks = partition
    self.ground = ground
    let blueprint = ground.partition.blueprint
    joints = blueprint.rules.flatMap { [Joint($0, blueprint, forward: true), Joint($0, blueprint, forward: false)] }
    axes = blueprint.templates.map { $0.axes.map(\.index) }
    paths = ShortestPaths(ground.graph)
    rows = ground.rows
    baseCells = ground.baseCells
    partsOf = [Range<Int>](repeating: 0..<0, count: ground.baseCells.count)
    outgoingTurns = [Int](repeating: 0, count: ground.baseCells.count)
    incomingTurns = outgoingTurns
    path = [Int](repeating: -1, count: blueprint.axes.count)
    everywhere = [[Int]](repeating: [], count: blueprint.axes.count)
  }

  /// Singles out one rank of an orbit, by symmetry no matter which, and finds the shortest paths to it; false where the
  /// cell holds no ranks.
  mutating func singleOut(_ orbit: CellID) -> Bool {
    guard divide(around: orbit) else { return false }
    paths.find(to: destination, policy: policy)
    return true
  }

  /// Singles out one rank of an orbit without finding paths; false where the cell holds no ranks.
  mutating func divide(around orbit: CellID) -> Bool {
    restore()
    guard let segment = ranks.segments[orbit.index] else { return false }
    let template = ranks.order.segments[segment].template
    indices = ranks.firstIndices(ranks.base.topology.cells[orbit.index])
    guard let own = ground.partition.cell(of: template, at: indices) else { return false }
    for (axis, index) in zip(axes[template.index], indices) { path[axis] = index }
    let digits = ranks.places[segment].map { indices[$0] }
    for mark in ranks.coupledMarks(digits, of: segment) {
      for (axis, ranges) in mark.ranges {
        for range in ranges where !everywhere[axis.index].contains(range.lowerBound) {
          everywhere[axis.index].append(range.lowerBound)
        }
      }
    }
    hasMarksEverywhere = everywhere.contains { !$0.isEmpty }
    divide()
    rewire()
    destination = CellID(parts[partsOf[own.index]].first { $0.isOnPath }?.cell ?? own.index)
    relate(digits, of: segment)
    return true
  }

  /// Undoes the last patch.
  private mutating func restore() {
    let (cells, arcs) = (ground.baseCells.count, ground.rows.count)
    for (cell, range) in outgoing { paths.graph.outgoing[cell] = range }
    for (cell, range) in incoming { paths.graph.incoming[cell] = range }
    for cell in divided {
      paths.graph.sizes[cell] = ground.graph.sizes[cell]
      partsOf[cell] = 0..<0
    }
    paths.graph.arcs.removeLast(paths.graph.arcs.count - arcs)
    paths.graph.links.removeLast(paths.graph.links.count - arcs)
    paths.graph.entries.removeLast(paths.graph.entries.count - ground.graph.entries.count)
    let extra = paths.graph.sizes.count - cells
    paths.graph.outgoing.removeLast(extra)
    paths.graph.incoming.removeLast(extra)
    paths.graph.sizes.removeLast(extra)
    paths.graph.relays.removeLast(extra)
    paths.graph.switches.removeLast(extra)
    rows.removeLast(rows.count - arcs)
    baseCells.removeLast(extra)
    parts.removeAll(keepingCapacity: true)
    partIndices.removeAll(keepingCapacity: true)
    partSizes.removeAll(keepingCapacity: true)
    divided.removeAll(keepingCapacity: true)
    outgoing.removeAll(keepingCapacity: true)
    incoming.removeAll(keepingCapacity: true)
    for axis in path.indices {
      path[axis] = -1
      everywhere[axis] = []
    }
  }
}

// MARK: Ranks

extension RankQuotient {
  private mutating func relate(_ digits: [Int], of segment: Int) {
    for cell in relations.indices { relations[cell] = nil }
    relations += [RankPartition.Relation?](repeating: nil, count: max(0, baseCells.count - relations.count))
    var places: [Int] = []
    var last: Int?
    for (cell, other) in ground.ranks {
      if other != last {
        places = ranks.places[other]
        last = other
      }
      let own = partsOf[cell]
      guard !own.isEmpty else {
        guard cell != destination.index else { continue }
        let start = ground.blockStarts[cell]
        relations[cell] = ranks.relation(in: other, to: digits, in: segment) { digit, index in
          ground.contains(index, ground.blocks[start + places[digit]], cell, places[digit])
        }
        continue
      }
      let start = ground.blockStarts[cell]
      for part in parts[own] where part.cell != destination.index {
        relations[part.cell] = ranks.relation(in: other, to: digits, in: segment) { digit, index in
          let singled = partIndices[part.start + places[digit]]
          if singled >= 0 { return singled == index }
          return singled == Part.whole
            && ground.contains(index, ground.blocks[start + places[digit]], cell, places[digit])
        }
      }
    }
  }

  /// By cell of ranks: the scale-up domains of its members; empty where there are none.
  var domains: [RankedGraph.Domains?] {
    let order = ranks.order
    guard let level = order.scaleUpLevel, order.levels.indices.contains(level) else { return [] }
    var domains = [RankedGraph.Domains?](repeating: nil, count: baseCells.count)
    for (cell, segment) in ground.ranks {
      let leading = order.levels[level].leadingDigits[segment]
      // A block is told from the others inside the same ones by its first index.
      func domain(_ part: Part?) -> RankedGraph.Domains {
        var domain = RankedGraph.Domains(name: [leading == 0 ? -1 : segment], count: 1)
        for place in ranks.places[segment].prefix(leading) {
          let block = ground.blocks[ground.blockStarts[cell] + place]
          domain.name += [block.first, part.map { partIndices[$0.start + place] } ?? Part.whole]
          domain.count *= part.map { partSizes[$0.start + place] } ?? block.count
        }
        return domain
      }
      let own = partsOf[cell]
      if own.isEmpty { domains[cell] = domain(nil) }
      for part in parts[own] { domains[part.cell] = domain(part) }
    }
    return domains
  }

  /// The cell of the rank that is so many indices further round a ring; nil where there is none in use.
  func rank(along axis: AxisID, by distance: Int) -> Int? {
    guard let segment = ranks.order.segments.first,
      let place = axes[segment.template.index].firstIndex(of: axis.index)
    else { return nil }
    let size = ground.partition.blueprint.axes[axis.index].size
    var other = indices
    other[place] = (other[place] + distance + size) % size
    guard let cell = ground.partition.cell(of: segment.template, at: other),
      ranks.segments[ground.baseCells[cell.index]] != nil
    else { return nil }
    return cell.index
  }
}
