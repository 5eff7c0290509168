public import ClusterModel
public import Quantities

/// Shortest paths from every cell to one destination, and the loads of traffic that takes all of them.
///
/// Exact when the destination cell has one member: then a shortest-path search extracts whole cells, and every member
/// of a cell has the same distance, number of paths and equal-cost next hops. Delays are whole picoseconds, so equal
/// cost is exact; a link without delay counts as one picosecond, which keeps the next hops free of cycles. A vertex
/// that does not relay ends paths only.
///
/// One value serves any number of destinations one after another and keeps its memory.
public struct ShortestPaths: Sendable {
  static let unreachable = UInt64.max

  /// The graph, which a quotient may patch between searches.
  var graph: RoutingGraph

  /// The destination of the last search.
  public private(set) var destination: CellID?
  private(set) var distances: [UInt64]
  private(set) var pathCounts: [Double]
  /// Reachable cells but the destination, nearest first.
  private(set) var order: [Int] = []
  /// By place in `order`: where the cell's next hops start in `nextHops`; one more at the end.
  private var starts: [Int] = []
  /// Arcs on shortest paths.
  private var nextHops: [NextHop] = []
  /// By place in `nextHops`: the share of a member's traffic that each link takes.
  private var shares: [Double] = []
  private var heap = DistanceHeap()

  /// An arc on a shortest path.
  struct NextHop: Sendable {
    var arc: UInt32
    var to: UInt32
    /// Links that leave each member of its cell.
    var links: Double
  }

  /// Prepares searches in a graph.
  /// - Complexity: O(cells + arcs).
  public init(in topology: Topology) {
    self.init(RoutingGraph(topology))
  }

  init(_ graph: RoutingGraph) {
    self.graph = graph
    let count = graph.sizes.count
    distances = Array(repeating: ShortestPaths.unreachable, count: count)
    pathCounts = Array(repeating: 0, count: count)
  }

  /// Finds the shortest paths to one member of a cell; of a larger cell's members, to whichever is nearest.
  /// - Parameter policy: How traffic is divided among them.
  /// - Complexity: O(arcs · log arcs).
  public mutating func find(to destination: CellID, policy: RoutingPolicy = .equalSplit) {
    self.destination = destination
    let missing = graph.sizes.count - distances.count
    if missing > 0 {
      distances += Array(repeating: ShortestPaths.unreachable, count: missing)
      pathCounts += Array(repeating: 0, count: missing)
    }
    search(from: destination.index)
    collectNextHops(to: destination.index)
    share(by: policy, to: destination.index)
  }

  /// The delay from a member of a cell to the destination; nil where there is no path.
  public func distance(from cell: CellID) -> Latency? {
    let distance = distances[cell.index]
    guard distance != ShortestPaths.unreachable else { return nil }
    return Latency(picoseconds: Int64(clamping: distance))
  }

  /// How many shortest paths lead from a member of a cell to the destination; parallel links count as paths.
  public func pathCount(from cell: CellID) -> Double { pathCounts[cell.index] }

  /// The arcs on shortest paths from a cell; traffic is split evenly over their links.
  func nextHops(at place: Int) -> ArraySlice<NextHop> { nextHops[starts[place]..<starts[place + 1]] }

  private mutating func search(from destination: Int) {
    order.removeAll(keepingCapacity: true)
    ShortestPaths.search(graph, from: destination, distances: &distances, order: &order, heap: &heap)
  }

  private static func search(
    _ graph: RoutingGraph, from destination: Int, distances: inout [UInt64], order: inout [Int],
    heap: inout DistanceHeap
  ) {
    heap.push(distance: 0, cell: destination)
    distances.withUnsafeMutableBufferPointer { distances in
      graph.entries.withUnsafeBufferPointer { entries in
        distances.update(repeating: unreachable)
        distances[destination] = 0
        while let (distance, cell) = heap.pop() {
          guard distance == distances[cell] else { continue }
          if cell != destination {
            order.append(cell)
            guard graph.relays[cell] else { continue }
          }
          for entry in entries[graph.incoming[cell]] {
            let from = Int(entry.from)
            let (longer, overflow) = distance.addingReportingOverflow(graph.delays[Int(entry.kind)])
            if longer < distances[from], !overflow {
              distances[from] = longer
              heap.push(distance: longer, cell: from)
            }
          }
        }
      }
    }
  }

  private mutating func collectNextHops(to destination: Int) {
    for cell in pathCounts.indices { pathCounts[cell] = 0 }
    pathCounts[destination] = 1
    nextHops.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    let distances = self.distances
    distances.withUnsafeBufferPointer { distances in
      for cell in order {
        starts.append(nextHops.count)
        let distance = distances[cell]
        var paths = 0.0
        for index in graph.outgoing[cell] {
          let arc = graph.arcs[index]
          let to = Int(arc.to)
          let rest = distances[to]
          guard rest < distance, distance - rest == graph.delays[Int(arc.kind)], graph.relays[to] || to == destination
          else { continue }
          let links = graph.links[index]
          nextHops.append(NextHop(arc: UInt32(index), to: arc.to, links: links))
          paths += links * pathCounts[to]
        }
        pathCounts[cell] = paths
      }
    }
    starts.append(nextHops.count)
  }

