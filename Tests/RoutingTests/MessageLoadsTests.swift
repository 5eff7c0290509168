import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

@Suite("Loads of sets of messages") struct MessageLoadsTests {
  private static func graphs(_ seed: Int) -> [Topology] {
    let delays: ClosedRange<Int64> = seed % 3 == 0 ? 5...5 : seed % 3 == 1 ? 1...4 : 1_000_000_000...90_000_000_000
    return [
      DistanceMatrixTests.reducible(seed: seed, delays: delays),
      DistanceMatrixTests.graph(seed: seed, vertices: 70, delays: delays),
    ]
  }

  @Test("Every set has the loads of one search for each destination, on any number of threads", arguments: 0..<20)
  func agreement(seed: Int) throws {
    for graph in MessageLoadsTests.graphs(seed) {
      var generator = SeededGenerator(seed: seed)
      let vertex = { (generator: inout SeededGenerator) in
        CellID(Int.random(in: graph.cells.indices, using: &generator))
      }
      let sets = (0..<7).map { set in
        (0..<set * 3).map { _ in
          Demand(
            from: vertex(&generator), to: vertex(&generator), bytes: Double(Int.random(in: 0...3, using: &generator)))
        }
      }
      let ends = Set(sets.joined().flatMap { [$0.from, $0.to] }).sorted()
      let messages = try #require(MessageLoads(on: graph, between: ends))
      let expected = LoadOperator(of: graph, traffics: sets)
      for threads in [1, 3] {
        var next = 0
        messages.route(sets, threads: threads) { set, loads in
          #expect(set == next)
          next += 1
          #expect(loads.count == graph.arcs.count)
          for (row, load) in loads.enumerated() {
            #expect(abs(load - expected.matrix[row, set]) <= 1e-9 * max(1, load))
          }
        }
        #expect(next == sets.count)
      }
    }
  }

  @Test("Levels have the shortest paths with the fewest hops, with and without twins and trees", arguments: 0..<20)
  func levels(seed: Int) {
    for graph in MessageLoadsTests.graphs(seed) {
      let vertices = graph.cells.indices.filter { $0 % 2 == 0 }.map { CellID($0) }
      // Groups of one and two, one of the first three, and all.
      let groups = [[1, 2, vertices.count - 3], [3, vertices.count - 3]]
      let smallest = { (one: Int, other: Int) in
        let inner = min(one, other) < 3 ? min(one, other) > 0 && max(one, other) < 3 : true
        return (one < 3) != (other < 3) ? 2 : inner ? 0 : 1
      }
      var found: [[(Int64, Int, Int)?]] = [[], [], []]
      for (place, destination) in vertices.enumerated() {
        let lengths = MessageLoadsTests.lengths(graph, to: destination)
        for (other, source) in vertices.enumerated() where other != place {
          found[smallest(place, other)].append(lengths[source.index])
        }
      }
      let measured = LevelDistances.measure(graph, between: vertices, groups: groups)
      for (level, lengths) in found.enumerated() {
        let span = measured[level].unaligned
        let sorted = lengths.compactMap(\.self).sorted(by: <)
        let ends = [span?.nearest, span?.farthest]
        for (path, length) in zip(ends, [sorted.first, sorted.last]) {
          #expect(path?.latency.picoseconds == length?.0 && path?.hops == length?.1 && path?.switches == length?.2)
        }
        #expect(span?.hasUnreachablePair == lengths.contains { $0 == nil })
      }
    }
  }

  /// By vertex: the delay, hops and switches of the shortest path, by the plainest means.
  private static func lengths(_ graph: Topology, to destination: CellID) -> [(Int64, Int, Int)?] {
    var lengths = [(Int64, Int, Int)?](repeating: nil, count: graph.cells.count)
    lengths[destination.index] = (0, 0, 0)
    var isChanged = true
    while isChanged {
      isChanged = false
      for arc in graph.arcs where arc.to == destination || graph.cells[arc.to.index].relays {
        guard arc.from != destination, let rest = lengths[arc.to.index] else { continue }
        let longer = (
          rest.0 + graph.link(of: arc).latency.picoseconds, rest.1 + 1,
          rest.2 + (graph.cells[arc.to.index].kind == .networkSwitch ? 1 : 0)
        )
        if lengths[arc.from.index].map({ longer < $0 }) ?? true {
          lengths[arc.from.index] = longer
          isChanged = true
        }
      }
    }
    return lengths
  }
}
