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

  /// Measures the distances inside of groups of vertices, and between vertices of different ones.
  /// - Parameter groups: Vertices in order, by the lengths of their groups.
  /// - Complexity: As for one level.
  public static func measure(
    _ topology: Topology, between vertices: [CellID], groups: [Int]
  ) -> [LevelDistances] {
    let group = groups.enumerated().flatMap { [Int](repeating: $0, count: $1) }
    var spans: [Span?] = [nil, nil]
    var paths = ShortestPaths(in: topology)
    for (place, destination) in vertices.enumerated() {
      paths.find(to: destination)
      let lengths = paths.lengths()
      for (other, source) in vertices.enumerated() where other != place {
        let level = group[other] == group[place] ? 0 : 1
        spans[level] = Span(spans[level], and: lengths[source.index])
      }
    }
    return spans.enumerated().map { LevelDistances(level: $0, aligned: nil, unaligned: $1) }
  }
}