  /// The share of each next hop's links.
  private mutating func share(by policy: RoutingPolicy, to destination: Int) {
    shares.removeAll(keepingCapacity: true)
    let widths = policy == .weightedSplit ? widths(to: destination) : []
    for place in order.indices {
      let hops = starts[place]..<starts[place + 1]
      switch policy {
      case .equalSplit, .railAligned:
        let links = hops.reduce(0) { $0 + nextHops[$1].links }
        for _ in hops { shares.append(1 / links) }
      case .singlePath:
        for hop in hops { shares.append(hop == hops.lowerBound ? 1 / nextHops[hop].links : 0) }
      case .weightedSplit:
        let all = hops.reduce(0) { $0 + nextHops[$1].links * widths[$1] }
        for hop in hops { shares.append(widths[hop] / all) }
      }
    }
  }

  /// By place in `nextHops`: what each link can deliver to the destination when all links that lead to a vertex share
  /// evenly what the vertex can pass on.
  private func widths(to destination: Int) -> [Double] {
    var entering = [Double](repeating: 0, count: graph.sizes.count)
    for (place, cell) in order.enumerated() {
      for hop in starts[place]..<starts[place + 1] {
        let (to, links) = (Int(nextHops[hop].to), nextHops[hop].links)
        entering[to] += links * graph.sizes[cell] / graph.sizes[to]
      }
    }
    var passing = [Double](repeating: .infinity, count: graph.sizes.count)
    var widths = [Double](repeating: 0, count: nextHops.count)
    for (place, cell) in order.enumerated() {
      passing[cell] = 0
      for hop in starts[place]..<starts[place + 1] {
        let (to, links) = (Int(nextHops[hop].to), nextHops[hop].links)
        let capacity = graph.capacities[Int(graph.arcs[Int(nextHops[hop].arc)].kind)]
        widths[hop] = to == destination ? capacity : min(capacity, passing[to] / entering[to])
        passing[cell] += links * widths[hop]
      }
    }
    return widths
  }

  /// Adds the loads of traffic to the destination, divided at every hop as the policy of the search says.
  /// - Parameters:
  ///   - traffic: What each member of each cell sends, cell by cell with `columns` values each; used as scratch space.
  ///   - columns: How many independent traffics there are side by side.
  ///   - scale: A factor for all loads.
  ///   - loads: The load of each physical link of each arc, arc by arc with `columns` values each.
  ///   - unroutable: By column, what has no path.
  /// - Complexity: O((cells + arcs) · columns).
  public func addLoads(
    of traffic: inout [Double], columns: Int, scale: Double = 1, to loads: inout [Double],
    unroutable: inout [Double]
  ) {
    var leading = [Int](repeating: columns, count: graph.sizes.count)
    spread(&traffic, columns: columns, leading: &leading, scale: scale, unroutable: &unroutable) {
      index, _, _, flow, share in
      for (column, amount) in flow.enumerated() { loads[index * columns + column] += scale * (amount * share) }
    }
  }

  /// Carries traffic to the destination, farthest cell first, and tells for each arc on the way its cell, its links, what
  /// a member of the cell sends on, by column, and the share of it that each link takes.
  /// - Parameter leading: By cell: how many of the first columns it has traffic in; the others are 0.
  @inline(__always)
  func spread(
    _ traffic: inout [Double], columns: Int, leading: inout [Int], scale: Double, unroutable: inout [Double],
    _ carry: (_ arc: Int, _ cell: Int, _ links: Double, _ flow: UnsafeBufferPointer<Double>, _ share: Double) -> Void
  ) {
    guard let destination else { return }
    // What does not reach the destination has no place in the order of the search.
    if order.count + 1 < graph.sizes.count {
      for cell in graph.sizes.indices where distances[cell] == ShortestPaths.unreachable && cell != destination.index {
        for column in 0..<columns { unroutable[column] += scale * graph.sizes[cell] * traffic[cell * columns + column] }
      }
    }
    traffic.withUnsafeMutableBufferPointer { traffic in
      guard let traffic = traffic.baseAddress else { return }
      for place in order.indices.reversed() {
        let cell = order[place]
        let width = leading[cell]
        guard width > 0 else { continue }
        let flow = UnsafeBufferPointer(start: traffic + cell * columns, count: width)
        for hop in starts[place]..<starts[place + 1] {
          let next = nextHops[hop]
          let share = shares[hop]
          let to = Int(next.to)
          carry(Int(next.arc), cell, next.links, flow, share)
          let passed = share * next.links * graph.sizes[cell] / graph.sizes[to]
          let entering = traffic + to * columns
          for column in 0..<width { entering[column] += flow[column] * passed }
          if leading[to] < width { leading[to] = width }
        }
      }
    }
  }

  /// The load of each physical link of each arc, and what has no path, for what each member of each cell sends.
  public func linkLoads(of traffic: [Double]) -> (loads: [Double], unroutable: Double) {
    var flow = traffic
    var loads = [Double](repeating: 0, count: graph.arcs.count)
    var unroutable = [0.0]
    addLoads(of: &flow, columns: 1, to: &loads, unroutable: &unroutable)
    return (loads, unroutable[0])
  }
}
