import ClusterModel

/// The quotient with one rank singled out: one graph, patched for one orbit of ranks after another.
///
/// Singling out a rank splits only the cells that hold a part of its path, so a patch costs as much as the arcs of
/// these cells and of those linked to them, however large the partition is.
struct RankQuotient {
  /// A part of a divided cell.
  struct Part {
    /// By place of the axis: the one index that the part has there; `rest` for the block without singled-out indices,
    /// `whole` for a block that is not divided.
    var indices: [Int] = []
    /// By place of the axis: how many indices the part has.
    var sizes: [Int] = []
    /// By place of the axis: whether the part holds the path of the rank down to there.
    var isOnPath: [Bool] = []
    /// Its cell in the patched graph.
    var cell = 0

    static let rest = -1
    static let whole = -2
  }

  private let ranks: RankPartition
  private let ground: RankRouting.Ground
  private let joints: [Joint]
  private let axes: [[Int]]

  /// The searches in the patched graph.
  private(set) var paths: ShortestPaths
  /// How traffic is divided among shortest paths.
  var policy = RoutingPolicy.equalSplit
  /// By arc: the arc of the base partition that it is part of.
  private(set) var rows: [Int]
  /// By cell: the base partition's cell that it is part of.
  private(set) var baseCells: [Int]
  /// By cell: how its members stand to the rank; nil where they are not ranks in use, and for the rank itself.
  private(set) var relations: [RankPartition.Relation?] = []
  /// The rank's index on each axis of its template.
  private(set) var indices: [Int] = []

  // What the present rank has patched.
  private var parts: [Int: [Part]] = [:]
  /// By cell of the ground: whether it is divided, a test that most arcs need.
  private var isDivided: [Bool]
  private var outgoing: [(cell: Int, range: Range<Int>)] = []
  private var incoming: [(cell: Int, range: Range<Int>)] = []
  /// By axis: the index singled out inside the path, or -1; and those singled out in every instance of the scope.
  private var path: [Int] = []
  private var everywhere: [[Int]] = []
  private var hasMarksEverywhere = false

  init(_ routing: RankRouting) {
    ranks = routing.partition
    ground = routing.ground
    let blueprint = ground.partition.blueprint
    joints = blueprint.rules.flatMap { [Joint($0, blueprint, forward: true), Joint($0, blueprint, forward: false)] }
    axes = blueprint.templates.map { $0.axes.map(\.index) }
    paths = ShortestPaths(ground.graph)
    rows = ground.rows
    baseCells = ground.baseCells
    isDivided = [Bool](repeating: false, count: baseCells.count)
  }

  /// Singles out one rank of an orbit, by symmetry no matter which, and finds the shortest paths to it; false where the
  /// cell holds no ranks.
  mutating func singleOut(_ orbit: CellID) -> Bool {
    restore()
    guard let segment = ranks.segments[orbit.index] else { return false }
    let template = ranks.order.segments[segment].template
    indices = ranks.firstIndices(ranks.base.topology.cells[orbit.index])
    guard let own = ground.partition.cell(of: template, at: indices) else { return false }
    path = [Int](repeating: -1, count: ground.partition.blueprint.axes.count)
    everywhere = [[Int]](repeating: [], count: path.count)
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
    let destination = parts[own.index]?.first { !$0.isOnPath.contains(false) }?.cell ?? own.index
    relate(digits, of: segment, destination: destination)
    paths.find(to: CellID(destination), policy: policy)
    return true
  }

  /// Undoes the last patch.
  private mutating func restore() {
    let (cells, arcs) = (ground.baseCells.count, ground.rows.count)
    for (cell, range) in outgoing { paths.graph.outgoing[cell] = range }
    for (cell, range) in incoming { paths.graph.incoming[cell] = range }
    for cell in parts.keys {
      paths.graph.sizes[cell] = ground.graph.sizes[cell]
      isDivided[cell] = false
    }
    paths.graph.arcs.removeLast(paths.graph.arcs.count - arcs)
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
    outgoing.removeAll(keepingCapacity: true)
    incoming.removeAll(keepingCapacity: true)
  }
}

// MARK: Dividing cells

