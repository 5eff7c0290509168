import ClusterModel
import Quantities
import Routing

extension Estimator {
  /// Describes the cluster: devices, links, tiers, capacities and distances.
  /// - Parameter ranks: How many take part, the first in rank order; nil: all.
  /// - Throws: `EstimationError` when the graph cannot be built, or has not so many.
  /// - Complexity: One routing solve per orbit of accelerators; independent of how many devices there are.
  public func describe(ranks: Int? = nil) throws(EstimationError) -> Description {
    let fabric = try FabricView(cluster, ranks: ranks)
    let topology = fabric.topology
    let tiers = tierRows(fabric)
    let whole = wholeTopology()
    let spans = fabric.distances.flatMap { [$0.aligned, $0.unaligned] }.compactMap { $0 }
    let farthest = spans.compactMap(\.farthest).max { $0.latency < $1.latency }
    return Description(
      subject: subject, acceleratorCount: fabric.ladder.ranks,
      acceleratorsPresent: fabric.capacity.accelerators, vertexCount: topology.vertexCount,
      linkCount: topology.directedLinkCount / 2, cellCount: topology.cells.count, devices: devices(topology, of: whole),
      links: links(topology, of: whole), tiers: tiers, bisection: bisection(tiers, ranks: fabric.ladder.ranks),
      diameter: farthest?.latency, diameterHops: farthest?.hops, remarks: cluster.remarks + fabric.remarks,
      assumptions: cluster.assumptions)
  }

  private func name(of cell: Topology.Cell) -> (name: String, part: String) {
    guard case .blueprint(let blueprint) = cluster.graph else {
      // Rows of one kind and part count together, whatever they are called.
      let row = cell.template.index
      return (cell.kind.rawValue, cluster.rows.indices.contains(row) ? cluster.rows[row].part : "")
    }
    let template = blueprint.templates[cell.template.index]
    return (template.name, template.part)
  }

  /// The graph as it would be without exceptions; nil where it has none.
  private func wholeTopology() -> Topology? {
    guard case .blueprint(var blueprint) = cluster.graph, !blueprint.exceptions.isEmpty else { return nil }
    blueprint.exceptions = []
    return try? blueprint.topology()
  }

  private func devices(_ topology: Topology, of whole: Topology?) -> [Description.DeviceCount] {
    var counts = devices(topology)
    for planned in whole.map(devices) ?? [] {
      if let place = counts.firstIndex(where: { $0.name == planned.name && $0.part == planned.part }) {
        counts[place].missing = planned.count - counts[place].count
      } else {
        counts.append(
          .init(name: planned.name, kind: planned.kind, part: planned.part, count: 0, missing: planned.count))
      }
    }
    return counts
  }

  private func links(_ topology: Topology, of whole: Topology?) -> [Description.LinkCount] {
    var counts = links(topology)
    // Pairs of one row without a link are how meshes that are not full, such as that of eight V100, are described.
    for planned in whole.map(links) ?? [] where planned.between.first != planned.between.last {
      // Changed links are of another kind, but there.
      let places = counts.indices.filter { counts[$0].between == planned.between && counts[$0].tier == planned.tier }
      let missing = planned.count - places.reduce(0) { $0 + counts[$1].count }
      guard missing > 0 else { continue }
      if let place = places.first(where: { counts[$0].link == planned.link }) ?? places.first {
        counts[place].missing = missing
      } else {
        var gone = planned
        (gone.count, gone.missing) = (0, missing)
        counts.append(gone)
      }
    }
    return counts
  }

  private func devices(_ topology: Topology) -> [Description.DeviceCount] {
    var counts: [Description.DeviceCount] = []
    for cell in topology.cells {
      let (name, part) = name(of: cell)
      if let place = counts.firstIndex(where: { $0.name == name && $0.part == part && $0.kind == cell.kind }) {
        counts[place].count += cell.size
      } else {
        counts.append(.init(name: name, kind: cell.kind, part: part, count: cell.size))
      }
    }
    return counts
  }

