import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

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
    guard case .peers(let level, let onRail) = traffic else { return [] }
    return ranks.filter { other in
      other.vertex != rank.vertex && self.level(rank, other) == level && (!onRail || aligned(rank, other))
    }
  }

  /// The loads of each physical link of each arc of the expansion when every rank sends one byte to its peers.
  func loads(of traffic: TrafficClass) -> (loads: [Double], unroutable: Double) {
    var loads = [Double](repeating: 0, count: graph.topology.arcs.count)
    var lost = 0.0
    for destination in ranks {
      let sources = peers(of: destination, in: traffic)
      if sources.isEmpty { continue }
      let reference = ReferenceRouting(graph.topology, to: CellID(destination.vertex))
      for source in sources {
        let amount = 1 / Double(peers(of: source, in: traffic).count)
        if !reference.addLoads(from: source.vertex, amount: amount, to: &loads) { lost += amount }
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

@Suite("Traffic between ranks") struct RankTrafficTests {
  @Test("The operator gives every physical link the load that it has in the expansion", arguments: 0..<40)
  func agreesWithExpansion(seed: Int) throws {
    var cluster = SampleCluster(seed: seed)
    let explicit = try ExplicitRanks(cluster)
    cluster.ranks = cluster.ranks.map { min($0, explicit.ranks.count) }
    let traffic = try RankTraffic(
      cluster.blueprint, order: cluster.order, ranks: cluster.ranks, classes: cluster.classes)
    #expect(traffic.ranks == explicit.ranks.count)
    let cells = traffic.loads.topology
    let holding = cells.cells(holding: explicit.graph).compactMap(\.first)
    var rows: [String: Int] = [:]
    for (row, described) in traffic.loads.rows.enumerated() {
      rows["\(described.from) \(described.to) \(described.rule) \(described.forward) \(described.link)"] = row
    }
    for (column, kind) in traffic.classes.enumerated() {
      let expected = kind == .inSwitch ? explicit.switchLoads() : explicit.loads(of: kind)
      #expect(abs(traffic.loads.unroutable[column] - expected.unroutable) < 1e-9)
      if kind != .inSwitch {
        let counts = explicit.ranks.map { explicit.peers(of: $0, in: kind).count }
        #expect(traffic.peers[column] == (counts.min() ?? 0)...(counts.max() ?? 0))
      }
      for (arc, load) in zip(explicit.graph.topology.arcs, expected.loads) {
        let link = explicit.graph.topology.link(of: arc)
        let (from, to) = (holding[arc.from.index], holding[arc.to.index])
        let row = try #require(rows["\(from) \(to) \(arc.rule) \(arc.forward) \(link)"])
        #expect(abs(traffic.loads.matrix[row, column] - load) <= 1e-9 * max(1, load), "\(kind) \(arc)")
      }
    }
  }

  @Test("Distances by level are those of the expansion", arguments: 0..<40)
  func distances(seed: Int) throws {
    var cluster = SampleCluster(seed: seed)
    let explicit = try ExplicitRanks(cluster)
    cluster.ranks = cluster.ranks.map { min($0, explicit.ranks.count) }
    let levels = try LevelDistances.measure(cluster.blueprint, order: cluster.order, ranks: cluster.ranks)
    var found: [String: Set<Int64?>] = [:]
    for destination in explicit.ranks {
      let reference = ReferenceRouting(explicit.graph.topology, to: CellID(destination.vertex))
      for source in explicit.ranks where source.vertex != destination.vertex {
        let level = try #require(explicit.level(source, destination))
        found["\(level) \(explicit.aligned(source, destination))", default: []]
          .insert(reference.distances[source.vertex])
      }
    }
    for level in levels {
      for (span, aligned) in [(level.aligned, true), (level.unaligned, false)] {
        let expected = found["\(level.level) \(aligned)"]
        #expect(span?.nearest?.latency.picoseconds == expected?.compactMap { $0 }.min())
        #expect(span?.farthest?.latency.picoseconds == expected?.compactMap { $0 }.max())
        #expect(span.map(\.hasUnreachablePair) == expected.map { $0.contains(nil) })
      }
    }
  }

  @Test("Hops and switches are counted along the path")
  func hops() throws {
    var fabric = NVLClos(
      sizes: [1, 2, 2, 2, 2, 2, 2, 2, 2], nvc: 1, nic: 1, up: 1, latencies: [300, 600, 600, 800, 20000], leafUp: 1,
      spineUp: 1)
    fabric.blueprint.templates[0].relays = false
    let levels = try LevelDistances.measure(fabric.blueprint, order: NVLClos.rankOrder)
    let aligned = levels.map { $0.aligned?.farthest }
    #expect(aligned[1] == .init(latency: Latency(picoseconds: 600), hops: 2, switches: 1))
    #expect(aligned[2] == .init(latency: Latency(picoseconds: 1200), hops: 2, switches: 1))
    #expect(aligned[3] == .init(latency: Latency(picoseconds: 2400), hops: 4, switches: 3))
    #expect(aligned[4] == .init(latency: Latency(picoseconds: 4000), hops: 6, switches: 5))
    #expect(levels[2].unaligned?.farthest == .init(latency: Latency(picoseconds: 2400), hops: 4, switches: 3))
    // Two accelerators of a tray are on different rails, and there is one site.
    #expect(aligned[0] == nil)
    #expect(levels[5].aligned == nil)
  }

  @Test("The loads of amounts are the operator times the amounts")
  func product() throws {
    let cluster = SampleCluster(seed: 2)
    let traffic = try RankTraffic(cluster.blueprint, order: cluster.order, classes: cluster.classes)
    let amounts = Matrix(rows: cluster.classes.count, columns: 3) { Double($0 + 1) * Double($1 + 2) }
    let loads = traffic.loads.loads(of: amounts)
    for row in traffic.loads.rows.indices {
      let expected = cluster.classes.indices.reduce(0) { $0 + traffic.loads.matrix[row, $1] * amounts[$1, 2] }
      #expect(abs(loads[row, 2] - expected) < 1e-9)
    }
  }

  @Test("Ranks that do not exist, levels that do not exist and broken orders are refused")
  func refusals() throws {
    let cluster = SampleCluster(seed: 0)
    let available = try ExplicitRanks(cluster).ranks.count
    let measure = { (order: RankOrder, ranks: Int?, classes: [TrafficClass]) throws(RoutingError) in
      _ = try RankTraffic(cluster.blueprint, order: order, ranks: ranks, classes: classes)
    }
    for ranks in [0, -1, 10_000] {
      #expect(throws: RoutingError.ranks(asked: ranks, available: available)) {
        try measure(cluster.order, ranks, [])
      }
    }
    #expect(throws: RoutingError.trafficClass(.peers(level: 6, aligned: false))) {
      try measure(cluster.order, nil, [.peers(level: 6, aligned: false)])
    }
    var turned = cluster.order
    turned.segments[0].digits.reverse()
    #expect(throws: RoutingError.segment(0)) { try measure(turned, nil, []) }
    var inner = cluster.order
    inner.levels.removeLast()
    #expect(throws: RoutingError.level(4)) { try measure(inner, nil, []) }
  }

  @Test("A fabric whose every rank is peculiar is refused rather than worked on for hours")
  func tooManyOrbits() throws {
    var fabric = NVLClos(
      sizes: [1, 1, 1, 4000, 1, 1, 1, 1, 1], nvc: 1, nic: 1, up: 1, latencies: [1, 1, 1, 1, 1], leafUp: 1, spineUp: 1)
    fabric.blueprint.exceptions = (0..<4000).map {
      .failedLinks(RuleID(0), from: .init([AxisID(3): [$0..<$0 + 1]]), to: .init(), count: 1)
    }
    #expect(throws: RoutingError.tooManyOrbits(4000)) {
      try RankTraffic(fabric.blueprint, order: NVLClos.rankOrder, classes: [.peers(level: 5, aligned: false)])
    }
  }
}
