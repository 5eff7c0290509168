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
}
