import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite("Rings, tori and dragonflies") struct RingTests {
  /// One bundle of links out of a vertex, as seen from cells.
  private struct Bundle: Hashable {
    var into: CellID
    var rule: RuleID
    var forward: Bool
  }

  private func expectSame(_ blueprint: Blueprint, marking marks: [Blueprint.Selection]) throws {
    let cells = try blueprint.topology(marking: marks)
    let explicit = try blueprint.expanded()
    #expect(cells.vertexCount == explicit.topology.vertexCount)
    #expect(cells.directedLinkCount == explicit.topology.directedLinkCount)
    let holding = cells.cells(holding: explicit)
    for vertex in explicit.topology.cells.indices {
      let own = try #require(holding[vertex].first)
      #expect(holding[vertex].count == 1)
      var found: [Bundle: Int] = [:]
      for arc in explicit.topology.arcs where arc.from.index == vertex {
        let into = try #require(holding[arc.to.index].first)
        found[Bundle(into: into, rule: arc.rule, forward: arc.forward), default: 0] += arc.linksPerMember
      }
      var expected: [Bundle: Int] = [:]
      for arc in cells.arcs where arc.from == own {
        expected[Bundle(into: arc.to, rule: arc.rule, forward: arc.forward)] = arc.linksPerMember
      }
      #expect(found == expected)
    }
  }

  @Test(
    "Cells of a torus have the links of their vertices, whole, marked and with a failed link",
    arguments: [[5], [2], [4, 3], [2, 2, 2], [3, 4, 5], [1, 6, 2], [2, 1, 3, 2]])
  func torus(sizes: [Int]) throws {
    var blueprint = try RingBlueprint.torus(sizes).blueprint
    #expect(blueprint.validate() == [])
    #expect(try blueprint.topology().cells.count == 1)
    try expectSame(blueprint, marking: [])
    let origin = Blueprint.Selection(
      Dictionary(uniqueKeysWithValues: blueprint.templates[0].axes.map { ($0, [0..<1]) }))
    try expectSame(blueprint, marking: [origin])
    #expect(try blueprint.topology(marking: [origin]).cells.count == sizes.reduce(1, *))
    let axis = try #require(blueprint.rules.last?.shift?.axis)
    var next = origin
    next.ranges[axis] = [1..<2]
    blueprint.exceptions = [.failedLinks(RuleID(blueprint.rules.count - 1), from: next, to: origin, count: nil)]
    try expectSame(blueprint, marking: [])
    let links = try blueprint.topology().directedLinkCount
    #expect(try RingBlueprint.torus(sizes).blueprint.topology().directedLinkCount == links + 2)
  }

  @Test(
    "Cells of a dragonfly have the links of their vertices, with whole groups, parts of one, and few groups",
    arguments: [(36, 4, 2, 2), (35, 4, 2, 2), (6, 3, 2, 3), (2, 1, 2, 4), (40, 4, 2, 3), (3, 4, 2, nil)])
  func dragonfly(boxes: Int, switches: Int, endpoints: Int, global: Int?) throws {
    let fabric = try RingBlueprint.dragonfly(
      boxes: boxes, switches: switches, endpoints: endpoints, global: global)
    #expect(fabric.blueprint.validate() == [])
    try expectSame(fabric.blueprint, marking: [])
    let gpu = try #require(fabric.blueprint.templates.indices.first { fabric.blueprint.templates[$0].name == "gpu" })
    let first = fabric.blueprint.templates[gpu].axes.map { ($0, [0..<1]) }
    try expectSame(fabric.blueprint, marking: [.init(Dictionary(uniqueKeysWithValues: first))])
  }

  @Test("Every two groups of a dragonfly have equally many links, and no switch more than its ports")
  func dragonflyLinks() throws {
    for (boxes, ports, switches, endpoints) in [(36, 8, 4, 2), (64, 16, 4, 4), (8, 8, 2, 2), (200, 16, 8, 4)] {
      let fabric = try RingBlueprint.dragonfly(boxes: boxes, ports: ports, switches: switches, endpoints: endpoints)
      let graph = try fabric.blueprint.expanded()
      let isSwitch = { (cell: CellID) in graph.topology.cells[cell.index].kind == .networkSwitch }
      var pairs: [Set<Int>: Int] = [:]
      var used = [Int](repeating: 0, count: graph.topology.cells.count)
      for arc in graph.topology.arcs where isSwitch(arc.from) {
        used[arc.from.index] += arc.linksPerMember
        guard isSwitch(arc.to) else { continue }
        let groups = [arc.from, arc.to].map { graph.indices[$0.index][0] }
        if groups[0] != groups[1] { pairs[Set(groups), default: 0] += arc.linksPerMember }
      }
      let groups = Set(graph.topology.cells.indices.filter { isSwitch(CellID($0)) }.map { graph.indices[$0][0] }).count
      #expect(pairs.count == groups * (groups - 1) / 2)
      #expect(Set(pairs.values).count == 1)
      #expect(used.allSatisfy { $0 <= ports })
    }
  }

  @Test("What a dragonfly cannot be is refused with the cause")
  func dragonflyRefusals() {
    #expect(throws: FabricError.tooManyGroups(100, limit: 5)) {
      try RingBlueprint.dragonfly(boxes: 200, switches: 2, endpoints: 2, global: 2)
    }
    #expect(throws: FabricError.tooManyPorts(4, limit: 2)) {
      try RingBlueprint.dragonfly(boxes: 2, gpus: 4, switches: 2, endpoints: 2)
    }
    #expect(throws: FabricError.radixTooSmall(radix: 8)) {
      try RingBlueprint.dragonfly(boxes: 90, switches: 9, endpoints: 2)
    }
    #expect(throws: FabricError.invalidCount("switches per group", 0)) {
      try RingBlueprint.dragonfly(boxes: 9, switches: 0, endpoints: 2)
    }
  }

  @Test("A wiring that breaks a ring's symmetry, or leaves it, is named")
  func faults() throws {
    let good = try RingBlueprint.torus([3, 4]).blueprint
    func errors(_ change: (inout Blueprint) -> Void) -> [BlueprintError] {
      var blueprint = good
      change(&blueprint)
      return blueprint.validate()
    }
    let axis = try #require(good.rules[0].shift?.axis)
    let other = try #require(good.rules[1].shift?.axis)
    #expect(errors { $0.axes[axis.index].symmetry = .permutations } == [.shiftAxis(RuleID(0), axis)])
    #expect(errors { $0.rules[0].shift?.by = 3 } == [.shiftAxis(RuleID(0), axis)])
    #expect(errors { $0.rules[0].shift?.by = 0 } == [.shiftAxis(RuleID(0), axis)])
    #expect(errors { $0.rules[0].same = [] } == [.shiftEnds(RuleID(0))])
    #expect(
      errors { $0.rules[0].shift?.places = [.init(axis: other, from: 0, to: 1)] } == [.shiftAxis(RuleID(0), axis)])
    #expect(
      errors {
        $0.rules[0].shift?.places = [.init(axis: other, from: 0, to: 1)]
        $0.rules[0].same = []
      } == [.shiftAxis(RuleID(0), other)])
    #expect(errors { $0.rules[0].shift?.axis = AxisID(7) } == [.shiftEnds(RuleID(0))])
  }

  @Test("A ring of what is not there is refused")
  func wirings() {
    let chips = Composition.Device(name: "chip", count: 4, kind: .accelerator, relays: true)
    for ring in [
      Composition.Ring(step: 1), .init(step: -1), .init(step: 0, by: 4), .init(step: 0, by: 0),
      .init(step: 0, places: [.init(step: 0, from: 0, to: 1)]),
      .init(step: 0, places: [.init(step: 2, from: 0, to: 1)]),
    ] {
      let root = Composition.Block(
        name: "", devices: [chips],
        wirings: [
          .init(from: ["chip"], to: ["chip"], match: .ring(ring), link: RingBlueprint.link(1), tier: .rack)
        ])
      #expect(throws: CompositionError.ring(wiring: 0)) { try Composition(root: root).compiled() }
    }
  }

  @Test("Ranks of a torus count whole rings from the fastest-running digit")
  func ladder() throws {
    let torus = try RingBlueprint.torus([4, 1, 3, 2])
    for (count, sizes) in [(2, [2]), (6, [2, 3]), (24, [2, 3, 4]), (4, nil), (12, nil), (1, nil)] as [(Int, [Int]?)] {
      let ladder = try TierLadder(torus.order, in: torus.blueprint, count: count)
      #expect(ladder.torus == .init(machine: [2, 3, 4], sizes: sizes))
    }
    var absent = torus.blueprint
    absent.exceptions = [
      .absent(nil, .init(Dictionary(uniqueKeysWithValues: absent.templates[0].axes.map { ($0, [1..<2]) })))
    ]
    #expect(try TierLadder(torus.order, in: absent).torus?.sizes == nil)
  }
}
