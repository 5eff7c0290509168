import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

@Suite("Estimates on tori and dragonflies") struct TorusTests {
  static let sizes = [8, 1 << 20, 1 << 30].map { Bytes($0) }

  private func torus(_ dimensions: String, exceptions: [String] = []) throws -> Cluster {
    try OwnTopology.cluster(
      """
      cluster:
        torus: {chip: TPU-v5p, dimensions: [\(dimensions)]}
      \(exceptions.isEmpty ? "" : "exceptions:")
      \(exceptions.map { "  - " + $0 }.joined(separator: "\n"))
      """)
  }

  private func estimator(_ cluster: Cluster, followed: Int) -> Estimator {
    Estimator(cluster, subject: Subject(topology: "own", title: "own", parameters: [:]), followed: followed)
  }

  /// Transfer times of every candidate but for latencies of paths, which cells know by group only.
  private func transfers(_ estimator: Estimator, _ collective: Collective, ranks: Int? = nil) throws -> [String: Double]
  {
    let question = Question(collective, sizes: [Bytes(1 << 40)], ranks: ranks)
    let estimate = try #require(try estimator.answer(question).estimates.first)
    // Message by message, each step of the pairwise exchange waits for its slowest link; in cells they overlap.
    return Dictionary(
      uniqueKeysWithValues: (estimate.candidates + estimate.alternatives).filter { $0.algorithm != "pairwise" }.map {
        ("\($0.algorithm) \($0.messageProtocol)", $0.time.value)
      })
  }

  @Test(
    "Cells of a torus give the times that following every message gives",
    arguments: ["6", "3, 4", "2, 3, 4", "4, 1, 5", "2, 2, 2"], Collective.allCases)
  func cells(dimensions: String, collective: Collective) throws {
    let cluster = try torus(dimensions)
    let cells = try transfers(estimator(cluster, followed: 0), collective)
    let followed = try transfers(estimator(cluster, followed: 256), collective)
    #expect(!cells.isEmpty)
    for (candidate, time) in cells {
      let other = try #require(followed[candidate])
      #expect(abs(time - other) < 1e-6 * other, "\(candidate)")
    }
  }

  @Test("With a failed link, traffic of ranks that all send alike still has the times of following every message")
  func failedLink() throws {
    let cluster = try torus(
      "3, 4, 4", exceptions: ["failed: {from: \"x[0]/y[1]/chip[3]\", to: \"x[0]/y[1]/chip[0]\"}"])
    let healthy = try torus("3, 4, 4")
    for collective in [Collective.allReduce, .allGather, .allToAll] {
      let cells = try transfers(estimator(cluster, followed: 0), collective)
      let followed = try transfers(estimator(cluster, followed: 256), collective)
      let before = try transfers(estimator(healthy, followed: 0), collective)
      for (candidate, time) in cells {
        let other = try #require(followed[candidate])
        #expect(abs(time - other) < 1e-6 * other, "\(collective) \(candidate)")
        #expect(try #require(before[candidate]) <= time)
      }
    }
  }

  @Test("A part of a torus has the times that the same ranks have on the whole machine")
  func parts() throws {
    let cluster = try torus("2, 8, 4")
    for ranks in [2, 3, 4, 7, 8, 11, 12, 30] {
      for collective in [Collective.allReduce, .allToAll, .broadcast, .sendReceive] {
        let part = try transfers(estimator(cluster, followed: 256), collective, ranks: ranks)
        // An exception that changes nothing keeps the machine whole.
        var whole = cluster
        if case .blueprint(var blueprint) = cluster.graph {
          blueprint.exceptions = [.failedLinks(RuleID(0), from: .init(), to: .init(), count: 0)]
          whole.graph = .blueprint(blueprint)
        }
        let reference = try transfers(estimator(whole, followed: 256), collective, ranks: ranks)
        #expect(part.count == reference.count)
        for (candidate, time) in part {
          let other = try #require(reference[candidate])
          #expect(abs(time - other) <= 1e-9 * other, "\(ranks) \(collective) \(candidate)")
        }
      }
    }
  }

