import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing
import Testing

@testable import Estimation

/// Groups of different sizes: one box more than fits under a set of leaves.
@Suite("Groups of different sizes") struct UnevenGroupTests {
  /// Time of the bytes on cells and, message by message, on single vertices, by the plain model.
  private func times(_ algorithm: String, _ collective: Collective, boxes: Int) throws -> (
    cells: Double, single: Double
  ) {
    let cluster = try Shipped.cluster("dgx-h100:nodes=\(boxes)")
    let answer = try Shipped.estimator("dgx-h100:nodes=\(boxes)").answer(
      Question(collective, sizes: [Bytes(1 << 30)], algorithm: algorithm, library: "alpha-beta"))
    let cells = try #require(answer.estimates[0].terms.first { $0.name.hasPrefix("bytes over") }).time.value
    guard case .blueprint(let blueprint) = cluster.graph else { return (cells, 0) }
    let graph = try blueprint.expanded()
    let ranks = cluster.ranks.accelerators(in: graph, of: blueprint)
    let expansion = try #require(answer.plans[algorithm]).expansion()
    var sent: [[Int]: Double] = [:]
    for transfer in expansion.steps.flatMap(\.transfers) {
      guard case (.rank(let from), .rank(let to)) = (transfer.from, transfer.to) else { continue }
      sent[[from, to], default: 0] += Double(transfer.chunks.count) * expansion.chunkShare
    }
    let demands = sent.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      Demand(from: ranks[$0.key[0]], to: ranks[$0.key[1]], bytes: $0.value)
    }
    let loads = LoadOperator(of: graph.topology, traffics: [demands])
    let seconds = loads.rows.indices.map { loads.matrix[$0, 0] / loads.rows[$0].link.bandwidth.bytesPerSecond }
    return (cells, (seconds.max() ?? 0) * Double(1 << 30))
  }

  @Test(
    "Trees between boxes take what their messages take, also where one box stands apart",
    arguments: ["tree", "nvls-tree"], [16, 33, 34, 40])
  func trees(algorithm: String, boxes: Int) throws {
    let times = try times(algorithm, .allReduce, boxes: boxes)
    #expect(times.cells >= times.single * (1 - 1e-9) && times.cells <= times.single * 1.1, "\(times)")
  }

  @Test("Groups of one size are left as they are")
  func even() {
    let ladder = TierLadder(
      ranks: 16,
      levels: [
        .init(tier: .board, groups: [.init(size: 8, count: 2)]),
        .init(tier: .leaf, groups: [.init(size: 16, count: 1)]),
      ], scaleUpLevel: 0)
    #expect(UnevenGroups(ladder) == nil)
  }

  @Test("What a class lays on the ranks beside a lone box is made up inside their own group")
  func volumes() throws {
    let ladder = TierLadder(
      ranks: 264,
      levels: [
        .init(tier: .board, groups: [.init(size: 8, count: 33)]),
        .init(tier: .leaf, groups: [.init(size: 256, count: 1), .init(size: 8, count: 1)]),
        .init(tier: .spine, groups: [.init(size: 264, count: 1)]),
      ], scaleUpLevel: 0)
    let groups = try #require(UnevenGroups(ladder))
    let top = TrafficClass.peers(level: 2, aligned: true)
    let laid = groups.laying([top: 1, .peers(level: 0, aligned: false): 0.5])
    // A rank of the large group sends 8/256 of a byte to the lone box, and the rest beside it.
    #expect(laid[top] == 1)
    let beside = laid[.peers(level: 1, aligned: true)] ?? 0
    #expect(abs(beside - 248.0 / 256) < 1e-12)
    #expect(abs((laid[.peers(level: 0, aligned: false)] ?? 0) - 0.5) < 1e-12)
  }
}
