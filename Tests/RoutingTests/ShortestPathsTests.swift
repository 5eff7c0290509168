import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

@Suite("Shortest paths on cells") struct ShortestPathsTests {
  /// A random fabric with one vertex singled out, in cells and expanded.
  private struct Sample {
    let cells: Topology
    let destination: CellID
    let explicit: (topology: Topology, indices: [[Int]])
    let target: Int
    /// By vertex of the expansion.
    let holding: [CellID]

    init?(seed: Int) throws {
      let blueprint = RandomBlueprint.make(seed: seed)
      explicit = try blueprint.expanded()
      guard !explicit.indices.isEmpty else { return nil }
      var generator = SeededGenerator(seed: seed)
      let target = Int.random(in: explicit.indices.indices, using: &generator)
      self.target = target
      let template = explicit.topology.cells[target].template
      let indices = explicit.indices[target]
      let axes = blueprint.templates[template.index].axes
      let mark = Blueprint.Selection(Dictionary(uniqueKeysWithValues: zip(axes, indices.map { [$0..<$0 + 1] })))
      cells = try blueprint.topology(marking: [mark])
      holding = cells.cells(holding: explicit).compactMap(\.first)
      destination = holding[target]
    }
  }

  @Test("Distances, path counts and loads are those of the expansion", arguments: 0..<120)
  func agreesWithExpansion(seed: Int) throws {
    guard let sample = try Sample(seed: seed) else { return }
    var paths = ShortestPaths(in: sample.cells)
    paths.find(to: sample.destination)
    let reference = ReferenceRouting(sample.explicit.topology, to: CellID(sample.target))
    var loads = [Double](repeating: 0, count: sample.explicit.topology.arcs.count)
    var lost = 0.0
    for (vertex, cell) in sample.holding.enumerated() {
      #expect(paths.distance(from: cell)?.picoseconds == reference.distances[vertex])
      #expect(paths.pathCount(from: cell) == reference.pathCount(from: vertex))
      if !reference.addLoads(from: vertex, amount: 1, to: &loads) { lost += 1 }
    }
    let found = paths.linkLoads(of: sample.cells.cells.map { _ in 1 })
    #expect(abs(found.unroutable - lost) < 1e-9)
    var rows: [String: Double] = [:]
    let key = { (from: CellID, to: CellID, arc: Topology.Arc, link: LinkType) in
      "\(from) \(to) \(arc.rule) \(arc.forward) \(link)"
    }
    for (arc, load) in zip(sample.cells.arcs, found.loads) {
      rows[key(arc.from, arc.to, arc, sample.cells.link(of: arc))] = load
    }
    for (arc, load) in zip(sample.explicit.topology.arcs, loads) {
      let (from, to) = (sample.holding[arc.from.index], sample.holding[arc.to.index])
      let row = try #require(rows[key(from, to, arc, sample.explicit.topology.link(of: arc))])
      #expect(abs(row - load) <= 1e-9 * max(1, load))
    }
  }

  @Test("What enters a cell and what it sends leaves it, and all of it arrives", arguments: 0..<100)
  func conservation(seed: Int) throws {
    guard let sample = try Sample(seed: seed) else { return }
    var paths = ShortestPaths(in: sample.cells)
    paths.find(to: sample.destination)
    var generator = SeededGenerator(seed: seed)
    let traffic = sample.cells.cells.map { _ in Double.random(in: 0...2, using: &generator) }
    let found = paths.linkLoads(of: traffic)
    var balance = [Double](repeating: 0, count: traffic.count)
    for (arc, load) in zip(sample.cells.arcs, found.loads) {
      let flow = load * Double(arc.linksPerMember) * Double(sample.cells.cells[arc.from.index].size)
      balance[arc.from.index] -= flow
      balance[arc.to.index] += flow
    }
    for (index, cell) in sample.cells.cells.enumerated() where CellID(index) != sample.destination {
      let isReachable = paths.distance(from: CellID(index)) != nil
      #expect(abs(balance[index] + (isReachable ? traffic[index] * Double(cell.size) : 0)) < 1e-9)
    }
    let sent = zip(traffic, sample.cells.cells).reduce(0) { $0 + $1.0 * Double($1.1.size) }
    let arrived = balance[sample.destination.index] + traffic[sample.destination.index]
    #expect(abs(arrived + found.unroutable - sent) < 1e-9)
  }

