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
    let counts = try fabric.inParts(Array(fabric.targets.prefix(1))) { (targets, graph) throws(FlowError) in
      try targets.map { (target) throws(FlowError) in Set(try graph(target).domains.compactMap { $0 }) }
    }
    let domains = counts.joined().first.map { $0.reduce(0) { $0 + $1.count } } ?? 0
    guard domains > 1 else { return nil }
    return try gathering(isReversed: false, byDomain: true).map { ($0, domains) }
  }

  /// The rate that a target, or a cut on the way to it, allows.
  private struct Finding: Sendable {
    var rate: Fraction
    var target: RankedFabric.Target
  }

  private func gathering(isReversed: Bool, byDomain: Bool) throws(FlowError) -> CapacityBound? {
    guard ranks > 1 else { return nil }
    let sorted = fabric.targetsByNarrowest(isReversed: isReversed)
    let most = max(1, CapacityBounds.workLimit / (fabric.arcCount + 1))
    let isComplete = sorted.count <= most
    let targets = Array(sorted.prefix(most))
    // The narrowest way into a rank mostly decides, so that all other flows only confirm it.
    let first = try leastRates(of: Array(targets.prefix(1)), isReversed: isReversed, byDomain: byDomain)
    guard var best = first.first else { return nil }
    for finding in try leastRates(of: targets, from: best, isReversed: isReversed, byDomain: byDomain)
    where finding.rate < best.rate {
      best = finding
    }
    return CapacityBound(
      rate: best.rate, cut: try cut(best, isReversed: isReversed, byDomain: byDomain),
      isOptimum: isComplete && !byDomain)
  }

  private func leastRates(
    of targets: [RankedFabric.Target], from known: Finding? = nil, isReversed: Bool, byDomain: Bool
  ) throws(FlowError) -> [Finding] {
    try fabric.inParts(targets) { (targets, graph) throws(FlowError) in
      try leastRate(of: targets, from: known, isReversed: isReversed, byDomain: byDomain, graph)
    }.compactMap { $0 }
  }

  /// The least rate that some targets allow, if it is less than a known one.
  private func leastRate(
    of targets: ArraySlice<RankedFabric.Target>, from known: Finding?, isReversed: Bool, byDomain: Bool,
    _ graph: (RankedFabric.Target) throws(FlowError) -> RankedGraph
  ) throws(FlowError) -> Finding? {
    var best = known
    for target in targets {
      let search = try CutSearch(try graph(target), isReversed: isReversed)
      guard let units = CapacityBounds.units(search.graph, byDomain: byDomain) else { throw .rank(target.cell) }
      guard units.others > 0 else { continue }
      // Everything but the rank, with its domain, is a set that misses it.
      var narrowest = [Bool](repeating: true, count: search.graph.sizes.count)
      for cell in units.own { narrowest[cell] = false }
      let rate = try search.rate(search.capacity(leaving: narrowest), over: units.others)
      guard rate.numerator > 0 else { throw .unreachable }
      if best.map({ rate < $0.rate }) ?? true { best = Finding(rate: rate, target: target) }
      while let current = best, let improved = try improvement(on: current.rate, search, units) {
        guard improved.numerator > 0 else { throw .unreachable }
        best = Finding(rate: improved, target: target)
      }
    }
    return best
  }

  /// The largest cut that proves a rate.
  private func cut(_ finding: Finding, isReversed: Bool, byDomain: Bool) throws(FlowError) -> CapacityBound.Cut? {
    let search = try CutSearch(try fabric.graph(of: finding.target), isReversed: isReversed)
    guard let units = CapacityBounds.units(search.graph, byDomain: byDomain) else { return nil }
    return try search.cut(try search.flow(units.ends(try search.units(finding.rate))).isInside)
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

  private static func units(_ graph: RankedGraph, byDomain: Bool) -> Units? {
    guard let single = graph.singled.first else { return nil }
    let cells = graph.sizes.indices.filter { graph.isRank[$0] }
    guard byDomain, !graph.domains.isEmpty else {
      return Units(
        members: cells.compactMap { $0 == single ? nil : ($0, graph.sizes[$0]) }, own: [single], target: single,
        bundles: [])
    }
    let bundles = Dictionary(grouping: cells) { graph.domains[$0] }.sorted { $0.value[0] < $1.value[0] }
    let own = bundles.first { $0.value.contains(single) }?.value ?? [single]
    return Units(
      members: bundles.compactMap { $0.value == own ? nil : ($0.value[0], $0.key?.count ?? 1) }, own: own,
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
