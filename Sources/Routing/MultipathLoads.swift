public import ClusterModel

/// The loads of traffic between all vertices of an explicit graph over all shortest paths, split evenly at every hop.
///
/// One walk per destination: vertices in the order of their distance, once towards the destination to find the next hops and
/// once away from it to move the traffic. Distances come block by block, so that no matrix is held.
public struct MultipathLoads: Sendable {
  /// By arc of the graph: the load of each physical link.
  public let loads: [Double]
  /// What has no path.
  public let unroutable: Double

  /// Routes traffic; nil where distances do not fit 62 bits of picoseconds.
  /// - Parameters:
  ///   - topology: A graph whose cells all have size 1.
  ///   - destinations: How many destinations there are, the first vertices; nil: all.
  ///   - threads: How many destinations are worked on at once; sums are taken in the order of blocks, whatever their number.
  ///   - amount: What a vertex sends to a destination other than itself.
  /// - Complexity: O(destinations · (sweeps / 64 + 2) · arcs).
  public init?(
    of topology: Topology, destinations: Int? = nil, threads: Int = 1,
    amount: @Sendable (_ from: Int, _ to: Int) -> Double
  ) {
    let arcs = GraphArcs(topology)
    guard let longest = arcs.longest else { return nil }
    let last = min(destinations ?? arcs.count, arcs.count)
    let routed: (loads: [Double], lost: Double)
    if let lanes = LaneDistances<Int16>(arcs, longest: longest) {
      routed = MultipathLoads.routed(arcs, lanes, last, threads, amount)
    } else if let lanes = LaneDistances<Int32>(arcs, longest: longest) {
      routed = MultipathLoads.routed(arcs, lanes, last, threads, amount)
    } else if let lanes = LaneDistances<Int64>(arcs, longest: longest) {
      routed = MultipathLoads.routed(arcs, lanes, last, threads, amount)
    } else {
      return nil
    }
    loads = routed.loads
    unroutable = routed.lost
  }

  /// Groups of blocks whose sums are added up in a fixed order, so that the result does not depend on the threads.
  private static let groups = 16

  private static func routed<Lane: FixedWidthInteger & SignedInteger & Sendable>(
    _ arcs: GraphArcs, _ lanes: LaneDistances<Lane>, _ last: Int, _ threads: Int,
    _ amount: @Sendable (Int, Int) -> Double
  ) -> (loads: [Double], lost: Double) {
    let width = LaneDistances<Lane>.width
    let blocks = (last + width - 1) / width
    let groups = min(MultipathLoads.groups, max(blocks, 1))
    let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: groups * (arcs.heads.count + 1))
    sums.initialize(repeating: 0)
    defer { sums.deallocate() }
    nonisolated(unsafe) let shared = sums
    Workers.run(groups, threads: threads) { mine in
      var walk = DestinationWalk<Lane>(arcs)
      let scratch = UnsafeMutableBufferPointer<Lane>.allocate(capacity: arcs.count * width)
      let turned = UnsafeMutableBufferPointer<Lane>.allocate(capacity: arcs.count * width)
      let stamps = UnsafeMutableBufferPointer<Int32>.allocate(capacity: arcs.count)
      scratch.initialize(repeating: 0)
      turned.initialize(repeating: 0)
      stamps.initialize(repeating: 0)
      defer {
        scratch.deallocate()
        turned.deallocate()
        stamps.deallocate()
      }
      for group in mine {
        let own = UnsafeMutableBufferPointer(
          rebasing: shared[group * (arcs.heads.count + 1)..<(group + 1) * (arcs.heads.count + 1)])
        for block in stride(from: group, to: blocks, by: groups) {
          let destinations = block * width..<min(last, (block + 1) * width)
          lanes.find(to: destinations, scratch, stamps)
          for vertex in 0..<arcs.count {
            for lane in 0..<destinations.count { turned[lane * arcs.count + vertex] = scratch[vertex * width + lane] }
          }
          for (lane, destination) in destinations.enumerated() {
            let first = lane * arcs.count
            walk.route(to: destination, unreachable: lanes.unreachable, distance: { turned[first + $0] }, amount, own)
          }
        }
      }
    }
    var loads = [Double](repeating: 0, count: arcs.heads.count)
    var lost = 0.0
    for group in 0..<groups {
      let start = group * (arcs.heads.count + 1)
      for arc in loads.indices { loads[arc] += sums[start + arc] }
      lost += sums[start + arcs.heads.count]
    }
    return (loads, lost)
  }
}

