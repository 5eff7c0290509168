public import ClusterModel
public import HardwareCatalog

/// A format of another tool that can be written.
public protocol Exporter: Sendable {
  /// The name in commands: `slurm`.
  var name: String { get }
  /// What it is, in a few words.
  var about: String { get }
  /// Writes a cluster.
  /// - Throws: `ExportRefusal` where the format cannot say what the cluster is.
  func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String
}

/// Why a format cannot hold a cluster.
public struct ExportRefusal: Error, Sendable, Hashable {
  /// One sentence without a full stop.
  public var reason: String

  /// A reason.
  public init(_ reason: String) { self.reason = reason }
}

/// The formats that can be written.
public enum Exporters {
  /// All of them; to add one, a file and its line here.
  public static let all: [any Exporter] = [
    SlurmExporter(),
    SlurmExporter(form: .tree),
    SlurmExporter(form: .block),
    SlurmYAMLExporter(),
    NCCLTopologyExporter(),
    AstraSimExporter(),
    InfraGraphExporter(),
    GraphMLExporter(),
    FabricDiscoveryExporter(),
    DotExporter(),
    JSONExporter(),
  ]

  /// The exporter of a name.
  public static func named(_ name: String) -> (any Exporter)? { all.first { $0.name == name } }
}

/// A cluster as exporters see it: device by device, with the hosts that the accelerators form.
public struct ExportedCluster: Sendable {
  /// The cluster.
  public let cluster: Cluster
  let catalog: HardwareCatalog
  let graph: ExplicitGraph
  /// The host of each device of the graph; nil for switches between hosts.
  let hostOf: [Int?]
  /// The hosts in rank order.
  let hosts: [Host]

  struct Host: Sendable {
    var name: String
    /// Its accelerators in rank order.
    var accelerators: [Int]
  }

  /// A cluster with at most so many devices.
  /// - Throws: `ExportRefusal` where it has more.
  public init(_ cluster: Cluster, catalog: HardwareCatalog = HardwareCatalog()) throws(ExportRefusal) {
    guard let graph = ExplicitGraph(cluster, catalog: catalog) else {
      throw ExportRefusal("the topology has more than 200000 devices, more than are written one by one")
    }
    self.cluster = cluster
    self.catalog = catalog
    self.graph = graph
    let sizes = ExportedCluster.hostSizes(cluster, ranks: graph.ranks.count)
    var hosts: [Host] = []
    var first = 0
    for (index, size) in sizes.enumerated() {
      let name = index < cluster.hosts.count ? cluster.hosts[index].name : "node\(index + 1)"
      hosts.append(Host(name: name, accelerators: Array(graph.ranks[first..<first + size])))
      first += size
    }
    self.hosts = hosts
    hostOf = ExportedCluster.owners(of: graph, hosts: hosts)
  }

  /// How many accelerators each host has: as the file names them, else boards.
  private static func hostSizes(_ cluster: Cluster, ranks: Int) -> [Int] {
    if !cluster.hosts.isEmpty, cluster.hosts.reduce(0, { $0 + $1.accelerators }) == ranks {
      return cluster.hosts.map(\.accelerators)
    }
    guard case .blueprint(let blueprint) = cluster.graph,
      let ladder = try? TierLadder(cluster.ranks, in: blueprint), let inner = ladder.levels.first,
      inner.tier <= .board, ladder.ranks == ranks
    else { return [ranks] }
    return inner.groups.flatMap { [Int](repeating: $0.size, count: $0.count) }
  }

  /// Every device belongs to the host whose accelerators it reaches without a network switch or a switch that several
  /// hosts share.
  private static func owners(of graph: ExplicitGraph, hosts: [Host]) -> [Int?] {
    var owner = [Int?](repeating: nil, count: graph.devices.count)
    for (index, host) in hosts.enumerated() { for device in host.accelerators { owner[device] = index } }
    var around = [[Int]](repeating: [], count: graph.devices.count)
    for link in graph.links {
      around[link.from].append(link.to)
      around[link.to].append(link.from)
    }
    func stands(_ device: Int) -> Bool {
      let kind = graph.devices[device].kind
      if kind == .networkSwitch || kind == .gateway { return false }
      guard kind == .scaleUpSwitch else { return true }
      let owners = Set(around[device].compactMap { owner[$0] })
      return owners.count <= 1
    }
    var waiting = hosts.flatMap(\.accelerators)
    while let device = waiting.popLast() {
      for next in around[device] where owner[next] == nil && stands(next) {
        owner[next] = owner[device]
        waiting.append(next)
      }
    }
    return owner
  }

  /// How many accelerators take part.
  public var acceleratorCount: Int { graph.ranks.count }

  /// The switches between hosts.
  var switches: [Int] { graph.devices.indices.filter { hostOf[$0] == nil && graph.devices[$0].kind != .accelerator } }

  /// The GUID of a device, sixteen digits: the same in every format.
  func identity(of device: Int) -> String {
    // A number that is no vendor's: the second bit of the first byte marks identities that are made locally.
    let digits = String(device + 1, radix: 16)
    let head = graph.devices[device].kind == .networkSwitch ? "0200a" : "0200b"
    return head + String(repeating: "0", count: max(0, 11 - digits.count)) + digits
  }

  /// A name without characters that other formats do not take.
  func plainName(of device: Int) -> String {
    let name = graph.devices[device].name
    return OwnParts.name(name.replacing("]", with: "").replacing("[", with: "").replacing("/", with: "-"))
  }
}
