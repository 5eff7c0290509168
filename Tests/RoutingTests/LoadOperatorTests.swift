import ClusterModel
import Matrices
import Routing
import TestSupport
import Testing

@Suite("Load operator of an explicit graph") struct LoadOperatorTests {
  @Test("Traffics side by side load the links as each does in the reference", arguments: 0..<12)
  func columns(seed: Int) throws {
    let cluster = SampleCluster(seed: seed)
    let explicit = try ExplicitRanks(cluster)
    let classes = cluster.classes.filter { $0 != .inSwitch }
    let traffics = classes.map { kind in
      explicit.ranks.flatMap { source in
        let peers = explicit.peers(of: source, in: kind)
        return peers.map { peer in
          Demand(
            from: CellID(source.vertex), to: CellID(peer.vertex),
            bytes: 1 / Double(max(peers.count, explicit.peers(of: peer, in: kind).count)))
        }
      }
    }
    let routed = LoadOperator(of: explicit.graph.topology, traffics: traffics)
    for (column, kind) in classes.enumerated() {
      let expected = explicit.loads(of: kind)
      #expect(abs(routed.unroutable[column] - expected.unroutable) < 1e-9)
      for row in routed.rows.indices {
        #expect(abs(routed.matrix[row, column] - expected.loads[row]) <= 1e-9 * max(1, expected.loads[row]))
      }
    }
  }

  @Test("Traffic to itself loads nothing")
  func toItself() throws {
    let graph = try ExplicitRanks(SampleCluster(seed: 1)).graph.topology
    let routed = LoadOperator(of: graph, traffics: [[Demand(from: CellID(0), to: CellID(0), bytes: 5)]])
    #expect(routed.matrix == Matrix(rows: graph.arcs.count, columns: 1))
    #expect(routed.unroutable == [0])
  }
}
