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
