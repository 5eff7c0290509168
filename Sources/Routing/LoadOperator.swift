public import ClusterModel
public import Matrices

/// The linear map from amounts of traffic to loads of links: one row per kind of directed link, one column per kind of
/// traffic.
///
/// A row is an arc of the fabric's partition; its entry is the load of each of the arc's physical links for one unit of
/// the column's traffic, routed over all shortest paths and split evenly over the links at every hop. The loads of any
/// number of steps, sizes and candidates are one matrix product.
///
/// For a blueprint the entry is exact when all links of an arc are alike under the permutations that keep the blueprint
/// with its exceptions, the groups of ranks and (for aligned traffic) the rails. The partition is made of the orbits of
/// these permutations, so this holds for every pair of ends; an entry is the mean over an arc's links in any case.
public struct LoadOperator: Sendable {
  /// One direction of alike links.
  public struct Row: Sendable, Hashable {
    /// The wiring rule they come from.
    public var rule: RuleID
    /// Whether they run from the rule's `from` to its `to`.
    public var forward: Bool
    /// The tier they belong to.
    public var tier: Tier
    /// What kind of links they are.
    public var link: LinkType
    /// How many physical links there are.
    public var links: Int
    /// The cell they leave.
    public var from: CellID
    /// The cell they enter.
    public var to: CellID
  }

  /// The graph whose arcs are the rows, in order.
  public let topology: Topology
  /// The rows.
  public let rows: [Row]
  /// The loads: bytes per physical link of a row for one unit of a column.
  public let matrix: Matrix
  /// By column: the bytes of one unit that have no path.
  public let unroutable: [Double]
  /// The loads again, where so many of them are zero that a sparse product is quicker.
  private let sparse: SparseMatrix?

  init(topology: Topology, matrix: Matrix, unroutable: [Double]) {
    self.topology = topology
    self.matrix = matrix
    self.unroutable = unroutable
    let sparse = SparseMatrix(matrix)
    self.sparse = sparse.density < SparseMatrix.usefulDensity ? sparse : nil
    rows = topology.arcs.map { arc in
      Row(
        rule: arc.rule, forward: arc.forward, tier: arc.tier, link: topology.link(of: arc),
        links: arc.linksPerMember * topology.cells[arc.from.index].size, from: arc.from, to: arc.to)
    }
  }

  /// The loads of amounts of traffic: bytes per physical link, one row per row of the operator.
  /// - Parameter amounts: One row per column of the operator, one column per step or scenario.
  /// - Complexity: O(rows · columns · columns of `amounts`), one `dgemm`; where hardly any of the operator's elements is
  ///   other than zero, a sparse product.
  public func loads(of amounts: Matrix) -> Matrix { sparse?.times(amounts) ?? matrix.times(amounts) }

  /// The operator of traffics that are lists of demands, for an explicit graph.
  /// - Parameters:
  ///   - topology: The graph; the demands' destinations are cells of size 1.
  ///   - traffics: By column, the demands of one unit.
  ///   - policy: How traffic is divided among shortest paths; demands that keep to rails are those of `RailRelays`.
  /// - Complexity: O(destinations · arcs · log arcs + demands · log demands).
  public init(of topology: Topology, traffics: [[Demand]], policy: RoutingPolicy = .equalSplit) {
    let columns = traffics.count
    var loads = [Double](repeating: 0, count: topology.arcs.count * columns)
    var unroutable = [Double](repeating: 0, count: columns)
    var traffic = [Double](repeating: 0, count: topology.cells.count * columns)
    let entries = traffics.enumerated().flatMap { column, demands in demands.map { (column: column, demand: $0) } }
    var paths = ShortestPaths(in: topology)
    let byDestination = Dictionary(grouping: entries) { $0.demand.to }
    for (destination, entries) in byDestination.sorted(by: { $0.key < $1.key }) {
      paths.find(to: destination, policy: policy)
      for place in traffic.indices { traffic[place] = 0 }
      for (column, demand) in entries where demand.from != destination {
        traffic[demand.from.index * columns + column] += demand.bytes
      }
      paths.addLoads(of: &traffic, columns: columns, to: &loads, unroutable: &unroutable)
    }
    self.init(
      topology: topology,
      matrix: Matrix(rows: topology.arcs.count, columns: columns) { loads[$0 * columns + $1] },
      unroutable: unroutable)
  }
}
