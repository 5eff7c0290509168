import ClusterModel

/// Slurm's `topology.conf`: blocks where hosts share an NVLink domain, else the tree of switches.
public struct SlurmExporter: Exporter {
  /// Which plug-in of Slurm the file is for.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// Blocks where several hosts share a domain, else the tree.
    case automatic
    case tree, block
  }

  private let form: Form

  /// The name in commands.
  public var name: String { form == .automatic ? "slurm" : "slurm-\(form.rawValue)" }
  /// What it is.
  public var about: String {
    switch form {
    case .automatic: "Slurm topology.conf: blocks of NVLink domains, else the tree of switches"
    case .tree: "Slurm topology.conf with the tree of switches"
    case .block: "Slurm topology.conf with a block for each NVLink domain"
    }
  }

  /// An exporter.
  public init(form: Form = .automatic) { self.form = form }

  /// Writes the file.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    let plan = try SlurmPlan(cluster)
    let hasBlocks = plan.blocks.contains { $0.hosts.count > 1 }
    var lines = ["# Written from \(TopologyText.plain(cluster.cluster.name))."]
    if form == .tree || form == .automatic && !hasBlocks {
      guard !plan.switches.isEmpty else { throw ExportRefusal("there is no switch above its hosts") }
      for own in plan.switches {
        let below =
          own.children.isEmpty
          ? "Nodes=\(SlurmPlan.list(own.hosts))" : "Switches=\(SlurmPlan.list(own.children))"
        lines.append("SwitchName=\(own.name) \(below)")
      }
    } else {
      for block in plan.blocks { lines.append("BlockName=\(block.name) Nodes=\(SlurmPlan.list(block.hosts))") }
      lines.append("BlockSizes=\(plan.blockSizes.map(String.init).joined(separator: ","))")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Slurm's `topology.yaml`: the tree of switches and, beside it, the blocks of NVLink domains.
public struct SlurmYAMLExporter: Exporter {
  /// The name in commands.
  public let name = "slurm-yaml"
  /// What it is.
  public let about = "Slurm topology.yaml: the tree of switches and the blocks of NVLink domains"

  /// An exporter.
  public init() {}

  /// Writes the file.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    let plan = try SlurmPlan(cluster)
    let hasBlocks = plan.blocks.contains { $0.hosts.count > 1 }
    var lines = ["# Written from \(TopologyText.plain(cluster.cluster.name))."]
    if !plan.switches.isEmpty {
      lines += ["- topology: tree", "  cluster_default: \(!hasBlocks)", "  tree:", "    switches:"]
      for own in plan.switches {
        let below =
          own.children.isEmpty
          ? "nodes: \"\(SlurmPlan.list(own.hosts))\"" : "children: \"\(SlurmPlan.list(own.children))\""
        lines.append("      - {switch: \(own.name), \(below)}")
      }
    }
    if hasBlocks {
      lines += ["- topology: block", "  cluster_default: true", "  block:"]
      lines.append("    block_sizes: [\(plan.blockSizes.map(String.init).joined(separator: ", "))]")
      lines.append("    blocks:")
      for block in plan.blocks {
        lines.append("      - {block: \(block.name), nodes: \"\(SlurmPlan.list(block.hosts))\"}")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The tree and the blocks that Slurm is told of.
struct SlurmPlan {
  struct Switch {
    var name: String
    var children: [String] = []
    var hosts: [String] = []
  }

  struct Block {
    var name: String
    var hosts: [String]
  }

  private(set) var switches: [Switch] = []
  private(set) var blocks: [Block] = []

  /// The smallest block and its doublings up to all of them.
  var blockSizes: [Int] {
    guard let base = blocks.map(\.hosts.count).min() else { return [] }
    var sizes = [base]
    while let last = sizes.last, last * 2 <= base * blocks.count { sizes.append(last * 2) }
    return sizes
  }

  init(_ cluster: ExportedCluster) throws(ExportRefusal) {
    let names = cluster.hosts.map { OwnParts.name($0.name) }
    let tiers = SlurmPlan.groups(cluster)
    let domains = SlurmPlan.domains(cluster)
    blocks = domains.enumerated().map { number, hosts in
      Block(name: "block\(number + 1)", hosts: hosts.map { names[$0] })
    }
    guard let top = tiers.last else {
      switches = [Switch(name: "switch1", hosts: names)]
      return
    }
    var below: [String] = []
    for (level, groups) in tiers.enumerated() {
      var own: [String] = []
      for (number, hosts) in groups.enumerated() {
        let name =
          level == 0 ? "leaf\(number + 1)" : level == 1 ? "spine\(number + 1)" : "core\(level - 1)-\(number + 1)"
        own.append(name)
        if level == 0 {
          switches.append(Switch(name: name, hosts: hosts.map { names[$0] }))
        } else {
          let members = Set(hosts)
          let children = tiers[level - 1].indices.filter { members.isSuperset(of: tiers[level - 1][$0]) }
          switches.append(Switch(name: name, children: children.map { below[$0] }))
        }
      }
      below = own
    }
    if top.count > 1 { switches.append(Switch(name: "top", children: below)) }
    switches.reverse()
  }

  /// Hosts by the switches that they share, tier by tier: Slurm knows one switch above each host, so the rails of a
  /// leaf group, or the planes of a fabric, count as one.
  static func groups(_ cluster: ExportedCluster) -> [[[Int]]] {
    let graph = cluster.graph
    var tier = [Int?](repeating: nil, count: graph.devices.count)
    var around = [[Int]](repeating: [], count: graph.devices.count)
    for link in graph.links {
      around[link.from].append(link.to)
      around[link.to].append(link.from)
    }
    var current = cluster.switches.filter { device in
      graph.devices[device].kind != .scaleUpSwitch && around[device].contains { cluster.hostOf[$0] != nil }
    }
    var level = 0
    var byLevel: [[Int]] = []
    while !current.isEmpty {
      for device in current { tier[device] = level }
      byLevel.append(current)
      level += 1
      current = Set(current.flatMap { around[$0] })
        .filter { cluster.hostOf[$0] == nil && tier[$0] == nil && graph.devices[$0].kind != .accelerator }.sorted()
    }
    // Hosts are the first elements, switches follow.
    var joined = DisjointSets(count: cluster.hosts.count + graph.devices.count)
    func element(_ device: Int) -> Int { cluster.hostOf[device] ?? cluster.hosts.count + device }
    var result: [[[Int]]] = []
    for devices in byLevel {
      for device in devices {
        for other in around[device] where (tier[other] ?? -1) <= (tier[device] ?? 0) {
          if cluster.hostOf[other] == nil, tier[other] == nil { continue }
          joined.join(element(device), element(other))
        }
      }
      let groups = joined.groups(of: cluster.hosts.indices)
      // A tier that joins nothing more than the one below says nothing.
      if result.last?.count != groups.count { result.append(groups) }
    }
    return result
  }

  /// Hosts that share switches of a scale-up domain.
  private static func domains(_ cluster: ExportedCluster) -> [[Int]] {
    var joined = DisjointSets(count: cluster.hosts.count)
    var first: [Int: Int] = [:]
    for link in cluster.graph.links {
      for (hub, device) in [(link.from, link.to), (link.to, link.from)]
      where cluster.graph.devices[hub].kind == .scaleUpSwitch && cluster.hostOf[hub] == nil {
        guard let host = cluster.hostOf[device] else { continue }
        joined.join(host, first[hub] ?? host)
        first[hub] = host
      }
    }
    return joined.groups(of: cluster.hosts.indices)
  }

  static func list(_ names: [String]) -> String { HostList.compressed(names).joined(separator: ",") }
}
