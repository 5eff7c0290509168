public import ClusterModel

/// Answers questions about one cluster.
///
/// Building one partitions the graph once; every question reuses it.
public struct Estimator: Sendable {
  /// What is asked about.
  public let subject: Subject
  /// The cluster.
  public let cluster: Cluster

  /// An estimator of a cluster.
  public init(_ cluster: Cluster, subject: Subject) {
    self.cluster = cluster
    self.subject = subject
  }

  /// Answers a question.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  public func answer(_ question: Question) throws(EstimationError) -> Answer {
    throw .noCandidate(["not built yet"])
  }

  /// Describes the cluster.
  /// - Throws: `EstimationError` when the graph cannot be built.
  public func describe() throws(EstimationError) -> Description {
    throw .graph("not built yet")
  }
}
