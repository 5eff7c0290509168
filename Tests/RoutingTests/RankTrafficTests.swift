import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

@Suite("Traffic between ranks") struct RankTrafficTests {
  @Test("The operator gives every physical link the load that it has in the expansion", arguments: 0..<40)
  func agreesWithExpansion(seed: Int) throws {
    try expectExpansion(SampleCluster(seed: seed))
  }

  @Test("Traffic kept to rails loads every link as it does message by message, relays and all", arguments: 0..<40)
  func agreesOnRails(seed: Int) throws {
    try expectExpansion(SampleCluster(seed: seed), policy: .railAligned)
  }

  @Test(
    "On a torus too, healthy and with a failed link, in whole and in part",
    arguments: [[6], [5, 4], [2, 3, 4], [3, 3, 2, 2]], [nil, 0, 1])
  func agreesOnTori(sizes: [Int], failedRule: Int?) throws {
    var torus = try RingBlueprint.torus(sizes)
    if let failedRule, failedRule < torus.blueprint.rules.count {
      let shift = try #require(torus.blueprint.rules[failedRule].shift)
      let one = Blueprint.Selection(
        Dictionary(uniqueKeysWithValues: torus.blueprint.templates[0].axes.map { ($0, [1..<2]) }))
      var next = one
      next.ranges[shift.axis] = [0..<1]
      torus.blueprint.exceptions = [.failedLinks(RuleID(failedRule), from: one, to: next, count: nil)]
    }
    try expectExpansion(SampleCluster(torus.blueprint, torus.order))
    let inner = sizes[sizes.count - 1]
    if sizes.count > 1 { try expectExpansion(SampleCluster(torus.blueprint, torus.order, ranks: inner)) }
  }

  @Test(
    "On a dragonfly too, with whole groups and with parts of one",
    arguments: [(18, 3, 1), (17, 3, 1), (12, 2, 2), (10, 5, 1)])
  func agreesOnDragonflies(boxes: Int, switches: Int, endpoints: Int) throws {
    let fabric = try RingBlueprint.dragonfly(boxes: boxes, switches: switches, endpoints: 2 * endpoints, global: 2)
    try expectExpansion(SampleCluster(fabric.blueprint, fabric.order))
    try expectDistances(SampleCluster(fabric.blueprint, fabric.order))
  }

  @Test("On a dragonfly with a failed link inside or between groups too", arguments: 0..<4, [4, 6])
  func agreesOnBrokenDragonflies(kind: Int, boxes: Int) throws {
    let fabric = try RingBlueprint.dragonfly(boxes: boxes, switches: 2, endpoints: 2, global: 2)
    var blueprint = fabric.blueprint
    let graph = try blueprint.expanded(limit: 1000)
    let kinds = blueprint.rules.indices.filter { rule in
      [blueprint.rules[rule].from, blueprint.rules[rule].to].allSatisfy {
        blueprint.templates[$0.index].kind == .networkSwitch
      }
    }
    let rule = RuleID(kinds[kind % kinds.count])
    let arc = try #require(graph.topology.arcs.last { $0.rule == rule && $0.forward })
    let ends = [arc.from, arc.to].map { vertex in
      let axes = blueprint.templates[graph.topology.cells[vertex.index].template.index].axes
      return Blueprint.Selection(
        Dictionary(uniqueKeysWithValues: zip(axes, graph.indices[vertex.index]).map { ($0, [$1..<$1 + 1]) }))
    }
    blueprint.exceptions.append(.failedLinks(rule, from: ends[0], to: ends[1], count: 1))
    try expectExpansion(SampleCluster(blueprint, fabric.order))
    try expectDistances(SampleCluster(blueprint, fabric.order))
  }

  private func expectExpansion(_ sample: SampleCluster, policy: RoutingPolicy = .equalSplit) throws {
    var cluster = sample
    let explicit = try ExplicitRanks(cluster)
    cluster.ranks = cluster.ranks.map { min($0, explicit.ranks.count) }
    let traffic = try RankTraffic(
      cluster.blueprint, order: cluster.order, ranks: cluster.ranks, classes: cluster.classes, policy: policy)
    #expect(traffic.ranks == explicit.ranks.count)
    let cells = traffic.loads.topology
    let holding = cells.cells(holding: explicit.graph).compactMap(\.first)
    var rows: [String: Int] = [:]
    for (row, described) in traffic.loads.rows.enumerated() {
      rows["\(described.from) \(described.to) \(described.rule) \(described.forward) \(described.link)"] = row
    }
    for (column, kind) in traffic.classes.enumerated() {
      let expected =
        kind == .inSwitch
        ? explicit.switchLoads()
        : policy == .railAligned ? explicit.railAlignedLoads(of: kind) : explicit.loads(of: kind)
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
    try expectDistances(SampleCluster(seed: seed))
  }

  private func expectDistances(_ sample: SampleCluster) throws {
    var cluster = sample
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
      sizes: [1, 1, 1, 10_000, 1, 1, 1, 1, 1], nvc: 1, nic: 1, up: 1, latencies: [1, 1, 1, 1, 1], leafUp: 1, spineUp: 1)
    fabric.blueprint.exceptions = (0..<10_000).map {
      .failedLinks(RuleID(0), from: .init([AxisID(3): [$0..<$0 + 1]]), to: .init(), count: 1)
    }
    #expect(throws: RoutingError.tooManyOrbits(10_000)) {
      try RankTraffic(fabric.blueprint, order: NVLClos.rankOrder, classes: [.peers(level: 5, aligned: false)])
    }
  }
}
