import ClusterModel
import Quantities
import TestSupport

/// A small cluster with something peculiar about it, from a seed.
struct SampleCluster {
  var blueprint: Blueprint
  var order: RankOrder
  var ranks: Int?

  init(seed: Int) {
    var generator = SeededGenerator(seed: seed)
    let pick = { (range: ClosedRange<Int>, generator: inout SeededGenerator) in
      Int.random(in: range, using: &generator)
    }
    let sizes = [2, 2, 2, 2, 2, 2, 2, 2, 2].enumerated().map { axis, size in
      axis == 0 ? pick(1...2, &generator) : axis == 1 ? 1 : pick(1...size, &generator)
    }
    let fabric = NVLClos(
      sizes: sizes, nvc: 50, nic: 100, up: 100, latencies: [300, 600, 600, 800, 20000],
      leafUp: pick(1...2, &generator), spineUp: 1)
    blueprint = fabric.blueprint
    order = NVLClos.rankOrder
    blueprint.templates[0].relays = generator.chance(0.5)
    if generator.chance(0.5) { addBoxes() }
    for _ in 0..<pick(0...2, &generator) { addException(&generator) }
    if generator.chance(0.3) { order.segments[0].inUse = [AxisID(4): 1] }
    if generator.chance(0.5) { ranks = pick(1...12, &generator) }
  }

  init(_ blueprint: Blueprint, _ order: RankOrder, ranks: Int? = nil) {
    self.blueprint = blueprint
    self.order = order
    self.ranks = ranks
  }

  /// A second kind of accelerator, without a scale-up switch, on the same leaves.
  private mutating func addBoxes() {
    let box = AxisID(blueprint.axes.count)
    let axes = [AxisID(0), AxisID(1), AxisID(2), box, AxisID(5)]
    let template = TemplateID(blueprint.templates.count)
    blueprint.axes.append(.init(name: "box", size: 2, parent: AxisID(2)))
    blueprint.templates.append(.init(path: [.init(name: "boxgpu", axes: axes)], kind: .accelerator, relays: false))
    var rule = blueprint.rules[1]
    rule.from = template
    rule.link.latency = .nanoseconds(1)
    blueprint.rules.append(rule)
    order.segments.append(.init(template: template, digits: axes))
    for (level, leading) in [4, 4, 3, 2, 1, 0].enumerated() { order.levels[level].leadingDigits.append(leading) }
    order.railDigits.append(1)
  }

  private mutating func addException(_ generator: inout SeededGenerator) {
    let rule = Int.random(in: 1...3, using: &generator)
    let ends = [blueprint.rules[rule].from, blueprint.rules[rule].to].map { template in
      Dictionary(
        uniqueKeysWithValues: blueprint.templates[template.index].axes.map { axis in
          let index = Int.random(in: 0..<blueprint.axes[axis.index].size, using: &generator)
          return (axis, [index..<index + 1])
        })
    }
    if generator.chance(0.3) {
      blueprint.exceptions.append(.absent(blueprint.rules[1].from, .init(ends[0].filter { $0.key.index < 4 })))
    } else {
      blueprint.exceptions.append(.failedLinks(RuleID(rule), from: .init(ends[0]), to: .init(ends[1]), count: 1))
    }
  }

  var classes: [TrafficClass] {
    order.levels.indices.flatMap { [.peers(level: $0, aligned: false), .peers(level: $0, aligned: true)] } + [.inSwitch]
      + order.rings.indices.flatMap { [.neighbours(ring: $0, forward: true), .neighbours(ring: $0, forward: false)] }
  }
}

/// The ranks of a cluster, one by one, on its expansion.
struct ExplicitRanks {
  struct Rank {
    var vertex: Int
    var segment: Int
    var digits: [Int]
  }

  let order: RankOrder
  let graph: (topology: Topology, indices: [[Int]])
  let ranks: [Rank]

  init(_ cluster: SampleCluster) throws {
    order = cluster.order
    let graph = try cluster.blueprint.expanded()
    self.graph = graph
    var ranks: [Rank] = []
    for (number, segment) in cluster.order.segments.enumerated() {
      let axes = cluster.blueprint.templates[segment.template.index].axes
      let own = graph.topology.cells.indices.filter { graph.topology.cells[$0].template == segment.template }
        .map { vertex in
          let digits = segment.digits.compactMap { axes.firstIndex(of: $0) }.map { graph.indices[vertex][$0] }
          return Rank(vertex: vertex, segment: number, digits: digits)
        }
      let inUse = own.filter { rank in
        zip(segment.digits, rank.digits).allSatisfy { $1 < segment.inUse[$0] ?? .max }
      }
      ranks += inUse.sorted { $0.digits.lexicographicallyPrecedes($1.digits) }
    }
    self.ranks = Array(ranks.prefix(cluster.ranks ?? .max))
  }

