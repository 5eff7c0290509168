package import ClusterModel

/// Which accelerators the first ranks of a rank order are, as selections.
package struct RanksInUse {
  /// By segment: its accelerators in use lie in one of these selections; nil where none is in use.
  private(set) var selections: [[Blueprint.Selection]?] = []

  /// - Parameters:
  ///   - partition: A partition in which the segments' restrictions are marked.
  ///   - places: By segment: the place of each digit's axis among the template's axes.
  init(
    _ blueprint: Blueprint, order: RankOrder, ranks: Int?, partition: TriePartition, places: [[Int]]
  ) throws(RoutingError) {
    let cells = order.segments.map { segment in
      let restriction = segment.restriction(in: blueprint)
      return partition.topology.cells.indices.filter { cell in
        partition.topology.cells[cell].template == segment.template
          && restriction.map { partition.cell(CellID(cell), isIn: $0) } ?? true
      }.map { partition.topology.cells[$0] }
    }
    let available = cells.joined().reduce(0) { $0 + $1.size }
    let asked = ranks ?? available
    guard asked >= 1, asked <= available else { throw .ranks(asked: asked, available: available) }
    var rest = asked
    for (index, segment) in order.segments.enumerated() {
      let size = cells[index].reduce(0) { $0 + $1.size }
      if rest == 0 {
        selections.append(nil)
      } else if rest >= size {
        selections.append([segment.restriction(in: blueprint) ?? Blueprint.Selection()])
      } else {
        let end = RanksInUse.end(of: rest, segment, blueprint, cells[index], places[index])
        selections.append(RanksInUse.before(end, segment, blueprint))
      }
      rest -= min(rest, size)
    }
  }

  /// The digits of the first position before which there are so many accelerators, fewer than all.
  private static func end(
    of count: Int, _ segment: RankOrder.Segment, _ blueprint: Blueprint, _ cells: [Topology.Cell], _ places: [Int]
  ) -> [Int] {
    var end = [Int](repeating: 0, count: places.count)
    for digit in places.indices {
      // The largest index that leaves no more than the count before it.
      var low = 0
      var high = blueprint.axes[segment.digits[digit].index].size - 1
      while low < high {
        end[digit] = low + (high - low + 1) / 2
        if membersBefore(end, cells, places) <= count { low = end[digit] } else { high = end[digit] - 1 }
      }
      end[digit] = low
    }
    return end
  }

  private static func membersBefore(_ end: [Int], _ cells: [Topology.Cell], _ places: [Int]) -> Int {
    cells.reduce(0) { sum, cell in
      var sum = sum
      for digit in places.indices {
        let block = cell.blocks[places[digit]]
        let below = block.reduce(0) { $0 + max(0, min($1.upperBound, end[digit]) - $1.lowerBound) }
        sum += places[(digit + 1)...].reduce(below) { product, place in
          product * cell.blocks[place].reduce(0) { $0 + $1.count }
        }
        guard block.contains(where: { $0.contains(end[digit]) }) else { break }
      }
      return sum
    }
  }

  /// The positions before one, as one selection per digit that is not zero.
  private static func before(
    _ end: [Int], _ segment: RankOrder.Segment, _ blueprint: Blueprint
  ) -> [Blueprint.Selection] {
    end.indices.filter { end[$0] > 0 }.map { digit in
      var selection = segment.restriction(in: blueprint) ?? Blueprint.Selection()
      for place in 0..<digit { selection.ranges[segment.digits[place]] = [end[place]..<end[place] + 1] }
      let axis = segment.digits[digit]
      let most = selection.ranges[axis]?.first?.upperBound ?? end[digit]
      selection.ranges[axis] = [0..<min(end[digit], most)]
      return selection
    }
  }
}

extension RankOrder.Segment {
  /// The accelerators that may be in use; nil: all.
  func restriction(in blueprint: Blueprint) -> Blueprint.Selection? {
    let limited = inUse.filter { axis, limit in
      blueprint.axes.indices.contains(axis.index) && limit < blueprint.axes[axis.index].size
    }
    return limited.isEmpty ? nil : Blueprint.Selection(limited.mapValues { [0..<$0] })
  }
}

extension RanksInUse {
  /// Where the first ranks of an order are.
  /// - Throws: `RoutingError` when the order does not fit the blueprint, or there are not so many.
  package static func selections(
    of ranks: Int, of order: RankOrder, in blueprint: Blueprint
  ) throws(RoutingError) -> [(template: TemplateID, selection: Blueprint.Selection)] {
    let places = try RankPartition.places(blueprint, order)
    let whole = try RoutingError.wrapping { () throws(BlueprintError) in
      try TriePartition(blueprint, marking: order.segments.compactMap { $0.restriction(in: blueprint) })
    }
    let inUse = try RanksInUse(blueprint, order: order, ranks: ranks, partition: whole, places: places)
    return zip(order.segments, inUse.selections).flatMap { segment, selections in
      (selections ?? []).map { (segment.template, $0) }
    }
  }
}
