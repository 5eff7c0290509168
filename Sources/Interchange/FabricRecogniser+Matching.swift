import ClusterModel

/// Rules for the links of a level, and the order of switches in which they hold.
extension FabricRecogniser {
  /// Puts the switches of a level, and where they are free those below, in the order in which they are linked.
  mutating func match(_ level: Int, _ cables: [Site.Link]) -> Bool {
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
  func slot(_ device: Int, _ level: Int, _ width: Int, isAmongAll: Bool) -> Int {
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
}