  @Test("A pod of 8,960 chips is answered, a smaller one for every collective, algorithms by rank number are refused")
  func pod() throws {
    let pod = try Shipped.estimator("tpu-v5p-torus")
    let smaller = try Shipped.estimator("tpu-v5p-torus:x=4,y=8,z=12")
    for collective in Collective.allCases {
      let answer = try (collective == .allReduce ? pod : smaller).answer(Question(collective, sizes: TorusTests.sizes))
      #expect(answer.ranks == (collective == .allReduce ? 8960 : 384))
      for estimate in answer.estimates { #expect(estimate.time.value >= estimate.leastTime.value) }
    }
    let refusals = try pod.answer(Question(.allReduce, sizes: [Bytes(8)])).refusals
    #expect(refusals.first { $0.algorithm == "tree" }?.reason.contains("differ from rank to rank") == true)
    #expect(throws: EstimationError.self) {
      try pod.answer(Question(.allReduce, sizes: [Bytes(8)], algorithm: "tree"))
    }
  }

  @Test("Few ranks of a pod have answers, and too many that fill no rings are refused")
  func ranks() throws {
    let pod = try Shipped.estimator("tpu-v5p-torus")
    for ranks in [1, 7, 28] {
      for collective in [Collective.allReduce, .allToAll, .broadcast] {
        #expect(try pod.answer(Question(collective, sizes: [Bytes(1 << 20)], ranks: ranks)).ranks == ranks)
      }
    }
    #expect(try pod.answer(Question(.allToAll, sizes: [Bytes(8)], ranks: 560)).ranks == 560)
    do {
      _ = try pod.answer(Question(.allReduce, sizes: [Bytes(8)], ranks: 1000))
      Issue.record("1,000 chips fill no rings")
    } catch EstimationError.graph(let reason) {
      #expect(
        reason
          == "1000 ranks do not fill whole rings of the torus, as 28, 560, 8960 do; up to 256 ranks are followed one by "
          + "one.")
    }
  }

  @Test("A torus algorithm on a tree is refused with the reason and the candidates that can")
  func onTrees() throws {
    let estimator = try Shipped.estimator("dgx-h100:nodes=2")
    do {
      _ = try estimator.answer(Question(.allReduce, sizes: [Bytes(8)], algorithm: "torus-rings"))
      Issue.record("there is no torus")
    } catch EstimationError.notApplicable(let algorithm, let reason, let applicable) {
      #expect(algorithm == "torus-rings")
      #expect(reason == "The accelerators do not form a torus: no rings of links join them.")
      #expect(applicable.contains("ring") && !applicable.contains("torus-rings"))
    }
  }

  @Test("Estimates on a dragonfly are never below their bounds")
  func dragonfly() throws {
    let groups = 9
    let large = try Shipped.estimator("slingshot-dragonfly:groups=\(groups)")
    #expect(try large.describe().acceleratorCount == 512 * groups)
    for collective in [Collective.allReduce, .allToAll] {
      let answer = try large.answer(Question(collective, sizes: TorusTests.sizes))
      for estimate in answer.estimates { #expect(estimate.time.value >= estimate.leastTime.value) }
    }
  }

  @Test("Every collective has an answer on a small dragonfly, also one whose last group is not full")
  func smallDragonflies() throws {
    for boxes in [1, 5, 8] {
      let estimator = try OwnTopology.estimator(
        """
        cluster:
          boxes: \(boxes) × Alps-GH200
          fabric: {kind: dragonfly, switch: Rosetta, switches-per-group: 4, endpoints-per-switch: 4}
        """)
      for collective in Collective.allCases {
        #expect(try estimator.answer(Question(collective, sizes: TorusTests.sizes)).ranks == 4 * boxes)
      }
    }
  }
}
