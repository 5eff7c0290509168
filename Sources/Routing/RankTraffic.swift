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
    if let unknown = classes.first(where: { !order.has($0) }) { throw .trafficClass(unknown) }
    let aligned = classes.contains { traffic in
      if case .peers(_, aligned: true) = traffic { return true }
      return false
    }
    let partition = try RankPartition(blueprint, order: order, ranks: ranks, separatingRails: aligned)
    var sums = LoadSums(partition: partition, classes: classes)
    for orbit in partition.orbits { try sums.add(orbit, policy: policy) }
    sums.addSwitchTraffic()
    self.classes = classes
    self.ranks = partition.ranks
    loads = sums.operator
    peers = sums.peers
  }
}

extension RankOrder {
  /// Whether a class of traffic speaks of a level that exists.
  func has(_ traffic: TrafficClass) -> Bool {
    switch traffic {
    case .peers(let level, _): levels.indices.contains(level)
    case .inSwitch: true
    }
  }
}

/// Sums loads over the orbits of destinations.
private struct LoadSums {
  let partition: RankPartition
  let classes: [TrafficClass]
  private var matrix: Matrix
  private var unroutable: [Double]
  /// By cell of the base partition and class.
  private var peerCounts: [[Int]]

  init(partition: RankPartition, classes: [TrafficClass]) {
    self.partition = partition
    self.classes = classes
    let topology = partition.base.topology
    matrix = Matrix(rows: topology.arcs.count, columns: classes.count)
    unroutable = [Double](repeating: 0, count: classes.count)
    peerCounts = topology.cells.indices.map { cell in
      classes.map { partition.peerCount(of: CellID(cell), in: $0) }
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
  mutating func add(_ orbit: CellID, policy: RoutingPolicy) throws(RoutingError) {
    guard peerCounts[orbit.index].contains(where: { $0 > 0 }), let refined = try partition.refinement(of: orbit) else {
      return
    }
    let columns = classes.count
    let own = peerCounts[orbit.index]
    var traffic = [Double](repeating: 0, count: refined.topology.cells.count * columns)
    for (cell, relation) in refined.relations.enumerated() {
      guard let relation else { continue }
      let counts = peerCounts[refined.baseCells[cell].index]
      for column in 0..<columns where relation.isIn(classes[column]) && counts[column] > 0 {
        traffic[cell * columns + column] = 1 / Double(max(counts[column], own[column]))
      }
    }
    var paths = ShortestPaths(in: refined.topology)
    paths.find(to: refined.destination, policy: policy)
    var loads = [Double](repeating: 0, count: refined.topology.arcs.count * columns)
    let members = Double(partition.base.topology.cells[orbit.index].size)
    paths.addLoads(of: &traffic, columns: columns, scale: members, to: &loads, unroutable: &unroutable)
    for (index, arc) in refined.topology.arcs.enumerated() {
      guard let row = row(of: arc, in: refined) else { continue }
      let share = links(arc, refined.topology) / links(partition.base.topology.arcs[row], partition.base.topology)
      for column in 0..<columns {
        matrix.add(loads[index * columns + column] * share, row: row, column: column)
      }
    }
  }

  private func links(_ arc: Topology.Arc, _ topology: Topology) -> Double {
    Double(arc.linksPerMember) * Double(topology.cells[arc.from.index].size)
  }

  /// The base partition's arc that an arc of a refinement is part of.
  private func row(of arc: Topology.Arc, in refined: RankPartition.Refinement) -> Int? {
    let topology = partition.base.topology
    let from = refined.baseCells[arc.from.index]
    let sought = (refined.baseCells[arc.to.index], arc.rule, arc.link)
    var low = topology.outgoing[from.index]
    var high = topology.outgoing[from.index + 1]
    while low < high {
      let middle = (low + high) / 2
      let base = topology.arcs[middle]
      if (base.to, base.rule, base.link) < sought { low = middle + 1 } else { high = middle }
    }
    return low < topology.outgoing[from.index + 1] ? low : nil
  }

  /// Every rank sends a byte to the switches of its scale-up domain and receives one, evenly over its links to them.
  mutating func addSwitchTraffic() {
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
