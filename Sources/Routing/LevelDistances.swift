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
    var all = [LevelDistances](order: partition.order)
    inParts { (orbits, quotient: inout RankQuotient) in
      var levels = [LevelDistances](order: partition.order)
      for orbit in orbits where quotient.singleOut(orbit) { levels.measure(quotient) }
      return levels
    } merge: {
      all.merge($0)
    }
    return all
  }
}

extension [LevelDistances] {
  /// One entry per level, with nothing measured.
  init(order: RankOrder) {
    self = order.levels.indices.map { LevelDistances(level: $0, aligned: nil, unaligned: nil) }
  }

  /// Takes in the distances to the rank that a quotient singles out.
  mutating func measure(_ quotient: RankQuotient) {
    let steps = quotient.paths.steps()
    for (cell, relation) in quotient.relations.enumerated() {
      guard let relation else { continue }
      let length = quotient.paths.length(of: cell, steps)
      if relation.aligned {
        self[relation.level].aligned = LevelDistances.Span(self[relation.level].aligned, and: length)
      } else {
        self[relation.level].unaligned = LevelDistances.Span(self[relation.level].unaligned, and: length)
      }
    }
  }

  /// Takes in what has been measured of other ranks.
  mutating func merge(_ others: [LevelDistances]) {
    for (level, other) in others.enumerated() {
      self[level].aligned = LevelDistances.Span(self[level].aligned, other.aligned)
      self[level].unaligned = LevelDistances.Span(self[level].unaligned, other.unaligned)
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

extension LevelDistances.Span {
  init?(_ one: Self?, _ other: Self?) {
    guard var span = one ?? other else { return nil }
    if one != nil, let other {
      for path in [other.nearest, other.farthest] where path != nil { span = Self(span, and: path) }
      span.hasUnreachablePair = span.hasUnreachablePair || other.hasUnreachablePair
    }
    self = span
  }
}

extension ShortestPaths {
  /// By cell: the shortest path to the destination with the fewest hops; nil where there is none.
  func lengths() -> [LevelDistances.Path?] {
    let steps = steps()
    return steps.indices.map { cell in length(of: cell, steps) }
  }

  /// The shortest path from a cell to the destination with the fewest hops; nil where there is none.
  /// - Parameter steps: What `steps` gives.
  func length(of cell: Int, _ steps: [Int]) -> LevelDistances.Path? {
    guard steps[cell] >= 0 else { return nil }
    return LevelDistances.Path(
      latency: Latency(picoseconds: Int64(clamping: distances[cell])), hops: steps[cell] >> 32,
      switches: steps[cell] & 0xFFFF_FFFF)
  }

  /// By cell: the fewest hops of a shortest path to the destination in the upper half of the word, the switches on it in
  /// the lower; less than 0 where there is none.
  func steps() -> [Int] {
    var steps = [Int](repeating: -1, count: graph.sizes.count)
    guard let destination else { return steps }
    steps[destination.index] = 0
    for (place, cell) in order.enumerated() {
      var fewest = Int.max
      for hop in nextHops(at: place) {
        let next = Int(hop.to)
        let rest = steps[next]
        if rest >= 0 { fewest = min(fewest, rest + 1 << 32 + (graph.switches[next] ? 1 : 0)) }
      }
      if fewest < Int.max { steps[cell] = fewest }
    }
    return steps
  }
}
