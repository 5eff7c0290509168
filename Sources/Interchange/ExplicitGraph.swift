import ClusterModel
import HardwareCatalog

/// A cluster device by device.
struct ExplicitGraph: Sendable {
  struct Device: Sendable {
    var name: String
    /// The names of its path without indices.
    var row: String
    /// The steps of its path, each with its flat index and how many there are in the step before.
    var path: [(name: String, index: Int, size: Int)]
    var kind: DeviceKind
    var part: String
    var relays: Bool
  }

  struct Edge: Sendable {
    var from: Int
    var to: Int
    var count: Int
    /// The name of its kind in the catalogue.
    var kind: String
    var type: LinkType
    var tier: Tier
  }

  let topology: Topology
  var devices: [Device] = []
  var links: [Edge] = []
  /// The accelerators in rank order.
  var ranks: [Int] = []

  /// The graph of a cluster; nil where it has more than `limit` vertices.
  init?(_ cluster: Cluster, catalog: HardwareCatalog, limit: Int = 200_000) {
    switch cluster.graph {
    case .explicit(let graph, let accelerators, let names):
      topology = graph
      ranks = accelerators.map(\.index)
      devices = zip(graph.cells, names).map { cell, name in
        let row = String(name.prefix { $0 != "[" })
        return Device(
          name: name, row: row, path: [(row, Int(name.dropFirst(row.count).filter(\.isNumber)) ?? 0, 1)],
          kind: cell.kind,
          part: cluster.rows.indices.contains(cell.template.index) ? cluster.rows[cell.template.index].part : "",
          relays: cell.relays)
      }
    case .blueprint(let blueprint):
      guard let expanded = try? blueprint.expanded(limit: limit) else { return nil }
      topology = expanded.topology
      devices = zip(expanded.topology.cells, expanded.indices).map { cell, indices in
        let template = blueprint.templates[cell.template.index]
        let digit = Dictionary(zip(template.axes, indices)) { first, _ in first }
        let path = template.path.map { step in
          (
            step.name, step.axes.reduce(0) { $0 * blueprint.axes[$1.index].size + (digit[$1] ?? 0) },
            step.axes.reduce(1) { $0 * blueprint.axes[$1.index].size }
          )
        }
        return Device(
          name: path.map { "\($0.0)[\($0.1)]" }.joined(separator: "/"),
          row: path.map(\.0).joined(separator: "/"), path: path, kind: cell.kind, part: template.part,
          relays: cell.relays)
      }
      for segment in cluster.ranks.segments {
        let axes = blueprint.templates[segment.template.index].axes
        let own = topology.cells.indices.filter { topology.cells[$0].template == segment.template }
        ranks += own.map { cell in
          (cell, segment.digits.map { axes.firstIndex(of: $0).map { expanded.indices[cell][$0] } ?? 0 })
        }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
      }
    }
    let known = catalog.names(of: .links).compactMap(catalog.link)
    let names = topology.linkTypes.map { type in
      known.first { $0.linkType == type }?.name ?? known.first { $0.label == type.name }?.name ?? type.name
    }
    var seen: Set<[Int]> = []
    for arc in topology.arcs {
      let type = topology.linkTypes[arc.link]
      // Both directions are listed; a link counts once.
      let ends = [min(arc.from.index, arc.to.index), max(arc.from.index, arc.to.index), arc.rule.index, arc.link]
      guard seen.insert(ends).inserted else { continue }
      links.append(
        Edge(
          from: arc.from.index, to: arc.to.index, count: arc.linksPerMember, kind: names[arc.link],
          type: type, tier: arc.tier))
    }
  }
}