/// Scratch space for walks to one destination after another.
private struct DestinationWalk<Lane: FixedWidthInteger & SignedInteger & Sendable> {
  private let arcs: GraphArcs
  private let delays: [Lane]
  private var distances: [Lane]
  private var passing: [Lane]
  private var order: [Int32]
  private var sorted: [Int32]
  private var flow: [Double]
  private var hops: [Int32]

  init(_ arcs: GraphArcs) {
    self.arcs = arcs
    delays = arcs.delays.map { Lane(truncatingIfNeeded: $0) }
    distances = Array(repeating: 0, count: arcs.count)
    passing = distances
    order = (0..<arcs.count).map { Int32($0) }
    sorted = order
    flow = Array(repeating: 0, count: arcs.count)
    hops = Array(repeating: 0, count: arcs.heads.count + 1)
  }

  /// Adds the loads of what all vertices send to a destination; the last sum is what has no path.
  mutating func route(
    to destination: Int, unreachable: Lane, distance: (Int) -> Lane, _ amount: (Int, Int) -> Double,
    _ sums: UnsafeMutableBufferPointer<Double>
  ) {
    for vertex in 0..<arcs.count {
      distances[vertex] = distance(vertex)
      flow[vertex] = vertex == destination ? 0 : amount(vertex, destination)
    }
    sortByDistance(unreachable: unreachable)
    // A vertex that passes nothing on is never a next hop, unless it is the destination.
    for vertex in 0..<arcs.count {
      passing[vertex] = arcs.relays[vertex] || vertex == destination ? distances[vertex] : unreachable
    }
    arcs.starts.withUnsafeBufferPointer { starts in
      arcs.heads.withUnsafeBufferPointer { heads in
        delays.withUnsafeBufferPointer { delays in
          passing.withUnsafeBufferPointer { passing in
            flow.withUnsafeMutableBufferPointer { flow in
              hops.withUnsafeMutableBufferPointer { hops in
                // From the farthest vertex on: everything that passes a vertex has arrived when its turn comes.
                for vertex in order.reversed() {
                  let vertex = Int(vertex)
                  let amount = flow[vertex]
                  if amount == 0 || vertex == destination { continue }
                  let own = distances[vertex]
                  if own == unreachable {
                    sums[heads.count] += amount
                    continue
                  }
                  var found = 0
                  for arc in Int(starts[vertex])..<Int(starts[vertex + 1]) {
                    // Without a branch that would be guessed wrong half of the time.
                    hops[found] = Int32(truncatingIfNeeded: arc)
                    found &+= own &- passing[Int(heads[arc])] == delays[arc] ? 1 : 0
                  }
                  divide(amount, among: UnsafeBufferPointer(rebasing: hops[..<found]), arcs.links, heads, flow, sums)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Orders the vertices by distance: by counting where distances are small, else by comparing.
  private mutating func sortByDistance(unreachable: Lane) {
    let most = distances.reduce(0) { $1 == unreachable ? $0 : max($0, $1) }
    guard Int(truncatingIfNeeded: most) < 4 * arcs.count + 64, most < Lane.max / 2 else {
      order.sort { (distances[Int($0)], $0) < (distances[Int($1)], $1) }
      return
    }
    var starts = [Int32](repeating: 0, count: Int(truncatingIfNeeded: most) + 3)
    let key = { (distance: Lane) in distance == unreachable ? Int(most) + 1 : Int(distance) }
    for distance in distances { starts[key(distance) + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    for vertex in 0..<arcs.count {
      let place = key(distances[vertex])
      sorted[Int(starts[place])] = Int32(vertex)
      starts[place] += 1
    }
    swap(&order, &sorted)
  }
}

/// Adds an even part of an amount to the load of each next hop's links and to what arrives at their ends.
private func divide(
  _ amount: Double, among hops: UnsafeBufferPointer<Int32>, _ links: [Double], _ heads: UnsafeBufferPointer<Int32>,
  _ flow: UnsafeMutableBufferPointer<Double>, _ sums: UnsafeMutableBufferPointer<Double>
) {
  var all = 0.0
  for hop in hops { all += links[Int(hop)] }
  let perLink = amount / all
  for hop in hops {
    let arc = Int(hop)
    sums[arc] += perLink
    flow[Int(heads[arc])] += perLink * links[arc]
  }
}
