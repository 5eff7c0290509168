import ClusterModel
import Diagnostics
import HardwareCatalog
import Quantities

/// The hosts that adapters stand in.
extension DiscoveredFabric {
  /// `node17 mlx5_0` stands in node17; adapters that nobody has described are grouped by their board.
  private func hostName(_ node: FabricDiscoveryReader.Node) -> String {
    let words = node.description.split(separator: " ")
    let isMade = node.description.isEmpty || node.description.contains("Mellanox") || node.description.hasPrefix("MT")
    if !isMade, words.count >= 2 { return String(words[0]) }
    if !isMade, let first = words.first { return String(first) }
    return "board-\(node.system.isEmpty ? node.identity : node.system)"
  }

  /// The order of adapters inside of a host: by the number at the end of what they are called.
  private static func number(_ description: String) -> (String, Int) {
    let digits = String(description.reversed().prefix(9).prefix { $0.isASCII && $0.isNumber }.reversed())
    return (String(description.dropLast(digits.count)), Int(digits) ?? 0)
  }

  mutating func addHosts(_ list: inout DiagnosticList) {
    let linked = Set(cables.flatMap { [$0.from, $0.to] })
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() where node.kind == .adapter && !isAggregation(index) {
      guard linked.contains(index) else {
        site.note(.leftOut, "\(hostName(node)): an adapter without a cable")
        continue
      }
      let name = hostName(node)
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(index)
    }
    if order.contains(where: { $0.hasPrefix("board-") }) {
      site.note(.unsaid, "the hosts of some adapters, which are named after their boards")
    }
    guard !order.isEmpty else {
      list.error(
        "import.no-accelerator", "there is no host in it, so nothing that communicates",
        at: source.range(line: 1, column: 1))
      return
    }
    let names = order.map { ($0, HostOrder.key($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
    var maker: HostMaker?
    if let system {
      maker = HostMaker(system: system, site.parts.catalog, &list)
    } else {
      site.note(.unsaid, "the GPUs of the hosts")
      site.note(.assumed, "one accelerator for each port of an adapter, beside it")
    }
    for name in names {
      let nodes = (members[name] ?? []).sorted {
        DiscoveredFabric.number(self.nodes[$0].description) < DiscoveredFabric.number(self.nodes[$1].description)
      }
      if let maker { add(name, nodes, maker, &list) } else { add(name, nodes) }
    }
  }

  /// A host of a known system: its adapters in order.
  private mutating func add(_ name: String, _ nodes: [Int], _ maker: HostMaker, _ list: inout DiagnosticList) {
    let ports = maker.add(name, to: &site)
    if nodes.count > ports.count, let extra = nodes.dropFirst(ports.count).first {
      list.error(
        "import.system", "\(name) has more adapters than the \(ports.count) of its system",
        at: source.range(line: self.nodes[extra].line, column: 1))
    }
    for (node, port) in zip(nodes, ports) { deviceOf[node] = port }
    site.hosts[site.hosts.count - 1].identities = Set(nodes.map(identity))
  }

  private func identity(_ node: Int) -> String {
    String(nodes[node].identity.drop { $0 != "-" }.dropFirst().drop { $0 == "0" }).lowercased()
  }

  private mutating func add(_ name: String, _ nodes: [Int]) {
    let host = site.add(Site.Host(name: name, identities: Set(nodes.map(identity))))
    for node in nodes {
      let rate = DiscoveredFabric.usual(rates[node] ?? []) ?? SignallingRate("4xEDR")
      guard let rate else { continue }
      let speed = Bandwidth.gigabitsPerSecond(rate.gigabits)
      let part = site.parts.nic(.infiniband, speed, label: "\(rate.lanes)x\(rate.speed)")
      let accelerator = site.add(.init(name: "gpu", kind: .accelerator, host: host))
      let nic = site.add(.init(name: self.nodes[node].description, kind: .nic, part: part, host: host))
      site.link(accelerator, nic, pcie(for: speed))
      deviceOf[node] = nic
    }
  }

  /// A PCIe link that carries what an adapter does.
  private func pcie(for rate: Bandwidth) -> String {
    let links = ["PCIe-4-x16", "PCIe-5-x16", "PCIe-6-x16"]
    return links.first { site.parts.bandwidth(of: $0).map { $0 / rate >= 1 } ?? false }
      ?? "PCIe-6-x16"
  }
}