  private func links(_ topology: Topology) -> [Description.LinkCount] {
    var counts: [Description.LinkCount] = []
    var sources: [Set<CellID>] = []
    // The arcs of a mesh by rule are forward in both directions.
    var isMesh: [Bool] = []
    var isByRule = false
    let rings = cluster.ringRules
    if case .blueprint = cluster.graph { isByRule = true }
    // Links round a ring count at both ends, like those of a mesh.
    for arc in topology.arcs where arc.forward || rings.contains(arc.rule) {
      let from = topology.cells[arc.from.index]
      let ends = [name(of: from).name, name(of: topology.cells[arc.to.index]).name]
      let to = topology.cells[arc.to.index]
      let links = arc.linksPerMember * from.size
      if let place = counts.firstIndex(where: {
        $0.between == ends && $0.link == topology.link(of: arc) && $0.tier == arc.tier
      }) {
        counts[place].count += links
        sources[place].insert(arc.from)
      } else {
        counts.append(
          .init(link: topology.link(of: arc), tier: arc.tier, between: ends, count: links, perMember: 0))
        sources.append([arc.from])
        isMesh.append(isByRule && from.template == to.template)
      }
    }
    for place in counts.indices {
      // Cells of one row that differ only in what they link to count once.
      let members = sources[place].reduce(0) { $0 + topology.cells[$1.index].size }
      counts[place].perMember = Double(counts[place].count) / Double(members)
      if isMesh[place] { counts[place].count /= 2 }
    }
    return counts
  }

  private func tierRows(_ fabric: FabricView) -> [Description.TierRow] {
    var rows: [Description.TierRow] = []
    var below: Bandwidth?
    for (index, level) in fabric.wholeLadder.levels.enumerated() {
      // Boards inside a domain are as far across as the domain.
      let inside = fabric.wholeLadder.levels.count - fabric.ladder.levels.count
      let path = longest(fabric.distances.prefix(max(index - inside, 0) + 1))
      let own = fabric.capacity.perAccelerator(level.tier)
      let isNetwork = fabric.wholeLadder.scaleUpLevel.map { index > $0 } ?? true
      let bandwidth = own ?? inherited(fabric, index)
      rows.append(
        .init(
          tier: level.tier, groups: level.groupCount, acceleratorsPerGroup: level.largestSize,
          bandwidthPerAccelerator: bandwidth, latency: path?.latency, switchHops: path?.switches,
          oversubscription: isNetwork ? below.map { max(1, $0 / bandwidth) } ?? 1 : 1))
      if isNetwork { below = bandwidth }
    }
    return rows
  }

  /// Boards inside a scale-up domain have no links of their own tier: their accelerators meet in the domain's switches.
  private func inherited(_ fabric: FabricView, _ index: Int) -> Bandwidth {
    for level in fabric.wholeLadder.levels[index...] {
      if let capacity = fabric.capacity.perAccelerator(level.tier) { return capacity }
    }
    return fabric.capacity.scaleUpPerAccelerator
  }

  private func longest(_ distances: ArraySlice<LevelDistances>) -> LevelDistances.Path? {
    distances.flatMap { [$0.aligned?.farthest, $0.unaligned?.farthest] }.compactMap { $0 }
      .max { ($0.latency, $0.hops) < ($1.latency, $1.hops) }
  }

  /// Half of the accelerators to the other half: the narrowest tier that joins several groups, or the only tier.
  private func bisection(_ tiers: [Description.TierRow], ranks: Int) -> Bandwidth {
    let dividing = tiers.indices.filter { $0 == 0 ? tiers[0].groups == 1 : tiers[$0 - 1].groups > 1 }
    let narrowest = dividing.map { tiers[$0].bandwidthPerAccelerator }.min() ?? tiers.last?.bandwidthPerAccelerator
    return (narrowest ?? .zero) * (Double(ranks) / 2)
  }
}
