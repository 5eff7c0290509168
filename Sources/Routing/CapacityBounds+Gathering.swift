import ClusterModel
import Quantities

extension CapacityBounds {
  /// The rate per rank of an all-gather: every rank's equal part of the array reaches all others at this rate, so an array
  /// of M bytes over N ranks takes M / N over it.
  ///
  /// The optimum over all schedules that pipeline: the least capacity that leaves a set of vertices, over the ranks in it,
  /// of all sets that miss a rank. Found by maximum flows to one rank of each orbit; a violated cut gives the next rate
  /// (Dinkelbach, 1967; the optimality by packing of trees: Edmonds, 1973; for switched fabrics Zhao et al., ForestColl,
  /// 2024).
  /// - Returns: The bound; nil for fewer than two ranks.
  /// - Throws: `FlowError` when a rank is unreachable or figures do not fit.
  /// - Complexity: A maximum flow per orbit of ranks and per improvement of the rate; few improvements occur.
  public func allGather() throws(FlowError) -> CapacityBound? { try gathering(isReversed: false, byDomain: false) }

  /// The same for a reduce-scatter, whose traffic is that of an all-gather with every link reversed.
  public func reduceScatter() throws(FlowError) -> CapacityBound? {
    try gathering(isReversed: !fabric.isSymmetric, byDomain: false)
  }

  /// The rate per scale-up domain of an all-gather between domains, inside which everything is free.
  /// - Returns: The bound, and how many domains there are; nil where there are fewer than two.
  public func allGatherBetweenDomains() throws(FlowError) -> (bound: CapacityBound, domains: Int)? {
    guard let first = fabric.targets.first else { return nil }
    let graph = try fabric.graph(of: first)
    guard let domains = CapacityBounds.domainCount(graph), domains > 1 else { return nil }
    return try gathering(isReversed: false, byDomain: true).map { ($0, domains) }
  }

  private static func bundles(_ graph: RankedGraph) -> [[Int]: [Int]] {
    guard !graph.domains.isEmpty else { return [:] }
    return Dictionary(grouping: graph.topology.cells.indices.filter { graph.isRank[$0] }) { graph.domains[$0] }
  }

  private static func domainCount(_ graph: RankedGraph) -> Int? {
    let bundles = bundles(graph)
    return bundles.isEmpty ? nil : bundles.keys.reduce(0) { $0 + domains(named: $1) }
  }

  /// How many domains share a name: the product of their blocks' sizes.
  private static func domains(named name: [Int]) -> Int {
    stride(from: 1, to: name.count - 1, by: 2).reduce(1) { $0 * (name[$1 + 1] - name[$1]) }
  }

  private func gathering(isReversed: Bool, byDomain: Bool) throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    var best: (rate: Fraction, search: CutSearch, target: Int)?
    var work = 0
    var isComplete = true
    for target in fabric.targetsByNarrowest(isReversed: isReversed) {
      guard work <= CapacityBounds.workLimit else {
        isComplete = false
        break
      }
      let graph = try fabric.graph(of: target)
      guard let single = graph.singled.first?.index else { throw .rank(target.cell) }
      let search = try CutSearch(graph, isReversed: isReversed)
      let units = CapacityBounds.units(graph, single: single, byDomain: byDomain)
      guard units.others > 0 else { continue }
      // Everything but the rank, with its domain, is a set that misses it.
      var narrowest = [Bool](repeating: true, count: graph.topology.cells.count)
      for cell in units.own { narrowest[cell] = false }
      let rate = try search.rate(search.capacity(leaving: narrowest), over: units.others)
      guard rate.numerator > 0 else { throw .unreachable }
      if best.map({ rate < $0.rate }) ?? true { best = (rate, search, single) }
      while let current = best {
        work += graph.topology.arcs.count
        let improved = try improvement(on: current.rate, search, units)
        guard let improved else { break }
        guard improved.numerator > 0 else { throw .unreachable }
        best = (improved, search, single)
      }
    }
    guard let best else { return nil }
    let units = CapacityBounds.units(best.search.graph, single: best.target, byDomain: byDomain)
    let parts = try best.search.units(best.rate)
    let side = try best.search.flow(units.ends(parts)).isInside
    return CapacityBound(rate: best.rate, cut: try best.search.cut(side), isOptimum: isComplete && !byDomain)
  }

  /// The rate of a cut that a rate violates; nil where every flow is large enough.
  private func improvement(on rate: Fraction, _ search: CutSearch, _ units: Units) throws(FlowError) -> Fraction? {
    let parts = try search.units(rate)
    let needed = parts.numerator.multipliedReportingOverflow(by: Int128(units.others))
    guard !needed.overflow else { throw .tooFineCapacities }
    let (value, isInside) = try search.flow(units.ends(parts))
    guard value < needed.partialValue else { return nil }
    let members = units.members.reduce(0) { $0 + (isInside[$1.cell] ? $1.count : 0) }
    return try search.rate(search.capacity(leaving: isInside), over: members)
  }

  /// What sends equal parts: ranks or whole domains.
  private struct Units {
    /// A cell of each group of alike units, and how many there are; the target's own is left out.
    var members: [(cell: Int, count: Int)]
    /// The cells of the target's own unit.
    var own: [Int]
    var target: Int
    var bundles: [[Int]]

    var others: Int { members.reduce(0) { $0 + $1.count } }

    func ends(_ rate: Fraction) -> CutSearch.Ends {
      CutSearch.Ends(
        sources: members.map { ($0.cell, rate.numerator * Int128($0.count)) }, sinks: [(target, nil)],
        parts: rate.denominator, bundles: bundles)
    }
  }

  private static func units(_ graph: RankedGraph, single: Int, byDomain: Bool) -> Units {
    guard byDomain else {
      let cells = graph.topology.cells.indices.filter { graph.isRank[$0] && $0 != single }
      return Units(
        members: cells.map { ($0, graph.topology.cells[$0].size) }, own: [single], target: single, bundles: [])
    }
    let bundles = bundles(graph).sorted { $0.value[0] < $1.value[0] }
    let own = bundles.first { $0.value.contains(single) }?.value ?? [single]
    return Units(
      members: bundles.filter { $0.value != own }.map { ($0.value[0], domains(named: $0.key)) }, own: own,
      target: single, bundles: bundles.map(\.value))
  }
}

extension RankedFabric {
  /// The targets, those with the least capacity of their own links first.
  func targetsByNarrowest(isReversed: Bool) -> [Target] {
    var widths: [CellID: Double] = [:]
    for target in targets {
      widths[target.cell] =
        isReversed
        ? base.arcs[base.outgoing[target.cell.index]..<base.outgoing[target.cell.index + 1]]
          .reduce(0) { $0 + width($1, members: base.cells[target.cell.index].size) }
        : base.arcsByTarget[base.incoming[target.cell.index]..<base.incoming[target.cell.index + 1]]
          .reduce(0) { $0 + width(base.arcs[$1], members: base.cells[target.cell.index].size) }
    }
    return targets.sorted { (widths[$0.cell] ?? 0, $0.cell) < (widths[$1.cell] ?? 0, $1.cell) }
  }

  private func width(_ arc: Topology.Arc, members: Int) -> Double {
    base.link(of: arc).bandwidth.bytesPerSecond * Double(arc.linksPerMember) * Double(base.cells[arc.from.index].size)
      / Double(members)
  }
}