extension RankQuotient {
  private mutating func divide() {
    for cell in ground.divisible {
      guard touches(cell), var own = divided(cell) else { continue }
      own[0].cell = cell
      paths.graph.sizes[cell] = own[0].members
      for place in own.indices.dropFirst() {
        own[place].cell = paths.graph.sizes.count
        paths.graph.sizes.append(own[place].members)
        paths.graph.relays.append(paths.graph.relays[cell])
        paths.graph.switches.append(paths.graph.switches[cell])
        paths.graph.outgoing.append(0..<0)
        paths.graph.incoming.append(0..<0)
        baseCells.append(baseCells[cell])
      }
      parts[cell] = own
      isDivided[cell] = true
    }
  }

  /// Whether some block of a cell is divided.
  private func touches(_ cell: Int) -> Bool {
    let template = ground.templates[cell]
    let start = ground.blockStarts[cell]
    // By place of the axis, one bit: whether the path leads through the block.
    var inside: UInt64 = 0
    for (place, axis) in axes[template].enumerated() {
      // Deeper than that, taking the cell apart will tell.
      guard place < UInt64.bitWidth else { return true }
      let block = ground.blocks[start + place]
      let parent = ground.parents[template][place]
      if parent < 0 || inside & (1 << UInt64(parent)) != 0, path[axis] >= 0,
        ground.contains(path[axis], block, cell, place)
      {
        if block.count > 1 { return true }
        inside |= 1 << UInt64(place)
      }
      guard hasMarksEverywhere, block.count > 1 else { continue }
      for index in everywhere[axis] where ground.contains(index, block, cell, place) { return true }
    }
    return false
  }

  /// The parts of a cell; nil where there is one.
  private func divided(_ cell: Int) -> [Part]? {
    let members = ground.topology.cells[cell]
    let own = axes[members.template.index]
    var result = [Part()]
    for place in own.indices {
      let block = members.blocks[place]
      let count = block.indexCount
      let marked = everywhere[own[place]].filter { index in block.contains { $0.contains(index) } }
      var longer: [Part] = []
      for part in result {
        let parent = ground.parents[members.template.index][place]
        let isInside = parent < 0 || part.isOnPath[parent]
        let index = path[own[place]]
        let holdsPath = index >= 0 && isInside && block.contains { $0.contains(index) }
        let singled = holdsPath && !marked.contains(index) ? marked + [index] : marked
        if count == 1 || singled.isEmpty {
          longer.append(part.extended(Part.whole, size: count, isOnPath: holdsPath && count == 1))
          continue
        }
        for one in singled { longer.append(part.extended(one, size: 1, isOnPath: holdsPath && one == index)) }
        if count > singled.count {
          longer.append(part.extended(Part.rest, size: count - singled.count, isOnPath: false))
        }
      }
      result = longer
    }
    return result.count > 1 ? result : nil
  }
}

extension RankQuotient.Part {
  var members: Double { sizes.reduce(1) { $0 * Double($1) } }

  func extended(_ index: Int, size: Int, isOnPath: Bool) -> Self {
    var part = self
    part.indices.append(index)
    part.sizes.append(size)
    part.isOnPath.append(isOnPath)
    return part
  }
}

extension [Range<Int>] {
  fileprivate var indexCount: Int { reduce(0) { $0 + $1.count } }
}

// MARK: Joining parts

extension RankQuotient {
  /// What one direction of a rule asks of the axes of its two ends, as places among their templates' axes.
  struct Joint {
    var same: [(from: Int, to: Int)] = []
    var different: [(from: Int, to: Int)] = []
    var free: [Int] = []

    init(_ rule: Blueprint.Rule, _ blueprint: Blueprint, forward: Bool) {
      let ends = forward ? (rule.from, rule.to) : (rule.to, rule.from)
      let from = blueprint.templates[ends.0.index].axes
      let to = blueprint.templates[ends.1.index].axes
      for (place, axis) in to.enumerated() {
        let other = from.firstIndex(of: axis) ?? 0
        if rule.same.contains(axis) {
          same.append((other, place))
        } else if rule.different.contains(axis) {
          different.append((other, place))
        } else {
          free.append(place)
        }
      }
    }
  }

