import ClusterModel

extension CapacityBounds {
  /// The most vertices of an explicit graph all of whose cuts are tried one by one.
  static let exhaustiveLimit = 18

  /// A bound on the rate between every ordered pair of ranks at once: the least capacity of a cut over the pairs that it
  /// divides.
  ///
  /// Tries the cuts around every rank and every group of the rank order, and on graphs of up to 18 vertices every cut. No
  /// cut need be reached (a ring in one direction is an example); `allToAll` finds the optimum where it can.
  public func allToAllCut() throws(FlowError) -> CapacityBound? {
    try narrowest { inside, outside in inside.multipliedReportingOverflow(by: outside).partialValue }
  }

  /// A bound on the rate at which every rank can send to the next one in rank order, the last to the first: every group of
  /// consecutive ranks must let one message out and one in.
  public func sendReceiveCut() throws(FlowError) -> CapacityBound? { try narrowest(rootedAtGroups: true) { _, _ in 1 } }

  /// The least capacity over demand among cuts around ranks and groups.
  private func narrowest(
    rootedAtGroups: Bool = false, demand: @Sendable (_ inside: Int, _ outside: Int) -> Int
  ) throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    if !rootedAtGroups, let search = try exhaustible() {
      guard let side = search.narrowestOfAll(demand: demand) else { return nil }
      let inside = search.ranks(in: side)
      let rate = try search.rate(search.capacity(leaving: side), over: demand(inside, ranks - inside))
      guard rate.numerator > 0 else { throw .unreachable }
      return try narrower(CapacityBound(rate: rate, cut: try search.cut(side), isOptimum: false))
    }
    // Of ranks in one group the first is asked for the cut around it.
    var groups: Set<[Int]> = []
    var tries: [RankedFabric.Target: [Int]] = [:]
    for target in fabric.targets {
      tries[target] = (-1..<fabric.levelCount).filter { level in
        fabric.group(of: target, level: level).map { groups.insert([level] + $0).inserted } ?? true
      }
    }
    let most = max(1, CapacityBounds.workLimit / (fabric.arcCount + 1))
    let targets = Array(fabric.targetsByNarrowest(isReversed: false).prefix(most))
    let findings = try fabric.inParts(targets) { [tries] (targets, graph) throws(FlowError) in
      var best: Finding?
      for target in targets {
        let graph = try graph(target)
        for isReversed in fabric.isSymmetric ? [false] : [false, true] {
          let search = try CutSearch(graph, isReversed: isReversed)
          for level in tries[target] ?? [] {
            guard let side = try cut(around: level, search) else { continue }
            let inside = search.ranks(in: side)
            guard inside > 0, inside < ranks else { continue }
            let rate = try search.rate(search.capacity(leaving: side), over: demand(inside, ranks - inside))
            guard rate.numerator > 0 else { throw .unreachable }
            if best.map({ rate < $0.rate }) ?? true {
              best = Finding(rate: rate, target: target, level: level, isReversed: isReversed)
            }
          }
        }
      }
      return best
    }
    let found = findings.compactMap { $0 }
    guard var best = found.first else { return nil }
    for finding in found where finding.rate < best.rate { best = finding }
    let search = try CutSearch(try fabric.graph(of: best.target), isReversed: best.isReversed)
    let side = try cut(around: best.level, search)
    let bound = CapacityBound(
      rate: best.rate, cut: try side.flatMap { (side) throws(FlowError) in try search.cut(side) }, isOptimum: false)
    return rootedAtGroups ? bound : try narrower(bound)
  }

  /// The cut around a target's group of a level.
  private struct Finding: Sendable {
    var rate: Fraction
    var target: RankedFabric.Target
    var level: Int
    var isReversed: Bool
  }

  /// A bound on an all-to-all, or that of the cut which decides an all-gather where it is narrower.
  private func narrower(_ bound: CapacityBound) throws(FlowError) -> CapacityBound {
    guard let cut = try allGather()?.cut else { return bound }
    let pairs = cut.ranksInside.multipliedReportingOverflow(by: cut.ranksOutside)
    guard !pairs.overflow, let rate = cut.capacity.divided(by: Fraction(pairs.partialValue)), rate < bound.rate else {
      return bound
    }
    return CapacityBound(rate: rate, cut: cut, isOptimum: false)
  }

  /// The least cut between the singled-out rank's group of a level and all other ranks; nil where it holds them all.
  private func cut(around level: Int, _ search: CutSearch) throws(FlowError) -> [Bool]? {
    let graph = search.graph
    let ranks = graph.sizes.indices.filter { graph.isRank[$0] }
    let inside = ranks.filter { cell in graph.levels[cell].map { $0 <= level } ?? true }
    let outside = ranks.filter { cell in graph.levels[cell].map { $0 > level } ?? false }
    guard !outside.isEmpty else { return nil }
    return try search.flow(.init(sources: inside.map { ($0, nil) }, sinks: outside.map { ($0, nil) })).isInside
  }

  private func exhaustible() throws(FlowError) -> CutSearch? {
    guard fabric.base.cells.count <= CapacityBounds.exhaustiveLimit, let first = fabric.targets.first,
      fabric.base.cells.allSatisfy({ $0.size == 1 }), fabric.targets.count == ranks
    else { return nil }
    return try CutSearch(try fabric.graph(of: first), isReversed: false)
  }
}
