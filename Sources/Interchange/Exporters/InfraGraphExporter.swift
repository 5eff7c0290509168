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
    var links: Set<LinkName>
    var hosts: [Int]
  }

  /// Links by the name that the file gives them.
  private struct LinkName: Hashable {
    var kind: String
    /// Where it is not the usual one.
    var tier: Tier?

    init(_ kind: String, _ tier: Tier?) {
      self.kind = kind
      self.tier = tier
    }

    var text: String { kind + (tier.map { "-\($0)" } ?? "") }
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
      let links = Set(inner.map { LinkName($0.kind, $0.tier) })
      let number = kinds.firstIndex { $0.shape == shaped.shape && $0.edges == edges } ?? kinds.count
      if number == kinds.count {
        kinds.append(
          Kind(name: "host\(number + 1)", shape: shaped.shape, edges: edges, links: links, hosts: []))
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
    lines += linkLines(Set(cables.map { LinkName($0.kind, $0.tier) }), cluster, indent: "")
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
        let link = LinkName(cable.kind, cable.tier).text
        lines.append("  - {ep1: \(ends[0]), ep2: \(ends[1]), scheme: one2one, link: \(link)}")
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
      let part = row.part.isEmpty ? row.kind.rawValue : row.part
      let about = row.relays.map { "\"\(part), \($0 ? "relays" : "does not relay")\"" } ?? part
      lines.append("      - {name: \(row.name), choice: \(choice), count: \(row.count), description: \(about)}")
    }
    lines += linkLines(kind.links, cluster, indent: "    ")
    lines.append(kind.links.isEmpty ? "    edges: []" : "    edges:")
    lines += kind.edges
    for rule in kind.shape.rules {
      let (from, to) = (kind.shape.rows[rule.from], kind.shape.rows[rule.to])
      let link = LinkName(rule.link, rule.tier).text
      for _ in 0..<rule.perPair {
        switch rule.match {
        case .all, .mesh: lines.append(edge(from.name, to.name, "many2many", link))
        case .aligned:
          for index in 0..<max(from.count, to.count) {
            let one = index / max(1, to.count / from.count)
            let other = index / max(1, from.count / to.count)
            lines.append(edge("\(from.name)[\(one)]", "\(to.name)[\(other)]", "one2one", link))
          }
        }
      }
    }
    return lines
  }

  /// Edges that are no rule, those from neighbouring devices of a row to neighbouring ones together.
  private func listed(_ links: [Site.Link], _ host: ShapedHost) -> [String] {
    struct End: Hashable {
      var row: Int
      var index: Int
    }
    struct Run {
      var from: End
      var to: End
      var count: Int
      var link: LinkName
    }
    var runs: [Run] = []
    // The run that would go on at two devices.
    var open: [[AnyHashable]: Int] = [:]
    for link in links {
      guard let from = host.places[link.from], let to = host.places[link.to] else { continue }
      let name = LinkName(link.kind, link.tier)
      for number in 0..<link.count {
        let (one, other) = (End(row: from.row, index: from.index), End(row: to.row, index: to.index))
        let run = open.removeValue(forKey: [one, other, name, number]) ?? runs.count
        if run == runs.count { runs.append(Run(from: one, to: other, count: 0, link: name)) }
        runs[run].count += 1
        let next = [End(row: one.row, index: one.index + 1), End(row: other.row, index: other.index + 1)]
        open[[next[0], next[1], name, number]] = run
      }
    }
    func name(_ end: End, _ count: Int) -> String {
      let row = host.shape.rows[end.row].name
      return count == 1 ? "\(row)[\(end.index)]" : "\(row)[\(end.index):\(end.index + count)]"
    }
    return runs.map { edge(name($0.from, $0.count), name($0.to, $0.count), "one2one", $0.link.text) }
  }

  private func edge(_ from: String, _ to: String, _ scheme: String, _ link: String) -> String {
    "      - {ep1: {component: \"\(from)\"}, ep2: {component: \"\(to)\"}, scheme: \(scheme), link: \(link)}"
  }

  private func linkLines(_ names: Set<LinkName>, _ cluster: ExportedCluster, indent: String) -> [String] {
    guard !names.isEmpty else { return ["\(indent)links: []"] }
    return ["\(indent)links:"]
      + names.sorted { $0.text < $1.text }.compactMap { name in
        guard let type = cluster.graph.links.first(where: { OwnParts.name($0.kind) == name.kind })?.type else {
          return nil
        }
        let about = type.technology.rawValue + (name.tier.map { ", tier \($0)" } ?? "")
        return "\(indent)  - {name: \(name.text), description: \"\(about)\", physical: {bandwidth: {choice: "
          + "gigabytes_per_second, gigabytes_per_second: \(type.bandwidth.gigabytesPerSecond)}, "
          + "latency: {choice: ns, ns: \(Double(type.latency.picoseconds) / 1000)}}}"
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
