import ClusterModel
import Estimation
import TopologyFiles

/// Estimators of shipped topologies, by reference such as `gb200-nvl72:racks=8`.
enum Shipped {
  static func cluster(_ reference: String) throws -> Cluster {
    try TopologyReader(files: .memory([:])).read(TopologyReference(parsing: reference)).get()
  }

  static func estimator(_ reference: String) throws -> Estimator {
    let parsed = try TopologyReference(parsing: reference)
    return Estimator(
      try cluster(reference), subject: Subject(topology: parsed.name, title: parsed.name, parameters: [:]))
  }
}
