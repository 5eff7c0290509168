import ClusterModel
import Quantities

/// A network file of ASTRA-sim's analytical model, where its dimensions can say what the cluster is.
public struct AstraSimExporter: Exporter {
  /// The name in commands.
  public let name = "astra-sim"
  /// What it is.
  public let about = "an analytical network file of ASTRA-sim, where its dimensions can say it"

  private struct Dimension {
    var shape: String
    var count: Int
    var rate: Bandwidth
    var latency: Latency
  }

  /// An exporter.
  public init() {}

  /// Writes one dimension for the hosts' own links and one for the network between them.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    let sizes = Set(domains(cluster).map(\.count))
    guard sizes.count == 1, let size = sizes.first else {
      throw ExportRefusal("its scale-up domains are of different size, which a product of dimensions cannot say")
    }
    let total = cluster.graph.ranks.count
    var dimensions: [Dimension] = []
    if size > 1 { dimensions.append(try scaleUp(cluster, size: size)) }
    if size < total { dimensions.append(try network(cluster, count: total / size, size: size)) }
    guard !dimensions.isEmpty else { throw ExportRefusal("a single accelerator has no network") }
    func list(_ values: [String]) -> String { "[ \(values.joined(separator: ", ")) ]" }
    return [
      "# Written from \(TopologyText.plain(cluster.cluster.name)).",
      "# ASTRA-sim counts GB/s in units of 2^30 bytes and takes a switch for two links.",
      "topology: \(list(dimensions.map(\.shape)))", "npus_count: \(list(dimensions.map { "\($0.count)" }))",
      "bandwidth: \(list(dimensions.map { "\($0.rate.bytesPerSecond / 1_073_741_824)" }))  # GB/s",
      "latency: \(list(dimensions.map { "\(Double($0.latency.picoseconds) / 1000)" }))  # ns",
    ].joined(separator: "\n") + "\n"
  }

  /// Accelerators that reach each other without a network.
  private func domains(_ cluster: ExportedCluster) -> [[Int]] {
    let graph = cluster.graph
    var joined = DisjointSets(count: graph.devices.count)
    for link in graph.links {
      let kinds = [graph.devices[link.from].kind, graph.devices[link.to].kind]
      guard !kinds.contains(.networkSwitch), !kinds.contains(.gateway) else { continue }
      joined.join(link.from, link.to)
    }
    return joined.groups(of: graph.ranks)
  }

  private func scaleUp(_ cluster: ExportedCluster, size: Int) throws(ExportRefusal) -> Dimension {
    let graph = cluster.graph
    var rate = [Double](repeating: 0, count: graph.devices.count)
    var peers = [Set<Int>](repeating: [], count: graph.devices.count)
    var latency: Set<Latency> = []
    var hasSwitch = false
    for link in graph.links where link.type.technology.isScaleUp || link.type.technology == .other {
      for (one, other) in [(link.from, link.to), (link.to, link.from)] where graph.devices[one].kind == .accelerator {
        guard [.accelerator, .scaleUpSwitch].contains(graph.devices[other].kind) else { continue }
        rate[one] += link.type.bandwidth.bytesPerSecond * Double(link.count)
        peers[one].insert(other)
        latency.insert(link.type.latency)
        if graph.devices[other].kind == .scaleUpSwitch { hasSwitch = true }
      }
    }
    let rates = Set(graph.ranks.map { rate[$0] })
    guard rates.count == 1, let own = rates.first, own > 0 else {
      throw ExportRefusal("its accelerators have no scale-up links, or not all the same ones")
    }
    guard latency.count == 1, let delay = latency.first else {
      throw ExportRefusal("its scale-up links have several latencies")
    }
    if hasSwitch {
      guard Set(graph.ranks.map { peers[$0].count }).count == 1,
        graph.links.allSatisfy({
          graph.devices[$0.from].kind != .scaleUpSwitch || graph.devices[$0.to].kind != .scaleUpSwitch
        })
      else { throw ExportRefusal("its scale-up switches stand in tiers, which are no dimension of a switch") }
      return Dimension(shape: "Switch", count: size, rate: Bandwidth(bytesPerSecond: own), latency: delay)
    }
    let degrees = Set(graph.ranks.map { peers[$0].count })
    if degrees == [size - 1] {
      return Dimension(
        shape: "FullyConnected", count: size, rate: Bandwidth(bytesPerSecond: own / Double(size - 1)), latency: delay)
    }
    if degrees == [2], size > 2 {
      return Dimension(shape: "Ring", count: size, rate: Bandwidth(bytesPerSecond: own / 2), latency: delay)
    }
    throw ExportRefusal("its scale-up links are neither a switch, a ring nor a full mesh")
  }

  private func network(_ cluster: ExportedCluster, count: Int, size: Int) throws(ExportRefusal) -> Dimension {
    let graph = cluster.graph
    var up = [Double](repeating: 0, count: graph.devices.count)
    var down = [Double](repeating: 0, count: graph.devices.count)
    var leaving = [Double](repeating: 0, count: cluster.hosts.count)
    var latency: Set<Latency> = []
    var height = heights(cluster)
    for link in graph.links {
      let kinds = [graph.devices[link.from].kind, graph.devices[link.to].kind]
      guard kinds.contains(.networkSwitch) || kinds.contains(.gateway) else { continue }
      let rate = link.type.bandwidth.bytesPerSecond * Double(link.count)
      if let host = cluster.hostOf[link.from] ?? cluster.hostOf[link.to] {
        leaving[host] += rate
        latency.insert(link.type.latency)
        down[cluster.hostOf[link.from] == nil ? link.from : link.to] += rate
      } else {
        let (low, high) = height[link.from] < height[link.to] ? (link.from, link.to) : (link.to, link.from)
        up[low] += rate
        down[high] += rate
      }
    }
    height = []
    let shares = Set(zip(leaving, cluster.hosts).map { $0 / Double(max(1, $1.accelerators.count)) })
    guard shares.count == 1, let share = shares.first, share > 0 else {
      throw ExportRefusal("its hosts do not all reach the network at the same rate")
    }
    guard cluster.switches.allSatisfy({ up[$0] == 0 || up[$0] >= down[$0] * 0.999 }) else {
      throw ExportRefusal("its network is oversubscribed, which a dimension cannot say")
    }
    guard latency.count == 1, let delay = latency.first else {
      throw ExportRefusal("its cables have several latencies")
    }
    return Dimension(shape: "Switch", count: count, rate: Bandwidth(bytesPerSecond: share), latency: delay)
  }

  /// How far each switch is above the hosts.
  private func heights(_ cluster: ExportedCluster) -> [Int] {
    var around = [[Int]](repeating: [], count: cluster.graph.devices.count)
    for link in cluster.graph.links {
      around[link.from].append(link.to)
      around[link.to].append(link.from)
    }
    var height = cluster.hostOf.map { $0 == nil ? Int.max : 0 }
    var current = height.indices.filter { height[$0] == 0 }
    var level = 0
    while !current.isEmpty {
      level += 1
      let next = Set(current.flatMap { around[$0] }).filter { height[$0] == .max }
      for device in next { height[device] = level }
      current = Array(next)
    }
    return height
  }
}
