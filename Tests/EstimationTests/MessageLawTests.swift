import ClusterModel
import Collectives
import Quantities
import Routing
import TestSupport
import Testing

@testable import Estimation

/// The time of the bytes on cells against the messages of the same schedule, routed one by one on single vertices.
///
/// No answer is faster than its messages allow, or slower than they are; else one sentence says what is not exact. Left
/// out are rings that leave a box: their messages are those of one channel, while channels spread them over interfaces.
@Suite("Cells against messages") struct MessageLawTests {
  /// A small cluster, perhaps with a part of its ranks or groups of them.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var ranks: Int?
    var groups: (size: Int, along: String)?

    var grouping: RankGrouping? {
      groups.map {
        RankGrouping([.init(name: "tensor", size: $0.size), .init(name: "data", size: nil)], along: $0.along)
      }
    }
    var testDescription: String { name }
  }

  private static let mixed = """
    cluster:
      blocks:
        - {racks: 1 × GB300-NVL72, in-use: {tray: 2}}
        - {racks: 2 × GB200-NVL72, name: old, in-use: {tray: 2}}
      fabric: {kind: fat-tree, switch: Quantum-X800}
    """
  private static let failedLeafLink = "failed: {from: \"leaf[0]\", to: \"spine[0]\", count: 1}"

  private static func boxes(_ count: Int, gpus: Int, kind: String = "fat-tree", _ exceptions: [String] = []) -> String {
    OwnTopology.boxes(
      "boxes: \(count) × DGX-H100\n  in-use: {gpu: \(gpus)}", kind: kind, ports: 4, exceptions: exceptions)
  }

  private static func torus(_ dimensions: String, _ exceptions: [String] = []) -> String {
    """
    cluster:
      torus: {chip: TPU-v5p, dimensions: [\(dimensions)]}
    \(exceptions.isEmpty ? "" : "exceptions:")
    \(exceptions.map { "  - " + $0 }.joined(separator: "\n"))
    """
  }

  private static func dragonfly(boxes: Int, _ exceptions: [String] = []) -> String {
    """
    cluster:
      boxes: \(boxes) × Alps-GH200
      in-use: {gpu: 2}
      fabric: {kind: dragonfly, switch: Rosetta, switches-per-group: 2, endpoints-per-switch: 4}
    \(exceptions.isEmpty ? "" : "exceptions:")
    \(exceptions.map { "  - " + $0 }.joined(separator: "\n"))
    """
  }

  private static let ofOneChannel: Set<String> = ["ring", "scatter-all-gather"]

  static let cases: [Case] = [
    Case(name: "boxes on leaves and spines", text: boxes(4, gpus: 2)),
    Case(name: "a part of the ranks", text: boxes(4, gpus: 2), ranks: 5),
    Case(name: "a failed link", text: boxes(4, gpus: 2, [failedLeafLink])),
    Case(name: "a failed link and a part of the ranks", text: boxes(4, gpus: 2, [failedLeafLink]), ranks: 5),
    Case(name: "a failed interface", text: boxes(4, gpus: 2, ["failed: \"box[1]/nic[0]\""])),
    Case(name: "an absent box", text: boxes(4, gpus: 2, ["absent: \"box[1]\""])),
    Case(name: "an absent accelerator", text: boxes(3, gpus: 4, ["absent: \"box[1]/gpu[2]\""])),
    Case(name: "GB200 beside GB300", text: mixed),
    Case(name: "GB200 beside GB300, one rack in part", text: mixed, ranks: 19),
    Case(name: "groups in boxes", text: boxes(4, gpus: 2), groups: (2, "tensor")),
    Case(name: "groups across boxes", text: boxes(4, gpus: 2), groups: (2, "data")),
    Case(name: "groups across boxes, a failed link", text: boxes(4, gpus: 2, [failedLeafLink]), groups: (2, "data")),
    Case(name: "a torus", text: torus("3, 4")),
    Case(
      name: "a torus, a failed link", text: torus("3, 4", ["failed: {from: \"x[0]/chip[3]\", to: \"x[0]/chip[0]\"}"])),
    Case(name: "a torus, a part of the ranks", text: torus("3, 4"), ranks: 8),
    Case(name: "a dragonfly", text: dragonfly(boxes: 6)),
    Case(name: "a dragonfly, a part of the ranks", text: dragonfly(boxes: 6), ranks: 9),
  ]

  /// What the messages of a schedule take: all at once, and one step after another.
  private func seconds(of schedule: Schedule, _ example: Case, on cluster: Cluster) throws -> (
    together: Double, inSteps: Double
  ) {
    guard case .blueprint(let blueprint) = cluster.graph else { return (0, 0) }
    let graph = try blueprint.expanded(limit: 2000)
    let ranks = Array(cluster.ranks.accelerators(in: graph, of: blueprint).prefix(example.ranks ?? .max))
    let groups = try RankGroups.members(example.grouping, of: ranks)
    let steps = try ExplicitTraffic.steps(of: schedule, on: graph.topology, groups: groups)
    let rates = graph.topology.arcs.map { graph.topology.link(of: $0).bandwidth.bytesPerSecond }
    func slowest(_ steps: [ExplicitTraffic.StepColumn]) -> Double {
      var sum = 0.0
      ExplicitTraffic.route(steps, on: graph.topology, policy: .equalSplit) { step in
        sum += (zip(step.loads, rates).map { $0 / $1 }.max() ?? 0) * Double(step.repeats)
      }
      return sum
    }
    return (slowest([ExplicitTraffic.together(steps)]), slowest(steps))
  }

  @Test("No time is shorter than the messages take, and where one is longer a sentence tells why", arguments: cases)
  func messages(example: Case) throws {
    let estimator = try OwnTopology.estimator(example.text)
    let size = Bytes(1 << 40)
    for collective in Collective.allCases {
      let whole = Question(
        collective, sizes: [size], ranks: example.ranks, grouping: example.grouping, library: "alpha-beta")
      for candidate in try estimator.answer(whole).estimates[0].candidates
      where !Self.ofOneChannel.contains(candidate.algorithm) {
        var question = whole
        question.algorithm = candidate.algorithm
        question.includesBound = false
        let answer = try estimator.answer(question)
        // Where groups lie in different ways each kind has a schedule of its own.
        guard answer.plansByKind.count < 2, let schedule = answer.plans[candidate.algorithm] else { continue }
        let cells =
          (answer.estimates[0].terms.first { $0.name.hasPrefix("bytes over") }?.time.value ?? 0)
          / Double(size.count)
        let (together, inSteps) = try seconds(of: schedule, example, on: estimator.cluster)
        let name = "\(collective) by \(candidate.algorithm): \(cells / together), \(cells / inSteps)"
        let isTold = answer.remarks.contains { remark in
          ["loads are exact for traffic between all peers", "spread evenly over them"].contains { remark.contains($0) }
        }
        let isExact = cells >= together * (1 - 1e-9) && cells <= inSteps * (1 + 1e-9)
        #expect(isExact || isTold, "\(name)")
      }
    }
  }
}

extension RankGroups {
  fileprivate static func members(_ grouping: RankGrouping?, of ranks: [CellID]) throws -> [[CellID]] {
    guard let grouping else { return [ranks] }
    let groups = try RankGroups(grouping, ranks: ranks.count)
    return (0..<groups.count).map { group in groups.members(of: group).map { ranks[$0] } }
  }
}
