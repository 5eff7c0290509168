/// A folded Clos network over rows of racks or boxes: the engine of the fabric kinds.
///
/// Kinds differ in how many leaves stand side by side and in what the switches above them join. Every plane has rows
/// of its own, named with a letter (`leaf-a`), since links that stay in a plane are then plain all-to-all links.
struct ClosFabric: Sendable {
  /// What switches above the leaves join.
  enum Upper: Sendable {
    /// All leaves.
    case joined
    /// Leaves of the same rail.
    case separate
    /// There are none: one switch, whatever its radix.
    case none
  }

  /// How many leaves take the NICs of a group.
  enum Rails: Sendable {
    case one
    /// One leaf per rail; the specification may say how many.
    case many
  }

  /// A row of racks or boxes with what has been worked out for it.
  struct Row: Sendable {
    var placement: LeafPlacement
    var ports: LeafPorts
    /// Racks in each group, groups in use, and links to NICs of a leaf of a full group.
    var racksPerGroup = 1
    var groups = 1
    var down = 0

    var racks: Int { placement.rack.count }
    /// Leaves in each group.
    func leavesPerGroup() throws(FabricError) -> Int { try Count.product(placement.rails, placement.homes) }
  }

  let spec: FabricSpec
  let upper: Upper
  var rows: [Row] = []

  init(_ sites: [FabricSite], _ spec: FabricSpec, rails: Rails, upper: Upper) throws(FabricError) {
    guard !sites.isEmpty else { throw .noSites }
    self.spec = spec
    self.upper = upper
    var seen: Set<String> = []
    for site in sites {
      guard seen.insert(site.block.name).inserted else { throw .duplicateName(site.block.name) }
      let asked = rails == .one ? 1 : spec.rails
      let ports = try LeafPorts(spec, portsPerNIC: site.portsPerNIC)
      var placement = try LeafPlacement(site, rails: asked)
      if upper == .separate { placement.rack = placement.rack.withRelayingAccelerators() }
      let row = Row(placement: placement, ports: ports)
      // Every later count of racks, NICs or their links is a part of this one.
      _ = try Count.product(row.racks, placement.nicsPerRail, placement.rails, ports.linksPerNIC, spec.planes, 4)
      rows.append(row)
    }
    if let asked = spec.racksPerLeaf, asked < 1 { throw .invalidCount("racks per leaf", asked) }
  }

  /// The blocks, switches and links.
  func result() throws(FabricError) -> FabricResult {
    let racks = try total { $0.racks }
    let needed = try total { row in
      Count.quotientUp(
        row.racks * row.placement.nicsPerRail * row.ports.linksPerNIC * leaves(row), row.ports.accessSplit)
    }
    let mayShare = spec.racksPerLeaf.map { $0 >= racks } ?? true
    if upper == .none || mayShare && needed <= spec.ports { return try oneTier() }
    return try severalTiers()
  }

  /// Leaves that one switch stands for when there is a single tier.
  private func leaves(_ row: Row) -> Int { upper == .separate ? 1 : row.placement.rails }

  private func total(_ count: (Row) -> Int) throws(FabricError) -> Int {
    var total = 0
    for row in rows { total = try Count.sum(total, count(row)) }
    return total
  }

  /// The letter of a plane in the names of its rows.
  static func suffix(plane: Int, of planes: Int) -> String {
    planes > 1 ? "-\(UnicodeScalar(UInt8(97 + plane)))" : ""
  }

  var planeSuffixes: [String] { (0..<spec.planes).map { Self.suffix(plane: $0, of: spec.planes) } }

  // MARK: One tier

