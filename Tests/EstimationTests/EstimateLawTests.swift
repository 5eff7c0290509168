import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// What holds for every estimate, whatever the cluster.
@Suite("Laws of an estimate") struct EstimateLawTests {
  /// Steps of all kinds: by powers, by one byte, and across the borders of regimes.
  static let sizes =
    ([1, 7, 9, 65_535, 65_536, 65_537, 67_108_863, 67_108_864, 67_108_865, 1 << 40].map { Bytes($0) }
    + LawCases.sizes).sorted()

  @Test(
    "Times are positive, add up, grow with the size, lie in their interval and never fall below the bound",
    arguments: LawCases.topologies)
  func soundness(topology: String) throws {
    let estimator = try LawCases.estimator(topology)
    let wire = try Wire(estimator.cluster)
    for ranks in try LawCases.ranks(of: estimator) {
      for collective in LawCases.collectives {
        let answer = try estimator.answer(Question(collective, sizes: EstimateLawTests.sizes, ranks: ranks))
        #expect(answer.ranks == ranks)
        #expect(answer.estimates.map(\.bytes) == EstimateLawTests.sizes)
        var failures = answer.estimates.flatMap { estimate in
          (Soundness.failures(of: estimate)
            + wire.failures(of: estimate, collective: collective, ranks: ranks, answer: answer))
            .map { "\($0): \(estimate.bytes), \(estimate.algorithm)" }
        }
        for (smaller, larger) in zip(answer.estimates, answer.estimates.dropFirst()) {
          if smaller.time > larger.time { failures.append("monotone: \(larger.bytes)") }
          let before = smaller.timesByCandidate
          for (name, time) in larger.timesByCandidate where !(before[name].map { $0 <= time } ?? false) {
            failures.append("monotone: \(larger.bytes), \(name)")
          }
        }
        #expect(failures.isEmpty, "\(collective), \(ranks) ranks")
      }
    }
  }

  @Test("A tree stays above the bound when one box stands under leaves of its own")
  func oneBoxApart() throws {
    let question = Question(.allReduce, sizes: [Bytes(16 << 30)], algorithm: "nvls-tree")
    let estimate = try Shipped.estimator("dgx-h100:nodes=33").answer(question).estimates[0]
    // The classes of traffic count what the lone box sends, which in a tree may be less than others send.
    #expect(estimate.time >= estimate.leastTime)
  }

  @Test("A single rank has nothing to wait for but the library", arguments: LawCases.collectives)
  func singleRank(collective: Collective) throws {
    let answer = try Shipped.estimator("gb200-nvl72").answer(Question(collective, sizes: LawCases.sizes, ranks: 1))
    for estimate in answer.estimates {
      #expect(Soundness.failures(of: estimate).isEmpty)
      #expect(estimate.lowerBound == .zero)
      #expect(estimate.bottleneck == nil)
      #expect(estimate.bandwidthTime == .zero)
    }
  }
}

extension Estimate {
  /// What no algorithm can beat; nothing is as slow as a bound that is missing.
  var leastTime: Seconds { lowerBound ?? Seconds(.infinity) }

  /// Times by algorithm and protocol, also of what the library would not run.
  var timesByCandidate: [String: Seconds] {
    Dictionary(
      uniqueKeysWithValues: (candidates + alternatives).map { ("\($0.algorithm) \($0.messageProtocol)", $0.time) })
  }
}

