import ClusterModel
import Matrices
import Quantities
import Routing
import Testing

@Suite("Messages that share links evenly") struct SharedRouteTests {
  /// Four sources behind one switch, four sinks behind another, and one link between the switches.
  private static func dumbbell() -> Topology {
    let cell = { (kind: DeviceKind) in
      Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: kind, relays: kind == .networkSwitch)
    }
    let ends = (0..<4).flatMap { [(from: CellID($0), to: CellID(8)), (from: CellID(9), to: CellID($0 + 4))] }
    return Topology(
      cells: (0..<8).map { _ in cell(.accelerator) } + (0..<2).map { _ in cell(.networkSwitch) },
      arcs: (ends + [(from: CellID(8), to: CellID(9))]).map {
        Topology.Arc(
          from: $0.from, to: $0.to, linksPerMember: 1, link: 0, rule: RuleID(0), forward: true, tier: .leaf)
      },
      linkTypes: [
        LinkType(name: "cable", technology: .infiniband, bandwidth: Bandwidth(bytesPerSecond: 1), latency: .zero)
      ])
  }

  /// Every link carries 10, but for the link between the switches and that of the first source.
  private func shared(_ topology: Topology) throws -> SharedLinks {
    let capacities = topology.arcs.map { arc -> Double in
      arc.from == CellID(8) ? 2 : arc.from == CellID(0) ? 1 : 10
    }
    return try SharedLinks(
      on: topology, capacities: capacities, pairs: (0..<4).map { (from: CellID($0), to: CellID($0 + 4)) })
  }

  @Test("A long message behind a slow link of its own is still under way when the shared link could be done")
  func gap() throws {
    let shared = try shared(SharedRouteTests.dumbbell())
    let sizes = [6.0, 3, 2, 2]
    #expect(try shared.bound(sizes: sizes) == 6.5)
    let completions = try shared.completions(sizes: sizes)
    #expect(completions.map(\.time) == [4, 5, 8] && completions.map(\.flows) == [[2, 3], [1], [0]])
  }

  @Test("Messages of one size take what the busiest link takes")
  func equal() throws {
    let shared = try shared(SharedRouteTests.dumbbell())
    #expect(try shared.completions(sizes: [3, 3, 3, 3]).last?.time == shared.bound(sizes: [3, 3, 3, 3]))
  }

  @Test("Each message takes of every link what routing it alone puts there")
  func routes() throws {
    let topology = SharedRouteTests.dumbbell()
    let shared = try shared(topology)
    for flow in 0..<4 {
      let alone = LoadOperator(
        of: topology, traffics: [[Demand(from: CellID(flow), to: CellID(flow + 4), bytes: 1)]]
      ).matrix.column(0)
      let uses = topology.arcs.indices.map { arc in shared.flows[flow].first { $0.link == arc }?.amount ?? 0 }
      #expect(uses == alone)
    }
  }

  @Test("A message without a path is refused")
  func unreachable() throws {
    let topology = SharedRouteTests.dumbbell()
    #expect(throws: SharedLinks.Failure.use(flow: 0)) {
      try SharedLinks(
        on: topology, capacities: topology.arcs.map { _ in 1 }, pairs: [(from: CellID(4), to: CellID(0))])
    }
  }
}
