import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// What the options of a question do.
@Suite("Options of a question") struct OptionTests {
  static let topologies = ["gb200-nvl72", "gb300-nvl72:racks=2", "dgx-h100:nodes=4", "dgx-a100:nodes=2"]

  @Test("Without reduction in switches no algorithm uses it, and nothing gets faster", arguments: topologies)
  func inSwitch(topology: String) throws {
    let estimator = try Shipped.estimator(topology)
    for collective in LawCases.collectives {
      var question = Question(collective, sizes: LawCases.sizes)
      let usual = try estimator.answer(question)
      question.inSwitch = .off
      let off = try estimator.answer(question)
      for (with, without) in zip(usual.estimates, off.estimates) {
        #expect(!(without.candidates + without.alternatives).contains { $0.algorithm.hasPrefix("nvls") })
        #expect(with.time <= without.time)
        // What does not reduce in switches is as it was.
        #expect(without.candidates == with.candidates.filter { !$0.algorithm.hasPrefix("nvls") })
      }
    }
  }

  @Test("Switches that reduce are used where there are some")
  func hasInSwitch() throws {
    for (topology, algorithm) in [("gb200-nvl72", "nvls"), ("gb300-nvl72:racks=2", "nvls-tree"), ("dgx-h100", "nvls")] {
      let answer = try Shipped.estimator(topology).answer(Question(.allReduce, sizes: [Bytes(1 << 30)]))
      #expect(answer.estimates[0].candidates.contains { $0.algorithm == algorithm }, "\(topology)")
    }
  }

  @Test("Launches from a graph are never slower", arguments: topologies)
  func graphLaunch(topology: String) throws {
    let estimator = try Shipped.estimator(topology)
    for collective in LawCases.collectives {
      var question = Question(collective, sizes: LawCases.sizes)
      let usual = try estimator.answer(question)
      question.harness.graphLaunch = true
      let replayed = try estimator.answer(question)
      for (one, other) in zip(replayed.estimates, usual.estimates) { #expect(one.time <= other.time) }
    }
  }

  @Test("A process that drives more accelerators is never faster", arguments: topologies)
  func gpusPerProcess(topology: String) throws {
    let estimator = try Shipped.estimator(topology)
    for collective in LawCases.collectives {
      let answers = try [1, 2, 4, 8, 64].map { count in
        var question = Question(collective, sizes: LawCases.sizes)
        question.harness.gpusPerProcess = count
        return try estimator.answer(question).estimates.map(\.time)
      }
      for (fewer, more) in zip(answers, answers.dropFirst()) { #expect(zip(fewer, more).allSatisfy { $0 <= $1 }) }
      // Tens of launches are longer than a small collective.
      #expect(answers[0][0] < answers[4][0])
    }
  }

  @Test(
    "The plain model's ring is 2(n-1)(alpha + S/(nB)) on one switch",
    arguments: [
      ("dgx-b200:nodes=6,gpus=1,fabric=single-switch", Tier.leaf), ("gb200-nvl72", .rack), ("dgx-h100", .board),
    ])
  func plainRing(topology: String, tier: Tier) throws {
    let estimator = try Shipped.estimator(topology)
    let description = try estimator.describe()
    let row = try #require(description.tiers.first { $0.tier == tier })
    let alpha = try #require(row.latency).seconds.value
    // An accelerator alone in its box sends by the interface that is nearest to it.
    let interface = description.links.first { $0.tier == .leaf && $0.between.first == "nic" }?.link.bandwidth
    let rate = (tier == .leaf ? try #require(interface) : row.bandwidthPerAccelerator).bytesPerSecond
    let all = Double(description.acceleratorCount)
    for (collective, passes) in [(Collective.allReduce, 2.0), (.allGather, 1), (.reduceScatter, 1)] {
      var question = Question(collective, sizes: LawCases.sizes, algorithm: "ring", library: "alpha-beta")
      for ranks in [2, 3, nil] {
        question.ranks = ranks
        let n = ranks.map { Double($0) } ?? all
        for estimate in try estimator.answer(question).estimates {
          let closed = passes * (n - 1) * (alpha + Double(estimate.bytes.count) / (n * rate))
          #expect(Soundness.close(estimate.time.value, closed, 1e-9), "\(collective), \(n) ranks, \(estimate.bytes)")
        }
      }
    }
  }

  @Test(
    "An answer is calibrated only where there were tables of its accelerators, transport, collective and size",
    arguments: [
      ("dgx-h100:nodes=2", Collective.allReduce, Estimate.Basis.calibrated), ("mi300x", .allReduce, .calibrated),
      ("helios-mi450", .allReduce, .extrapolated), ("aws-p6-b200:nodes=2", .allReduce, .extrapolated),
      ("dgx-h100", .reduce, .extrapolated), ("dgx-h100:nodes=13", .allReduce, .extrapolated),
      ("gb200-nvl72:racks=2", .allReduce, .extrapolated),
    ])
  func basis(topology: String, collective: Collective, expected: Estimate.Basis) throws {
    let estimator = try Shipped.estimator(topology)
    #expect(try estimator.answer(Question(collective, sizes: [Bytes(1 << 20)])).estimates[0].basis == expected)
    let plain = try estimator.answer(Question(collective, sizes: [Bytes(1 << 20)], library: "alpha-beta"))
    #expect(plain.estimates[0].basis == .uncalibrated)
  }

  @Test("Questions that do not fit are refused with what would fit")
  func refusals() throws {
    let estimator = try Shipped.estimator("gb200-nvl72")
    func error(_ question: Question) -> EstimationError? {
      do throws(EstimationError) {
        _ = try estimator.answer(question)
        return nil
      } catch { return error }
    }
    let sizes = [Bytes(1024)]
    for asked in [0, -1, 73, Int.max, Int.min] {
      #expect(error(Question(.allReduce, sizes: sizes, ranks: asked)) == .ranks(asked: asked, available: 72))
    }
    #expect(
      error(Question(.allReduce, sizes: sizes, algorithm: "rings"))
        == .unknownAlgorithm("rings", known: CollectiveAlgorithms.all.map { $0.name }))
    #expect(
      error(Question(.allReduce, sizes: sizes, library: "mpi")) == .unknownLibrary("mpi", known: LibraryProfiles.names))
    #expect(LibraryProfiles.names.contains("nccl") && LibraryProfiles.names.contains("alpha-beta"))
    #expect(
      error(Question(.allReduce, sizes: sizes, algorithm: "nvls", messageProtocol: .ll))
        == .protocolNotOffered(algorithm: "nvls", offered: ["simple"]))
    #expect(
      error(Question(.allToAll, sizes: sizes, messageProtocol: .ll))
        == .protocolNotOffered(algorithm: "pairwise", offered: ["simple"]))
    guard
      case .notApplicable("nvls-tree", let reason, let applicable) =
        error(Question(.allReduce, sizes: sizes, algorithm: "nvls-tree"))
    else {
      Issue.record("an algorithm between domains runs in one")
      return
    }
    #expect(reason.contains("one scale-up domain"))
    #expect(applicable.contains("nvls") && applicable.contains("ring") && !applicable.contains("nvls-tree"))
    guard
      case .notApplicable("pairwise", _, let forAllReduce) =
        error(Question(.allReduce, sizes: sizes, algorithm: "pairwise"))
    else {
      Issue.record("an algorithm for all-to-all reduces")
      return
    }
    #expect(forAllReduce.contains("ring"))
  }
}
