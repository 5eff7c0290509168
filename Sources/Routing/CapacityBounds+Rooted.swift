import ClusterModel

extension CapacityBounds {
  /// The rate at which rank 0 can send the same bytes to every other rank: the least maximum flow to any of them.
  /// - Returns: The bound; nil for fewer than two ranks. Reached where the ranks pass on what they receive (Edmonds, 1973).
  public func broadcast() throws(FlowError) -> CapacityBound? { try toEachRank(isReversed: false) }

  /// The same for a reduction to rank 0.
  public func reduce() throws(FlowError) -> CapacityBound? { try toEachRank(isReversed: true) }

  /// The least capacity between two sides with a rank each: what an all-reduce must cross once even where switches reduce.
  public func separation() throws(FlowError) -> CapacityBound? {
    let outward = try toEachRank(isReversed: false)
    guard !fabric.isSymmetric, let outward, let inward = try toEachRank(isReversed: true) else { return outward }
    return inward.rate < outward.rate ? inward : outward
  }

  /// The rate per rank at which rank 0 can send different bytes to every other rank.
  public func scatter() throws(FlowError) -> CapacityBound? { try fromRoot(isReversed: false) }

  /// The same for gathering at rank 0.
  public func gather() throws(FlowError) -> CapacityBound? { try fromRoot(isReversed: true) }

  private func toEachRank(isReversed: Bool) throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    var best: (rate: Fraction, search: CutSearch, isInside: [Bool])?
    var work = 0
    var isComplete = true
    for pair in try fabric.pairs() {
      guard work <= CapacityBounds.workLimit else {
        isComplete = false
        break
      }
      let graph = try fabric.graph(of: pair)
      work += graph.topology.arcs.count
      guard graph.singled.count == 2 else { throw .rank(graph.singled.first ?? CellID(0)) }
      let search = try CutSearch(graph, isReversed: isReversed)
      let (value, isInside) = try search.flow(
        .init(sources: [(graph.singled[0].index, nil)], sinks: [(graph.singled[1].index, nil)]))
      guard value > 0 else { throw .unreachable }
      let rate = try search.rate(value, over: 1)
      if best.map({ rate < $0.rate }) ?? true { best = (rate, search, isInside) }
    }
    guard let best else { return nil }
    return CapacityBound(rate: best.rate, cut: try best.search.cut(best.isInside), isOptimum: isComplete)
  }

  private func fromRoot(isReversed: Bool) throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    let graph = try fabric.graphOfRoot()
    guard let root = graph.singled.first?.index else { throw .rank(CellID(0)) }
    let search = try CutSearch(graph, isReversed: isReversed)
    let others = graph.topology.cells.indices.filter { graph.isRank[$0] && $0 != root }
    var isInside = graph.topology.cells.indices.map { $0 == root }
    while true {
      let wanting = search.ranks(in: isInside.map { !$0 })
      let rate = try search.rate(search.capacity(leaving: isInside), over: wanting)
      guard rate.numerator > 0 else { throw .unreachable }
      let parts = try search.units(rate)
      let needed = parts.numerator.multipliedReportingOverflow(by: Int128(ranks - 1))
      guard !needed.overflow else { throw .tooFineCapacities }
      let flow = try search.flow(
        .init(
          sources: [(root, nil)], sinks: others.map { ($0, parts.numerator * Int128(graph.topology.cells[$0].size)) },
          parts: parts.denominator))
      guard flow.value < needed.partialValue else {
        return CapacityBound(rate: rate, cut: try search.cut(isInside), isOptimum: true)
      }
      isInside = flow.isInside
    }
  }
}
