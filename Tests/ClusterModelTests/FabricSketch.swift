import ClusterModel
import Quantities

/// Rows of racks and boxes, and switches, that fabrics are tested on.
enum FabricSketch {
  static func link(_ gigabits: Double) -> LinkType {
    LinkType(
      name: "\(gigabits)g", technology: .infiniband, bandwidth: .gigabitsPerSecond(gigabits),
      latency: .nanoseconds(300))
  }

  /// A box of `gpus` accelerators with as many NICs.
  static func boxes(_ count: Int, gpus: Int = 8, ports: Int = 1, name: String = "box") -> FabricSite {
    let block = Composition.Block(
      name: name, count: count, tier: .board,
      devices: [
        .init(name: "gpu", count: gpus, kind: .accelerator), .init(name: "nic", count: gpus, kind: .nic),
        .init(name: "nvswitch", count: 4, kind: .scaleUpSwitch),
      ],
      wirings: [
        .init(from: ["gpu"], to: ["nvswitch"], match: .all, link: Sketch.nvlink, tier: .board),
        .init(from: ["gpu"], to: ["nic"], match: .aligned, link: Sketch.pcie, tier: .device),
      ])
    return FabricSite(block: block, nicPath: ["nic"], portsPerNIC: ports)
  }

  /// A rack of trays with four accelerators and NICs each.
  static func racks(_ count: Int, trays: Int = 18, ports: Int = 1, name: String = "rack") -> FabricSite {
    var block = Sketch.rack(count: count, trays: trays)
    block.name = name
    return FabricSite(block: block, nicPath: ["tray", "nic"], portsPerNIC: ports)
  }

  /// A switch whose ports are as fast as trunk links, unless said otherwise.
  static func spec(
    ports: Int, port: Double = 400, access: Double = 400, trunk: Double? = nil, oversubscription: Double = 1,
    planes: Int = 1, rails: Int? = nil, racksPerLeaf: Int? = nil
  ) -> FabricSpec {
    FabricSpec(
      kind: "", switchPart: "switch", ports: ports, portBandwidth: .gigabitsPerSecond(port), accessLink: link(access),
      trunkLink: link(trunk ?? port), oversubscription: oversubscription, planes: planes, rails: rails,
      racksPerLeaf: racksPerLeaf)
  }
}

/// Counts the links of every row of switches from the composition alone.
struct PortCount {
  /// Links of one member of a row, towards NICs and away from them, with the bandwidth of one.
  struct Row {
    var down = 0
    var up = 0
    var downLink = 0.0
    var upLink = 0.0
    var downCapacity: Double { Double(down) * downLink }
    var upCapacity: Double { Double(up) * upLink }

    /// Ports of a bandwidth that the links need.
    func ports(of port: Double) -> Int {
      let split = { (link: Double) in link > 0 ? max(1, Int(port / link + 1e-9)) : 1 }
      let (lower, higher) = (split(downLink), split(upLink))
      let used = { (links: Int, split: Int) in (links + split - 1) / split }
      return up == 0 || lower == higher ? used(down + up, lower) : used(down, lower) + used(up, higher)
    }
  }

  /// By path of names from the root.
  private(set) var rows: [[String]: Row] = [:]
  private var counts: [[String]: Int] = [:]
  private var switches: Set<[String]> = []

  init(_ root: Composition.Block) {
    collect(root, path: [])
    count(root, path: [])
  }

  private mutating func collect(_ block: Composition.Block, path: [String]) {
    for device in block.devices {
      counts[path + [device.name]] = device.count
      if device.kind == .networkSwitch {
        rows[path + [device.name]] = Row()
        switches.insert(path + [device.name])
      }
    }
    for inner in block.blocks {
      counts[path + [inner.name]] = inner.count
      collect(inner, path: path + [inner.name])
    }
  }

  private mutating func count(_ block: Composition.Block, path: [String]) {
    let counts = counts
    for wiring in block.wirings where switches.contains(path + wiring.to) {
      let (from, to) = (path + wiring.from, path + wiring.to)
      let common = zip(from, to).prefix { $0 == $1 }.count
      let split = { (end: [String]) -> (free: Int, index: Int) in
        let own = (common..<end.count).map { counts[Array(end[...$0])] ?? 0 }
        let depth = wiring.match == .aligned ? min(wiring.depth, own.count) : 0
        return (own.dropLast(depth).reduce(1, *), own.suffix(depth).reduce(1, *))
      }
      let (low, high) = (split(from), split(to))
      let bandwidth = wiring.link.bandwidth.gigabitsPerSecond
      rows[to]?.down += low.free * max(1, low.index / high.index) * wiring.linksPerPair
      rows[to]?.downLink = bandwidth
      if switches.contains(from) {
        rows[from]?.up += high.free * max(1, high.index / low.index) * wiring.linksPerPair
        rows[from]?.upLink = bandwidth
      }
    }
    for inner in block.blocks { count(inner, path: path + [inner.name]) }
  }
}
