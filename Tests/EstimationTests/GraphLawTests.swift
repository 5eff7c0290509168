import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// Estimates on lists of devices and links.
@Suite("Estimates on explicit graphs") struct GraphLawTests {
  static let ring = """
    graph:
      devices:
        "gpu[0..3]": {part: H100, relays: true}
      links:
        - {between: ["gpu[0]", "gpu[1]"], link: NVLink-4}
        - {between: ["gpu[1]", "gpu[2]"], link: NVLink-4}
        - {between: ["gpu[2]", "gpu[3]"], link: NVLink-4}
        - {between: ["gpu[3]", "gpu[0]"], link: NVLink-4}
    """

  static let star = """
    graph:
      devices:
        "gpu[0..4]": {part: H100}
        sw: {kind: switch}
      links:
        - {between: ["gpu[0..4]", sw], link: NDR-400G}
    """

  static let irregular = """
    graph:
      devices:
        "gpu[0..5]": {part: H100}
        "nic[0..2]": {part: ConnectX-7}
        nvs: {kind: scale-up-switch}
        "sw[0..1]": {kind: switch}
      links:
        - {between: ["gpu[0..3]", nvs], link: NVLink-4, count: 4}
        - {between: ["gpu[0]", "nic[0]"], link: PCIe-5-x16}
        - {between: ["gpu[1]", "nic[0]"], link: PCIe-5-x16}
        - {between: ["gpu[2]", "nic[1]"], link: PCIe-5-x16}
        - {between: ["gpu[3]", "nic[1]"], link: PCIe-5-x16}
        - {between: ["gpu[4]", "nic[2]"], link: PCIe-5-x16}
        - {between: ["gpu[5]", "nic[2]"], link: PCIe-5-x16}
        - {between: ["nic[0]", "sw[0]"], link: NDR-400G}
        - {between: ["nic[1]", "sw[1]"], link: NDR-400G}
        - {between: ["nic[2]", "sw[1]"], link: NDR-400G}
        - {between: ["sw[0]", "sw[1]"], link: NDR-400G, count: 2, tier: spine}
    """

  /// An NVLink domain whose switch reduces.
  static let domain = """
    graph:
      devices:
        "gpu[0..7]": {part: H100}
        "nvs[0..3]": {kind: scale-up-switch}
      links:
        - {between: ["gpu[0..7]", "nvs[0..3]"], link: NVLink-4, count: 4}
      in-switch-reduction: true
    """

  static let graphs = [("ring", ring), ("star", star), ("irregular", irregular), ("domain", domain)]

