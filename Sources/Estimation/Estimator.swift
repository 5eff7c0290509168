public import ClusterModel
import Collectives
import Quantities
import Routing

/// Answers questions about one cluster.
public struct Estimator: Sendable {
  /// What is asked about.
  public let subject: Subject
  /// The cluster.
  public let cluster: Cluster

  /// The most ranks of a torus whose messages are followed one by one; of more, all have to send alike.
  private let followed: Int

  /// An estimator of a cluster.
  public init(_ cluster: Cluster, subject: Subject) {
    self.init(cluster, subject: subject, followed: TorusPart.mostRanks)
  }

  /// An estimator that follows the messages of so many ranks of a torus one by one, whatever takes less time.
  package init(_ cluster: Cluster, subject: Subject, followed: Int) {
    self.followed = followed
    self.cluster = cluster
    self.subject = subject
  }

  /// Answers a question.
  ///
  /// The links' loads of all candidates are one product of the load operator; the choice is the fastest candidate of
  /// the library at each size, so the time never falls when the size grows.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  /// - Complexity: One routing solve per orbit of accelerators, then O(links classes × candidates × sizes); independent
  ///   of how many devices the cluster has.
  public func answer(_ question: Question) throws(EstimationError) -> Answer {
    let profile = try profile(question)
    let fabric = try FabricView(cluster, ranks: question.ranks, followed: followed, isForTraffic: true)
    let model = CostModel(profile: profile, setting: fabric.setting(harness: question.harness))
    let candidates = try CandidateSet(
      question, ladder: fabric.ladder, model: model,
      capabilities: FabricCapabilities(
        inSwitchReduction: fabric.switchesReduce && question.inSwitch != .off),
      alikeOnly: fabric.routesAlikeOnly)
    let pricing = Pricing(
      entries: candidates.entries, times: try linkTimes(candidates.entries, fabric: fabric, model: model), model: model,
      fabric: fabric, bound: try bound(question, fabric: fabric))
    let estimates = question.sizes.map { pricing.estimate($0) }
    return Answer(
      subject: subject, question: question, ranks: fabric.ladder.ranks, library: profile.name,
      estimates: estimates, refusals: candidates.refusals,
      assumptions: cluster.assumptions, remarks: cluster.remarks + fabric.remarks,
      schedules: pricing.descriptions(of: estimates))
  }

  /// The bound by flows, or by the tiers' capacities where flows cannot be told.
  func bound(_ question: Question, fabric: FabricView) throws(EstimationError) -> LowerBound {
    let reduction: LowerBound.Reduction =
      !fabric.switchesReduce ? .onAccelerators : question.inSwitch == .on ? .everywhere : .inDomains
    return try LowerBound(question.collective, fabric: fabric, reduction: reduction)
      ?? LowerBound(
        question.collective, ladder: fabric.ladder, egress: fabric.egress, switchesReduce: fabric.switchesReduce)
  }

  private func linkTimes(
    _ entries: [CandidateSet.Entry], fabric: FabricView, model: CostModel
  ) throws(EstimationError) -> LinkTimes {
    switch fabric.cluster.graph {
    case .blueprint(let blueprint):
      let traffic = try fabric.traffic(CandidateSet.trafficClasses(entries), in: blueprint)
      return LinkTimes(entries, traffic: traffic, model: model)
    case .explicit(let topology, let accelerators, _):
      do throws(AlgorithmError) {
        return try LinkTimes(entries, on: topology, accelerators: accelerators, model: model)
      } catch {
        throw .graph(error.description)
      }
    }
  }

  private func profile(_ question: Question) throws(EstimationError) -> LibraryProfile {
    let name = question.library ?? LibraryProfiles.usualName(forVendor: cluster.accelerators.first?.vendor ?? "")
    guard let profile = (try? LibraryProfiles.shipped(named: name)) ?? nil else {
      throw .unknownLibrary(name, known: LibraryProfiles.names)
    }
    return profile
  }
}
