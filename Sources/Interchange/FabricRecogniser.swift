import ClusterModel
import Quantities

/// Finds the blocks of a site.
struct FabricRecogniser {
  let site: Site
  let hosts: [ShapedHost]
  var shape: FabricShape
  /// The level of each switch; nil for other devices.
  var levelOf: [Int?]
  /// By level, the block that each host or switch is in: an index among the level's blocks.
  var blocks: [[Block]] = []
  /// The block of a level that a device (by its host, or the switch itself) stands in.
  var blockOf: [[Int: Int]] = []
  /// The index of each switch in its block's row.
  var place: [Int: Int] = [:]
  /// By level, the index of each host or block below in its block.
  var placeInBlock: [[Int: Int]] = []
  /// Whether a level's row order is fixed by what is below.
  var isFixed: [Bool] = []

  struct Block {
    var hosts: [Int] = []
    var children: [Int] = []
    var switches: [Int] = []
    /// Its index in the block around it.
    var index = 0
    var parent = 0
  }

  /// The shape of a site; nil where it is not regular.
  static func shape(of original: Site) -> FabricShape? {
    guard !original.hosts.isEmpty else { return nil }
    var site = original
    site.mergeParallelLinks()
    var members = [[Int]](repeating: [], count: site.hosts.count)
    for (index, device) in site.devices.enumerated() { if let host = device.host { members[host].append(index) } }
    var inner = [[Site.Link]](repeating: [], count: site.hosts.count)
    for link in site.links {
      if let host = site.devices[link.from].host, host == site.devices[link.to].host { inner[host].append(link) }
    }
    var shaped: [ShapedHost] = []
    for (host, description) in site.hosts.enumerated() {
      guard !members[host].isEmpty,
        let shape = ShapedHost(members[host], links: inner[host], of: site, system: description.system),
        shaped.first.map({ $0.shape == shape.shape }) ?? true
      else { return nil }
      shaped.append(shape)
    }
    guard let first = shaped.first, first.shape.rows.contains(where: { $0.kind == .accelerator }) else { return nil }
    var recogniser = FabricRecogniser(site: site, hosts: shaped, shape: FabricShape(host: first.shape))
    return recogniser.run() ? recogniser.shape : nil
  }

  private init(site: Site, hosts: [ShapedHost], shape: FabricShape) {
    self.site = site
    self.hosts = hosts
    self.shape = shape
    levelOf = [Int?](repeating: nil, count: site.devices.count)
  }

  private mutating func run() -> Bool {
    let cables = site.links.filter { site.devices[$0.from].host == nil || site.devices[$0.to].host == nil }
    // Hosts that are linked to each other without a switch have no tiers.
    guard
      site.links.allSatisfy({
        let (one, other) = (site.devices[$0.from].host, site.devices[$0.to].host)
        return one == nil || other == nil || one == other
      }), findLevels(cables)
    else { return false }
    guard !shape.levels.isEmpty || site.hosts.count == 1 else { return false }
    findBlocks(cables)
    guard shape.levels.isEmpty || blocks.last?.count == 1 else { return false }
    for level in shape.levels.indices { guard measure(level) else { return false } }
    let byLevel = Dictionary(grouping: cables) { max(levelOf[$0.from] ?? -1, levelOf[$0.to] ?? -1) }
    for level in shape.levels.indices { guard match(level, byLevel[level] ?? []) else { return false } }
    number()
    for level in shape.levels.indices { guard compare(level, byLevel[level] ?? []) else { return false } }
    addAbsences()
    return shape.exceptions.count <= max(16, cables.count / 10)
  }

  // MARK: Levels and blocks

