public import ClusterModel

extension LevelDistances {
  /// Measures the distances between the vertices of each of several groups of an explicit graph, as one level.
  /// - Complexity: O(vertices between which to measure · arcs · log arcs).
  public static func measure(_ topology: Topology, between groups: [[CellID]]) -> LevelDistances {
    var span: Span?
    var paths = ShortestPaths(in: topology)
    for (group, destination) in groups.flatMap({ group in group.map { (group, $0) } }) {
      paths.find(to: destination)
      let lengths = paths.lengths()
      for source in group where source != destination { span = Span(span, and: lengths[source.index]) }
    }
    return LevelDistances(level: 0, aligned: nil, unaligned: span)
  }
}
