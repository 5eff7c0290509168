import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

@testable import Estimation

/// Groups of ranks that run a collective side by side.
@Suite("Groups side by side") struct GroupTests {
  /// A cluster with groups of its ranks.
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var axes: [(String, Int?)]
    var along: String
    var ranks: Int?

    var grouping: RankGrouping { RankGrouping(axes.map { .init(name: $0, size: $1) }, along: along) }
    var testDescription: String { "\(text), \(axes) along \(along)" }
  }

  private static let nineBoxes = "cluster:\n  boxes: 9 × DGX-H100\n  fabric: {kind: rail-optimised, switch: Quantum-2}"
  private static let racks =
    "cluster:\n  racks: 2 × GB300-NVL72-2x400G\n  in-use: {tray: 4}\n  fabric: {kind: rail-only, switch: Quantum-2}"
  private static let mesh = "cluster:\n  boxes: 2 × MI300X-8\n  fabric: {kind: single-switch, switch: Quantum-2}"
  private static let aloneInBoxes =
    "cluster:\n  boxes: 4 × MI300X-8\n  in-use: {gpu: 4}\n  fabric: {kind: rail-optimised, switch: Quantum-2}"
  private static let spined = OwnTopology.boxes("boxes: 6 × DGX-H100\n  in-use: {gpu: 4}", kind: "fat-tree", ports: 16)

  static let cases: [Case] = [
    Case(text: nineBoxes, axes: [("tensor", 8), ("data", nil)], along: "tensor"),
    Case(text: nineBoxes, axes: [("tensor", 8), ("data", nil)], along: "data"),
    Case(text: nineBoxes, axes: [("tensor", 2), ("expert", 4), ("data", nil)], along: "expert"),
    Case(text: nineBoxes, axes: [("tensor", 4), ("data", nil)], along: "data"),
    Case(text: nineBoxes, axes: [("data", 4), ("pipe", nil)], along: "pipe", ranks: 24),
    Case(text: nineBoxes, axes: [("data", 24), ("pipe", nil)], along: "pipe"),
    Case(text: nineBoxes, axes: [("data", 24), ("pipe", nil)], along: "data"),
    Case(text: racks, axes: [("tensor", 8), ("data", nil)], along: "tensor"),
    Case(text: racks, axes: [("tensor", 8), ("data", nil)], along: "data"),
    Case(text: racks, axes: [("tensor", 2), ("data", 4), ("pipe", nil)], along: "data"),
    Case(text: racks, axes: [("tensor", 16), ("data", nil)], along: "data"),
    Case(text: mesh, axes: [("tensor", 4), ("data", nil)], along: "tensor"),
    Case(text: mesh, axes: [("tensor", 2), ("data", nil)], along: "data"),
    Case(text: mesh, axes: [("tensor", 2), ("data", nil)], along: "tensor"),
    Case(text: aloneInBoxes, axes: [("tensor", 2), ("data", 4), ("pipe", nil)], along: "data"),
    Case(text: spined, axes: [("tensor", 4), ("data", nil)], along: "data"),
    Case(text: spined, axes: [("tensor", 8), ("data", nil)], along: "data"),
    Case(text: spined, axes: [("tensor", 2), ("data", 6), ("pipe", nil)], along: "data"),
  ]

  @Test("Every physical link carries what single vertices give it, class by class", arguments: cases)
  func loads(example: Case) throws {
    let fabric = try FabricView(try OwnTopology.cluster(example.text), ranks: example.ranks, grouping: example.grouping)
    let blueprint = try #require(fabric.blueprint)
    let expansion = try RankExpansion(blueprint, order: fabric.order, ranks: nil)
    #expect(expansion.ranks.count == fabric.sharedLadder.ranks)
    let classes = expansion.classes
    let traffic = try RankTraffic(blueprint, order: fabric.order, classes: classes)
    let expected = expansion.loads(by: .equalSplit)
    #expect(classes.indices.allSatisfy { abs(traffic.loads.unroutable[$0] - expected.unroutable[$0]) < 1e-9 })
    for (arc, row) in try expansion.rows(in: traffic.loads).enumerated() {
      for column in classes.indices {
        let load = expected.matrix[arc, column]
        #expect(abs(traffic.loads.matrix[row, column] - load) <= 1e-9 * max(1, load))
      }
    }
  }

  /// The time of the bytes by the plain model, in which every link has its data-sheet rate.
  private func transfer(
    _ collective: Collective, _ algorithm: String, _ example: Case, on cluster: Cluster
  ) throws -> Double {
    let subject = Subject(topology: "own", title: "own", parameters: [:])
    let answer = try Estimator(cluster, subject: subject).answer(
      Question(
        collective, sizes: [Bytes(1 << 30)], ranks: example.ranks, grouping: example.grouping, algorithm: algorithm,
        library: "alpha-beta"))
    return try #require(answer.estimates[0].terms.first { $0.name.hasPrefix("bytes over") }).time.value
  }

  @Test("Exchanges of all groups take on cells what their messages take on single vertices", arguments: cases)
  func exchanges(example: Case) throws {
    let cluster = try OwnTopology.cluster(example.text)
    let single = try cluster.asSingleVertices()
    let cells = try transfer(.allToAll, "pairwise", example, on: cluster)
    // Step by step a link may idle while another is busy; in all it carries the same.
    let vertices = try transfer(.allToAll, "pairwise", example, on: single)
    #expect(cells <= vertices * (1 + 1e-9))
    let isOnRails = example.along == "data" && example.axes[0] == ("tensor", 8) && example.text == GroupTests.nineBoxes
    if isOnRails { #expect(Soundness.close(cells, vertices, 1e-9)) }
  }

  @Test("Tensor groups inside NVLink and data groups across rails take what the sum of their flows demands")
  func tensorAndData() throws {
    let cluster = try OwnTopology.cluster(GroupTests.nineBoxes)
    let single = try cluster.asSingleVertices()
    let size = Double(1 << 30)
    for (along, rate, ranks) in [("tensor", 450e9, 8.0), ("data", 50e9, 9.0)] {
      let example = Case(text: "", axes: [("tensor", 8), ("data", nil)], along: along)
      for (collective, passes) in [(Collective.allReduce, 2.0), (.allGather, 1), (.reduceScatter, 1)] {
        let expected = passes * (ranks - 1) / ranks * size / rate
        #expect(Soundness.close(try transfer(collective, "ring", example, on: cluster), expected, 1e-9))
        #expect(Soundness.close(try transfer(collective, "ring", example, on: single), expected, 1e-9))
      }
    }
    // Four data groups of 18 share the eight interfaces of a box: each box hands on what its two members send once.
    let shared = Case(text: "", axes: [("tensor", 4), ("data", nil)], along: "data")
    let crossing = 2 * 17.0 / 18 * size * 4 / (8 * 50e9)
    #expect(Soundness.close(try transfer(.allReduce, "ring", shared, on: cluster), crossing, 1e-9))
  }

  @Test("One group of all ranks is the question without groups", arguments: Collective.allCases)
  func oneGroup(collective: Collective) throws {
    let estimator = try OwnTopology.estimator(GroupTests.nineBoxes)
    let sizes = [Bytes(1 << 12), Bytes(1 << 30)]
    let plain = try estimator.answer(Question(collective, sizes: sizes))
    let grouped = try estimator.answer(
      Question(collective, sizes: sizes, grouping: RankGrouping([.init(name: "all", size: nil)])))
    #expect(grouped.ranksPerCollective == 72)
    for (left, right) in zip(plain.estimates, grouped.estimates) {
      #expect(Soundness.close(left.time.value, right.time.value, 1e-9) && left.algorithm == right.algorithm)
      #expect(left.lowerBound == right.lowerBound)
    }
  }

  @Test("Groups take no less than one of them alone, and no less than the bound", arguments: cases)
  func contention(example: Case) throws {
    let estimator = try OwnTopology.estimator(example.text)
    for collective in Collective.allCases {
      let answer = try estimator.answer(
        Question(collective, sizes: [Bytes(1 << 30)], ranks: example.ranks, grouping: example.grouping))
      let estimate = answer.estimates[0]
      #expect(estimate.time >= estimate.leastTime && estimate.time.value.isFinite)
      guard let groups = answer.groups, groups.stride == 1 else { continue }
      let alone = try estimator.answer(
        Question(
          collective, sizes: [Bytes(1 << 30)], ranks: groups.size, algorithm: estimate.algorithm,
          messageProtocol: estimate.messageProtocol))
      #expect(estimate.time.value >= alone.estimates[0].time.value * (1 - 1e-9), "\(collective)")
    }
  }

  @Test("The order of nested groups does not matter where racks are alike: a group's bound is shared by all")
  func sharedBound() throws {
    let estimator = try OwnTopology.estimator(GroupTests.nineBoxes)
    let bound = { (along: String) in
      try estimator.answer(
        Question(
          .allToAll, sizes: [Bytes(1 << 30)],
          grouping: RankGrouping([.init(name: "tensor", size: 8), .init(name: "data", size: nil)], along: along))
      ).estimates[0].leastTime.value
    }
    // Eight data groups leave a box through eight interfaces of 50 GB/s.
    #expect(Soundness.close(try bound("data"), 8 * 8.0 / 9 * Double(1 << 30) / 400e9, 1e-9))
    #expect(try bound("tensor") < bound("data"))
  }
}
