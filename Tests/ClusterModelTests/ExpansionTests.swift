import ClusterModel
import Quantities
import Testing

@Suite("Expansion") struct ExpansionTests {
  private let link = LinkType(
    name: "link", technology: .other, bandwidth: .gigabytesPerSecond(1), latency: .nanoseconds(1))

  private func fabric(racks: Int, gpus: Int) -> Blueprint {
    let (rack, gpu) = (AxisID(0), AxisID(1))
    return Blueprint(
      axes: [.init(name: "rack", size: racks), .init(name: "gpu", size: gpus, parent: rack)],
      templates: [
        .init(path: [.init(name: "gpu", axes: [rack, gpu])], kind: .accelerator, relays: false),
        .init(path: [.init(name: "switch", axes: [rack])], kind: .scaleUpSwitch, relays: true),
      ],
      rules: [.init(from: TemplateID(0), to: TemplateID(1), same: [rack], linksPerPair: 2, link: link, tier: .rack)])
  }

  @Test("Vertices stand in the order of templates and of mixed-radix numbers")
  func order() throws {
    let (graph, indices) = try fabric(racks: 2, gpus: 3).expanded()
    #expect(indices == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [0], [1]])
    #expect(graph.cells.allSatisfy { $0.size == 1 })
    let ups = graph.arcs.filter(\.forward).map { [$0.from.index, $0.to.index, $0.linksPerMember] }
    #expect(ups == [[0, 6, 2], [1, 6, 2], [2, 6, 2], [3, 7, 2], [4, 7, 2], [5, 7, 2]])
    #expect(graph.arcs.count == 12)
  }

  @Test("Absent vertices and failed links are left out")
  func exceptions() throws {
    var blueprint = fabric(racks: 2, gpus: 3)
    blueprint.exceptions = [
      .absent(nil, .init([AxisID(0): [1..<2]])),
      .failedLinks(RuleID(0), from: .init([AxisID(1): [0..<1]]), to: .init(), count: 1),
      .failedLinks(RuleID(0), from: .init([AxisID(1): [2..<3]]), to: .init(), count: nil),
    ]
    let (graph, indices) = try blueprint.expanded()
    #expect(indices == [[0, 0], [0, 1], [0, 2], [0]])
    #expect(graph.arcs.filter(\.forward).map { [$0.from.index, $0.linksPerMember] } == [[0, 1], [1, 2]])
  }

  @Test("An expansion beyond its limit is refused before it is made")
  func limit() {
    #expect(throws: BlueprintError.expansionLimit(limit: 200_000)) {
      try fabric(racks: 1_000_000_000, gpus: 8).expanded()
    }
    #expect(throws: BlueprintError.expansionLimit(limit: 7)) { try fabric(racks: 2, gpus: 3).expanded(limit: 7) }
    #expect(throws: Never.self) { try fabric(racks: 2, gpus: 3).expanded(limit: 8) }
  }
}
