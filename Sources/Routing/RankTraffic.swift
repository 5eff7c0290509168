public import ClusterModel
import Matrices

/// The traffic between the ranks of a cluster that is described by a blueprint: the load operator of its classes, and
/// the number of peers behind each.
public struct RankTraffic: Sendable {
  /// The columns of the operator.
  public let classes: [TrafficClass]
  /// The loads of one unit of each class, as `TrafficClass` defines it.
  public let loads: LoadOperator
  /// By class: the fewest and the most peers that a rank in use has; for `inSwitch` links to switches.
  public let peers: [ClosedRange<Int>]
  /// How many ranks are in use.
  public let ranks: Int

  /// Routes the classes of traffic between the first ranks of a rank order.
  ///
  /// One rank of each orbit is singled out as a destination, the loads toward it are those of every member of its
  /// orbit, averaged over the links of each arc.
  /// - Parameters:
  ///   - blueprint: The fabric.
  ///   - order: The ranks.
  ///   - ranks: How many are in use, the first ones; nil: all.
  ///   - classes: The classes of traffic; each becomes a column.
  /// - Throws: `RoutingError` when the blueprint, the order, the number of ranks or a class does not fit.
  /// - Complexity: O(orbits of ranks · (cells + arcs · (log arcs + classes))).
  public init(
    _ blueprint: Blueprint, order: RankOrder, ranks: Int? = nil, classes: [TrafficClass]
  ) throws(RoutingError) {
    self = try RankRouting(blueprint, order: order, ranks: ranks).traffic(classes)
  }

  init(classes: [TrafficClass], loads: LoadOperator, peers: [ClosedRange<Int>], ranks: Int) {
    self.classes = classes
    self.loads = loads
    self.peers = peers
    self.ranks = ranks
  }
}

extension RankRouting {
  /// Routes classes of traffic between the ranks.
  /// - Throws: `RoutingError` for a class of a level or ring that the rank order lacks.
  /// - Complexity: O(orbits of ranks · (cells + arcs · (log arcs + classes))).
  public func traffic(_ classes: [TrafficClass]) throws(RoutingError) -> RankTraffic {
    if let unknown = classes.first(where: { !partition.order.has($0) }) { throw .trafficClass(unknown) }
    var sums = LoadSums(self, classes: classes)
    for orbit in partition.orbits { sums.add(orbit) }
    sums.addSwitchTraffic()
    return RankTraffic(classes: classes, loads: sums.operator, peers: sums.peers, ranks: partition.ranks)
  }
}

extension RankOrder {
  /// Whether a class of traffic speaks of a level that exists.
  func has(_ traffic: TrafficClass) -> Bool {
    switch traffic {
    case .peers(let level, _): levels.indices.contains(level)
    case .inSwitch: true
    case .neighbours(let ring, _): rings.indices.contains(ring)
    }
  }
}

/// Sums loads over the orbits of destinations.
private struct LoadSums {
  let partition: RankPartition
  let links: [Double]
  let classes: [TrafficClass]
  private var quotient: RankQuotient
  private var matrix: Matrix
  private var sums: [Double]
  private var unroutable: [Double]
  /// By cell of the base partition and class.
  private var peerCounts: [[Int]]

  init(_ routing: RankRouting, classes: [TrafficClass]) {
    partition = routing.partition
    links = routing.ground.links
    self.classes = classes
    quotient = RankQuotient(routing)
    let topology = routing.partition.base.topology
    matrix = Matrix(rows: topology.arcs.count, columns: classes.count)
    sums = [Double](repeating: 0, count: topology.arcs.count * classes.count)
    unroutable = [Double](repeating: 0, count: classes.count)
    var known: [RankPartition.Group: Int] = [:]
    peerCounts = topology.cells.indices.map { cell in
      classes.map { routing.partition.peerCount(of: CellID(cell), in: $0, known: &known) }
    }
  }

  var `operator`: LoadOperator {
    LoadOperator(topology: partition.base.topology, matrix: matrix, unroutable: unroutable)
  }

  var peers: [ClosedRange<Int>] {
    classes.indices.map { column in
      let counts = partition.orbits.map { peerCounts[$0.index][column] }
      return (counts.min() ?? 0)...(counts.max() ?? 0)
    }
  }

  /// Adds the traffic to the members of an orbit.
  mutating func add(_ orbit: CellID) {
    guard peerCounts[orbit.index].contains(where: { $0 > 0 }), quotient.singleOut(orbit) else { return }
    let columns = classes.count
    let own = peerCounts[orbit.index]
    var traffic = [Double](repeating: 0, count: quotient.baseCells.count * columns)
    for (cell, relation) in quotient.relations.enumerated() {
      guard let relation else { continue }
      let counts = peerCounts[quotient.baseCells[cell]]
      for column in 0..<columns where relation.isIn(classes[column]) && counts[column] > 0 {
        traffic[cell * columns + column] = 1 / Double(max(counts[column], own[column]))
      }
    }
    for (column, kind) in classes.enumerated() {
      guard case .neighbours(let ring, let forward) = kind else { continue }
      let sender = quotient.rank(along: partition.order.rings[ring], by: forward ? -1 : 1)
      if let sender { traffic[sender * columns + column] = 1 }
    }
    let members = Double(partition.base.topology.cells[orbit.index].size)
    let (graph, rows) = (quotient.paths.graph, quotient.rows)
    quotient.paths.spread(&traffic, columns: columns, scale: members, unroutable: &unroutable) { arc, column, load in
      let carried = graph.arcs[arc].links * graph.sizes[graph.arcs[arc].from]
      sums[rows[arc] * columns + column] += load * carried / links[rows[arc]]
    }
  }

  /// Sets down the sums. Every rank sends a byte to the switches of its scale-up domain and receives one, evenly over its links to them.
  mutating func addSwitchTraffic() {
    for row in 0..<matrix.rows {
      for column in classes.indices { matrix[row, column] = sums[row * classes.count + column] }
    }
    guard let column = classes.firstIndex(of: .inSwitch) else { return }
    let topology = partition.base.topology
    for orbit in partition.orbits {
      let up = topology.outgoing[orbit.index]..<topology.outgoing[orbit.index + 1]
      let links = up.filter { isSwitch(topology.arcs[$0].to) }.reduce(0) { $0 + topology.arcs[$1].linksPerMember }
      peerCounts[orbit.index][column] = links
      guard links > 0 else {
        unroutable[column] += Double(topology.cells[orbit.index].size)
        continue
      }
      let down = topology.arcsByTarget[topology.incoming[orbit.index]..<topology.incoming[orbit.index + 1]]
      for row in Array(up) + down where isSwitch(topology.arcs[row].to) || isSwitch(topology.arcs[row].from) {
        matrix.add(1 / Double(links), row: row, column: column)
      }
    }
  }

  private func isSwitch(_ cell: CellID) -> Bool {
    partition.base.topology.cells[cell.index].kind == .scaleUpSwitch
  }
}
