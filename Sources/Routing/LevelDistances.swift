public import ClusterModel
public import Quantities

/// How far apart ranks are whose smallest common group is of one level.
public struct LevelDistances: Sendable, Hashable {
  /// A shortest path; of several with the same delay, the one with the fewest hops.
  public struct Path: Sendable, Hashable {
    /// The sum of the delays of its links.
    public var latency: Latency
    /// How many links it has.
    public var hops: Int
    /// How many scale-up switches, network switches and gateways it passes.
    public var switches: Int

    /// A path by its length.
    public init(latency: Latency, hops: Int, switches: Int) {
      self.latency = latency
      self.hops = hops
      self.switches = switches
    }
  }

  /// The distances of some pairs of ranks.
  public struct Span: Sendable, Hashable {
    /// The shortest of the paths; nil where no pair has one.
    public var nearest: Path?
    /// The longest of the paths; nil where no pair has one.
    public var farthest: Path?
    /// Whether some pair has no path.
    public var hasUnreachablePair: Bool
  }

  /// The level: an index into the rank order's levels.
  public var level: Int
  /// Between ranks on the same rail; nil where there is no such pair.
  public var aligned: Span?
  /// Between ranks on different rails; nil where there is no such pair.
  public var unaligned: Span?

  /// Measures every level of a rank order.
  /// - Parameters:
  ///   - blueprint: The fabric.
  ///   - order: The ranks.
  ///   - ranks: How many are in use, the first ones; nil: all.
  /// - Returns: One entry per level, innermost first.
  /// - Throws: `RoutingError` when the blueprint, the order or the number of ranks does not fit.
  /// - Complexity: O(orbits of ranks · (cells + arcs · log arcs)).
  public static func measure(
    _ blueprint: Blueprint, order: RankOrder, ranks: Int? = nil
  ) throws(RoutingError) -> [LevelDistances] {
    try RankRouting(blueprint, order: order, ranks: ranks).distances()
  }
}

extension RankRouting {
  /// How far apart ranks are, by the level of their smallest common group; one entry per level, innermost first.
  /// - Complexity: O(orbits of ranks · (cells + arcs · log arcs)).
  public func distances() -> [LevelDistances] {
    var levels = [LevelDistances](order: partition.order)
    var quotient = RankQuotient(self)
    for orbit in partition.orbits where quotient.singleOut(orbit) { levels.measure(quotient) }
    return levels
  }
}

extension [LevelDistances] {
  /// One entry per level, with nothing measured.
  init(order: RankOrder) {
    self = order.levels.indices.map { LevelDistances(level: $0, aligned: nil, unaligned: nil) }
  }

  /// Takes in the distances to the rank that a quotient singles out.
  mutating func measure(_ quotient: RankQuotient) {
    let lengths = quotient.paths.lengths()
    for (cell, relation) in quotient.relations.enumerated() {
      guard let relation else { continue }
      if relation.aligned {
        self[relation.level].aligned = LevelDistances.Span(self[relation.level].aligned, and: lengths[cell])
      } else {
        self[relation.level].unaligned = LevelDistances.Span(self[relation.level].unaligned, and: lengths[cell])
      }
    }
  }
}

extension LevelDistances.Path {
  fileprivate var measure: (Latency, Int, Int) { (latency, hops, switches) }
}

extension LevelDistances.Span {
  init(_ span: Self?, and path: LevelDistances.Path?) {
    self = span ?? Self(nearest: nil, farthest: nil, hasUnreachablePair: false)
    guard let path else {
      hasUnreachablePair = true
      return
    }
    nearest = nearest.map { path.measure < $0.measure ? path : $0 } ?? path
    farthest = farthest.map { path.measure > $0.measure ? path : $0 } ?? path
  }
}

extension ShortestPaths {
  /// By cell: the shortest path to the destination with the fewest hops; nil where there is none.
  func lengths() -> [LevelDistances.Path?] {
    var lengths = [LevelDistances.Path?](repeating: nil, count: graph.sizes.count)
    guard let destination else { return lengths }
    lengths[destination.index] = LevelDistances.Path(latency: .zero, hops: 0, switches: 0)
    for (place, cell) in order.enumerated() {
      var shortest: (hops: Int, switches: Int)?
      for hop in nextHops(at: place) {
        let next = graph.arcs[hop].to
        guard let rest = lengths[next] else { continue }
        let candidate = (hops: rest.hops + 1, switches: rest.switches + (graph.switches[next] ? 1 : 0))
        if shortest.map({ candidate < $0 }) ?? true { shortest = candidate }
      }
      guard let shortest, let latency = distance(from: CellID(cell)) else { continue }
      lengths[cell] = LevelDistances.Path(latency: latency, hops: shortest.hops, switches: shortest.switches)
    }
    return lengths
  }
}
