import ClusterModel
import Quantities
import TestSupport
import Testing

@Suite("Trie partition") struct TriePartitionTests {
  /// One bundle of links out of a vertex, as seen from cells.
  private struct Bundle: Hashable {
    var into: CellID
    var rule: RuleID
    var forward: Bool
    var link: LinkType
  }

  @Test("Every vertex of the expansion is in one cell and has that cell's links", arguments: 0..<150)
  func agreesWithExpansion(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    let marks = RandomBlueprint.marks(on: blueprint, count: seed % 4, seed: seed + 1)
    let cells = try blueprint.topology(marking: marks)
    let explicit = try blueprint.expanded()
    #expect(cells.vertexCount == explicit.topology.vertexCount)
    #expect(cells.directedLinkCount == explicit.topology.directedLinkCount)
    let holding = cells.cells(holding: explicit)
    for vertex in explicit.topology.cells.indices {
      let own = try #require(holding[vertex].first)
      #expect(holding[vertex].count == 1)
      var found: [Bundle: Int] = [:]
      for index in explicit.topology.outgoing[vertex]..<explicit.topology.outgoing[vertex + 1] {
        let arc = explicit.topology.arcs[index]
        let into = try #require(holding[arc.to.index].first)
        let link = explicit.topology.link(of: arc)
        found[Bundle(into: into, rule: arc.rule, forward: arc.forward, link: link), default: 0] += arc.linksPerMember
      }
      var expected: [Bundle: Int] = [:]
      for index in cells.outgoing[own.index]..<cells.outgoing[own.index + 1] {
        let arc = cells.arcs[index]
        expected[Bundle(into: arc.to, rule: arc.rule, forward: arc.forward, link: cells.link(of: arc))] =
          arc.linksPerMember
      }
      #expect(found == expected)
    }
  }

  @Test("Links between two cells are as many from either side", arguments: 0..<100)
  func balance(seed: Int) throws {
    let graph = try RandomBlueprint.make(seed: seed).topology()
    for arc in graph.arcs {
      let isMesh = graph.arcs.allSatisfy { $0.rule != arc.rule || $0.forward }
      let back = graph.arcs.first {
        $0.from == arc.to && $0.to == arc.from && $0.rule == arc.rule && $0.link == arc.link
          && (isMesh || $0.forward != arc.forward)
      }
      let links = arc.linksPerMember * graph.cells[arc.from.index].size
      #expect(back.map { $0.linksPerMember * graph.cells[$0.from.index].size } == links)
    }
  }

  @Test("Marked vertices are whole cells", arguments: 0..<100)
  func marks(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    let marks = RandomBlueprint.marks(on: blueprint, count: 3, seed: seed + 7)
    let graph = try blueprint.topology(marking: marks)
    let explicit = try blueprint.expanded()
    let holding = graph.cells(holding: explicit)
    for mark in marks {
      let selected = explicit.indices.indices.map { vertex in
        let axes = blueprint.templates[explicit.topology.cells[vertex].template.index].axes
        return mark.ranges.allSatisfy { axis, ranges in
          guard let place = axes.firstIndex(of: axis) else { return false }
          return ranges.contains { $0.contains(explicit.indices[vertex][place]) }
        }
      }
      let answers = Dictionary(grouping: selected.indices) { holding[$0] }
      #expect(answers.values.allSatisfy { members in Set(members.map { selected[$0] }).count == 1 })
    }
  }

  @Test("Numbering templates in another order changes nothing but the numbers", arguments: 0..<60)
  func relabelling(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    var turned = blueprint
    let count = blueprint.templates.count
    turned.templates.reverse()
    let turn = { (template: TemplateID) in TemplateID(count - 1 - template.index) }
    for index in turned.rules.indices {
      turned.rules[index].from = turn(turned.rules[index].from)
      turned.rules[index].to = turn(turned.rules[index].to)
    }
    turned.exceptions = turned.exceptions.map { exception in
      guard case .absent(let template?, let selection) = exception else { return exception }
      return .absent(turn(template), selection)
    }
    let (left, right) = (try blueprint.topology(), try turned.topology())
    let key = { (graph: Topology, cell: CellID, turn: (TemplateID) -> TemplateID) in
      "\(turn(graph.cells[cell.index].template).index) \(graph.cells[cell.index].blocks)"
    }
    let describe = { (graph: Topology, turn: @escaping (TemplateID) -> TemplateID) in
      Set(
        graph.arcs.map { arc in
          let ends = "\(key(graph, arc.from, turn)) \(key(graph, arc.to, turn))"
          return "\(ends) \(arc.linksPerMember) \(arc.rule) \(arc.forward) \(graph.link(of: arc))"
        })
    }
    #expect(left.cells.count == right.cells.count)
    #expect(describe(left) { $0 } == describe(right, turn))
  }

