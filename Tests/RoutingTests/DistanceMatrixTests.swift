import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

@Suite("Distances between all vertices") struct DistanceMatrixTests {
  /// A random directed graph with delays of one of several widths; some vertices do not relay.
  static func graph(seed: Int, vertices: Int, delays: ClosedRange<Int64>) -> Topology {
    var generator = SeededGenerator(seed: seed)
    let cells = (0..<vertices).map { _ in
      Topology.Cell(
        template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: generator.chance(0.9))
    }
    var types: [LinkType] = []
    var arcs: [Topology.Arc] = []
    for _ in 0..<vertices * 3 {
      let ends = (0..<2).map { _ in Int.random(in: 0..<vertices, using: &generator) }
      guard ends[0] != ends[1] else { continue }
      let link = LinkType(
        name: "", technology: .other, bandwidth: .gigabytesPerSecond(1),
        latency: Latency(picoseconds: Int64.random(in: delays, using: &generator)))
      let type = types.firstIndex(of: link) ?? types.count
      if type == types.count { types.append(link) }
      for (from, to) in generator.chance(0.7) ? [(0, 1), (1, 0)] : [(0, 1)] {
        arcs.append(
          Topology.Arc(
            from: CellID(ends[from]), to: CellID(ends[to]), linksPerMember: Int.random(in: 1...2, using: &generator),
            link: type, rule: RuleID(0), forward: from == 0, tier: .leaf))
      }
    }
    return Topology(cells: cells, arcs: arcs, linkTypes: types)
  }

  /// A random graph in which much follows from the rest: vertices with the same links, chains and leaves hanging from
  /// others, and ends that do not relay.
  static func reducible(seed: Int, delays: ClosedRange<Int64>) -> Topology {
    var generator = SeededGenerator(seed: seed)
    var types: [LinkType] = []
    var arcs: [Topology.Arc] = []
    var relays: [Bool] = []
    func vertex(relays isRelay: Bool) -> Int {
      relays.append(isRelay)
      return relays.count - 1
    }
    func type() -> Int {
      types.append(
        LinkType(
          name: "", technology: .other, bandwidth: .gigabytesPerSecond(1),
          latency: Latency(picoseconds: Int64.random(in: delays, using: &generator))))
      return types.count - 1
    }
    func join(_ one: Int, _ other: Int, links: Int, _ there: Int, _ back: Int) {
      for (from, to, link) in [(one, other, there), (other, one, back)] {
        arcs.append(
          Topology.Arc(
            from: CellID(from), to: CellID(to), linksPerMember: links, link: link, rule: RuleID(0),
            forward: from == one, tier: .leaf))
      }
    }
    // Layers of sets of twins, each set joined to some of those of the layer before.
    var before: [[Int]] = []
    for _ in 0..<3 {
      let layer = (0..<3).map { _ in
        let relays = generator.chance(0.8)
        return (0..<Int.random(in: 1...3, using: &generator)).map { _ in vertex(relays: relays) }
      }
      for (place, twins) in layer.enumerated() {
        for (other, others) in before.enumerated() where other == place || generator.chance(0.5) {
          let (there, back, links) = (type(), type(), Int.random(in: 1...2, using: &generator))
          for one in twins {
            for end in others { join(one, end, links: links, there, back) }
          }
        }
      }
      before = layer
    }
    for _ in 0..<10 {
      var end = Int.random(in: relays.indices, using: &generator)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let next = vertex(relays: generator.chance(0.7))
        join(next, end, links: Int.random(in: 1...2, using: &generator), type(), type())
        end = next
      }
    }
    let cells = relays.map {
      Topology.Cell(
        template: TemplateID(0), size: 1, blocks: [], kind: $0 ? .networkSwitch : .accelerator, relays: $0)
    }
    return Topology(cells: cells, arcs: arcs, linkTypes: types)
  }

  @Test("Trees that hang from a graph and twins in it change no distance", arguments: 0..<40)
  func reduction(seed: Int) throws {
    let widths: [ClosedRange<Int64>] = [5...5, 1...4, 1_000_000_000...90_000_000_000]
    let graph = DistanceMatrixTests.reducible(seed: seed, delays: widths[seed % widths.count])
    let matrix = try #require(DistanceMatrix(of: graph, threads: 2))
    for destination in graph.cells.indices {
      let reference = ReferenceRouting(graph, to: CellID(destination))
      for source in graph.cells.indices {
        let found = matrix.distance(from: CellID(source), to: CellID(destination))?.picoseconds
        #expect(found == reference.distances[source])
      }
    }
  }

  @Test(
    "Blocks of bits and of lanes of every width give the distances of one search each, on any number of threads",
    arguments: 0..<6)
  func agreement(seed: Int) throws {
    let widths: [ClosedRange<Int64>] = [7...7, 1...9, 1000...90_000, 1_000_000_000...90_000_000_000]
    for (place, delays) in widths.enumerated() {
      for vertices in [1, 2, 70, 130] {
        let graph = DistanceMatrixTests.graph(seed: seed * 10 + place, vertices: vertices, delays: delays)
        let matrix = try #require(DistanceMatrix(of: graph, threads: 1 + seed % 3))
        #expect(matrix.count == vertices)
        for destination in graph.cells.indices {
          let reference = ReferenceRouting(graph, to: CellID(destination))
          for source in graph.cells.indices {
            let found = matrix.distance(from: CellID(source), to: CellID(destination))?.picoseconds
            #expect(found == reference.distances[source])
          }
        }
      }
    }
  }

  @Test("Delays whose sums do not fit are refused")
  func overflow() {
    let cell = Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: true)
    let types = [Int64.max, Int64.max - 1].map {
      LinkType(
        name: "", technology: .other, bandwidth: .gigabytesPerSecond(1), latency: Latency(picoseconds: $0))
    }
    let arcs = (0..<2).map {
      Topology.Arc(
        from: CellID($0), to: CellID($0 + 1), linksPerMember: 1, link: $0, rule: RuleID(0), forward: true, tier: .leaf)
    }
    #expect(
      DistanceMatrix(of: Topology(cells: [cell, cell, cell], arcs: arcs, linkTypes: types)) == nil as DistanceMatrix?)
  }
}

