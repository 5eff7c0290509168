import ClusterModel
import Quantities

/// The arcs of an explicit graph with whole-number delays, ready for searches from many destinations at once.
struct GraphArcs: Sendable {
  /// How many vertices there are.
  let count: Int
  /// By vertex: where its outgoing arcs start; one more at the end.
  let starts: [Int32]
  /// By arc, sorted by where it starts: where it leads.
  let heads: [Int32]
  /// By arc: its delay in units.
  let delays: [UInt64]
  /// By arc: its weight in an even split, the number of its parallel links.
  let links: [Double]
  /// By vertex: whether traffic of others may pass through.
  let relays: [Bool]
  /// Picoseconds of one unit: the greatest common divisor of all delays.
  let unit: UInt64

  /// Arcs of their parts.
  init(
    starts: [Int32], heads: [Int32], delays: [UInt64], links: [Double], relays: [Bool], unit: UInt64
  ) {
    count = relays.count
    self.starts = starts
    self.heads = heads
    self.delays = delays
    self.links = links
    self.relays = relays
    self.unit = unit
  }

  /// The arcs of a graph whose cells all have one member; a link without delay counts as one picosecond.
  init(_ topology: Topology) {
    self.init(topology) { UInt64(max(1, topology.link(of: $0).latency.picoseconds)) }
  }

  /// The arcs of a graph whose cells all have one member, with delays of one's own above zero.
  init(_ topology: Topology, delay: (Topology.Arc) -> UInt64) {
    let delays = topology.arcs.map(delay)
    let unit = max(1, Set(delays).reduce(0) { GraphArcs.greatestCommonDivisor($0, $1) })
    self.init(
      starts: topology.outgoing.map { Int32($0) }, heads: topology.arcs.map { Int32($0.to.index) },
      delays: delays.map { $0 / unit }, links: topology.arcs.map { Double($0.linksPerMember) },
      relays: topology.cells.map(\.relays), unit: unit)
  }

  private static func greatestCommonDivisor(_ one: UInt64, _ other: UInt64) -> UInt64 {
    var (large, small) = (one, other)
    while small != 0 { (large, small) = (small, large % small) }
    return large
  }

  /// Whether every arc takes one unit, so that distances are numbers of hops.
  var isUniform: Bool { delays.allSatisfy { $0 == 1 } }

  /// The arcs that leave a vertex.
  func outgoing(_ vertex: Int) -> Range<Int> { Int(starts[vertex])..<Int(starts[vertex + 1]) }

  /// The arcs by where they lead: places, and where each vertex's begin.
  var byHead: (arcs: [Int32], starts: [Int32]) {
    var starts = [Int32](repeating: 0, count: count + 1)
    for head in heads { starts[Int(head) + 1] += 1 }
    for vertex in 0..<count { starts[vertex + 1] += starts[vertex] }
    var next = starts
    var arcs = [Int32](repeating: 0, count: heads.count)
    for (arc, head) in heads.enumerated() {
      arcs[Int(next[Int(head)])] = Int32(arc)
      next[Int(head)] += 1
    }
    return (arcs, starts)
  }

  /// By arc: where it starts.
  var tails: [Int32] {
    var tails = [Int32](repeating: 0, count: heads.count)
    for vertex in 0..<count {
      for arc in outgoing(vertex) { tails[arc] = Int32(vertex) }
    }
    return tails
  }

  /// A number that no distance exceeds, in units; nil where it does not fit 62 bits.
  ///
  /// Two searches through one vertex bound all pairs where it relays and everything is reached; otherwise the longest path
  /// without a repeated vertex does.
  var longest: UInt64? {
    let most = delays.max() ?? 0
    let (product, overflow) = most.multipliedReportingOverflow(by: UInt64(max(count, 1)))
    let plain = overflow || product >> 62 != 0 ? nil : product
    guard let middle = relays.firstIndex(of: true) else { return plain }
    let incoming = byHead
    let tails = tails
    let outward = farthest(from: middle) { vertex, visit in
      for arc in outgoing(vertex) { visit(Int(heads[arc]), delays[arc]) }
    }
    let inward = farthest(from: middle) { vertex, visit in
      for place in Int(incoming.starts[vertex])..<Int(incoming.starts[vertex + 1]) {
        let arc = Int(incoming.arcs[place])
        visit(Int(tails[arc]), delays[arc])
      }
    }
    guard let outward, let inward else { return plain }
    let sum = outward.addingReportingOverflow(inward)
    return sum.overflow || sum.partialValue >> 62 != 0 ? plain : min(sum.partialValue, plain ?? .max)
  }

  private func farthest(
    from vertex: Int, neighbours: (_ vertex: Int, _ visit: (Int, UInt64) -> Void) -> Void
  ) -> UInt64? {
    var distances = [UInt64](repeating: .max, count: count)
    distances[vertex] = 0
    var heap = MinimumHeap<UInt64>()
    heap.push(0, vertex)
    while let (distance, cell) = heap.pop() {
      guard distance == distances[cell], relays[cell] else { continue }
      neighbours(cell) { other, delay in
        let (longer, overflow) = distance.addingReportingOverflow(delay)
        if !overflow, longer < distances[other] {
          distances[other] = longer
          heap.push(longer, other)
        }
      }
    }
    return distances.contains(.max) ? nil : distances.max()
  }
}
