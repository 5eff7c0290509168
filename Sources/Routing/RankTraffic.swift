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
  ///   - policy: How traffic is divided among shortest paths; a single path is none that a symmetry keeps, so that its
  ///     loads are averages over the links of an arc.
  /// - Throws: `RoutingError` when the blueprint, the order, the number of ranks or a class does not fit.
  /// - Complexity: O(orbits of ranks · (cells + arcs · (log arcs + classes))).
  public init(
    _ blueprint: Blueprint, order: RankOrder, ranks: Int? = nil, classes: [TrafficClass],
    policy: RoutingPolicy = .equalSplit
  ) throws(RoutingError) {
    self = try RankRouting(blueprint, order: order, ranks: ranks).traffic(classes, policy: policy)
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
  public func traffic(
    _ classes: [TrafficClass], policy: RoutingPolicy = .equalSplit
  ) throws(RoutingError) -> RankTraffic {
    if let unknown = classes.first(where: { !partition.order.has($0) }) { throw .trafficClass(unknown) }
    var sums = LoadSums(self, classes: classes)
    var quotient = RankQuotient(self)
    quotient.policy = policy
    for orbit in partition.orbits where sums.concerns(orbit) && quotient.singleOut(orbit) { sums.add(orbit, quotient) }
    return sums.traffic()
  }

  /// Routes every class of traffic that there is and measures the distances between ranks on the way.
  /// - Complexity: As `traffic`, with all classes.
  public func survey() -> (distances: [LevelDistances], traffic: RankTraffic) {
    let order = partition.order
    let classes: [TrafficClass] =
      order.levels.indices.flatMap { [.peers(level: $0, aligned: false), .peers(level: $0, aligned: true)] }
      + order.rings.indices.flatMap { [.neighbours(ring: $0, forward: true), .neighbours(ring: $0, forward: false)] }
      + [.inSwitch]
    var distances = [LevelDistances](order: order)
    var sums = LoadSums(self, classes: classes)
    var quotient = RankQuotient(self)
    for orbit in partition.orbits where quotient.singleOut(orbit) {
      distances.measure(quotient)
      sums.add(orbit, quotient)
    }
    return (distances, sums.traffic())
  }
}

extension RankTraffic {
  /// The same traffic with some of its classes alone; nil where it lacks one.
  public func selecting(_ wanted: [TrafficClass]) -> RankTraffic? {
    let columns = wanted.compactMap { classes.firstIndex(of: $0) }
    guard columns.count == wanted.count else { return nil }
    return RankTraffic(
      classes: wanted,
      loads: LoadOperator(
        topology: loads.topology,
        matrix: Matrix(rows: loads.matrix.rows, columns: wanted.count) { loads.matrix[$0, columns[$1]] },
        unroutable: columns.map { loads.unroutable[$0] }),
      peers: columns.map { peers[$0] }, ranks: ranks)
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
  private var matrix: Matrix
  private var sums: [Double]
  private var unroutable: [Double]
  /// By cell of the base partition and class.
  private var peerCounts: [[Int]]

  init(_ routing: RankRouting, classes: [TrafficClass]) {
    partition = routing.partition
    links = routing.ground.links
    self.classes = classes
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

  /// The traffic of all orbits that were added.
  mutating func traffic() -> RankTraffic {
    addSwitchTraffic()
    return RankTraffic(classes: classes, loads: self.operator, peers: peers, ranks: partition.ranks)
  }

  /// Whether ranks of an orbit have peers of any class.
  func concerns(_ orbit: CellID) -> Bool { peerCounts[orbit.index].contains { $0 > 0 } }

  /// Adds the traffic to the members of an orbit, one of which the quotient singles out.
  mutating func add(_ orbit: CellID, _ quotient: RankQuotient) {
    guard concerns(orbit) else { return }
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

  /// Sets down the sums, and what every rank exchanges with the switches of its scale-up domain.
  ///
  /// It sends them a byte and receives one, evenly over its links to them.
  private mutating func addSwitchTraffic() {
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
