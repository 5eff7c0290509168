import ClusterModel

/// Flows on one graph with singled-out ranks, in whole units of capacity.
struct CutSearch {
  let graph: RankedGraph
  /// Whether every link is taken against its direction.
  let isReversed: Bool
  private let capacities: CellCapacities
  /// The arcs that flows may take, in the direction that they take them, with what all links carry together.
  private let arcs: [(from: Int, to: Int, total: Int128)]
  /// The sum of all totals.
  private let sum: Int128

  init(_ graph: RankedGraph, isReversed: Bool) throws(FlowError) {
    self.graph = graph
    self.isReversed = isReversed
    capacities = try CellCapacities(graph.linkTypes)
    var arcs: [(from: Int, to: Int, total: Int128)] = []
    arcs.reserveCapacity(graph.arcs.count)
    var sum: Int128 = 1
    for arc in graph.arcs where graph.passes[arc.from] && graph.passes[arc.to] {
      let (total, isTooLarge) = Int128(arc.links).multipliedReportingOverflow(by: capacities.byLink[arc.link])
      let (next, overflow) = sum.addingReportingOverflow(total)
      guard !isTooLarge, !overflow else { throw .tooFineCapacities }
      sum = next
      arcs.append(isReversed ? (arc.to, arc.from, total) : (arc.from, arc.to, total))
    }
    self.arcs = arcs
    self.sum = sum
  }

  /// A flow's ends beyond the graph: how much each cell takes from the source or gives to the sink.
  struct Ends {
    /// Vertices joined to the source, each with what it may send in `parts` of a unit.
    var sources: [(cell: Int, amount: Int128?)]
    /// Vertices joined to the sink; nil amounts are unbounded.
    var sinks: [(cell: Int, amount: Int128?)]
    /// How many parts a unit of capacity has.
    var parts: Int128 = 1
    /// Groups of cells that no cut may divide.
    var bundles: [[Int]] = []
  }

  /// The largest flow between the ends and the largest minimum cut.
  /// - Returns: The flow in parts of a unit, and by cell whether it lies on the source's side.
  func flow(_ ends: Ends) throws(FlowError) -> (value: Int128, isInside: [Bool]) {
    // The width at which the sums fit is found before anything is added up.
    var (sum, isTooLarge) = sum.multipliedReportingOverflow(by: ends.parts)
    guard !isTooLarge else { throw .tooFineCapacities }
    for amount in (ends.sources + ends.sinks).compactMap(\.amount) {
      (sum, isTooLarge) = sum.addingReportingOverflow(amount)
      guard !isTooLarge else { throw .tooFineCapacities }
    }
    let copies = Int128(ends.sources.count + ends.sinks.count + 2 * ends.bundles.reduce(0) { $0 + $1.count } + 2)
    let most = sum.multipliedReportingOverflow(by: copies)
    guard !most.overflow else { throw .tooFineCapacities }
    if most.partialValue < Int128(Int.max / 4) { return run(ends, unbounded: Int(sum)) }
    return run(ends, unbounded: sum)
  }

  private func run<Capacity: FixedWidthInteger & SignedInteger & Sendable>(
    _ ends: Ends, unbounded: Capacity
  ) -> (value: Int128, isInside: [Bool]) {
    let count = graph.sizes.count
    var network = FlowNetwork<Capacity>(vertices: count + 2, arcs: arcs.count + ends.sources.count + ends.sinks.count)
    let parts = Capacity(ends.parts)
    for arc in arcs { network.join(arc.from, arc.to, capacity: Capacity(arc.total) * parts) }
    for bundle in ends.bundles {
      for (one, other) in zip(bundle, bundle.dropFirst()) {
        network.join(one, other, capacity: unbounded, back: unbounded)
      }
    }
    for end in ends.sources { network.join(count, end.cell, capacity: end.amount.map { Capacity($0) } ?? unbounded) }
    for end in ends.sinks { network.join(end.cell, count + 1, capacity: end.amount.map { Capacity($0) } ?? unbounded) }
    let value = network.maximumFlow(from: count, to: count + 1)
    let reaches = network.reachesSink(count + 1)
    return (Int128(value), (0..<count).map { !reaches[$0] })
  }

  /// What the links that leave a side carry together, in units.
  func capacity(leaving isInside: [Bool]) -> Int128 {
    arcs.reduce(0) { isInside[$1.from] && !isInside[$1.to] ? $0 + $1.total : $0 }
  }

  /// How many ranks lie on a side.
  func ranks(in isInside: [Bool]) -> Int {
    graph.sizes.indices.reduce(0) { $0 + (isInside[$1] && graph.isRank[$1] ? graph.sizes[$1] : 0) }
  }

  /// A number of units as bytes per second, divided.
  func rate(_ units: Int128, over divisor: Int) throws(FlowError) -> Fraction {
    guard let units = Fraction(units, over: Int128(divisor)), let rate = units.times(capacities.unit) else {
      throw .tooFineCapacities
    }
    return rate
  }

  /// A rate in units, the inverse of `rate`.
  func units(_ rate: Fraction) throws(FlowError) -> Fraction {
    guard let units = rate.divided(by: capacities.unit) else { throw .tooFineCapacities }
    return units
  }

  /// A side as a cut with its links; nil in a graph without names.
  func cut(_ isInside: [Bool]) throws(FlowError) -> CapacityBound.Cut? {
    guard let topology = graph.topology else { return nil }
    let arcs = graph.arcs.indices.filter { index in
      let arc = graph.arcs[index]
      let (from, to) = isReversed ? (arc.to, arc.from) : (arc.from, arc.to)
      return graph.passes[from] && graph.passes[to] && isInside[from] && !isInside[to]
    }
    return CapacityBound.Cut(
      topology: topology, isInside: isInside, isRank: graph.isRank, arcs: arcs,
      capacity: try rate(capacity(leaving: isInside), over: 1))
  }

  /// The side with the least capacity over demand of all there are, by the vertices one after another in the order of the
  /// Gray code; cells have one member each.
  func narrowestOfAll(demand: (_ inside: Int, _ outside: Int) -> Int) -> [Bool]? {
    let count = graph.sizes.count
    var isInside = [Bool](repeating: false, count: count)
    var ends: [[(other: Int, total: Int128, leaves: Bool)]] = Array(repeating: [], count: count)
    for arc in arcs where arc.from != arc.to {
      ends[arc.from].append((arc.to, arc.total, true))
      ends[arc.to].append((arc.from, arc.total, false))
    }
    let all = graph.ranks
    var best: (ratio: Double, side: [Bool])?
    var (capacity, inside) = (0 as Int128, 0)
    for step in 1..<(1 << count) {
      let moved = step.trailingZeroBitCount
      let enters = !isInside[moved]
      isInside[moved] = enters
      if graph.isRank[moved] { inside += enters ? 1 : -1 }
      for end in ends[moved] {
        // A link counts while it leaves the side: one end inside, the other not.
        if end.leaves {
          if !isInside[end.other] { capacity += enters ? end.total : -end.total }
        } else if isInside[end.other] {
          capacity += enters ? -end.total : end.total
        }
      }
      guard inside > 0, inside < all else { continue }
      let ratio = Double(capacity) / Double(demand(inside, all - inside))
      if best.map({ ratio < $0.ratio }) ?? true { best = (ratio, isInside) }
    }
    return best?.side
  }
}
