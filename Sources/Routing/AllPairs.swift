public import ClusterModel
public import Quantities

/// Traffic between two vertices of an explicit graph.
public struct Demand: Hashable, Sendable {
  /// Where it starts.
  public var from: CellID
  /// Where it ends; a cell of size 1.
  public var to: CellID
  /// How much each member of `from` sends.
  public var bytes: Double

  /// Traffic between two vertices.
  public init(from: CellID, to: CellID, bytes: Double) {
    self.from = from
    self.to = to
    self.bytes = bytes
  }
}

/// Distances and numbers of shortest paths between all vertices of an explicit graph, whose cells all have size 1.
///
/// Holds two values per pair: for graphs of thousands of vertices; beyond that use `ShortestPaths` one destination at a
/// time.
public struct AllPairs: Sendable {
  private let count: Int
  private var distances: [UInt64] = []
  private var pathCounts: [Double] = []

  /// Searches from every destination.
  /// - Complexity: O(vertices · arcs · log arcs).
  public init(of topology: Topology) {
    count = topology.cells.count
    distances.reserveCapacity(count * count)
    pathCounts.reserveCapacity(count * count)
    var paths = ShortestPaths(in: topology)
    for destination in 0..<count {
      paths.find(to: CellID(destination))
      distances += paths.distances
      pathCounts += paths.pathCounts
    }
  }

  /// The delay between two vertices; nil where there is no path.
  public func distance(from source: CellID, to destination: CellID) -> Latency? {
    let distance = distances[destination.index * count + source.index]
    return distance == ShortestPaths.unreachable ? nil : Latency(picoseconds: Int64(clamping: distance))
  }

  /// How many shortest paths lead from one vertex to another; parallel links count as paths.
  public func pathCount(from source: CellID, to destination: CellID) -> Double {
    pathCounts[destination.index * count + source.index]
  }
}