  /// Lists the arcs anew that leave or enter divided cells.
  private mutating func rewire() {
    var sources = Set(parts.keys)
    var targets = sources
    for cell in parts.keys {
      for place in ground.graph.incoming[cell] { sources.insert(ground.graph.entries[place].from) }
      for place in ground.graph.outgoing[cell] { targets.insert(ground.graph.arcs[place].to) }
    }
    for cell in sources.sorted() {
      outgoing.append((cell, ground.graph.outgoing[cell]))
      guard let own = parts[cell] else {
        listOutgoing(of: nil, in: cell)
        continue
      }
      for part in own { listOutgoing(of: part, in: cell) }
    }
    for cell in targets.sorted() {
      incoming.append((cell, ground.graph.incoming[cell]))
      guard let own = parts[cell] else {
        listIncoming(of: nil, in: cell)
        continue
      }
      for part in own { listIncoming(of: part, in: cell) }
    }
  }

  // A rule keeps two blocks on an axis equal, or tells members of one block apart, only where both cells are divided
  // there alike. So all parts of a divided cell are linked to an undivided one, and it to each by the part's share.

  /// - Parameter part: A part of the cell; nil: all of it, undivided.
  private mutating func listOutgoing(of part: Part?, in cell: Int) {
    let start = paths.graph.arcs.count
    let from = part?.cell ?? cell
    for place in ground.graph.outgoing[cell] {
      var arc = ground.graph.arcs[place]
      arc.from = from
      guard isDivided[arc.to], let others = parts[arc.to] else {
        paths.graph.arcs.append(arc)
        rows.append(ground.rows[place])
        continue
      }
      let (links, size) = (arc.links, ground.graph.sizes[arc.to])
      for other in others {
        arc.links = part.map { self.links(place, from: $0, to: other) } ?? (links * other.members / size).rounded()
        guard arc.links > 0 else { continue }
        arc.to = other.cell
        paths.graph.arcs.append(arc)
        rows.append(ground.rows[place])
      }
    }
    paths.graph.outgoing[from] = start..<paths.graph.arcs.count
  }

  private mutating func listIncoming(of part: Part?, in cell: Int) {
    let start = paths.graph.entries.count
    let topology = ground.topology
    for place in ground.graph.incoming[cell] {
      let entry = ground.graph.entries[place]
      guard isDivided[entry.from], let others = parts[entry.from] else {
        paths.graph.entries.append(entry)
        continue
      }
      for other in others {
        if let part, links(topology.arcsByTarget[place], from: other, to: part) == 0 { continue }
        paths.graph.entries.append(.init(from: other.cell, delay: entry.delay))
      }
    }
    paths.graph.incoming[part?.cell ?? cell] = start..<paths.graph.entries.count
  }

  /// How many links of an arc leave each member of one part into another.
  private func links(_ place: Int, from: Part, to: Part) -> Double {
    let arc = ground.topology.arcs[place]
    let joint = joints[2 * arc.rule.index + (arc.forward ? 0 : 1)]
    guard joint.same.allSatisfy({ from.indices[$0.from] == to.indices[$0.to] }) else { return 0 }
    let (source, target) = (ground.topology.cells[arc.from.index], ground.topology.cells[arc.to.index])
    var share = 1.0
    for axis in joint.free { share *= Double(to.sizes[axis]) / Double(target.blocks[axis].indexCount) }
    for axis in joint.different {
      let isOneBlock = source.blocks[axis.from] == target.blocks[axis.to]
      let isOnePart = isOneBlock && from.indices[axis.from] == to.indices[axis.to]
      share *= Double(to.sizes[axis.to] - (isOnePart ? 1 : 0))
      share /= Double(target.blocks[axis.to].indexCount - (isOneBlock ? 1 : 0))
    }
    return (Double(arc.linksPerMember) * share).rounded()
  }
}

// MARK: Ranks

extension RankQuotient {
  private mutating func relate(_ digits: [Int], of segment: Int, destination: Int) {
    relations = [RankPartition.Relation?](repeating: nil, count: baseCells.count)
    for cell in ground.ranks {
      guard let other = ranks.segments[ground.baseCells[cell]] else { continue }
      let places = ranks.places[other]
      let blocks = ground.topology.cells[cell].blocks
      guard let own = parts[cell] else {
        guard cell != destination else { continue }
        relations[cell] = ranks.relation(in: other, to: digits, in: segment) { digit, index in
          blocks[places[digit]].contains { $0.contains(index) }
        }
        continue
      }
      for part in own where part.cell != destination {
        relations[part.cell] = ranks.relation(in: other, to: digits, in: segment) { digit, index in
          let singled = part.indices[places[digit]]
          if singled >= 0 { return singled == index }
          return singled == Part.whole && blocks[places[digit]].contains { $0.contains(index) }
        }
      }
    }
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