  @Test("A mark splits an axis only where the mark reaches")
  func additiveGrowth() throws {
    let blueprint = Blueprint(
      axes: [.init(name: "rack", size: 10), .init(name: "tray", size: 8, parent: AxisID(0))],
      templates: [.init(path: [.init(name: "gpu", axes: [AxisID(0), AxisID(1)])], kind: .accelerator, relays: false)])
    let marks = (0..<4).map { Blueprint.Selection([AxisID(0): [$0..<$0 + 1], AxisID(1): [$0..<$0 + 1]]) }
    // Four marked trays, the others of their racks, and the rest.
    #expect(try blueprint.topology(marking: marks).cells.map(\.size).sorted() == [1, 1, 1, 1, 7, 7, 7, 7, 48])
  }

  @Test("A failed link is taken from its two ends alone")
  func failedLink() throws {
    var blueprint = star(leaves: 4, links: 3)
    blueprint.exceptions = [
      .failedLinks(RuleID(0), from: .init([AxisID(0): [2..<3]]), to: .init(), count: 2),
      .failedLinks(RuleID(0), from: .init([AxisID(0): [3..<4]]), to: .init(), count: nil),
    ]
    let graph = try blueprint.topology()
    let hub = try #require(graph.cells.firstIndex { $0.kind == .networkSwitch })
    let up = graph.arcs.filter { $0.to.index == hub }.map { [graph.cells[$0.from.index].size, $0.linksPerMember] }
    #expect(Set(up) == [[2, 3], [1, 1]])
    #expect(graph.directedLinkCount == 2 * (3 + 3 + 1))
  }

  @Test("A failed link of a mesh is lost in both directions, whichever end is named first")
  func failedMeshLink() throws {
    let site = AxisID(0)
    var blueprint = Blueprint(
      axes: [.init(name: "site", size: 3)],
      templates: [.init(path: [.init(name: "wan", axes: [site])], kind: .gateway, relays: true)],
      rules: [
        .init(
          from: TemplateID(0), to: TemplateID(0), same: [], different: [site], linksPerPair: 4, link: link(1),
          tier: .wideArea)
      ])
    #expect(try blueprint.topology().directedLinkCount == 3 * 2 * 4)
    let (one, other) = (Blueprint.Selection([site: [0..<1]]), Blueprint.Selection([site: [2..<3]]))
    for (from, to) in [(one, other), (other, one)] {
      blueprint.exceptions = [.failedLinks(RuleID(0), from: from, to: to, count: 1)]
      #expect(try blueprint.topology().directedLinkCount == 3 * 2 * 4 - 2)
    }
    blueprint.exceptions = [.failedLinks(RuleID(0), from: one, to: .init(), count: 1)]
    #expect(try blueprint.topology().directedLinkCount == 3 * 2 * 4 - 4)
  }

  @Test("A thousand million devices are counted, not refused")
  func manyDevices() throws {
    let blueprint = star(leaves: 1_000_000_000, links: 2)
    #expect(try blueprint.topology().vertexCount == 1_000_000_001)
    #expect(try blueprint.topology().directedLinkCount == 4_000_000_000)
  }

  @Test("Too many cells are refused")
  func tooManyCells() throws {
    let blueprint = Blueprint(
      axes: [.init(name: "a", size: 5000), .init(name: "b", size: 5000)],
      templates: [.init(path: [.init(name: "gpu", axes: [AxisID(0), AxisID(1)])], kind: .accelerator, relays: true)])
    let marks = (0..<2000).map { Blueprint.Selection([AxisID(0): [$0..<$0 + 1], AxisID(1): [$0..<$0 + 1]]) }
    #expect(throws: BlueprintError.tooManyCells(limit: 1_000_000)) { try blueprint.topology(marking: marks) }
  }

  @Test("Marks that overlap by the thousand are refused before they fill the memory")
  func overlappingMarks() throws {
    let blueprint = star(leaves: 20_000, links: 1)
    let marks = (0..<9_000).map { Blueprint.Selection([AxisID(0): [$0..<20_000 - $0]]) }
    #expect(throws: BlueprintError.tooManyCells(limit: 1_000_000)) { try blueprint.topology(marking: marks) }
  }

  @Test("A cell is found by the indices of any of its members", arguments: 0..<60)
  func lookup(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    let marks = RandomBlueprint.marks(on: blueprint, count: 2, seed: seed + 3)
    let partition = try TriePartition(blueprint, marking: marks)
    let explicit = try blueprint.expanded()
    let holding = partition.topology.cells(holding: explicit)
    for (vertex, indices) in explicit.indices.enumerated() {
      let template = explicit.topology.cells[vertex].template
      #expect(partition.cell(of: template, at: indices) == holding[vertex].first)
    }
  }
}

private func link(_ nanoseconds: Int64) -> LinkType {
  LinkType(
    name: "link", technology: .other, bandwidth: .gigabytesPerSecond(1), latency: .nanoseconds(nanoseconds))
}

private func star(leaves: Int, links: Int) -> Blueprint {
  Blueprint(
    axes: [.init(name: "leaf", size: leaves)],
    templates: [
      .init(path: [.init(name: "gpu", axes: [AxisID(0)])], kind: .accelerator, relays: false),
      .init(path: [.init(name: "hub", axes: [])], kind: .networkSwitch, relays: true),
    ],
    rules: [
      .init(from: TemplateID(0), to: TemplateID(1), same: [], linksPerPair: links, link: link(1), tier: .leaf)
    ])
}
