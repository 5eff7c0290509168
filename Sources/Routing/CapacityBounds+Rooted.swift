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
    let (rooted, root) = try fabric.rooted()
    let sorted = rooted.targetsByNarrowest(isReversed: isReversed).filter { $0.cell.index != root }
    let targets = Array(sorted.prefix(max(1, CapacityBounds.workLimit / (fabric.arcCount + 1))))
    let findings = try rooted.inParts(targets) { (targets, graph) throws(FlowError) in
      var best: (value: Int128, target: RankedFabric.Target, rate: Fraction)?
      for target in targets {
        let search = try CutSearch(try graph(target), isReversed: isReversed)
        guard let single = search.graph.singled.first else { throw .rank(target.cell) }
        // More than the least so far need not be sent.
        let (value, _) = try search.flow(.init(sources: [(root, best?.value)], sinks: [(single, nil)]))
        guard value > 0 else { throw .unreachable }
        if best.map({ value < $0.value }) ?? true { best = (value, target, try search.rate(value, over: 1)) }
      }
      return best.map { (rate: $0.rate, target: $0.target) }
    }
    let found = findings.compactMap { $0 }
    guard var best = found.first else { return nil }
    for finding in found where finding.rate < best.rate { best = finding }
    let search = try CutSearch(try rooted.graph(ofRootAnd: best.target), isReversed: isReversed)
    guard search.graph.singled.count == 2 else { throw .rank(best.target.cell) }
    let (_, isInside) = try search.flow(
      .init(sources: [(search.graph.singled[0], nil)], sinks: [(search.graph.singled[1], nil)]))
    return CapacityBound(
      rate: best.rate, cut: try search.cut(isInside), isOptimum: targets.count == sorted.count)
  }

  private func fromRoot(isReversed: Bool) throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    let graph = try fabric.graphOfRoot()
    guard let root = graph.singled.first else { throw .rank(CellID(0)) }
    let search = try CutSearch(graph, isReversed: isReversed)
    let others = graph.sizes.indices.filter { graph.isRank[$0] && $0 != root }
    var isInside = graph.sizes.indices.map { $0 == root }
    while true {
      let wanting = search.ranks(in: isInside.map { !$0 })
      let rate = try search.rate(search.capacity(leaving: isInside), over: wanting)
      guard rate.numerator > 0 else { throw .unreachable }
      let parts = try search.units(rate)
      let needed = parts.numerator.multipliedReportingOverflow(by: Int128(ranks - 1))
      guard !needed.overflow else { throw .tooFineCapacities }
      let flow = try search.flow(
        .init(
          sources: [(root, nil)], sinks: others.map { ($0, parts.numerator * Int128(graph.sizes[$0])) },
          parts: parts.denominator))
      guard flow.value < needed.partialValue else {
        return CapacityBound(rate: rate, cut: try search.cut(isInside), isOptimum: true)
      }
      isInside = flow.isInside
    }
  }
}
