public import ClusterModel

/// A rate that no algorithm can exceed, with the cut that proves it.
public struct CapacityBound: Sendable {
  /// Two sides of a graph, and the links from one to the other.
  public struct Cut: Sendable {
    /// The graph whose cells the cut divides.
    public let topology: Topology
    /// By cell: whether its members lie on the side that the traffic leaves.
    public let isInside: [Bool]
    /// By cell: whether its members are ranks.
    public let isRank: [Bool]
    /// The arcs from the inside to the outside; against their direction where the bound is about gathering.
    public let arcs: [Int]
    /// What the links carry together, in bytes per second.
    public let capacity: Fraction

    /// How many ranks lie on the inside.
    public var ranksInside: Int { count(isInside: true) }
    /// How many ranks lie on the outside.
    public var ranksOutside: Int { count(isInside: false) }

    private func count(isInside side: Bool) -> Int {
      topology.cells.indices.reduce(0) {
        $0 + (isRank[$1] && isInside[$1] == side ? topology.cells[$1].size : 0)
      }
    }
  }

  /// The rate in bytes per second; what of is told by the function that gives it.
  public let rate: Fraction
  /// The cut that proves it; nil where a linear programme does.
  public let cut: Cut?
  /// Whether the rate can be reached by some schedule, latency aside; otherwise it is a bound only.
  public let isOptimum: Bool
}

/// The bounds that a fabric's capacities set to collectives of its ranks, latency aside.
///
/// Ranks pass on what they receive; other vertices pass traffic on where they relay. Flows are exact: capacities are
/// whole multiples of one unit in 128 bits, and one rank of each orbit stands for all, because the largest minimum cut is
/// unique and so a union of cells.
public struct CapacityBounds: Sendable {
  /// The most arcs, summed over flows, that are worked through: some ten seconds.
  ///
  /// Beyond, the ranks that have the widest links of their own are left out; the bound then holds but may not be the
  /// optimum.
  static let workLimit = 60_000_000

  let fabric: RankedFabric

  /// How many ranks there are.
  public var ranks: Int { fabric.ranks }

  /// The bounds of the first ranks of a rank order.
  /// - Parameters:
  ///   - blueprint: The fabric.
  ///   - order: The ranks.
  ///   - ranks: How many take part, the first ones; nil: all.
  /// - Throws: `FlowError` when the blueprint, the order or the number of ranks does not fit.
  public init(_ blueprint: Blueprint, order: RankOrder, ranks: Int? = nil) throws(FlowError) {
    do throws(RoutingError) {
      fabric = try RankedFabric(try RankPartition(blueprint, order: order, ranks: ranks, separatingRails: false))
    } catch {
      throw .routing(error)
    }
  }

  /// The bounds of some vertices of an explicit graph.
  /// - Throws: `FlowError` when a rank is not a vertex of its own, is named twice, or there is none.
  public init(_ topology: Topology, ranks: [CellID]) throws(FlowError) {
    fabric = try RankedFabric(topology, ranks: ranks)
  }
}
