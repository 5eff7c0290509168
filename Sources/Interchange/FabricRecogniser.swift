import ClusterModel
import Quantities

/// Finds the blocks of a site.
struct FabricRecogniser {
  let site: Site
  let hosts: [ShapedHost]
  private var shape: FabricShape
  /// The level of each switch; nil for other devices.
  private var levelOf: [Int?]
  /// By level, the block that each host or switch is in: an index among the level's blocks.
  private var blocks: [[Block]] = []
  /// The block of a level that a device (by its host, or the switch itself) stands in.
  private var blockOf: [[Int: Int]] = []
  /// The index of each switch in its block's row.
  private var place: [Int: Int] = [:]
  /// By level, the index of each host or block below in its block.
  private var placeInBlock: [[Int: Int]] = []
  /// Whether a level's row order is fixed by what is below.
  private var isFixed: [Bool] = []

  private struct Block {
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
    var root = Array(0..<site.hosts.count + site.devices.count)
    func find(_ element: Int) -> Int {
      var element = element
      while root[element] != element { element = root[element] }
      return element
    }
    func element(_ device: Int) -> Int { site.devices[device].host ?? site.hosts.count + device }
    let byLevel = Dictionary(grouping: cables) { max(levelOf[$0.from] ?? -1, levelOf[$0.to] ?? -1) }
    var below: [Int: Int] = Dictionary(uniqueKeysWithValues: site.hosts.indices.map { ($0, $0) })
    for level in shape.levels.indices {
      for cable in byLevel[level] ?? [] {
        let (one, other) = (find(element(cable.from)), find(element(cable.to)))
        // The lower number stays the root; paths are halved on the way.
        root[max(one, other)] = min(one, other)
        root[element(cable.from)] = min(one, other)
        root[element(cable.to)] = min(one, other)
      }
      var numbers: [Int: Int] = [:]
      var own: [Block] = []
      var of: [Int: Int] = [:]
      for host in site.hosts.indices {
        let root = find(host)
        let number = numbers[root] ?? own.count
        if number == own.count {
          numbers[root] = number
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
        guard let at = levelOf[device], at <= level, let number = numbers[find(element(device))] else { continue }
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

  // MARK: Matching rows

  /// Puts the switches of a level, and where they are free those below, in the order in which they are linked.
  private mutating func match(_ level: Int, _ cables: [Site.Link]) -> Bool {
    var rows: [Int: [(lower: Int, upper: Int, count: Int)]] = [:]
    for cable in cables {
      let isUp = levelOf[cable.to] == level && levelOf[cable.from] != level
      let (lower, upper) = isUp ? (cable.from, cable.to) : (cable.to, cable.from)
      let row = site.devices[lower].host.map { hosts[$0].places[lower]?.row ?? 0 } ?? -1
      rows[row, default: []].append((lower, upper, cable.count))
    }
    isFixed.append(false)
    for block in blocks[level] { for (index, device) in block.switches.enumerated() { place[device] = index } }
    for (row, cables) in rows.sorted(by: { $0.key < $1.key }) {
      let width = row < 0 ? shape.levels[level - 1].switches : shape.host.rows[row].count
      let depth =
        row < 0
        ? alignSwitches(level, width, cables.map { ($0.lower, $0.upper) }).map { $0 ? 1 : 0 }
        : alignHosts(level, row, width, cables.map { ($0.lower, $0.upper) })
      guard let depth else { return false }
      var links: [String: Int] = [:]
      var counts: [Int: Int] = [:]
      for cable in cables { counts[cable.count, default: 0] += 1 }
      for cable in self.cables(of: level, row: row, in: site.links) { links[cable.kind, default: 0] += 1 }
      guard let link = links.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
        let perPair = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key
      else { return false }
      shape.levels[level].rules.append(
        .init(
          hostRow: row < 0 ? "" : shape.host.rows[row].name, depth: depth, perPair: perPair, link: link))
    }
    return !shape.levels[level].rules.isEmpty
  }

  private func cables(of level: Int, row: Int, in links: [Site.Link]) -> [Site.Link] {
    links.filter { link in
      let isUp = levelOf[link.to] == level && levelOf[link.from] != level
      let isDown = levelOf[link.from] == level && levelOf[link.to] != level
      guard isUp || isDown else { return false }
      let lower = isUp ? link.from : link.to
      return (site.devices[lower].host.map { hosts[$0].places[lower]?.row ?? 0 } ?? -1) == row
    }
  }

  /// What the index of a device of a host row is made of, for rules that are aligned: its place in the row, or its
  /// place among all of a block's.
  private func slot(_ device: Int, _ level: Int, _ width: Int, isAmongAll: Bool) -> Int {
    guard let host = site.devices[device].host, let index = hosts[host].places[device]?.index else { return 0 }
    guard isAmongAll else { return index }
    return (0...level).reversed().reduce(0) { sum, level in
      sum * shape.levels[level].children + (placeInBlock[level][level == 0 ? host : blockOf[level - 1][host] ?? 0] ?? 0)
    } * width + index
  }

  /// How many trailing names of a host row's path tell which switch serves a device; 0 where every switch serves all,
  /// nil where no rule says it.
  private mutating func alignHosts(_ level: Int, _ row: Int, _ width: Int, _ cables: [(Int, Int)]) -> Int? {
    let switches = shape.levels[level].switches
    guard switches > 1 else { return 0 }
    var served: [Int: Set<Int>] = [:]
    for (lower, upper) in cables { served[upper, default: []].insert(lower) }
    let most = shape.levels[...level].reduce(width) { $0 * $1.children }
    let shares = blocks[level].flatMap { block in
      block.switches.map { Double(served[$0]?.count ?? 0) / Double(block.hosts.count * width) }
    }.sorted()
    if shares[shares.count / 2] > 0.5 { return 0 }
    if width > 1, align(level, width, served, isAmongAll: false) { return 1 }
    return align(level, most, served, isAmongAll: true, width: width) ? level + 2 : nil
  }

  /// Puts the switches of a level into the order of the slots that they serve; false where those are no runs.
  private mutating func align(
    _ level: Int, _ slots: Int, _ served: [Int: Set<Int>], isAmongAll: Bool, width: Int = 1
  ) -> Bool {
    let switches = shape.levels[level].switches
    guard max(slots, switches) % min(slots, switches) == 0 else { return false }
    let run = max(1, slots / switches)
    var sorted: [[Int]] = []
    for block in blocks[level] {
      var number: [Int: Int] = [:]
      for device in block.switches {
        var votes: [Int: Int] = [:]
        for lower in served[device] ?? [] {
          votes[slot(lower, level, width, isAmongAll: isAmongAll) / run, default: 0] += 1
        }
        // One that serves devices of two runs alike serves neither.
        guard let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
          best.value * 2 > (served[device]?.count ?? 0)
        else { return false }
        number[device] = best.key
      }
      let own = block.switches.enumerated().sorted {
        (number[$0.element] ?? 0, $0.offset) < (number[$1.element] ?? 0, $1.offset)
      }.map(\.element)
      guard own.indices.allSatisfy({ number[own[$0]] == $0 * min(slots, switches) / switches }) else { return false }
      sorted.append(own)
    }
    for (block, own) in sorted.enumerated() {
      for (index, device) in own.enumerated() { place[device] = index }
      blocks[level][block].switches = own
    }
    isFixed[level] = true
    return true
  }

  /// Whether each switch serves one place of the rows of switches below (true) or all of them (false).
  ///
  /// Places are told by the switches above: those that most rows share. A cable that is missing changes a few rows only.
  private mutating func alignSwitches(_ level: Int, _ width: Int, _ cables: [(Int, Int)]) -> Bool? {
    let count = shape.levels[level].switches
    guard width > 1, count > 1 else { return false }
    var above: [Int: Set<Int>] = [:]
    for (lower, upper) in cables { above[lower, default: []].insert(upper) }
    for block in blocks[level].indices {
      let own = blocks[level][block]
      let lower = own.children.flatMap { blocks[level - 1][$0].switches }
      var frequency: [Set<Int>: Int] = [:]
      for device in lower { frequency[above[device] ?? [], default: 0] += 1 }
      var classes: [Set<Int>] = []
      let sets = frequency.sorted {
        ($1.value, $1.key.count, $0.key.min() ?? 0) < ($0.value, $0.key.count, $1.key.min() ?? 0)
      }.map(\.key)
      for set in sets where !set.isEmpty && classes.allSatisfy({ $0.isDisjoint(with: set) }) { classes.append(set) }
      guard classes.reduce(0, { $0 + $1.count }) == count else { return nil }
      if classes.count == 1 { continue }
      classes.sort { ($0.min() ?? 0) < ($1.min() ?? 0) }
      guard width % classes.count == 0, count % classes.count == 0, width == classes.count || count == classes.count
      else { return nil }
      guard order(level, block, by: classes, above: above) else { return nil }
    }
    let kinds = Set(
      blocks[level].map { block in
        block.children.flatMap { blocks[level - 1][$0].switches }
          .contains { (above[$0]?.count ?? 0) * 2 > count }
      })
    guard kinds.count == 1, let isFull = kinds.first else { return nil }
    return !isFull
  }

  private mutating func order(_ level: Int, _ block: Int, by classes: [Set<Int>], above: [Int: Set<Int>]) -> Bool {
    for child in blocks[level][block].children {
      var number: [Int: Int] = [:]
      let old = blocks[level - 1][child].switches
      for device in old {
        let own = above[device] ?? []
        number[device] = classes.indices.max {
          (classes[$0].intersection(own).count, $1) < (classes[$1].intersection(own).count, $0)
        }
      }
      let sorted = old.enumerated().sorted {
        (number[$0.element] ?? 0, $0.offset) < (number[$1.element] ?? 0, $1.offset)
      }.map(\.element)
      guard !isFixed[level - 1] || sorted == old else { return false }
      let run = old.count / classes.count
      for (index, device) in sorted.enumerated() {
        guard number[device] == index / run else { return false }
        place[device] = index
      }
      blocks[level - 1][child].switches = sorted
    }
    let old = blocks[level][block].switches
    let sorted = old.enumerated().sorted { left, right in
      let (one, other) = (left.element, right.element)
      return (classes.firstIndex { $0.contains(one) } ?? 0, left.offset)
        < (classes.firstIndex { $0.contains(other) } ?? 0, right.offset)
    }.map(\.element)
    for (index, device) in sorted.enumerated() { place[device] = index }
    blocks[level][block].switches = sorted
    isFixed[level] = true
    return true
  }

  // MARK: Comparing with the rules

  /// Numbers the blocks inside each other and the hosts in rank order.
  private mutating func number() {
    for level in blocks.indices {
      for block in blocks[level].indices {
        for (index, child) in blocks[level][block].children.enumerated() where level > 0 {
          blocks[level - 1][child].index = index
          blocks[level - 1][child].parent = block
        }
      }
    }
    func visit(_ level: Int, _ block: Int) -> [Int] {
      level < 0 ? [block] : blocks[level][block].children.flatMap { visit(level - 1, $0) }
    }
    shape.hostOrder = blocks.isEmpty ? Array(site.hosts.indices) : visit(blocks.count - 1, 0)
  }

  /// The names from the outermost block down to a block of a level.
  private func path(_ level: Int, _ block: Int) -> String {
    let own = "\(shape.levels[level].block)[\(blocks[level][block].index)]"
    guard level + 1 < blocks.count else { return own }
    return path(level + 1, blocks[level][block].parent) + "/" + own
  }

  private func path(ofHost host: Int) -> String {
    guard let block = blockOf.first?[host], let index = blocks[0][block].children.firstIndex(of: host) else {
      return "host[\(host)]"
    }
    return path(0, block) + "/host[\(index)]"
  }

  private func path(ofDevice device: Int) -> String {
    if let host = site.devices[device].host {
      guard let at = hosts[host].places[device] else { return path(ofHost: host) }
      return path(ofHost: host) + "/\(shape.host.rows[at.row].name)[\(at.index)]"
    }
    guard let level = levelOf[device], let block = blockOf[level][site.hosts.count + device] else { return "" }
    return path(level, block) + "/\(shape.levels[level].row)[\(place[device] ?? 0)]"
  }

  private struct Pair: Hashable {
    var lower: Int
    var upper: Int
  }

  /// Compares the cables of a level with its rules; false where there are some that no rule gives.
  private mutating func compare(_ level: Int, _ cables: [Site.Link]) -> Bool {
    var seen: [Pair: Int] = [:]
    for cable in cables {
      let isUp = levelOf[cable.to] == level && levelOf[cable.from] != level
      let pair = isUp ? Pair(lower: cable.from, upper: cable.to) : Pair(lower: cable.to, upper: cable.from)
      seen[pair, default: 0] += cable.count
      if let rate = cable.degradedTo {
        shape.exceptions.append(
          .degraded(from: path(ofDevice: pair.lower), to: path(ofDevice: pair.upper), bandwidth: rate))
      } else if shape.levels[level].rules.allSatisfy({ $0.link != cable.kind }) {
        return false
      }
    }
    for rule in shape.levels[level].rules {
      let rowWidth =
        rule.hostRow.isEmpty
        ? shape.levels[level - 1].switches : shape.host.rows.first { $0.name == rule.hostRow }?.count ?? 1
      let width = rule.depth > 1 ? shape.levels[...level].reduce(rowWidth) { $0 * $1.children } : rowWidth
      for block in blocks[level] {
        let lower: [(device: Int, index: Int)] =
          rule.hostRow.isEmpty
          ? block.children.flatMap { blocks[level - 1][$0].switches.enumerated().map { ($0.element, $0.offset) } }
          : block.hosts.flatMap { host in
            hosts[host].places.keys.filter { shape.host.rows[hosts[host].places[$0]?.row ?? 0].name == rule.hostRow }
              .map { ($0, slot($0, level, rowWidth, isAmongAll: rule.depth > 1)) }
          }.sorted { $0.0 < $1.0 }
        for (device, index) in lower {
          for (place, upper) in block.switches.enumerated() {
            let count = block.switches.count
            if rule.depth > 0, index / max(1, width / count) != place / max(1, count / width) { continue }
            let found = seen.removeValue(forKey: Pair(lower: device, upper: upper)) ?? 0
            guard found <= rule.perPair else { return false }
            if found < rule.perPair {
              shape.exceptions.append(
                .failed(
                  from: path(ofDevice: device), to: path(ofDevice: upper),
                  count: found == 0 ? nil : rule.perPair - found))
            }
          }
        }
        guard shape.exceptions.count <= 2000 else { return false }
      }
    }
    return seen.isEmpty
  }

  private mutating func addAbsences() {
    for level in blocks.indices {
      for block in blocks[level].indices where blocks[level][block].children.count < shape.levels[level].children {
        let name = level == 0 ? "host" : shape.levels[level - 1].block
        let first = blocks[level][block].children.count
        let last = shape.levels[level].children - 1
        shape.exceptions.append(
          .absent("\(path(level, block))/\(name)[\(first == last ? "\(first)" : "\(first)..\(last)")]"))
      }
    }
  }
}