  @Test("Columns side by side are routed as each alone")
  func columns() throws {
    let sample = try #require(try Sample(seed: 11))
    var paths = ShortestPaths(in: sample.cells)
    paths.find(to: sample.destination)
    let single = sample.cells.cells.indices.map { Double($0 % 3) }
    var both = single.flatMap { [$0, 2 * $0 + 1] }
    var loads = [Double](repeating: 0, count: 2 * sample.cells.arcs.count)
    var unroutable = [0.0, 0.0]
    paths.addLoads(of: &both, columns: 2, scale: 3, to: &loads, unroutable: &unroutable)
    for (column, alone) in [single, single.map { 2 * $0 + 1 }].enumerated() {
      let expected = paths.linkLoads(of: alone)
      for arc in sample.cells.arcs.indices { #expect(abs(loads[2 * arc + column] - 3 * expected.loads[arc]) < 1e-9) }
      #expect(abs(unroutable[column] - 3 * expected.unroutable) < 1e-9)
    }
  }

  @Test("Links without delay make no circles")
  func zeroLatency() throws {
    let link = LinkType(name: "", technology: .other, bandwidth: .gigabytesPerSecond(1), latency: .zero)
    let vertex = Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: true)
    let arcs = [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0)].map { from, to in
      Topology.Arc(
        from: CellID(from), to: CellID(to), linksPerMember: 1, link: 0, rule: RuleID(0), forward: true, tier: .leaf)
    }
    let graph = Topology(cells: [vertex, vertex, vertex], arcs: arcs, linkTypes: [link])
    var paths = ShortestPaths(in: graph)
    paths.find(to: CellID(2))
    #expect(paths.pathCount(from: CellID(0)) == 1)
    #expect(paths.linkLoads(of: [1, 1, 0]).loads.reduce(0, +) == 2)
  }

  @Test("Delays near the largest number neither wrap nor stop the program")
  func hugeLatency() {
    let link = LinkType(
      name: "", technology: .other, bandwidth: .gigabytesPerSecond(1), latency: Latency(picoseconds: .max))
    let vertex = Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: true)
    let arcs = (0..<4).map { from in
      Topology.Arc(
        from: CellID(from), to: CellID(from + 1), linksPerMember: 1, link: 0, rule: RuleID(0), forward: true,
        tier: .leaf)
    }
    let graph = Topology(cells: Array(repeating: vertex, count: 5), arcs: arcs, linkTypes: [link])
    var paths = ShortestPaths(in: graph)
    paths.find(to: CellID(4))
    #expect(paths.distance(from: CellID(3)) == Latency(picoseconds: .max))
    #expect(paths.distance(from: CellID(0)) == nil)
  }
}

@Suite("Policies of routing") struct RoutingPolicyTests {
  @Test("Every policy delivers what is sent, and only over shortest paths", arguments: 0..<30)
  func conservation(seed: Int) throws {
    let cuts = CutEnumeration(seed: seed)
    var paths = ShortestPaths(in: cuts.graph)
    for policy in RoutingPolicy.allCases {
      for destination in cuts.graph.cells.indices {
        paths.find(to: CellID(destination), policy: policy)
        let (loads, lost) = paths.linkLoads(of: cuts.graph.cells.indices.map { $0 == destination ? 0 : 1 })
        let arriving = zip(cuts.graph.arcs, loads).reduce(0.0) {
          $1.0.to.index == destination ? $0 + $1.1 * Double($1.0.linksPerMember) : $0
        }
        #expect(abs(arriving + lost - Double(cuts.graph.cells.count - 1)) < 1e-9)
        for (arc, load) in zip(cuts.graph.arcs, loads) where load > 0 {
          let far = try #require(paths.distance(from: arc.from))
          let near = try #require(paths.distance(from: arc.to))
          #expect(near < far)
        }
        guard policy == .singlePath else { continue }
        for vertex in cuts.graph.cells.indices {
          let used = cuts.graph.outgoing[vertex]..<cuts.graph.outgoing[vertex + 1]
          #expect(used.count { loads[$0] > 0 } <= 1)
        }
      }
    }
  }

