import ClusterModel
import Collectives
import Quantities
import Routing

/// A question with the graph's part of its answer, so that asking again with another profile costs little.
struct PreparedQuestion {
  let question: Question
  let fabric: FabricView
  private let bound: LowerBound
  private let traffic: RankTraffic?

  /// Prepares a question.
  /// - Parameter profile: A profile; others are asked with later.
  init(_ question: Question, on cluster: Cluster, profile: LibraryProfile) throws(EstimationError) {
    try self.init(
      question,
      fabric: try FabricView(cluster, ranks: question.ranks, followed: TorusPart.mostRanks, isForTraffic: true),
      profile: profile)
  }

  private init(_ question: Question, fabric: FabricView, profile: LibraryProfile) throws(EstimationError) {
    self.question = question
    self.fabric = fabric
    bound = try Estimator.bound(question, fabric: fabric)
    switch fabric.cluster.graph {
    case .blueprint(let blueprint):
      let model = CostModel(profile: profile, setting: fabric.setting(harness: question.harness))
      let candidates = try PreparedQuestion.candidates(question, fabric: fabric, model: model)
      traffic = try fabric.traffic(CandidateSet.trafficClasses(candidates.entries), in: blueprint)
    case .explicit: traffic = nil
    }
  }

  /// The times of the fastest candidates as a function of the profile's figures.
  ///
  /// The candidates are those of the given profile; only its figures may differ afterwards.
  func staged(_ profile: LibraryProfile, inSwitch: Question.InSwitch) throws(EstimationError) -> Staged {
    var question = question
    question.inSwitch = inSwitch
    let model = CostModel(profile: profile, setting: fabric.setting(harness: question.harness))
    return Staged(
      prepared: self, entries: try PreparedQuestion.candidates(question, fabric: fabric, model: model).entries)
  }

  /// A question with its candidates.
  struct Staged {
    fileprivate let prepared: PreparedQuestion
    fileprivate let entries: [CandidateSet.Entry]

    /// The time at each size of the question.
    func times(_ profile: LibraryProfile) throws(EstimationError) -> [Seconds] {
      let fabric = prepared.fabric
      let model = CostModel(profile: profile, setting: fabric.setting(harness: prepared.question.harness))
      let pricing = Pricing(
        entries: entries, times: try prepared.times(entries, model), model: model, fabric: fabric,
        bound: prepared.bound)
      return prepared.question.sizes.map { pricing.time($0) }
    }
  }

  private func times(_ entries: [CandidateSet.Entry], _ model: CostModel) throws(EstimationError) -> LinkTimes {
    if let traffic { return LinkTimes(entries, traffic: traffic, model: model) }
    do throws(AlgorithmError) {
      return try LinkTimes(entries, on: fabric.topology, groups: fabric.groupMembers, model: model)
    } catch {
      throw .graph(error.description)
    }
  }

  private static func candidates(
    _ question: Question, fabric: FabricView, model: CostModel
  ) throws(EstimationError) -> CandidateSet {
    try CandidateSet(
      question, ladder: fabric.ladder, model: model,
      capabilities: fabric.capabilities(question.inSwitch),
      alikeOnly: fabric.routesAlikeOnly)
  }
}
