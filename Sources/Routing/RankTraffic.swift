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
    let empty = LoadSums(self, classes: classes)
    var sums = empty
    inParts(policy: policy) { (orbits, quotient: inout RankQuotient) in
      var sums = empty
      for orbit in orbits where sums.concerns(orbit) && quotient.singleOut(orbit) { sums.add(orbit, quotient) }
      return sums.amounts
    } merge: {
      sums.amounts += $0
    }
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
    let empty = LoadSums(self, classes: classes)
    var distances = [LevelDistances](order: order)
    var sums = empty
    inParts { (orbits, quotient: inout RankQuotient) in
      var distances = [LevelDistances](order: order)
      var sums = empty
      for orbit in orbits where quotient.singleOut(orbit) {
        distances.measure(quotient)
        sums.add(orbit, quotient)
      }
      return (distances: distances, amounts: sums.amounts)
    } merge: {
      distances.merge($0.distances)
      sums.amounts += $0.amounts
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
private struct LoadSums: Sendable {
  /// What was added up.
  struct Amounts: Sendable {
    /// By used class and arc of the base partition: far from a destination there is traffic of few classes.
    var loads: [Double]
    /// By used class.
    var unroutable: [Double]

    static func += (sum: inout Amounts, part: Amounts) {
      for place in sum.loads.indices { sum.loads[place] += part.loads[place] }
      for place in sum.unroutable.indices { sum.unroutable[place] += part.unroutable[place] }
    }
  }

  let partition: RankPartition
  let links: [Double]
  let classes: [TrafficClass]
  var amounts: Amounts
  /// The places in `classes` of those in which some rank has peers: neighbours first, then the outermost level, since
  /// what is far from a rank sends it nothing else.
  private let used: [Int]
  /// By cell of the base partition and class.
  private var peerCounts: [Int]
  /// By level, those for pairs off and on one rail: places in `used`.
  private let columns: [[Int]]
  /// By place in `used`: the ring and the direction of a class of neighbours.
  private let rings: [(column: Int, axis: AxisID, by: Int)]
  /// By cell of the quotient and used class: what each member sends; 0 between orbits.
  private var flow: [Double] = []
  private var leading: [Int] = []

  init(_ routing: RankRouting, classes: [TrafficClass]) {
    let partition = routing.partition
    self.partition = partition
    links = routing.ground.links
    self.classes = classes
    let topology = partition.base.topology
    var known: [RankPartition.Group: Int] = [:]
    let counts = topology.cells.indices.flatMap { cell in
      classes.map { partition.peerCount(of: CellID(cell), in: $0, known: &known) }
    }
    peerCounts = counts
    let used = classes.indices.filter { column in
      classes[column] != .inSwitch
        && topology.cells.indices.contains { counts[$0 * classes.count + column] > 0 }
    }.sorted { (classes[$1].reach, $0) < (classes[$0].reach, $1) }
    self.used = used
    columns = partition.order.levels.indices.flatMap { level in
      [false, true].map { aligned in
        let relation = RankPartition.Relation(level: level, aligned: aligned)
        return used.indices.filter { relation.isIn(classes[used[$0]]) }
      }
    }
    rings = used.enumerated().compactMap { column, place in
      guard case .neighbours(let ring, let forward) = classes[place] else { return nil }
      return (column, partition.order.rings[ring], forward ? -1 : 1)
    }
    amounts = Amounts(
      loads: [Double](repeating: 0, count: topology.arcs.count * used.count),
      unroutable: [Double](repeating: 0, count: used.count))
  }

  private func count(_ cell: Int, _ column: Int) -> Int { peerCounts[cell * classes.count + column] }

  /// Whether ranks of an orbit have peers of any class.
  func concerns(_ orbit: CellID) -> Bool { classes.indices.contains { count(orbit.index, $0) > 0 } }

  /// Adds the traffic to the members of an orbit, one of which the quotient singles out.
  mutating func add(_ orbit: CellID, _ quotient: RankQuotient) {
    guard concerns(orbit), !used.isEmpty else { return }
    let width = used.count
    let needed = quotient.baseCells.count * width
    if flow.count < needed { flow += [Double](repeating: 0, count: needed - flow.count) }
    let missing = quotient.baseCells.count - leading.count
    if missing > 0 { leading += [Int](repeating: 0, count: missing) }
    let own = used.map { count(orbit.index, $0) }
    for (cell, relation) in quotient.relations.enumerated() {
      guard let relation else { continue }
      let base = quotient.baseCells[cell]
      for column in columns[2 * relation.level + (relation.aligned ? 1 : 0)] {
        let peers = count(base, used[column])
        guard peers > 0 else { continue }
        flow[cell * width + column] = 1 / Double(max(peers, own[column]))
        leading[cell] = max(leading[cell], column + 1)
      }
    }
    if quotient.policy == .railAligned, let inner = partition.order.scaleUpLevel {
      quotient.alignToRails(farColumns(beyond: inner), width: width, flow: &flow, leading: &leading)
    }
    for ring in rings {
      guard let sender = quotient.rank(along: ring.axis, by: ring.by) else { continue }
      flow[sender * width + ring.column] = 1
      leading[sender] = max(leading[sender], ring.column + 1)
    }
    let members = Double(partition.base.topology.cells[orbit.index].size)
    let (sizes, rows) = (quotient.paths.graph.sizes, quotient.rows)
    amounts.loads.withUnsafeMutableBufferPointer { loads in
      guard let loads = loads.baseAddress else { return }
      let height = self.links.count
      quotient.paths.spread(
        &flow, columns: width, leading: &leading, scale: members, unroutable: &amounts.unroutable
      ) { arc, cell, links, flow, share in
        let row = rows[arc]
        let factor = members * share * links * sizes[cell] / self.links[row]
        var sum = loads + row
        for column in flow.indices {
          sum.pointee += flow[column] * factor
          sum += height
        }
      }
    }
    for cell in leading.indices where leading[cell] > 0 {
      for column in 0..<leading[cell] { flow[cell * width + column] = 0 }
      leading[cell] = 0
    }
  }

  /// The columns of traffic between domains that may change rails.
  private func farColumns(beyond inner: Int) -> [RankQuotient.FarColumn] {
    used.enumerated().compactMap { column, place in
      guard case .peers(let level, aligned: false) = classes[place], level > inner else { return nil }
      return RankQuotient.FarColumn(column: column, level: level) { from, to in
        let most = max(count(from, place), count(to, place))
        return most > 0 ? 1 / Double(most) : 0
      }
    }
  }

  /// The traffic of all orbits that were added, and what every rank exchanges with the switches of its scale-up domain.
  func traffic() -> RankTraffic {
    let topology = partition.base.topology
    var matrix = Matrix(rows: topology.arcs.count, columns: classes.count)
    var unroutable = [Double](repeating: 0, count: classes.count)
    for (place, column) in used.enumerated() {
      for row in 0..<matrix.rows { matrix[row, column] = amounts.loads[place * matrix.rows + row] }
      unroutable[column] = amounts.unroutable[place]
    }
    var peers = classes.indices.map { column in
      let counts = partition.orbits.map { count($0.index, column) }
      return (counts.min() ?? 0)...(counts.max() ?? 0)
    }
    if let column = classes.firstIndex(of: .inSwitch) {
      peers[column] = addSwitchTraffic(to: &matrix, column, unroutable: &unroutable[column])
    }
    let loads = LoadOperator(topology: topology, matrix: matrix, unroutable: unroutable)
    return RankTraffic(classes: classes, loads: loads, peers: peers, ranks: partition.ranks)
  }

  /// Each rank sends the switches a byte and receives one, evenly over its links to them.
  /// - Returns: The fewest and the most such links of a rank.
  private func addSwitchTraffic(
    to matrix: inout Matrix, _ column: Int, unroutable: inout Double
  ) -> ClosedRange<Int> {
    let topology = partition.base.topology
    var counts: [Int] = []
    for orbit in partition.orbits {
      let up = topology.outgoing[orbit.index]..<topology.outgoing[orbit.index + 1]
      let links = up.filter { isSwitch(topology.arcs[$0].to) }.reduce(0) { $0 + topology.arcs[$1].linksPerMember }
      counts.append(links)
      guard links > 0 else {
        unroutable += Double(topology.cells[orbit.index].size)
        continue
      }
      let down = topology.arcsByTarget[topology.incoming[orbit.index]..<topology.incoming[orbit.index + 1]]
      for row in Array(up) + down where isSwitch(topology.arcs[row].to) || isSwitch(topology.arcs[row].from) {
        matrix.add(1 / Double(links), row: row, column: column)
      }
    }
    return (counts.min() ?? 0)...(counts.max() ?? 0)
  }

  private func isSwitch(_ cell: CellID) -> Bool {
    partition.base.topology.cells[cell.index].kind == .scaleUpSwitch
  }
}

extension TrafficClass {
  /// From how far the traffic comes.
  fileprivate var reach: Int {
    switch self {
    case .inSwitch: -1
    case .peers(let level, _): level
    case .neighbours: .max
    }
  }
}