  @Test("Weighted splits spare the sibling of a failed link, which equal splits load twice")
  func failedLink() throws {
    let fabric = { (failed: Int) in
      var fabric = NVLClos(
        sizes: [1, 2, 2, 2, 2, 2, 2, 4, 4], nvc: 50, nic: 100, up: 100, latencies: [300, 600, 600, 800, 20000],
        leafUp: 2, spineUp: 1)
      let zero = { (axes: [Int]) in
        Blueprint.Selection(Dictionary(uniqueKeysWithValues: axes.map { (AxisID($0), [0..<1]) }))
      }
      if failed > 0 {
        fabric.blueprint.exceptions.append(
          .failedLinks(RuleID(2), from: zero([0, 1, 2, 5]), to: zero([0, 1, 7]), count: failed))
      }
      return fabric.blueprint
    }
    func most(_ blueprint: Blueprint, _ policy: RoutingPolicy) throws -> Double {
      let traffic = try RankTraffic(
        blueprint, order: NVLClos.rankOrder, classes: [.peers(level: 4, aligned: false)], policy: policy)
      return traffic.loads.rows.indices.reduce(0.0) { most, row in
        let described = traffic.loads.rows[row]
        return described.rule.index == 2 && !described.forward ? max(most, traffic.loads.matrix[row, 0]) : most
      }
    }
    let healthy = try most(fabric(0), .equalSplit)
    #expect(abs(try most(fabric(0), .weightedSplit) - healthy) <= 1e-9 * healthy)
    #expect(abs(try most(fabric(1), .equalSplit) - 2 * healthy) <= 1e-9 * healthy)
    // Seven links carry what eight did.
    #expect(abs(try most(fabric(1), .weightedSplit) - healthy * 8 / 7) <= 1e-9 * healthy)
  }

  @Test("Traffic kept to rails stays below the leaves that all domains of a rail share, and NVLink carries the change")
  func rails() throws {
    var fabric = NVLClos(
      sizes: [1, 1, 1, 3, 2, 4, 2, 4, 2], nvc: 50, nic: 100, up: 100, latencies: [300, 600, 600, 800, 20000], leafUp: 2,
      spineUp: 1)
    fabric.blueprint.templates[0].relays = false
    let classes: [TrafficClass] = [
      .peers(level: 2, aligned: false), .peers(level: 2, aligned: true), .peers(level: 1, aligned: false),
    ]
    func loads(_ policy: RoutingPolicy, _ tier: Tier, column: Int = 0) throws -> [Double] {
      let traffic = try RankTraffic(fabric.blueprint, order: NVLClos.rankOrder, classes: classes, policy: policy)
      #expect(traffic.loads.unroutable.allSatisfy { $0 == 0 })
      return traffic.loads.rows.indices.filter { traffic.loads.rows[$0].tier == tier }.map {
        traffic.loads.matrix[$0, column]
      }
    }
    #expect(try loads(.equalSplit, .spine).allSatisfy { $0 > 0.1 })
    #expect(try loads(.railAligned, .spine).allSatisfy { $0 == 0 })
    // Every rank still sends its byte over its interface and receives one, with or without the detour.
    for policy in [RoutingPolicy.equalSplit, .railAligned] {
      #expect(try loads(policy, .leaf).allSatisfy { abs($0 - 1) < 1e-12 })
    }
    // Three of four receivers are on other rails; what is for them crosses two switches' links once in each direction.
    #expect(try loads(.railAligned, .rack).allSatisfy { abs($0 - 0.75 / 2) < 1e-12 })
    #expect(try loads(.equalSplit, .rack).allSatisfy { $0 == 0 })
    // What keeps to a rail anyway, or stays in a domain, is the same.
    for column in 1...2 {
      for tier in [Tier.rack, .leaf, .spine] {
        #expect(try loads(.railAligned, tier, column: column) == loads(.equalSplit, tier, column: column))
      }
    }
  }

  @Test("A message between rails is sent in two, over each of the relays evenly, or else whole")
  func relays() {
    let rank = { (vertex: Int, domain: Int, rail: Int) in
      RailRelays.Rank(CellID(vertex), domain: domain, rail: [rail])
    }
    let relays = RailRelays([
      rank(0, 0, 0), rank(1, 0, 1), rank(2, 0, 1), rank(3, 1, 0), rank(4, 1, 1), rank(5, 1, 2),
    ])
    let demand = { Demand(from: CellID($0), to: CellID($1), bytes: $2) }
    #expect(
      relays.relayed([demand(0, 4, 6)])
        == [demand(0, 1, 3), demand(1, 4, 3), demand(0, 2, 3), demand(2, 4, 3)])
    // On one rail, inside one domain, to a rail that the domain has no rank on, and from what is no rank.
    for whole in [demand(0, 3, 1), demand(0, 2, 1), demand(0, 5, 1), demand(9, 4, 1)] {
      #expect(relays.relayed([whole]) == [whole])
    }
  }
}