/// What must hold within one estimate.
enum Soundness {
  static func failures(of estimate: Estimate) -> [String] {
    var failures: [String] = []
    func require(_ holds: Bool, _ law: String) { if !holds { failures.append(law) } }
    let time = estimate.time.value
    require(time.isFinite && time > 0, "positive and finite")
    require(estimate.latencyTime.value >= 0 && estimate.bandwidthTime.value >= 0, "parts not negative")
    require(close(estimate.latencyTime.value + estimate.bandwidthTime.value, time, 1e-12), "latency + bandwidth = time")
    // A launch by the processor of less than a millionth of the time is not listed.
    require(close(estimate.terms.reduce(0) { $0 + $1.time.value }, time, 2e-6), "terms add up")
    require(estimate.terms.allSatisfy { $0.time.value >= 0 && $0.time.value.isFinite }, "terms not negative")
    require(estimate.terms.allSatisfy { !$0.name.isEmpty && !$0.formula.isEmpty }, "terms explained")
    require(estimate.interval.contains(estimate.time), "interval holds the time")
    require(estimate.interval.lowerBound.value > 0, "interval positive")
    require(estimate.candidates.first?.algorithm == estimate.algorithm, "first candidate is chosen")
    require(estimate.candidates.first?.messageProtocol == estimate.messageProtocol, "its protocol as well")
    require(estimate.candidates.first?.time == estimate.time, "its time as well")
    for list in [estimate.candidates, estimate.alternatives] {
      require(zip(list, list.dropFirst()).allSatisfy { $0.time <= $1.time }, "candidates sorted")
      require(list.allSatisfy { $0.time >= estimate.leastTime }, "no candidate below the bound")
    }
    require(
      estimate.algorithmBandwidth.bytesPerSecond * estimate.leastTime.value
        <= Double(estimate.bytes.count) * (1 + 1e-12), "algorithm bandwidth")
    if let bottleneck = estimate.bottleneck {
      let busiest = estimate.links.map(\.time).max() ?? .zero
      require(busiest.value <= estimate.bandwidthTime.value * (1 + 1e-9), "no link is busy for longer than bytes move")
      let named = estimate.links.first { $0.link == bottleneck.link && $0.tier == bottleneck.tier }
      let own = bottleneck.bytesPerLink / bottleneck.bandwidth.bytesPerSecond / bottleneck.efficiency
      require((named?.time.value ?? 0) >= own * (1 - 1e-9), "the deciding links are as busy as their bytes say")
      require(bottleneck.efficiency > 0 && bottleneck.efficiency <= 1 + 1e-12, "efficiency is a share")
      require((0...(1 + 1e-9)).contains(bottleneck.runnerUpShare), "the bottleneck is the slowest")
      require((bottleneck.runnerUp == nil) == (bottleneck.runnerUpShare == 0), "runner-up with its share")
      require(
        bottleneck.bytesPerLink / bottleneck.bandwidth.bytesPerSecond <= estimate.bandwidthTime.value * (1 + 1e-9),
        "the bottleneck's bytes fit in the time")
    }
    return failures
  }

  static func close(_ left: Double, _ right: Double, _ tolerance: Double) -> Bool {
    abs(left - right) <= tolerance * max(abs(left), abs(right))
  }
}

/// What an accelerator's own links carry in one direction, summed on the graph: no collective is faster.
struct Wire {
  let perAccelerator: Double

  init(_ cluster: Cluster) throws {
    let topology: Topology
    switch cluster.graph {
    case .blueprint(let blueprint): topology = try blueprint.topology()
    case .explicit(let graph, _, _): topology = graph
    }
    perAccelerator =
      topology.cells.indices.filter { topology.cells[$0].kind == .accelerator }.map { cell in
        topology.arcs[topology.outgoing[cell]..<topology.outgoing[cell + 1]].reduce(0) {
          $0 + topology.link(of: $1).bandwidth.bytesPerSecond * Double($1.linksPerMember)
        }
      }.max() ?? 0
  }

  func failures(of estimate: Estimate, collective: Collective, ranks: Int, answer: Answer) -> [String] {
    // Where switches reduce and multicast, the message crosses an accelerator's links once each way.
    let bandwidth =
      estimate.algorithm.hasPrefix("nvls") && collective == .allReduce
      ? estimate.algorithmBandwidth.bytesPerSecond : answer.busBandwidth(of: estimate)
    return bandwidth <= perAccelerator ? [] : ["\(bandwidth) B/s over a wire of \(perAccelerator) B/s"]
  }
}
