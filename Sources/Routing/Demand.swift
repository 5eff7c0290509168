public import ClusterModel

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
