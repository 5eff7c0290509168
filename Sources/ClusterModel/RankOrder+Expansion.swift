extension RankOrder {
  /// The accelerators of an expanded blueprint in rank order.
  /// - Parameters:
  ///   - graph: What `Blueprint.expanded` gives.
  ///   - blueprint: The blueprint.
  /// - Complexity: O(vertices · log vertices).
  public func accelerators(
    in graph: (topology: Topology, indices: [[Int]]), of blueprint: Blueprint
  ) -> [CellID] {
    segments.flatMap { segment -> [CellID] in
      let axes = blueprint.templates[segment.template.index].axes
      let places = segment.digits.compactMap { axes.firstIndex(of: $0) }
      return graph.topology.cells.indices.filter { graph.topology.cells[$0].template == segment.template }
        .map { vertex in (vertex: vertex, digits: places.map { graph.indices[vertex][$0] }) }
        .filter { zip(segment.digits, $0.digits).allSatisfy { $1 < segment.inUse[$0] ?? .max } }
        .sorted { $0.digits.lexicographicallyPrecedes($1.digits) }.map { CellID($0.vertex) }
    }
  }
}
