import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// How estimates answer to faster links.
@Suite("Laws of bandwidth") struct BandwidthLawTests {
  static let topologies = [
    "gb200-nvl72", "gb300-nvl72:racks=2", "dgx-h100:nodes=4", "dgx-b200:nodes=2,gpus=1",
    "dgx-h100:nodes=20,fabric=fat-tree,oversubscription=4", LawCases.mixed,
  ]
  static let sizes = [8, 32_768, 2_097_152, 268_435_456, 17_179_869_184].map { Bytes($0) }

  private func estimator(_ cluster: Cluster, of original: Estimator) -> Estimator {
    Estimator(cluster, subject: original.subject)
  }

  @Test("Faster links never make anything slower", arguments: topologies)
  func antitone(topology: String) throws {
    let original = try LawCases.estimator(topology)
    let faster =
      [original.cluster.scalingBandwidth(by: 1.7)]
      + original.cluster.linkRows.map { original.cluster.scalingBandwidth(of: $0, by: 3) }
    for collective in LawCases.collectives {
      let question = Question(collective, sizes: BandwidthLawTests.sizes)
      let before = try original.answer(question)
      for cluster in faster {
        let after = try estimator(cluster, of: original).answer(question)
        for (old, new) in zip(before.estimates, after.estimates) {
          #expect(new.time <= old.time, "\(collective), \(old.bytes)")
          // The programme of all-to-all ends within a tolerance of the optimum.
          #expect(new.leastTime <= old.leastTime * (1 + 1e-6), "\(collective), \(old.bytes)")
          let slower = old.timesByCandidate
          let isAntitone = new.timesByCandidate.allSatisfy { name, time in slower[name].map { time <= $0 } ?? false }
          #expect(isAntitone, "\(collective), \(old.bytes)")
        }
      }
    }
  }

  @Test("Only the named bottleneck's bandwidth decides", arguments: topologies)
  func bottleneck(topology: String) throws {
    let original = try LawCases.estimator(topology)
    let size = Bytes(1 << 34)
    for collective in LawCases.collectives {
      for ranks in try LawCases.ranks(of: original).suffix(1) {
        let free = Question(collective, sizes: [size], ranks: ranks)
        let choice = try original.answer(free).estimates[0]
        // Another link may make another algorithm the fastest, so the chosen one is held.
        let question = free.pinned(to: choice)
        let before = try original.answer(question).estimates[0]
        #expect(before.time == choice.time)
        let bottleneck = try #require(before.bottleneck)
        // Links that tie with the bottleneck hold the time when one of the two is faster.
        let isTie = bottleneck.runnerUpShare > 1 - 1e-9
        for row in original.cluster.linkRows {
          let faster = original.cluster.scalingBandwidth(of: row, by: 1.01)
          let after = try estimator(faster, of: original).answer(question).estimates[0]
          if row.name == bottleneck.link, row.tier == bottleneck.tier {
            #expect(isTie ? after.time <= before.time : after.time < before.time, "\(collective), \(ranks): \(row)")
          } else {
            #expect(after.time == before.time, "\(collective), \(ranks): \(row) is not the bottleneck")
          }
        }
      }
    }
  }
}