extension DistanceMatrix? {
  fileprivate static func == (left: DistanceMatrix?, right: DistanceMatrix?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    default: false
    }
  }
}

@Suite("Loads of traffic between all vertices") struct MultipathLoadsTests {
  @Test("The walk gives every link the load of one search each, on any number of threads", arguments: 0..<6)
  func agreement(seed: Int) throws {
    let widths: [ClosedRange<Int64>] = [7...7, 1...9, 1000...90_000, 1_000_000_000...90_000_000_000]
    for (place, delays) in widths.enumerated() {
      let graph = DistanceMatrixTests.graph(seed: seed * 10 + place, vertices: 80, delays: delays)
      let amount = { @Sendable (from: Int, to: Int) in Double((from * 7 + to * 3) % 5) }
      let vertices = graph.cells.indices.map { CellID($0) }
      let demands = vertices.flatMap { from in
        vertices.filter { $0 != from }.map { Demand(from: from, to: $0, bytes: amount(from.index, $0.index)) }
      }
      let expected = LoadOperator(of: graph, traffics: [demands])
      let single = try #require(MultipathLoads(of: graph, amount: amount))
      let double = try #require(MultipathLoads(of: graph, threads: 3, amount: amount))
      #expect(single.loads == double.loads && single.unroutable == double.unroutable)
      #expect(abs(single.unroutable - expected.unroutable[0]) <= 1e-9 * max(1, single.unroutable))
      for (row, load) in single.loads.enumerated() {
        let other = expected.matrix.row(row)[0]
        #expect(abs(load - other) <= 1e-9 * max(1, other))
      }
    }
  }

  @Test("Trees and twins are given the loads of one recursion for each pair", arguments: 0..<40)
  func reduction(seed: Int) throws {
    let widths: [ClosedRange<Int64>] = [5...5, 1...4, 1_000_000_000...90_000_000_000]
    let graph = DistanceMatrixTests.reducible(seed: seed, delays: widths[seed % widths.count])
    let amount = { @Sendable (from: Int, to: Int) in Double((from * 5 + to * 3) % 4) }
    let all = graph.cells.indices.map { CellID($0) }
    for ends in [all, all.filter { !graph.cells[$0.index].relays }, Array(all.suffix(9)), []] {
      var expected = [Double](repeating: 0, count: graph.arcs.count)
      var lost = 0.0
      for to in ends {
        let reference = ReferenceRouting(graph, to: to)
        for from in ends where from != to {
          let bytes = amount(from.index, to.index)
          if !reference.addLoads(from: from.index, amount: bytes, to: &expected) { lost += bytes }
        }
      }
      let found = try #require(MultipathLoads(of: graph, between: ends, threads: 2, amount: amount))
      #expect(abs(found.unroutable - lost) <= 1e-9 * max(1, lost))
      for (load, other) in zip(found.loads, expected) { #expect(abs(load - other) <= 1e-9 * max(1, other)) }
    }
  }
}
