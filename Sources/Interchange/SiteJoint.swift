import ClusterModel

/// Several nodes and the fabric between them as one site, joined by the GUIDs of adapters or by the names of hosts.
public struct SiteJoint {
  /// Why they make no cluster.
  public struct Mistake: Error, Sendable {
    /// One sentence without a full stop.
    public var message: String
    /// Further sentences.
    public var notes: [String]
  }

  private struct Node {
    var site: Site
    var host: Int
  }

  private let nodes: [Node]
  private let fabric: Site?

  /// Nodes with what joins them.
  public init(_ sites: [Site], fabric: Site?) {
    nodes = sites.flatMap { site in site.hosts.indices.map { Node(site: site, host: $0) } }
    self.fabric = fabric
  }

  /// One site of them all.
  /// - Throws: `Mistake` where nothing joins.
  public func site() throws(Mistake) -> Site {
    guard let fabric else {
      guard nodes.count == 1 else {
        throw Mistake(
          message: "nothing says how the \(nodes.count) nodes are joined", notes: ["--fabric names a file that does"])
      }
      return nodes[0].site
    }
    var result = Site(name: fabric.name, parts: fabric.parts)
    for note in fabric.notes where !note.text.hasPrefix("one accelerator") && note.text != "the GPUs of the hosts" {
      result.note(note.kind, note.text)
    }
    var places: [Int: Int] = [:]
    var used: Set<Int> = []
    var unknown: [String] = []
    var ports: [Int: Int] = [:]
    for (host, description) in fabric.hosts.enumerated() {
      guard let node = nodes.indices.first(where: { !used.contains($0) && isSame(nodes[$0], description) }) else {
        unknown.append(description.name)
        continue
      }
      used.insert(node)
      add(nodes[node], named: description.name, to: &result, portsOf: host, of: fabric, &ports)
    }
    guard !used.isEmpty else {
      throw Mistake(
        message: "no node is in the fabric: neither GUIDs of adapters nor names of hosts agree",
        notes: [
          "nodes: \(names(nodes.map { $0.site.hosts[$0.host].name }))", "fabric: \(names(fabric.hosts.map(\.name)))",
        ])
    }
    for index in switches(of: fabric, above: Set(ports.keys)) { places[index] = result.add(fabric.devices[index]) }
    for link in fabric.links {
      guard let from = places[link.from] ?? ports[link.from], let to = places[link.to] ?? ports[link.to] else {
        continue
      }
      result.link(from, to, count: link.count, link.kind, degradedTo: link.degradedTo, tier: link.tier)
    }
    report(unknown, used, &result)
    return result
  }

  private func isSame(_ node: Node, _ host: Site.Host) -> Bool {
    let own = node.site.hosts[node.host]
    if !own.identities.isDisjoint(with: host.identities) { return true }
    let names = [own.name, own.name.split(separator: ".").first.map(String.init) ?? own.name]
    return names.contains { name in
      name.lowercased() == host.name.lowercased()
        || name.lowercased().hasSuffix("-" + host.name.lowercased())
    }
  }

  private func names(_ all: [String]) -> String {
    all.prefix(8).joined(separator: ", ") + (all.count > 8 ? ", …" : "")
  }

  /// Puts a node into the site; its adapters take the cables of the fabric's, by GUID order as they are numbered.
  private func add(
    _ node: Node, named name: String, to result: inout Site, portsOf host: Int, of fabric: Site,
    _ ports: inout [Int: Int]
  ) {
    var own = node.site.hosts[node.host]
    own.name = name
    own.system = ""
    let number = result.add(own)
    result.parts.add(node.site.parts)
    if node.site.inSwitchReduction { result.inSwitchReduction = true }
    for note in node.site.notes { result.note(note.kind, note.text) }
    var places: [Int: Int] = [:]
    for index in node.site.devices.indices where node.site.devices[index].host == node.host {
      var device = node.site.devices[index]
      device.host = number
      places[index] = result.add(device)
    }
    for link in node.site.links {
      guard let from = places[link.from], let to = places[link.to] else { continue }
      result.link(from, to, count: link.count, link.kind, degradedTo: link.degradedTo, tier: link.tier)
    }
    let cabled = fabric.devices.indices.filter {
      fabric.devices[$0].host == host && fabric.devices[$0].kind == .nic
    }
    let adapters = node.site.devices.indices.filter {
      node.site.devices[$0].host == node.host && node.site.devices[$0].kind == .nic
        && node.site.devices[$0].role.isEmpty
    }
    for (order, port) in cabled.enumerated() {
      let called = fabric.devices[port].name.split(separator: " ").last.map(String.init) ?? ""
      let byName = adapters.first { node.site.devices[$0].name == called }
      if let adapter = byName ?? (order < adapters.count ? adapters[order] : nil) { ports[port] = places[adapter] }
    }
    if cabled.count > adapters.count {
      result.note(.unjoined, "\(name): \(cabled.count) cabled adapters, but the node shows \(adapters.count)")
    }
  }

  private func report(_ unknown: [String], _ used: Set<Int>, _ result: inout Site) {
    if !unknown.isEmpty {
      result.note(
        .unjoined,
        "\(unknown.count) host\(unknown.count == 1 ? "" : "s") of the fabric without a node: \(names(unknown))")
    }
    let left = nodes.indices.filter { !used.contains($0) }.map { nodes[$0].site.hosts[nodes[$0].host].name }
    if !left.isEmpty {
      result.note(
        .unjoined, "\(left.count) node\(left.count == 1 ? "" : "s") that the fabric does not hold: \(names(left))")
    }
  }

  /// The switches of a fabric with hosts somewhere below them; those that serve other hosts only are left out.
  private func switches(of fabric: Site, above ports: Set<Int>) -> [Int] {
    var around = [[Int]](repeating: [], count: fabric.devices.count)
    for link in fabric.links {
      around[link.from].append(link.to)
      around[link.to].append(link.from)
    }
    // Tier by tier from all hosts of the fabric, so that what is below is known of each.
    var isKept = fabric.devices.indices.map(ports.contains)
    var isSeen = fabric.devices.map { $0.host != nil }
    var below = isSeen
    var current = fabric.devices.indices.filter { isSeen[$0] }
    while !current.isEmpty {
      let next = Set(current.flatMap { around[$0] }).filter { !isSeen[$0] }.sorted()
      for device in next { isKept[device] = around[device].contains { below[$0] && isKept[$0] } }
      for device in next { (isSeen[device], below[device]) = (true, true) }
      current = next
    }
    return fabric.devices.indices.filter { fabric.devices[$0].host == nil && isKept[$0] }
  }
}