  /// Tiers of switches by their distance from hosts; switches of a scale-up domain are a tier below all others.
  private mutating func findLevels(_ cables: [Site.Link]) -> Bool {
    var around: [Int: [Int]] = [:]
    for cable in cables {
      around[cable.from, default: []].append(cable.to)
      around[cable.to, default: []].append(cable.from)
    }
    let between = site.devices.indices.filter { site.devices[$0].host == nil }
    guard
      between.allSatisfy({
        [.networkSwitch, .scaleUpSwitch].contains(site.devices[$0].kind) && site.devices[$0].relays == nil
      })
    else { return false }
    let domain = between.filter { site.devices[$0].kind == .scaleUpSwitch }
    let base = domain.isEmpty ? 0 : 1
    for device in domain { levelOf[device] = 0 }
    var current = between.filter { device in
      site.devices[device].kind == .networkSwitch && around[device]?.contains { site.devices[$0].host != nil } ?? false
    }
    var level = base
    while !current.isEmpty {
      for device in current { levelOf[device] = level }
      level += 1
      current = Set(current.flatMap { around[$0] ?? [] })
        .filter { site.devices[$0].host == nil && levelOf[$0] == nil }.sorted()
    }
    guard between.allSatisfy({ levelOf[$0] != nil }), level <= 8 else { return false }
    // Links inside a tier are no tree.
    guard
      cables.allSatisfy({ cable in
        guard let one = levelOf[cable.from], let other = levelOf[cable.to] else { return true }
        return abs(one - other) == 1 && min(one, other) >= base
      })
    else { return false }
    let tiers: [(String, String, Tier)] =
      (base == 1 ? [("rack", "nvswitch", Tier.rack)] : [])
      + [("group", "leaf", .leaf), ("pod", "spine", .spine), ("zone", "core", .core(1)), ("region", "core2", .core(2))]
    guard level <= tiers.count else { return false }
    for index in 0..<level {
      let (block, row, tier) = tiers[index]
      guard let first = between.first(where: { levelOf[$0] == index }) else { return false }
      let device = site.devices[first]
      guard between.allSatisfy({ levelOf[$0] != index || site.devices[$0].part == device.part }) else { return false }
      shape.levels.append(
        .init(
          block: block, row: row, tier: tier, children: 0, switches: 0, kind: device.kind, part: device.part))
    }
    return true
  }

  private mutating func findBlocks(_ cables: [Site.Link]) {
    // Hosts are the first elements, switches follow.
    var joined = DisjointSets(count: site.hosts.count + site.devices.count)
    func element(_ device: Int) -> Int { site.devices[device].host ?? site.hosts.count + device }
    let byLevel = Dictionary(grouping: cables) { max(levelOf[$0.from] ?? -1, levelOf[$0.to] ?? -1) }
    var below: [Int: Int] = Dictionary(uniqueKeysWithValues: site.hosts.indices.map { ($0, $0) })
    for level in shape.levels.indices {
      for cable in byLevel[level] ?? [] { joined.join(element(cable.from), element(cable.to)) }
      var numbers: [Int: Int] = [:]
      var own: [Block] = []
      var of: [Int: Int] = [:]
      for host in site.hosts.indices {
        let set = joined.first(of: host)
        let number = numbers[set] ?? own.count
        if number == own.count {
          numbers[set] = number
          own.append(Block())
        }
        own[number].hosts.append(host)
        of[host] = number
        let child = below[host] ?? 0
        if level == 0 || own[number].children.last != child && !own[number].children.contains(child) {
          own[number].children.append(child)
        }
      }
      for device in site.devices.indices {
        guard let at = levelOf[device], at <= level, let number = numbers[joined.first(of: element(device))] else {
          continue
        }
        of[site.hosts.count + device] = number
        if at == level { own[number].switches.append(device) }
      }
      blocks.append(own)
      blockOf.append(of)
      placeInBlock.append(
        Dictionary(uniqueKeysWithValues: own.flatMap { $0.children.enumerated().map { ($0.element, $0.offset) } }))
      below = of
    }
  }

  private mutating func measure(_ level: Int) -> Bool {
    let own = blocks[level]
    shape.levels[level].children = own.map(\.children.count).max() ?? 0
    shape.levels[level].switches = own.first?.switches.count ?? 0
    return own.allSatisfy { $0.switches.count == shape.levels[level].switches && $0.switches.count > 0 }
  }
}
