import ClusterModel
import Routing
import TestSupport
import Testing

@Suite("Colour refinement") struct ColourRefinementTests {
  @Test("It does not split the cells of a partition", arguments: 0..<60)
  func cellsAreEquitable(seed: Int) throws {
    let blueprint = RandomBlueprint.make(seed: seed)
    let explicit = try blueprint.expanded()
    let marks = RandomBlueprint.marks(on: blueprint, count: seed % 3, seed: seed + 5)
    let holding = try blueprint.topology(marking: marks).cells(holding: explicit).compactMap(\.first?.index)
    let refined = ColourRefinement(of: explicit.topology, initial: holding)
    #expect(refined.classes.count == Set(holding).count)
  }

  @Test("Vertices of a class have alike arcs into every class", arguments: 0..<100)
  func isEquitable(seed: Int) throws {
    let graph = try RandomBlueprint.make(seed: seed).expanded().topology
    let refined = ColourRefinement(of: graph, initial: graph.cells.map { _ in 0 })
    var bundles = [[String]](repeating: [], count: graph.cells.count)
    for arc in graph.arcs {
      let link = graph.link(of: arc)
      let label = "\(link.latency) \(link.bandwidth) \(arc.linksPerMember)"
      bundles[arc.from.index].append("to \(refined.colours[arc.to.index]) \(label)")
      bundles[arc.to.index].append("from \(refined.colours[arc.from.index]) \(label)")
    }
    for members in refined.classes { #expect(Set(members.map { bundles[$0].sorted() }).count == 1) }
  }

  @Test("Vertices of different initial colours stay apart")
  func initialColours() throws {
    let graph = try RandomBlueprint.make(seed: 3).expanded().topology
    let refined = ColourRefinement(of: graph, initial: Array(graph.cells.indices))
    #expect(refined.colours == Array(graph.cells.indices))
  }
}
