import ClusterModel
import Collectives
import Quantities
import Routing
import Testing

@testable import Estimation

@Suite("Asked ways of routing") struct RoutingQuestionTests {
  private static let size = Bytes(1 << 30)

  private func estimate(
    _ estimator: Estimator, _ policy: RoutingPolicy, _ algorithm: String? = nil,
    collective: Collective = .allToAll, grouping: RankGrouping? = nil
  ) throws -> Estimate {
    var question = Question(
      collective, sizes: [RoutingQuestionTests.size], grouping: grouping, algorithm: algorithm)
    question.routing = policy
    return try estimator.answer(question).estimates[0]
  }

  @Test(
    "No way of routing beats the bound",
    arguments: ["dgx-h100:nodes=20,oversubscription=4", "gb200-nvl72:racks=3,fabric=rail-only", LawCases.mixed])
  func bounds(topology: String) throws {
    let estimator = try LawCases.estimator(topology)
    for policy in RoutingPolicy.allCases {
      for collective in LawCases.collectives {
        let estimate = try estimate(estimator, policy, collective: collective)
        #expect(estimate.time >= estimate.leastTime, "\(policy), \(collective)")
      }
    }
  }

  @Test(
    "Messages kept to rails load the links as the algorithm that hands them on does, on cells and in groups",
    arguments: ["dgx-h100:nodes=20,oversubscription=4", "dgx-h100:nodes=3", "gb300-nvl72:racks=20,oversubscription=4"])
  func handedOn(topology: String) throws {
    let estimator = try LawCases.estimator(topology)
    let kept = try estimate(estimator, .railAligned, "pairwise")
    let relayed = try estimate(estimator, .equalSplit, "pairwise-relayed")
    #expect(Soundness.close(kept.bandwidthTime.value, relayed.bandwidthTime.value, 1e-9))
    #expect(try estimate(estimator, .equalSplit, "pairwise").bandwidthTime >= kept.bandwidthTime)
  }

  /// Two hosts of two accelerators behind an NVLink switch, an interface each; a leaf for each rail, a thin spine.
  private static let rails = """
    graph:
      devices:
        "gpu[0..1]": {part: H100, host: a}
        "gpu[2..3]": {part: H100, host: b}
        "nvs[0..1]": {kind: scale-up-switch}
        "nic[0..3]": {part: ConnectX-7}
        "leaf[0..1]": {kind: switch}
        spine: {kind: switch}
      links:
        - {between: ["gpu[0..1]", "nvs[0]"], link: NVLink-4, count: 18}
        - {between: ["gpu[2..3]", "nvs[1]"], link: NVLink-4, count: 18}
        - {between: ["gpu[0]", "nic[0]"], link: PCIe-5-x16}
        - {between: ["gpu[1]", "nic[1]"], link: PCIe-5-x16}
        - {between: ["gpu[2]", "nic[2]"], link: PCIe-5-x16}
        - {between: ["gpu[3]", "nic[3]"], link: PCIe-5-x16}
        - {between: ["nic[0]", "leaf[0]"], link: NDR-400G}
        - {between: ["nic[2]", "leaf[0]"], link: NDR-400G}
        - {between: ["nic[1]", "leaf[1]"], link: NDR-400G}
        - {between: ["nic[3]", "leaf[1]"], link: NDR-400G}
        - {between: ["leaf[0..1]", spine], link: HDR-200G, tier: spine}
    """

  @Test("On listed devices too what changes rails does so inside a host, and never crosses the spine")
  func listed() throws {
    let estimator = try OwnTopology.estimator(RoutingQuestionTests.rails)
    let split = try estimate(estimator, .equalSplit, "pairwise")
    let kept = try estimate(estimator, .railAligned, "pairwise")
    #expect(split.bottleneck?.tier == .spine)
    #expect(kept.bottleneck?.tier != .spine)
    #expect(kept.bandwidthTime < split.bandwidthTime)
    #expect(kept.time >= kept.leastTime)
  }

  @Test("Groups that lie across boxes in different ways keep to rails as well")
  func groups() throws {
    let estimator = try LawCases.estimator("dgx-h100:nodes=20,fabric=rail-optimised,oversubscription=4")
    let grouping = RankGrouping([.init(name: "group", size: 20), .init(name: "rest", size: nil)], along: "group")
    let split = try estimate(estimator, .equalSplit, "pairwise", grouping: grouping)
    let kept = try estimate(estimator, .railAligned, "pairwise", grouping: grouping)
    #expect(kept.bandwidthTime < split.bandwidthTime)
    #expect(kept.time >= kept.leastTime)
  }

  @Test("An answer says how its traffic was routed where that is unusual, and unequal parts are refused then")
  func told() throws {
    let estimator = try LawCases.estimator("dgx-h100:nodes=2")
    for policy in RoutingPolicy.allCases {
      var question = Question(.allToAll, sizes: [RoutingQuestionTests.size])
      question.routing = policy
      let remark = question.routingRemark(hasRails: true)
      #expect((remark == nil) == (policy == .equalSplit))
      #expect(try estimator.answer(question).remarks.contains(remark ?? "") == (remark != nil))
      question.amounts = .skew(2)
      if policy == .equalSplit {
        #expect(throws: Never.self) { try estimator.answer(question) }
      } else {
        #expect(throws: EstimationError.graph("Unequal parts are routed with an equal split only.")) {
          try estimator.answer(question)
        }
      }
    }
  }
}
