import ClusterModel

extension RankQuotient {
  /// A part of a divided cell.
  struct Part: Sendable {
    /// Where what it has on each axis starts in `partIndices` and `partSizes`.
    ///
    /// There an index is the only one that the part has; `rest` stands for the block without singled-out indices,
    /// `whole` for a block that is not divided.
    var start: Int
    var members: Double
    /// Whether it is the rank's own, alone or with what shares all its places.
    var isOnPath: Bool
    /// Its cell in the patched graph.
    var cell = 0

    static let rest = -1
    static let whole = -2
  }

  /// A part that is being put together, axis by axis.
  struct Draft: Sendable {
    var indices: [Int] = []
    var sizes: [Int] = []
    /// Whether the part holds the path of the rank down to there.
    var isOnPath: [Bool] = []
  }

  /// Divides every cell that holds a part of the rank's path.
  mutating func divide() {
    for run in ground.runs {
      // Where the path leaves a cell at its outermost axis, only what is singled out everywhere can divide it.
      guard run.isLoose || run.isCoupled && hasMarksEverywhere || isOnPath(run) else { continue }
      for place in run.cells {
        let cell = ground.divisible[place]
        if touches(cell) { divide(cell) }
      }
    }
  }

  private func isOnPath(_ run: RankRouting.Ground.Run) -> Bool {
    let cell = ground.divisible[run.cells.lowerBound]
    let index = path[axes[run.template][0]]
    return index >= 0 && ground.contains(index, ground.blocks[ground.blockStarts[cell]], cell, 0)
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

  private mutating func divide(_ cell: Int) {
    let first = parts.count
    let depth = axes[ground.templates[cell]].count
    if draft.indices.count < depth {
      draft = Draft(
        indices: [Int](repeating: 0, count: depth), sizes: [Int](repeating: 0, count: depth),
        isOnPath: [Bool](repeating: false, count: depth))
    }
    extend(cell, at: 0, of: depth)
    guard parts.count > first + 1 else {
      for part in parts[first...] {
        partIndices.removeLast(partIndices.count - part.start)
        partSizes.removeLast(partSizes.count - part.start)
      }
      parts.removeLast(parts.count - first)
      return
    }
    parts[first].cell = cell
    paths.graph.sizes[cell] = parts[first].members
    for place in first + 1..<parts.count {
      parts[place].cell = paths.graph.sizes.count
      paths.graph.sizes.append(parts[place].members)
      paths.graph.relays.append(paths.graph.relays[cell])
      paths.graph.switches.append(paths.graph.switches[cell])
      paths.graph.outgoing.append(0..<0)
      paths.graph.incoming.append(0..<0)
      baseCells.append(baseCells[cell])
    }
    partsOf[cell] = first..<parts.count
    divided.append(cell)
  }

  /// Adds every part of a cell that begins like the draft.
  private mutating func extend(_ cell: Int, at place: Int, of depth: Int) {
    guard place < depth else {
      let start = partIndices.count
      var members = 1.0
      var isOnPath = true
      for axis in 0..<depth {
        partIndices.append(draft.indices[axis])
        partSizes.append(draft.sizes[axis])
        members *= Double(draft.sizes[axis])
        isOnPath = isOnPath && draft.isOnPath[axis]
      }
      parts.append(Part(start: start, members: members, isOnPath: isOnPath))
      return
    }
    let template = ground.templates[cell]
    let axis = axes[template][place]
    let block = ground.blocks[ground.blockStarts[cell] + place]
    let parent = ground.parents[template][place]
    let index = path[axis]
    let holdsPath =
      index >= 0 && (parent < 0 || draft.isOnPath[parent]) && ground.contains(index, block, cell, place)
    var singled = 0
    if block.count > 1 {
      for mark in everywhere[axis] where ground.contains(mark, block, cell, place) {
        singled += 1
        extend(cell, at: place, of: depth, by: mark, size: 1, isOnPath: holdsPath && mark == index)
      }
      if holdsPath, !everywhere[axis].contains(index) {
        singled += 1
        extend(cell, at: place, of: depth, by: index, size: 1, isOnPath: true)
      }
    }
    if singled == 0 {
      extend(cell, at: place, of: depth, by: Part.whole, size: block.count, isOnPath: holdsPath && block.count == 1)
    } else if block.count > singled {
      extend(cell, at: place, of: depth, by: Part.rest, size: block.count - singled, isOnPath: false)
    }
  }

  private mutating func extend(
    _ cell: Int, at place: Int, of depth: Int, by index: Int, size: Int, isOnPath: Bool
  ) {
    draft.indices[place] = index
    draft.sizes[place] = size
    draft.isOnPath[place] = isOnPath
    extend(cell, at: place + 1, of: depth)
  }
}
