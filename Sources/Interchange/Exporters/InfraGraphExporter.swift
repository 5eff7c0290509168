import ClusterModel
import Quantities

/// InfraGraph's YAML: a device for each kind of host and switch, instances, and edges.
public struct InfraGraphExporter: Exporter {
  /// The name in commands.
  public let name = "infragraph"
  /// What it is.
  public let about = "an infrastructure in YAML of InfraGraph"

  /// An exporter.
  public init() {}

  private struct Kind {
    var name: String
    var shape: HostShape
    /// Edges one by one, where there are no rules.
    var edges: [String]
    var links: Set<String>
    var hosts: [Int]
  }

  /// Writes the infrastructure.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    let site = cluster.site()
    var kinds: [Kind] = []
    var places: [Int: (instance: String, component: String)] = [:]
    for host in site.hosts.indices {
      let members = site.devices.indices.filter { site.devices[$0].host == host }
      let inner = site.links.filter { site.devices[$0.from].host == host && site.devices[$0.to].host == host }
      let shaped = ShapedHost(members, links: inner, of: site, system: "") ?? ShapedHost(listing: members, of: site)
      let edges = shaped.shape.rules.isEmpty ? listed(inner, shaped) : []
      let number = kinds.firstIndex { $0.shape == shaped.shape && $0.edges == edges } ?? kinds.count
      if number == kinds.count {
        kinds.append(
          Kind(
            name: "host\(number + 1)", shape: shaped.shape, edges: edges, links: Set(inner.map(\.kind)), hosts: []))
      }
      for (device, place) in shaped.places {
        let row = shaped.shape.rows[place.row].name
        places[device] = ("\(kinds[number].name)[\(kinds[number].hosts.count)]", "\(row)[\(place.index)]")
      }
      kinds[number].hosts.append(host)
    }
    var ports = [Int](repeating: 0, count: site.devices.count)
    let cables = site.links.filter { site.devices[$0.from].host == nil || site.devices[$0.to].host == nil }
    for cable in cables {
      for end in [cable.from, cable.to] where site.devices[end].host == nil { ports[end] += cable.count }
    }
    var lines = [
      "# Written from \(TopologyText.plain(cluster.cluster.name)).", "name: \(TopologyText.quoted(site.name))",
    ]
    lines.append("devices:")
    for kind in kinds { lines += device(kind, cluster) }
    let between = site.devices.indices.filter { site.devices[$0].host == nil }
    let groups = Dictionary(grouping: between) {
      "\(site.devices[$0].part)|\(ports[$0])|\(site.devices[$0].kind.rawValue)"
    }
    let ordered = groups.values.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    for (number, group) in ordered.enumerated() {
      let first = site.devices[group[0]]
      let about = first.part.isEmpty ? first.kind.rawValue : first.part
      lines += [
        "  - name: switch\(number + 1)", "    description: \(about)", "    components:",
        "      - {name: asic, choice: switch, count: 1}",
        "      - {name: port, choice: port, count: \(max(1, ports[group[0]]))}", "    links: []", "    edges: []",
      ]
    }
    lines.append("instances:")
    for kind in kinds { lines.append("  - {name: \(kind.name), device: \(kind.name), count: \(kind.hosts.count)}") }
    for (number, group) in ordered.enumerated() {
      lines.append("  - {name: sw\(number + 1), device: switch\(number + 1), count: \(group.count)}")
      for (index, device) in group.enumerated() { places[device] = ("sw\(number + 1)[\(index)]", "port") }
    }
    lines += linkLines(Set(cables.map(\.kind)), cluster, indent: "")
    lines.append(cables.isEmpty ? "edges: []" : "edges:")
    var used = [Int](repeating: 0, count: site.devices.count)
    for cable in cables {
      for _ in 0..<cable.count {
        let ends = [cable.from, cable.to].map { device -> String in
          guard let (instance, component) = places[device] else { return "{}" }
          guard component == "port" else { return "{instance: \"\(instance)\", component: \"\(component)\"}" }
          defer { used[device] += 1 }
          return "{instance: \"\(instance)\", component: \"port[\(used[device])]\"}"
        }
        lines.append("  - {ep1: \(ends[0]), ep2: \(ends[1]), scheme: one2one, link: \(cable.kind)}")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func device(_ kind: Kind, _ cluster: ExportedCluster) -> [String] {
    var lines = ["  - name: \(kind.name)", "    components:"]
    for row in kind.shape.rows {
      let choice =
        switch row.kind {
        case .accelerator: "xpu"
        case .cpu: "cpu"
        case .nic: "nic"
        case .pcieSwitch, .scaleUpSwitch: "switch"
        default: "custom"
        }
      let about = row.part.isEmpty ? row.kind.rawValue : row.part
      lines.append("      - {name: \(row.name), choice: \(choice), count: \(row.count), description: \(about)}")
    }
    lines += linkLines(kind.links, cluster, indent: "    ")
    lines.append(kind.links.isEmpty ? "    edges: []" : "    edges:")
    lines += kind.edges
    for rule in kind.shape.rules {
      let (from, to) = (kind.shape.rows[rule.from], kind.shape.rows[rule.to])
      for _ in 0..<rule.perPair {
        switch rule.match {
        case .all, .mesh: lines.append(edge(from.name, to.name, "many2many", rule.link))
        case .aligned:
          for index in 0..<max(from.count, to.count) {
            let one = index / max(1, to.count / from.count)
            let other = index / max(1, from.count / to.count)
            lines.append(edge("\(from.name)[\(one)]", "\(to.name)[\(other)]", "one2one", rule.link))
          }
        }
      }
    }
    return lines
  }

  private func listed(_ links: [Site.Link], _ host: ShapedHost) -> [String] {
    func name(_ device: Int) -> String {
      guard let place = host.places[device] else { return "" }
      return "\(host.shape.rows[place.row].name)[\(place.index)]"
    }
    return links.flatMap { link in
      [String](repeating: edge(name(link.from), name(link.to), "one2one", link.kind), count: link.count)
    }
  }

  private func edge(_ from: String, _ to: String, _ scheme: String, _ link: String) -> String {
    "      - {ep1: {component: \"\(from)\"}, ep2: {component: \"\(to)\"}, scheme: \(scheme), link: \(link)}"
  }

  private func linkLines(_ kinds: Set<String>, _ cluster: ExportedCluster, indent: String) -> [String] {
    guard !kinds.isEmpty else { return ["\(indent)links: []"] }
    return ["\(indent)links:"]
      + kinds.sorted().map { kind in
        let rate = cluster.graph.links.first { $0.kind == kind }?.type.bandwidth.gigabytesPerSecond ?? 0
        return "\(indent)  - {name: \(kind), physical: {bandwidth: {choice: gigabytes_per_second, "
          + "gigabytes_per_second: \(rate)}}}"
      }
  }
}

extension ExportedCluster {
  /// The cluster as a site, its unused accelerators left out.
  func site() -> Site {
    var site = Site(name: cluster.name)
    site.inSwitchReduction = cluster.inSwitchReduction
    for host in hosts { _ = site.add(Site.Host(name: host.name)) }
    let ranked = Set(graph.ranks)
    var number = [Int?](repeating: nil, count: graph.devices.count)
    let order =
      graph.ranks + graph.devices.indices.filter { !ranked.contains($0) && graph.devices[$0].kind != .accelerator }
    for index in order {
      let device = graph.devices[index]
      number[index] = site.add(
        .init(
          name: plainName(of: index), kind: device.kind, part: device.part, host: hostOf[index], role: device.row,
          relays: device.relays == (device.kind != .accelerator) ? nil : device.relays))
    }
    for link in graph.links {
      guard let from = number[link.from], let to = number[link.to] else { continue }
      site.link(from, to, count: link.count, OwnParts.name(link.kind), tier: link.tier)
    }
    return site
  }
}
