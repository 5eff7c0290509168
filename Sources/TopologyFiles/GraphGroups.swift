import ClusterModel

/// The nested groups that the accelerators of a graph form: hosts, and tier by tier those that its links join.
struct GraphGroups {
  /// A level of groups.
  struct Level {
    var tier: Tier
    /// Accelerators in each group, in rank order.
    var sizes: [Int]
  }

  /// The levels from the innermost outwards; the last one holds all accelerators.
  private(set) var levels: [Level] = []
  /// The level of the scale-up domain; nil where accelerators share no links but those of the network.
  private(set) var scaleUpLevel: Int?
  private let accelerators: [Int]
  private let relays: [Bool]

  /// Groups of accelerators in rank order.
  /// - Parameter hosts: How many of them each host has; empty where the graph names none.
  init(of accelerators: [Int], hosts: [Int], _ vertices: [GraphReader.Vertex], _ edges: [GraphReader.Edge]) {
    self.accelerators = accelerators
    relays = vertices.map(\.device.relays)
    let tiers = Set(edges.map(\.tier)).filter { $0 >= .board }.sorted()
    let top = tiers.last ?? .board
    var joined = DisjointSets(count: vertices.count)
    for tier in [Tier.device] + tiers where tier < top {
      for edge in edges where edge.tier == tier { joined.join(edge.from, edge.to) }
      // Where no hosts are told apart ranks are one group, whatever its parts share.
      guard tier > .device, let sizes = sizes(by: &joined), sizes.count == 1 || !hosts.isEmpty else { continue }
      add(tier, sizes)
    }
    if hosts.count > 1, hosts.contains(where: { $0 > 1 }), top > .board, levels.first?.tier != .board {
      let inner = levels
      levels = []
      add(.board, hosts)
      for level in inner { add(level.tier, level.sizes) }
    }
    add(top, [accelerators.count])
    let isNetwork = vertices.map { [.networkSwitch, .gateway].contains($0.device.kind) }
    // Without scale-up links those that share PCIe switches or processors form the domain.
    scaleUpLevel =
      domain(over: edges.filter { $0.link.technology.isScaleUp })
      ?? domain(over: edges.filter { !isNetwork[$0.from] && !isNetwork[$0.to] })
  }

  /// The sizes of the groups that are joined; nil where their ranks do not follow each other.
  private func sizes(by joined: inout DisjointSets) -> [Int]? {
    var sizes: [Int] = []
    var seen: Set<Int> = []
    var last = -1
    for accelerator in accelerators {
      let own = joined.first(of: accelerator)
      if own == last {
        sizes[sizes.count - 1] += 1
      } else {
        guard seen.insert(own).inserted else { return nil }
        sizes.append(1)
        last = own
      }
    }
    return sizes
  }

  /// Adds a level unless its groups have one member each or are no unions of those below.
  private mutating func add(_ tier: Tier, _ sizes: [Int]) {
    guard sizes.count == 1 || sizes.contains(where: { $0 > 1 }) else { return }
    if let below = levels.last {
      let ends = Set(GraphGroups.ends(below.sizes))
      guard GraphGroups.ends(sizes).allSatisfy(ends.contains) else { return }
    }
    levels.append(Level(tier: tier, sizes: sizes))
  }

  private static func ends(_ sizes: [Int]) -> [Int] {
    sizes.reduce(into: []) { ends, size in ends.append((ends.last ?? 0) + size) }
  }

  /// The outermost level whose groups links join, each by itself; of levels with the same groups the innermost.
  private func domain(over edges: [GraphReader.Edge]) -> Int? {
    var joined = DisjointSets(count: relays.count)
    var neighbours = [[Int]](repeating: [], count: relays.count)
    for edge in edges {
      neighbours[edge.from].append(edge.to)
      neighbours[edge.to].append(edge.from)
      if relays[edge.from], relays[edge.to] { joined.join(edge.from, edge.to) }
    }
    // Traffic passes from one accelerator to another directly, or through devices that relay and are joined.
    let passages = accelerators.map { accelerator in
      let own = relays[accelerator] ? [accelerator] : neighbours[accelerator].filter { relays[$0] }
      return Set(own.map { joined.first(of: $0) })
    }
    func areJoined(_ ranks: Range<Int>) -> Bool {
      guard let first = ranks.first, ranks.count > 1 else { return true }
      let direct = Set(neighbours[accelerators[first]])
      return ranks.dropFirst().allSatisfy {
        !passages[$0].isDisjoint(with: passages[first]) || direct.contains(accelerators[$0])
      }
    }
    let level = levels.indices.last { level in
      var first = 0
      return levels[level].sizes.contains { $0 > 1 }
        && levels[level].sizes.allSatisfy { size in
          defer { first += size }
          return areJoined(first..<first + size)
        }
    }
    return level.flatMap { level in levels.firstIndex { $0.sizes == levels[level].sizes } }
  }
}
