import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog
import Quantities
import TopologyFiles

/// Puts the content of hosts into a site where a source shows none of it.
struct HostMaker {
  private struct Content {
    var devices: [Site.Device] = []
    var links: [Site.Link] = []
    /// The adapters that face the fabric.
    var ports: [Int] = []
    var reduces = false
  }

  private let content: Content?
  private let system: String

  /// A maker of hosts of a shipped box.
  init(system: String, _ catalog: HardwareCatalog, _ list: inout DiagnosticList) {
    self.system = system
    content = HostMaker.content(of: system, catalog, &list)
  }

  /// The number of adapters of one host.
  var portCount: Int { content?.ports.count ?? 0 }

  /// Adds a host and gives the devices that face the fabric.
  func add(_ name: String, to site: inout Site) -> [Int] {
    let host = site.add(Site.Host(name: name, system: system))
    guard let content else { return [] }
    let first = site.devices.count
    for var device in content.devices {
      device.host = host
      _ = site.add(device)
    }
    for link in content.links { site.link(first + link.from, first + link.to, count: link.count, link.kind) }
    if content.reduces { site.inSwitchReduction = true }
    return content.ports.map { first + $0 }
  }

  private static func content(
    of system: String, _ catalog: HardwareCatalog, _ list: inout DiagnosticList
  ) -> Content? {
    let known = catalog.systemNames.filter { catalog.systemText(named: $0)?.text.contains("\nunit: box") ?? false }
    guard let name = known.first(where: { $0.lowercased() == system.lowercased() }) else {
      list.unknown(
        "import.system", "unknown box '\(system)'", system, at: nil, among: known,
        otherwise: "known: \(known.joined(separator: ", "))")
      return nil
    }
    let text = "isochrone: 1\ncluster: {boxes: 1 × \(name)}\n"
    let reading = TopologyReader(catalog: catalog).read(SourceText(name: name, text: text))
    guard let cluster = reading.cluster else { return nil }
    let graph = ExplicitGraph(cluster, catalog: catalog)
    guard let graph else { return nil }
    var content = Content()
    content.reduces = cluster.inSwitchReduction
    content.devices = graph.devices.map {
      Site.Device(name: $0.name, kind: $0.kind, part: $0.part, role: $0.row)
    }
    content.links = graph.links.map { Site.Link(from: $0.from, to: $0.to, count: $0.count, kind: $0.kind) }
    content.ports = content.devices.indices.filter { content.devices[$0].kind == .nic }
    return content
  }
}

/// A cluster device by device.
struct ExplicitGraph {
  struct Device {
    var name: String
    /// The names of its path without indices.
    var row: String
    /// The steps of its path, each with its flat index.
    var path: [(name: String, index: Int)]
    var kind: DeviceKind
    var part: String
  }

  struct Edge {
    var from: Int
    var to: Int
    var count: Int
    /// The name of its kind in the catalogue.
    var kind: String
    var type: LinkType
    var tier: Tier
  }

  var devices: [Device] = []
  var links: [Edge] = []
  /// The accelerators in rank order.
  var ranks: [Int] = []

  /// The graph of a cluster; nil where it has more than `limit` vertices.
  init?(_ cluster: Cluster, catalog: HardwareCatalog, limit: Int = 200_000) {
    let topology: Topology
    switch cluster.graph {
    case .explicit(let graph, let accelerators, let names):
      topology = graph
      ranks = accelerators.map(\.index)
      devices = zip(graph.cells, names).map { cell, name in
        let row = String(name.prefix { $0 != "[" })
        return Device(
          name: name, row: row, path: [(row, Int(name.dropFirst(row.count).filter(\.isNumber)) ?? 0)], kind: cell.kind,
          part: "")
      }
    case .blueprint(let blueprint):
      guard let expanded = try? blueprint.expanded(limit: limit) else { return nil }
      topology = expanded.topology
      devices = zip(expanded.topology.cells, expanded.indices).map { cell, indices in
        let template = blueprint.templates[cell.template.index]
        let digit = Dictionary(zip(template.axes, indices)) { first, _ in first }
        let path = template.path.map { step in
          (step.name, step.axes.reduce(0) { $0 * blueprint.axes[$1.index].size + (digit[$1] ?? 0) })
        }
        return Device(
          name: path.map { "\($0.0)[\($0.1)]" }.joined(separator: "/"),
          row: path.map(\.0).joined(separator: "/"), path: path, kind: cell.kind, part: template.part)
      }
      for segment in cluster.ranks.segments {
        let axes = blueprint.templates[segment.template.index].axes
        let own = topology.cells.indices.filter { topology.cells[$0].template == segment.template }
        ranks += own.map { cell in
          (cell, segment.digits.map { axes.firstIndex(of: $0).map { expanded.indices[cell][$0] } ?? 0 })
        }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
      }
    }
    let names = Dictionary(
      catalog.names(of: .links).compactMap(catalog.link).map { ($0.label, $0.name) },
      uniquingKeysWith: { first, _ in first })
    var seen: Set<[Int]> = []
    for (index, arc) in topology.arcs.enumerated() {
      let type = topology.linkTypes[arc.link]
      // Both directions are listed; a link counts once.
      let ends = [min(arc.from.index, arc.to.index), max(arc.from.index, arc.to.index), arc.rule.index, arc.link]
      guard seen.insert(ends).inserted else { continue }
      _ = index
      links.append(
        Edge(
          from: arc.from.index, to: arc.to.index, count: arc.linksPerMember, kind: names[type.name] ?? type.name,
          type: type, tier: arc.tier))
    }
  }
}