  @Test("Every law of an estimate holds on graphs", arguments: graphs)
  func soundness(name: String, text: String) throws {
    let estimator = try OwnTopology.estimator(text)
    let wire = try Wire(estimator.cluster)
    let all = try estimator.describe().acceleratorCount
    for ranks in 1...all {
      for collective in LawCases.collectives {
        for library in ["nccl", "alpha-beta"] {
          let answer = try estimator.answer(
            Question(collective, sizes: LawCases.sizes, ranks: ranks, library: library))
          for (estimate, next) in zip(answer.estimates, answer.estimates.dropFirst()) {
            #expect(estimate.time <= next.time)
          }
          for estimate in answer.estimates {
            // A plain model of a single rank has nothing that takes time.
            guard ranks > 1 || library == "nccl" else { continue }
            let failures =
              Soundness.failures(of: estimate)
              + wire.failures(of: estimate, collective: collective, ranks: ranks, answer: answer)
            #expect(
              failures.isEmpty, "\(library), \(collective), \(ranks) ranks, \(estimate.bytes), \(estimate.algorithm)")
          }
        }
      }
    }
  }

  @Test("Faster links never make anything slower, and only the bottleneck decides", arguments: graphs)
  func bandwidth(name: String, text: String) throws {
    let original = try OwnTopology.estimator(text)
    for collective in LawCases.collectives {
      let free = Question(collective, sizes: [Bytes(1 << 34)])
      let question = free.pinned(to: try original.answer(free).estimates[0])
      let before = try original.answer(question).estimates[0]
      let bottleneck = try #require(before.bottleneck)
      for row in original.cluster.linkRows {
        let cluster = original.cluster.scalingBandwidth(of: row, by: 1.01)
        let after = try Estimator(cluster, subject: original.subject).answer(question).estimates[0]
        #expect(after.time <= before.time)
        if row == LinkRow(name: bottleneck.link, tier: bottleneck.tier), bottleneck.runnerUpShare < 1 - 1e-9 {
          #expect(after.time < before.time, "\(collective): \(row)")
        }
      }
    }
  }

  @Test("A ring of four with one link each way takes the plain model's closed form")
  func plainRing() throws {
    let estimator = try OwnTopology.estimator(GraphLawTests.ring)
    guard case .explicit(let topology, _, _) = estimator.cluster.graph else { return }
    let rate = topology.linkTypes[0].bandwidth.bytesPerSecond
    let size = Bytes(1 << 34)
    let answer = try estimator.answer(Question(.allReduce, sizes: [size], algorithm: "ring", library: "alpha-beta"))
    let expected = 2 * 3.0 / 4 * Double(size.count) / rate
    #expect(Soundness.close(answer.estimates[0].bandwidthTime.value, expected, 1e-9))
  }

  @Test("A star takes the plain model's closed form, with the path through its switch as start-up")
  func plainStar() throws {
    let estimator = try OwnTopology.estimator(GraphLawTests.star)
    guard case .explicit(let topology, _, _) = estimator.cluster.graph else { return }
    let (rate, alpha) = (
      topology.linkTypes[0].bandwidth.bytesPerSecond, 2 * topology.linkTypes[0].latency.seconds.value
    )
    for ranks in 2...5 {
      let n = Double(ranks)
      for size in LawCases.sizes {
        let question = Question(.allReduce, sizes: [size], ranks: ranks, algorithm: "ring", library: "alpha-beta")
        let time = try estimator.answer(question).estimates[0].time.value
        #expect(Soundness.close(time, 2 * (n - 1) * (alpha + Double(size.count) / (n * rate)), 1e-9))
      }
    }
  }

  @Test("Reduction in switches takes the time of the same domain as a box")
  func inSwitch() throws {
    let size = Bytes(1 << 30)
    let question = Question(.allReduce, sizes: [size], algorithm: "nvls", library: "alpha-beta")
    let time = try OwnTopology.estimator(GraphLawTests.domain).answer(question).estimates[0].bandwidthTime.value
    // Sixteen links of 25 GB/s carry (1 + 1/8) of the message each way.
    let cluster = try OwnTopology.cluster(GraphLawTests.domain)
    guard case .explicit(let topology, _, _) = cluster.graph else { return }
    let rate = 16 * topology.linkTypes[0].bandwidth.bytesPerSecond
    #expect(Soundness.close(time, 9.0 / 8 * Double(size.count) / rate, 1e-9), "\(time)")
  }

  @Test("Accelerators without a path to each other are named as unreachable")
  func unreachable() throws {
    var cluster = try OwnTopology.cluster(GraphLawTests.star)
    guard case .explicit(let topology, let accelerators, let names) = cluster.graph else { return }
    let arcs = topology.arcs.filter { $0.from != accelerators[4] && $0.to != accelerators[4] }
    cluster.graph = .explicit(
      Topology(cells: topology.cells, arcs: arcs, linkTypes: topology.linkTypes), accelerators: accelerators,
      names: names)
    let estimator = Estimator(cluster, subject: Subject(topology: "star", title: "star", parameters: [:]))
    for collective in LawCases.collectives {
      do throws(EstimationError) {
        _ = try estimator.answer(Question(collective, sizes: [Bytes(8)]))
        Issue.record("\(collective) crosses a gap")
      } catch {
        guard case .unreachable = error else {
          Issue.record("\(error)")
          continue
        }
      }
      // The others reach each other.
      _ = try estimator.answer(Question(collective, sizes: [Bytes(8)], ranks: 4))
    }
  }
}
