import Diagnostics
import Estimation

/// Finds topologies, reads them and makes them ready to be asked.
struct TopologyLoader {
  private let environment: any Environment

  init(_ environment: any Environment) { self.environment = environment }

  /// The estimator of a topology as the command line names it.
  /// - Throws: `Failure` when there is no such topology or its file is wrong.
  func estimator(for argument: String) throws(Failure) -> Estimator {
    throw Failure("topology.reading", "topologies cannot be read yet", status: .internalError)
  }
}
