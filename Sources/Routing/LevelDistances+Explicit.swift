public import ClusterModel

extension LevelDistances {
  /// Measures the distances between some vertices of an explicit graph, as one level.
  /// - Complexity: O(vertices between which to measure · arcs · log arcs).
  public static func measure(_ topology: Topology, between vertices: [CellID]) -> LevelDistances {
    var span: Span?
    var paths = ShortestPaths(in: topology)
    for destination in vertices {
      paths.find(to: destination)
      let lengths = paths.lengths()
      for source in vertices where source != destination { span = Span(span, and: lengths[source.index]) }
    }
    return LevelDistances(level: 0, aligned: nil, unaligned: span)
  }
}