  /// All racks on one switch, or on one for each rail.
  private func oneTier() throws(FabricError) -> FabricResult {
    let rails = upper == .separate ? try commonRails(rows) : 1
    var root = Composition.Block(name: "cluster", tier: .leaf, blocks: rows.map(\.placement.rack))
    for suffix in planeSuffixes {
      root.devices.append(networkSwitch("leaf\(suffix)", count: rails))
      for row in rows {
        root.wirings.append(accessWiring(row, from: [row.placement.rack.name], to: ["leaf\(suffix)"], leaves: rails))
      }
    }
    let links = try total { $0.racks * $0.placement.nicsPerRail * leaves($0) * $0.ports.linksPerNIC }
    let used = try total { row in
      Count.quotientUp(
        row.racks * row.placement.nicsPerRail * leaves(row) * row.ports.linksPerNIC, row.ports.accessSplit)
    }
    let split = rows[0].ports.accessSplit
    let summary = FabricSummary(
      tier: .leaf, name: "leaf", switches: try Count.product(rails, spec.planes), radix: rows[0].ports.radix,
      down: links, up: 0, unused: max(0, rows.count == 1 ? rows[0].ports.radix - links : (spec.ports - used) * split),
      oversubscription: 1)
    var remarks: [String] = []
    if used > spec.ports {
      remarks.append("leaf: \(used) ports are needed, the switch has \(spec.ports)")
    } else if upper == .joined, rows.contains(where: { $0.placement.rails > 1 }) {
      remarks.append("leaf: one switch serves all rails")
    }
    return FabricResult(root: root, remarks: remarks + Self.unusedPorts([summary]), summary: [summary])
  }

  /// Rails that all rows have; networks of single rails have no other.
  func commonRails(_ rows: [Row]) throws(FabricError) -> Int {
    let counts = rows.map(\.placement.rails)
    guard Set(counts).count == 1 else { throw .railsDiffer(counts) }
    return counts[0]
  }

  static func unusedPorts(_ summary: [FabricSummary]) -> [String] {
    summary.filter { $0.unused > 0 }.map { tier in
      let on = tier.switches == 1 ? "the switch" : "each of \(tier.switches) switches"
      return "\(tier.name): \(tier.unused) of \(tier.radix) ports unused on \(on)"
    }
  }

  // MARK: Several tiers

  /// Racks in groups that share leaves, and switches above them.
  private func severalTiers() throws(FabricError) -> FabricResult {
    var rows = rows
    var sites: [ClosSizing.Site] = []
    for index in rows.indices {
      try group(&rows[index])
      let row = rows[index]
      let pods = upper == .separate ? row.placement.homes : try row.leavesPerGroup()
      let divisible = upper == .joined && row.placement.home.isEmpty
      sites.append(
        ClosSizing.Site(
          blocks: row.groups, podsPerBlock: pods, uplinks: row.ports.uplinks(down: row.down),
          freePorts: row.ports.freePorts(down: row.down), digits: divisible ? row.placement.railDigits : []))
    }
    let rails = upper == .separate ? try commonRails(rows) : 1
    let sizing = try ClosSizing(sites: sites, radix: rows[0].ports.trunkRadix)
    return try ClosAssembly(fabric: self, rows: rows, sizing: sizing, networks: rails).result()
  }

  /// How many racks share leaves: as many as fit, or as the specification says.
  private func group(_ row: inout Row) throws(FabricError) {
    let nics = row.ports.maximumDown / row.ports.linksPerNIC
    try row.placement.deal(nicsPerLeaf: nics, radix: row.ports.radix)
    let limit = row.placement.home.isEmpty ? nics / row.placement.nicsPerRail : 1
    let asked = spec.racksPerLeaf.map { min($0, row.racks) } ?? min(limit, row.racks)
    guard asked <= limit else { throw .tooManyRacksPerLeaf(asked: asked, limit: limit) }
    row.racksPerGroup = asked
    row.groups = Count.quotientUp(row.racks, asked)
    row.down = asked * row.placement.nicsPerRail * row.ports.linksPerNIC
  }

  // MARK: Parts

  func networkSwitch(_ name: String, count: Int) -> Composition.Device {
    Composition.Device(name: name, count: count, kind: .networkSwitch, part: spec.switchPart)
  }

  /// Links from NICs to leaves; `from` leads from the block that holds the wiring to where the NICs' path goes on.
  func accessWiring(_ row: Row, from: [String], to: [String], leaves: Int) -> Composition.Wiring {
    let path = Array(row.placement.nicPath.dropFirst(row.placement.home.count))
    return Composition.Wiring(
      from: from + path, to: to, match: leaves == 1 ? .all : .aligned, depth: row.placement.depth,
      linksPerPair: row.ports.linksPerNIC, link: row.ports.access, tier: .leaf)
  }
}
