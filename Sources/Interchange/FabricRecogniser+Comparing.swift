import ClusterModel

/// What is not as the rules say.
extension FabricRecogniser {
  /// Numbers the blocks inside each other and the hosts in rank order.
  mutating func number() {
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
  mutating func compare(_ level: Int, _ cables: [Site.Link]) -> Bool {
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

  mutating func addAbsences() {
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
