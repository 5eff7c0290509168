import ClusterModel
import Collectives
import Quantities
import Routing

/// The graph's part of a question's answer, so that asking again with other figures or algorithms costs little.
struct QuestionGraph {
  let question: Question
  let fabric: FabricView
  /// Seconds per byte of message that no algorithm beats.
  let bound: Double
  /// What the ranks of a blueprint load; nil on a graph of single vertices.
  let traffic: RankTraffic?

  /// Routes what the candidates of a profile send.
  /// - Parameter profile: A profile; others whose candidates are among its own are asked with later.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  init(
    _ question: Question, on cluster: Cluster, profile: LibraryProfile, followed: Int = TorusPart.mostRanks
  ) throws(EstimationError) {
    self.question = question
    fabric = try FabricView(
      cluster, ranks: question.ranks, grouping: question.grouping, followed: followed, isForTraffic: true)
    bound = try Estimator.bound(question, fabric: fabric).secondsPerByte
    guard let blueprint = fabric.blueprint else {
      traffic = nil
      return
    }
    let entries = try QuestionGraph.entries(question, fabric: fabric, profile: profile)
    traffic = try fabric.traffic(
      CandidateSet.trafficClasses(entries), in: blueprint, policy: question.routing)
  }

  /// The algorithms and protocols that a library has for the question.
  func offered(_ profile: LibraryProfile, inSwitch: Question.InSwitch) throws(EstimationError) -> [CandidateSet.Entry] {
    var question = question
    question.inSwitch = inSwitch
    return try QuestionGraph.entries(question, fabric: fabric, profile: profile).filter(\.isOffered)
  }

  private static func entries(
    _ question: Question, fabric: FabricView, profile: LibraryProfile
  ) throws(EstimationError) -> [CandidateSet.Entry] {
    let model = CostModel(profile: profile, setting: fabric.setting(harness: question.harness))
    return try CandidateSet(
      question, ladder: fabric.ladder, model: model, capabilities: fabric.capabilities(question.inSwitch),
      alikeOnly: fabric.routesAlikeOnly
    ).entries
  }
}
