import Quantities

/// Groups of switches joined all to all, with links from every group to every other.
///
/// Kim, Dally, Scott and Abts, Technology-driven, highly-scalable dragonfly topology (2008). Of a switch's ports a
/// quarter serves NICs and half joins the switches of its group unless the specification says otherwise. Ports between
/// groups are numbered over the group's switches: of g groups, port k of group i leads to group i + k + 1 modulo g, so
/// that every group is wired alike; where ports are left over, each pair of groups has several links.
public enum Dragonfly: FabricKind {
  /// Its name in files.
  public static let name = "dragonfly"

  /// Joins one row of racks or boxes; see `FabricKind`.
  public static func attach(_ sites: [FabricSite], _ spec: FabricSpec) throws(FabricError) -> FabricResult {
    let fabric = try ClosFabric(sites, spec, rails: .one, upper: .joined)
    guard let row = fabric.rows.first, fabric.rows.count == 1 else { throw .severalRows(fabric.rows.count) }
    let shape = try DragonflyShape(row, spec)
    var assembly = DragonflyAssembly(fabric: fabric, row: row, shape: shape)
    return assembly.result()
  }
}

/// How many of everything a dragonfly has.
struct DragonflyShape: Sendable {
  /// Racks or boxes at each switch.
  var sites: Int
  /// Links to NICs of a switch with all its sites.
  var down: Int
  var switchesPerGroup: Int
  var groups: Int
  /// Links between each two groups, and the most that a switch has.
  var linksPerPair: Int
  var globalPerSwitch: Int

  init(_ row: ClosFabric.Row, _ spec: FabricSpec) throws(FabricError) {
    let ports = row.ports
    switchesPerGroup = spec.switchesPerGroup ?? max(1, ports.ports / 2)
    guard switchesPerGroup >= 1 else { throw .invalidCount("switches per group", switchesPerGroup) }
    let local = switchesPerGroup - 1
    let endpoints = spec.endpointsPerSwitch ?? max(1, ports.ports / 4)
    guard endpoints >= 1 else { throw .invalidCount("endpoints per switch", endpoints) }
    guard local < ports.ports, endpoints <= ports.ports - local else { throw .radixTooSmall(radix: ports.ports) }
    let nicLinks = try Count.product(row.placement.nicsPerRail, ports.linksPerNIC)
    let most = try Count.product(endpoints, ports.accessSplit) / nicLinks
    guard most >= 1 else { throw .tooManyPorts(nicLinks, limit: endpoints * ports.accessSplit) }
    let asked = min(spec.racksPerLeaf ?? most, row.racks)
    guard asked <= most else { throw .tooManyRacksPerLeaf(asked: asked, limit: most) }
    sites = min(asked, row.racks)
    down = sites * nicLinks
    groups = Count.quotientUp(row.racks, try Count.product(sites, switchesPerGroup))
    if groups == 1 { switchesPerGroup = Count.quotientUp(row.racks, sites) }
    linksPerPair = 0
    globalPerSwitch = 0
    guard groups > 1 else { return }
    let free = ports.ports - local - endpoints
    let global = spec.globalLinks ?? min(free, ports.uplinks(down: down))
    guard global >= 1, global <= free else { throw .radixTooSmall(radix: ports.ports) }
    linksPerPair = try Count.product(switchesPerGroup, global) / (groups - 1)
    guard linksPerPair >= 1 else { throw .tooManyGroups(groups, limit: switchesPerGroup * global + 1) }
    globalPerSwitch = Count.quotientUp(linksPerPair * (groups - 1), switchesPerGroup)
  }

  /// The switch of a group at which the link number `copy` to the group `distance` further on begins.
  ///
  /// The group's links are dealt out evenly in the order of their numbers.
  func place(distance: Int, copy: Int) -> Int {
    (copy * (groups - 1) + distance - 1) * switchesPerGroup / (linksPerPair * (groups - 1))
  }
}

/// Puts the blocks and links of a dragonfly together.
private struct DragonflyAssembly {
  let fabric: ClosFabric
  let row: ClosFabric.Row
  let shape: DragonflyShape

