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
  /// By arc: how many parallel links it has.
  let links: [Double]
  /// By vertex: whether traffic of others may pass through.
  let relays: [Bool]
  /// Picoseconds of one unit: the greatest common divisor of all delays.
  let unit: UInt64

  /// The arcs of a graph whose cells all have one member; a link without delay counts as one picosecond.
  init(_ topology: Topology) {
    let delays = topology.arcs.map { UInt64(max(1, topology.link(of: $0).latency.picoseconds)) }
    let divisor = Set(delays).reduce(0) { GraphArcs.greatestCommonDivisor($0, $1) }
    unit = max(1, divisor)
    count = topology.cells.count
    starts = topology.outgoing.map { Int32($0) }
    heads = topology.arcs.map { Int32($0.to.index) }
    self.delays = delays.map { [unit] in $0 / unit }
    links = topology.arcs.map { Double($0.linksPerMember) }
    relays = topology.cells.map(\.relays)
  }

  private static func greatestCommonDivisor(_ one: UInt64, _ other: UInt64) -> UInt64 {
    var (large, small) = (one, other)
    while small != 0 { (large, small) = (small, large % small) }
    return large
  }

  /// Whether every arc takes one unit, so that distances are numbers of hops.
  var isUniform: Bool { delays.allSatisfy { $0 == 1 } }

  /// A number that no distance exceeds, in units; nil where it does not fit 62 bits.
  ///
  /// Two searches through one vertex bound all pairs where it relays and everything is reached; otherwise the longest path
  /// without a repeated vertex does.
  var longest: UInt64? {
    let most = delays.max() ?? 0
    let (product, overflow) = most.multipliedReportingOverflow(by: UInt64(max(count, 1)))
    let plain = overflow || product >> 62 != 0 ? nil : product
    guard let middle = relays.firstIndex(of: true) else { return plain }
    guard let outward = farthest(from: middle, isReversed: false), let inward = farthest(from: middle, isReversed: true)
    else { return plain }
    let sum = outward.addingReportingOverflow(inward)
    return sum.overflow || sum.partialValue >> 62 != 0 ? plain : min(sum.partialValue, plain ?? .max)
  }

  private func farthest(from vertex: Int, isReversed: Bool) -> UInt64? {
    var out = [[(Int, UInt64)]](repeating: [], count: count)
    for from in 0..<count {
      for arc in Int(starts[from])..<Int(starts[from + 1]) {
        let to = Int(heads[arc])
        if isReversed { out[to].append((from, delays[arc])) } else { out[from].append((to, delays[arc])) }
      }
    }
    var distances = [UInt64](repeating: .max, count: count)
    distances[vertex] = 0
    var heap = MinimumHeap<UInt64>()
    heap.push(0, vertex)
    while let (distance, cell) = heap.pop() {
      guard distance == distances[cell], relays[cell] else { continue }
      for (other, delay) in out[cell] {
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
