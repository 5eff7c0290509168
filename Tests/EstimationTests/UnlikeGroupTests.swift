import ClusterModel
import Collectives
import Quantities
import Routing
import TestSupport
import Testing

@testable import Estimation

/// Groups of ranks that lie across boxes in different ways, and groups on tori.
@Suite("Groups that lie differently") struct UnlikeGroupTests {
  /// Boxes of six in use of eight, of which groups of nine take one and a half.
  private static let boxesOfSix =
    "cluster:\n  boxes: 6 × DGX-H100\n  in-use: {gpu: 6}\n  fabric: {kind: single-switch, switch: Quantum-2}"

  private static func groups(_ name: String, _ size: Int, along: String? = nil) -> RankGrouping {
    RankGrouping([.init(name: name, size: size), .init(name: "data", size: nil)], along: along)
  }

  private func transfer(
    _ estimator: Estimator, _ collective: Collective, _ algorithm: String, ranks: Int? = nil,
    _ grouping: RankGrouping? = nil
  ) throws -> Double {
    let answer = try estimator.answer(
      Question(
        collective, sizes: [Bytes(1 << 30)], ranks: ranks, grouping: grouping, algorithm: algorithm,
        library: "alpha-beta"))
    return try #require(answer.estimates[0].terms.first { $0.name.hasPrefix("bytes over") }).time.value
  }

  @Test("Groups that lie alike load every link as on cells", arguments: GroupTests.cases)
  func alike(example: GroupTests.Case) throws {
    let fabric = try FabricView(try OwnTopology.cluster(example.text), ranks: example.ranks, grouping: example.grouping)
    let (blueprint, groups) = (try #require(fabric.blueprint), try #require(fabric.groups))
    let single = try UnlikeGroups(
      groups, order: fabric.order, in: blueprint, shared: fabric.sharedLadder, whole: fabric.sharedLadder)
    #expect(single.kinds.map(\.ladder) == [fabric.ladder] && single.kinds[0].groups.count == groups.count)
    let profile = try #require(try LibraryProfiles.shipped(named: "alpha-beta"))
    let model = CostModel(profile: profile, setting: fabric.setting(harness: .init()))
    for collective in [Collective.allReduce, .allToAll, .broadcast] {
      let entries = try CandidateSet(
        Question(collective, sizes: [Bytes(8)]), ladder: fabric.ladder, model: model, capabilities: .init()
      ).entries.filter { $0.schedule.phases.allSatisfy { $0.traffic == $0.rankTraffic } }
      let classes = CandidateSet.trafficClasses(entries)
      let cells = LinkTimes(entries, traffic: try fabric.traffic(classes, in: blueprint), model: model)
      let vertices = LinkTimes(
        entries, classes: classes, loads: single.loads(classes, policy: .equalSplit), model: model)
      for (entry, pair) in zip(entries, zip(cells.slowest, vertices.slowest)) {
        // On single vertices the slowest link is looked for, on cells the mean of alike links: the same, if they are.
        #expect(
          Soundness.close(pair.0.secondsPerByte, pair.1.secondsPerByte, 1e-9),
          "\(collective), \(entry.schedule.algorithm)")
      }
    }
  }

  @Test("Across boxes in different ways, exchanges and rings take what the sum of the groups' flows demands")
  func unlike() throws {
    let estimator = try OwnTopology.estimator(Self.boxesOfSix)
    let grouping = Self.groups("tensor", 9)
    let size = Double(1 << 30)
    // Three of a group's nine ranks are in the next box: each hands the six others a ninth, over its own interface.
    let exchange = 6.0 / 9 * size / 50e9
    #expect(Soundness.close(try transfer(estimator, .allToAll, "pairwise", grouping), exchange, 1e-9))
    // A ring leaves and enters each box once, spread over the three.
    let ring = 2 * 8.0 / 9 / 3 * size / 50e9
    #expect(Soundness.close(try transfer(estimator, .allReduce, "ring", grouping), ring, 1e-9))
  }

  @Test(
    "Every collective is answered, no faster than the bound allows, and one sentence says what is averaged",
    arguments: [
      (boxesOfSix, groups("tensor", 9), Int?.none), (boxesOfSix, groups("tensor", 9, along: "data"), nil),
      (boxesOfSix, groups("expert", 4), 28), (LawCases.mixed, groups("tensor", 27, along: "data"), nil),
      (
        "cluster:\n  racks: 2 × GB300-NVL72\n  fabric: {kind: fat-tree, switch: Quantum-X800}\nexceptions:\n  - absent: rack[0]/tray[5]",
        groups("tensor", 4, along: "data"),
        nil
      ),
    ] as [(String, RankGrouping, Int?)])
  func answers(text: String, grouping: RankGrouping, ranks: Int?) throws {
    let estimator = try OwnTopology.estimator(text)
    for collective in Collective.allCases {
      let answer = try estimator.answer(
        Question(collective, sizes: [Bytes(8), Bytes(1 << 30)], ranks: ranks, grouping: grouping))
      #expect(answer.estimates.flatMap { Soundness.failures(of: $0) }.isEmpty, "\(collective)")
      #expect(answer.remarks.contains { $0.contains("different ways") })
      #expect(answer.plansByKind.flatMap(\.groups).joined().count == answer.ranks)
    }
  }

  @Test("More ranks than are followed one by one are refused")
  func tooMany() throws {
    let estimator = try Shipped.estimator("gb300-nvl72:racks=16")
    #expect {
      _ = try estimator.answer(Question(.allReduce, sizes: [Bytes(8)], grouping: Self.groups("tensor", 16)))
    } throws: { error in
      guard case .grouping(.unlike(let reason))? = error as? EstimationError else { return false }
      return reason.contains("1024")
    }
  }

  @Test("On a torus groups that are rings of their own take what one of them takes alone")
  func rings() throws {
    let estimator = try Shipped.estimator("tpu-v5p-torus:x=4,y=4,z=4")
    for collective in [Collective.allReduce, .allGather, .allToAll, .broadcast] {
      let algorithm = collective == .allToAll ? "torus-exchange" : "torus-rings"
      for (name, size, along) in [("x", 4, nil), ("plane", 16, nil), ("x", 4, "data"), ("plane", 16, "data")] {
        let ranks = along == nil ? size : 64 / size
        let alone = try transfer(estimator, collective, algorithm, ranks: ranks)
        let side = try transfer(estimator, collective, algorithm, Self.groups(name, size, along: along))
        #expect(Soundness.close(side, alone, 1e-9), "\(collective), \(ranks) along \(along ?? name)")
      }
    }
  }

  @Test("On a torus groups of any other shape are followed message by message, up to a number of ranks")
  func otherShapes() throws {
    let estimator = try Shipped.estimator("tpu-v5p-torus:x=4,y=4,z=4")
    for collective in Collective.allCases {
      let answer = try estimator.answer(
        Question(collective, sizes: [Bytes(8), Bytes(1 << 30)], grouping: Self.groups("tensor", 2, along: "data")))
      #expect(answer.estimates.flatMap { Soundness.failures(of: $0) }.isEmpty, "\(collective)")
    }
    let pod = try Shipped.estimator("tpu-v5p-torus")
    #expect(throws: EstimationError.self) {
      try pod.answer(Question(.allReduce, sizes: [Bytes(8)], grouping: Self.groups("tensor", 16)))
    }
  }
}
