import ClusterModel
import Collectives
import Estimation
import Quantities

/// The questions that laws are tried on.
enum LawCases {
  static let collectives: [Collective] = [.allReduce, .allGather, .reduceScatter, .allToAll]

  /// Shipped systems with one and several domains, with every kind of fabric.
  static let topologies = [
    "gb200-nvl72", "gb300-nvl72:racks=2", "oci-gb200:racks=2,trays=16", "aws-p6e-gb200:racks=3", "dgx-h100:nodes=4",
    "dgx-a100:nodes=2", "dgx-b200:nodes=2,gpus=1", "dgx-h100:nodes=20,fabric=fat-tree,oversubscription=4",
    "gb200-nvl72:racks=3,fabric=rail-only", "dgx-h100:nodes=3,fabric=single-switch",
    "gb300-nvl72:racks=20,oversubscription=4", "dgx-h100:nodes=34", mixed,
  ]

  /// Racks with fast interfaces before racks with slow ones.
  static let mixed = """
    cluster:
      blocks: [{racks: 2 × GB300-NVL72}, {racks: 4 × GB200-NVL72, name: old}]
      fabric: {kind: fat-tree, switch: Quantum-X800}
    """

  /// The estimator of a shipped reference or of a text.
  static func estimator(_ topology: String) throws -> Estimator {
    topology.hasPrefix("cluster:") ? try OwnTopology.estimator(topology) : try Shipped.estimator(topology)
  }

  /// Numbers of ranks that fill domains wholly and in part.
  static let rankCounts = [2, 3, 7, 68, 72, 73, 144]

  /// From 8 B to 16 GiB.
  static let sizes = (0...10).map { Bytes(8 << (3 * Int64($0))) } + [Bytes(16 << 30)]

  /// Those of the rank counts that a cluster has, and all of its ranks.
  static func ranks(of estimator: Estimator) throws -> [Int] {
    let all = try estimator.describe().acceleratorCount
    return rankCounts.filter { $0 < all } + [all]
  }
}

extension Question {
  /// The same question with the algorithm and the protocol of an estimate.
  func pinned(to estimate: Estimate) -> Question {
    var question = self
    question.algorithm = estimate.algorithm
    question.messageProtocol = estimate.messageProtocol
    return question
  }
}
