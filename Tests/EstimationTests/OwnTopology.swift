import ClusterModel
import Diagnostics
import Estimation
import TopologyFiles

/// Topologies that are written for a test.
enum OwnTopology {
  static func cluster(_ text: String) throws -> Cluster {
    try TopologyReader(files: .memory([:])).read(SourceText(name: "own.yaml", text: "isochrone: 1\n" + text)).get()
  }

  static func estimator(_ text: String) throws -> Estimator {
    Estimator(try cluster(text), subject: Subject(topology: "own", title: "own", parameters: [:]))
  }

  /// Boxes on a fabric with leaves of few ports, so that it has spines.
  static func boxes(_ blocks: String, kind: String = "fat-tree", ports: Int = 8, exceptions: [String] = []) -> String {
    """
    parts:
      switches:
        Small: {like: Quantum-2, figures: {ports: {value: \(ports), assumed: true, note: small}}}
    cluster:
      \(blocks)
      fabric: {kind: \(kind), switch: Small}
    \(exceptions.isEmpty ? "" : "exceptions:")
    \(exceptions.map { "  - " + $0 }.joined(separator: "\n"))
    """
  }
}
