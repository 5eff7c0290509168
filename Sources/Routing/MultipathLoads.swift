public import ClusterModel
import Matrices

/// The loads of traffic between vertices of an explicit graph over all shortest paths, split evenly at every hop.
///
/// One walk per destination of the graph's core (without hanging trees, silent twins merged): vertices in the order of
/// their distance, farthest first, each passing on what it has to its next hops. Distances come by blocks of destinations,
/// so that no matrix is held.
public struct MultipathLoads: Sendable {
  /// By arc of the graph: the load of each physical link.
  public let loads: [Double]
  /// What has no path.
  public let unroutable: Double

  /// Routes traffic; nil where distances do not fit 62 bits of picoseconds.
  /// - Parameters:
  ///   - topology: A graph whose cells all have size 1.
  ///   - ends: Which vertices send and receive, each once; nil: all.
  ///   - threads: How many destinations are worked on at once; sums are taken in the order of blocks, whatever their number.
  ///   - amount: What a vertex sends to a destination other than itself; by indices of vertices.
  /// - Complexity: O(destinations · (sweeps / 64 + 1) · arcs of the core + pairs of ends) time, O(vertices + arcs) memory.
  public init?(
    of topology: Topology, between ends: [CellID]? = nil, threads: Int = 1,
    amount: @Sendable (_ from: Int, _ to: Int) -> Double
  ) {
    let arcs = GraphArcs(topology)
    guard let longest = arcs.longest else { return nil }
    let ends = ends.map { $0.map(\.index) } ?? Array(0..<arcs.count)
    let traffic = Traffic(GraphReduction(arcs, first: ends), ends: ends)
    let sums: TrafficSums
    if let lanes = LaneDistances<Int16>(traffic.reduction.core, longest: longest) {
      sums = traffic.routed(lanes, threads, amount)
    } else if let lanes = LaneDistances<Int32>(traffic.reduction.core, longest: longest) {
      sums = traffic.routed(lanes, threads, amount)
    } else if let lanes = LaneDistances<Int64>(traffic.reduction.core, longest: longest) {
      sums = traffic.routed(lanes, threads, amount)
    } else {
      return nil
    }
    unroutable = sums.lost
    loads = sums.loads(of: arcs, traffic.reduction)
  }
}

/// Who sends to whom in a reduced graph.
private struct Traffic: Sendable {
  /// Groups of blocks whose sums are added up in a fixed order, so that the result does not depend on the threads.
  private static let groups = 16

  let reduction: GraphReduction
  private let ends: [Int]
  /// By vertex of the core that ends hang from or are: those ends.
  private let endsOf: [[Int]]

  init(_ reduction: GraphReduction, ends: [Int]) {
    self.reduction = reduction
    self.ends = ends
    var endsOf: [[Int]] = []
    for end in ends {
      let place = Int(reduction.coreVertex[end])
      while endsOf.count <= place { endsOf.append([]) }
      endsOf[place].append(end)
    }
    self.endsOf = endsOf
  }

  func routed<Lane: FixedWidthInteger & SignedInteger & Sendable>(
    _ lanes: LaneDistances<Lane>, _ threads: Int, _ amount: @Sendable (Int, Int) -> Double
  ) -> TrafficSums {
    let width = LaneDistances<Lane>.width
    let blocks = (endsOf.count + width - 1) / width
    let groups = min(Traffic.groups, max(blocks, 1))
    var parts = [TrafficSums](repeating: TrafficSums(reduction), count: groups)
    parts.withUnsafeMutableBufferPointer { parts in
      // Every group of blocks adds to its own sums, so that none has two writers.
      nonisolated(unsafe) let parts = parts
      Workers.run(groups, threads: threads) { mine in
        var walk = DestinationWalk(lanes)
        defer { walk.deallocate() }
        for group in mine {
          for block in stride(from: group, to: blocks, by: groups) {
            let destinations = block * width..<min(endsOf.count, (block + 1) * width)
            walk.prepare(destinations)
            for destination in destinations { route(to: destination, &walk, amount, &parts[group]) }
          }
        }
      }
    }
    return parts.dropFirst().reduce(into: parts[0]) { $0.add($1) }
  }

  /// Adds what all ends send to those of one vertex of the core.
  private func route<Lane>(
    to destination: Int, _ walk: inout DestinationWalk<Lane>, _ amount: (Int, Int) -> Double,
    _ sums: inout TrafficSums
  ) {
    walk.turn(to: destination)
    for receiver in endsOf[destination] {
      var arrived = 0.0
      for sender in ends where sender != receiver {
        let bytes = amount(sender, receiver)
        if bytes == 0 { continue }
        let start = Int(reduction.coreVertex[sender])
        if start == destination {
          reduction.walk(from: sender, to: receiver) { sums.direct[$0, default: 0] += bytes }
        } else if walk.reaches(start) {
          walk.flow[start] += bytes
          sums.rising[sender] += bytes
          arrived += bytes
        } else {
          sums.lost += bytes
        }
      }
      sums.falling[receiver] += arrived
    }
    sums.core.withUnsafeMutableBufferPointer { if let core = $0.baseAddress { walk.spread(core) } }
  }
}

/// Loads that are added up, in the parts of a reduced graph.
private struct TrafficSums: Sendable {
  /// By arc of the core.
  var core: [Double]
  /// By vertex: what goes up to its root from there, and what comes down from it.
  var rising: [Double]
  var falling: [Double]
  /// By arc: what stays in one tree.
  var direct: [Int: Double] = [:]
  var lost = 0.0

  init(_ reduction: GraphReduction) {
    core = Array(repeating: 0, count: reduction.core.heads.count)
    rising = Array(repeating: 0, count: reduction.coreVertex.count)
    falling = rising
  }

  mutating func add(_ other: TrafficSums) {
    for index in core.indices { core[index] += other.core[index] }
    for index in rising.indices {
      rising[index] += other.rising[index]
      falling[index] += other.falling[index]
    }
    direct.merge(other.direct) { $0 + $1 }
    lost += other.lost
  }

  /// By arc of the graph: the load of each physical link.
  func loads(of arcs: GraphArcs, _ reduction: GraphReduction) -> [Double] {
    var (rising, falling) = (rising, falling)
    var loads = [Double](repeating: 0, count: arcs.heads.count)
    for arc in loads.indices where reduction.coreArc[arc] >= 0 {
      let place = Int(reduction.coreArc[arc])
      loads[arc] = core[place] / reduction.physicalLinks[place]
    }
    for entry in reduction.stripped {
      loads[entry.up] += rising[entry.vertex] / arcs.links[entry.up]
      loads[entry.down] += falling[entry.vertex] / arcs.links[entry.down]
      rising[entry.parent] += rising[entry.vertex]
      falling[entry.parent] += falling[entry.vertex]
    }
    for (arc, load) in direct { loads[arc] += load / arcs.links[arc] }
    return loads
  }
}
