import ClusterModel

extension RankPartition {
  /// One accelerator by its template and indices.
  struct Single: Hashable {
    var template: TemplateID
    var indices: [Int]
  }

  /// The accelerator that is rank 0.
  var firstRank: Single? {
    let segment = segments.compactMap { $0 }.min()
    let candidates = orbits.filter { segments[$0.index] == segment }.compactMap {
      orbit -> (digits: [Int], single: Single)? in
      guard let segment else { return nil }
      let indices = firstIndices(base.topology.cells[orbit.index])
      return (places[segment].map { indices[$0] }, Single(template: order.segments[segment].template, indices: indices))
    }
    return candidates.min { $0.digits.lexicographicallyPrecedes($1.digits) }?.single
  }

  /// The same ranks with one of them in a cell of its own.
  func singling(_ single: Single) throws(RoutingError) -> RankPartition {
    var other = self
    other.marks.append(single.selection(in: base.blueprint))
    other.base = try RoutingError.wrapping { [other] () throws(BlueprintError) in try base.marking(other.marks) }
    other.segments = other.base.topology.cells.map { cell in
      base.cell(of: cell.template, at: firstIndices(cell)).flatMap { segments[$0.index] }
    }
    return other
  }

  /// The partition with some ranks singled out.
  /// - Returns: The graph, by cell whether its members are ranks, and the cells of the ranks singled out.
  func refinement(
    singling singles: [Single]
  ) throws(RoutingError) -> (topology: Topology, isRank: [Bool], singled: [CellID]) {
    let own = singles.map { $0.selection(in: base.blueprint) }
    let partition = try RoutingError.wrapping { [marks] () throws(BlueprintError) in try base.marking(marks + own) }
    let isRank = partition.topology.cells.map { cell in
      base.cell(of: cell.template, at: firstIndices(cell)).map { segments[$0.index] != nil } ?? false
    }
    let singled = singles.compactMap { partition.cell(of: $0.template, at: $0.indices) }
    return (partition.topology, isRank, singled)
  }
}