  func level(_ left: Rank, _ right: Rank) -> Int? {
    order.levels.firstIndex { level in
      if left.segment != right.segment {
        return level.leadingDigits[left.segment] == 0 && level.leadingDigits[right.segment] == 0
      }
      let leading = level.leadingDigits[left.segment]
      return left.digits.prefix(leading) == right.digits.prefix(leading)
    }
  }

  func aligned(_ left: Rank, _ right: Rank) -> Bool {
    left.digits.suffix(order.railDigits[left.segment]) == right.digits.suffix(order.railDigits[right.segment])
  }

  func peers(of rank: Rank, in traffic: TrafficClass) -> [Rank] {
    if case .neighbours(let ring, let forward) = traffic {
      // Sizes from the digits themselves: all of a ring are there.
      let digit = rank.digits.count - 1 - ring
      let size = (ranks.map { $0.digits[digit] }.max() ?? 0) + 1
      var next = rank.digits
      next[digit] = (next[digit] + (forward ? 1 : size - 1)) % size
      return ranks.filter { $0.digits == next }
    }
    guard case .peers(let level, let onRail) = traffic else { return [] }
    return ranks.filter { other in
      other.vertex != rank.vertex && self.level(rank, other) == level && (!onRail || aligned(rank, other))
    }
  }

  /// The loads of each physical link of each arc of the expansion when every rank sends one byte to its peers, but to
  /// none more than that one sends.
  func loads(of traffic: TrafficClass) -> (loads: [Double], unroutable: Double) {
    var loads = [Double](repeating: 0, count: graph.topology.arcs.count)
    var lost = 0.0
    for destination in ranks {
      var sources = peers(of: destination, in: traffic)
      if case .neighbours(let ring, let forward) = traffic {
        sources = peers(of: destination, in: .neighbours(ring: ring, forward: !forward))
      }
      if sources.isEmpty { continue }
      let reference = ReferenceRouting(graph.topology, to: CellID(destination.vertex))
      for source in sources {
        let amount = 1 / Double(max(peers(of: source, in: traffic).count, sources.count))
        if !reference.addLoads(from: source.vertex, amount: amount, to: &loads) { lost += amount }
      }
    }
    return (loads, lost)
  }

  /// The same, each message between rails of different domains in two, by way of those of the sender's domain that are on
  /// the receiver's rail.
  func railAlignedLoads(of traffic: TrafficClass) -> (loads: [Double], unroutable: Double) {
    guard case .peers = traffic, let inner = order.scaleUpLevel else { return loads(of: traffic) }
    var messages: [Int: [(from: Int, amount: Double)]] = [:]
    for source in ranks {
      let peers = peers(of: source, in: traffic)
      for destination in peers {
        let amount = 1 / Double(max(peers.count, self.peers(of: destination, in: traffic).count))
        let relays = ranks.filter { relay in
          aligned(relay, destination) && (level(relay, source) ?? .max) <= inner
        }
        if (level(source, destination) ?? .max) <= inner || aligned(source, destination) || relays.isEmpty {
          messages[destination.vertex, default: []].append((source.vertex, amount))
        } else {
          for relay in relays {
            let part = amount / Double(relays.count)
            messages[relay.vertex, default: []].append((source.vertex, part))
            messages[destination.vertex, default: []].append((relay.vertex, part))
          }
        }
      }
    }
    var loads = [Double](repeating: 0, count: graph.topology.arcs.count)
    var lost = 0.0
    for (destination, messages) in messages {
      let reference = ReferenceRouting(graph.topology, to: CellID(destination))
      for (source, amount) in messages where !reference.addLoads(from: source, amount: amount, to: &loads) {
        lost += amount
      }
    }
    return (loads, lost)
  }

  /// The loads when every rank sends one byte up to and one down from its scale-up switches.
  func switchLoads() -> (loads: [Double], unroutable: Double) {
    var loads = [Double](repeating: 0, count: graph.topology.arcs.count)
    var lost = 0.0
    for rank in ranks {
      let joins = { (end: CellID, other: CellID) in
        end.index == rank.vertex && graph.topology.cells[other.index].kind == .scaleUpSwitch
      }
      let links = graph.topology.arcs.filter { joins($0.from, $0.to) }.reduce(0) { $0 + $1.linksPerMember }
      if links == 0 { lost += 1 }
      for (index, arc) in graph.topology.arcs.enumerated() where joins(arc.from, arc.to) || joins(arc.to, arc.from) {
        loads[index] += 1 / Double(links)
      }
    }
    return (loads, lost)
  }
}