  mutating func result() -> FabricResult {
    var site = row.placement.rack
    site.count = shape.sites
    var router = Composition.Block(name: "router", count: shape.switchesPerGroup, tier: .leaf, blocks: [site])
    var group = Composition.Block(name: "group", count: shape.groups, tier: .spine)
    var root = Composition.Block(name: "cluster", tier: .core(1))
    for suffix in fabric.planeSuffixes {
      let name = "switch\(suffix)"
      router.devices.append(fabric.networkSwitch(name, count: 1))
      router.wirings.append(fabric.accessWiring(row, from: [site.name], to: [name], leaves: 1))
      if shape.switchesPerGroup > 1 {
        group.wirings.append(
          Composition.Wiring(
            from: ["router", name], to: ["router", name], match: .mesh, depth: 2, link: row.ports.trunk, tier: .spine))
      }
      root.wirings += rings(name)
    }
    group.blocks = [router]
    root.blocks = [group]
    return FabricResult(root: root, changes: missing(site.name), remarks: remarks, summary: summary)
  }

  /// Links to the groups up to half way round; those to the others are the same links seen from the other end.
  private func rings(_ name: String) -> [Composition.Wiring] {
    guard shape.groups > 1 else { return [] }
    var link = fabric.spec.globalLink ?? row.ports.trunk
    link.bandwidth = min(link.bandwidth, fabric.spec.portBandwidth)
    let path = ["group", "router", name]
    return (1...(shape.groups / 2)).flatMap { distance in
      (0..<shape.linksPerPair).map { copy in
        let places =
          shape.switchesPerGroup > 1
          ? [
            Composition.Ring.Place(
              step: 1, from: shape.place(distance: distance, copy: copy),
              to: shape.place(distance: shape.groups - distance, copy: copy))
          ] : []
        return Composition.Wiring(
          from: path, to: path, match: .ring(.init(step: 0, by: distance, places: places)), link: link, tier: .core(1))
      }
    }
  }

  /// The racks or boxes that the last group has room for beyond those there are.
  private func missing(_ name: String) -> [Composition.Change] {
    let perGroup = shape.sites * shape.switchesPerGroup
    let inLast = row.racks - (shape.groups - 1) * perGroup
    let (full, rest) = inLast.quotientAndRemainder(dividingBy: shape.sites)
    let last = [Composition.SelectorStep(name: "group", indices: [shape.groups - 1..<shape.groups])]
    func absent(_ routers: Range<Int>, _ sites: Range<Int>) -> [Composition.Change] {
      guard !routers.isEmpty, !sites.isEmpty else { return [] }
      return [.absent(last + [.init(name: "router", indices: [routers]), .init(name: name, indices: [sites])])]
    }
    let next = full + (rest > 0 ? 1 : 0)
    return absent(full..<next, rest..<shape.sites) + absent(next..<shape.switchesPerGroup, 0..<shape.sites)
  }

  private var missingSites: Int { shape.sites * shape.switchesPerGroup * shape.groups - row.racks }

  private var remarks: [String] {
    var remarks: [String] = []
    if missingSites > 0 {
      remarks.append(
        "the last group lacks \(missingSites) of \(shape.sites * shape.switchesPerGroup) \(row.placement.rack.name)")
    }
    if shape.groups > 1, let far = fabric.spec.globalLink ?? Optional(row.ports.trunk),
      far.latency.picoseconds <= 2 * row.ports.trunk.latency.picoseconds
    {
      remarks.append(
        "links between groups are not longer than two links in a group, so some shortest ways lead through a third group"
      )
    }
    return remarks + ClosFabric.unusedPorts(summary)
  }

  private var summary: [FabricSummary] {
    let up = shape.switchesPerGroup - 1 + shape.globalPerSwitch
    let used = Count.quotientUp(shape.down, row.ports.accessSplit) + up
    let uplinks = Double(max(shape.globalPerSwitch, 1)) * row.ports.trunk.bandwidth.bytesPerSecond
    return [
      FabricSummary(
        tier: .leaf, name: "switch", switches: shape.switchesPerGroup * shape.groups * fabric.spec.planes,
        radix: row.ports.ports, down: shape.down, up: up, unused: max(0, row.ports.ports - used),
        oversubscription: shape.groups > 1
          ? max(1, Double(shape.down) * row.ports.access.bandwidth.bytesPerSecond / uplinks) : 1)
    ]
  }
}
