public import ClusterModel
public import Collectives
public import Quantities
import Routing

/// Answers questions about one cluster.
public struct Estimator: Sendable {
  /// What is asked about.
  public let subject: Subject
  /// The cluster.
  public let cluster: Cluster
  /// A profile of one's own, which comes before the shipped ones; nil where there is none.
  public let profile: LibraryProfile?

  /// The most ranks of a torus whose messages are followed one by one; of more, all have to send alike.
  let followed: Int

  /// An estimator of a cluster.
  public init(_ cluster: Cluster, subject: Subject, profile: LibraryProfile? = nil) {
    self.init(cluster, subject: subject, profile: profile, followed: TorusPart.mostRanks)
  }

  /// An estimator that follows the messages of so many ranks of a torus one by one, whatever takes less time.
  package init(_ cluster: Cluster, subject: Subject, profile: LibraryProfile? = nil, followed: Int) {
    self.followed = followed
    self.cluster = cluster
    self.subject = subject
    self.profile = profile
  }

  /// Answers a question.
  ///
  /// The links' loads of all candidates are one product of the load operator; the choice is the fastest candidate of
  /// the library at each size, so the time never falls when the size grows.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  /// - Complexity: One routing solve per orbit of accelerators, then O(links classes × candidates × sizes); independent
  ///   of how many devices the cluster has.
  public func answer(_ question: Question) throws(EstimationError) -> Answer { try priced(question).answer }

  /// The answer with what it was priced by.
  /// - Parameters:
  ///   - policy: How traffic is divided among paths; nil: as the question says.
  ///   - known: A bound that holds, where it need not be found anew.
  func priced(
    _ question: Question, policy: RoutingPolicy? = nil, bound known: LowerBound? = nil
  ) throws(EstimationError) -> (answer: Answer, pricing: Pricing) {
    let policy = policy ?? question.routing
    let profile = try profile(named: question.library)
    let fabric = try FabricView(
      cluster, ranks: question.ranks, grouping: question.grouping, followed: followed, isForTraffic: true)
    let model = CostModel(profile: profile, setting: fabric.setting(harness: question.harness))
    let candidates = try CandidateSet(
      question, ladder: fabric.ladder, others: fabric.unlike?.kinds.dropFirst().map(\.ladder) ?? [], model: model,
      capabilities: fabric.capabilities(question.inSwitch),
      alikeOnly: fabric.routesAlikeOnly)
    let times = try linkTimes(question, candidates.entries, fabric: fabric, model: model, policy: policy)
    var bound: LowerBound?
    if question.includesBound {
      bound = known
      if known == nil {
        bound = try Estimator.bound(question, schedule: candidates.entries.first?.schedule, fabric: fabric)
      }
    }
    let tuner = question.selection == .library ? Estimator.tuner(of: profile) : nil
    var selection: LibrarySelection?
    if let tuner {
      let reckoning = CostModel(profile: tuner, setting: model.setting)
      selection = LibrarySelection(
        candidates.entries, model: reckoning,
        times: try linkTimes(question, candidates.entries, fabric: fabric, model: reckoning, policy: policy))
    }
    let pricing = Pricing(
      entries: candidates.entries, times: times, model: model, fabric: fabric, bound: bound, selection: selection)
    let estimates = question.askedSizes.map { pricing.estimate($0) }
    let answer = Answer(
      subject: subject, question: question, ranks: fabric.sharedLadder.ranks, groups: fabric.groups,
      library: profile.name, estimates: estimates, refusals: candidates.refusals, assumptions: cluster.assumptions,
      remarks: cluster.remarks + fabric.remarks
        + [question.routingRemark(hasRails: fabric.order.scaleUpLevel != nil)].compactMap(\.self)
        + (question.selection == .library ? LibrarySelection.findings(estimates, profile, tuner) : [])
        + (question.includesBound ? [] : ["No bound was computed: no time is held against what is possible."]),
      plans: pricing.plans(of: estimates),
      plansByKind: pricing.plansByKind(of: estimates), proof: bound?.proof)
    return (answer, pricing)
  }

  /// The times that the library itself reckons with when it picks an algorithm; nil where that is not known.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  public func reckoning(_ question: Question) throws(EstimationError) -> [Seconds]? {
    var question = question
    question.selection = .library
    let pricing = try priced(question).pricing
    return pricing.selection.map { selection in question.sizes.map { selection.reckoned($0) ?? .zero } }
  }

  /// The bound by flows, or by the tiers' capacities where flows cannot be told, as for groups side by side.
  static func bound(
    _ question: Question, schedule: Schedule? = nil, fabric: FabricView
  ) throws(EstimationError) -> LowerBound {
    let networkReduces = fabric.cluster.networkReduction
    guard question.amounts == nil || question.routing == .equalSplit else {
      throw .graph("Unequal parts are routed with an equal split only.")
    }
    if let amounts = question.amounts, let schedule {
      return LowerBound(egress: fabric.egress) { cut in
        cut.level < 0
          ? amounts.mostMoved(ranks: fabric.ladder.ranks)
          : schedule.volumeLeaving(level: cut.level) * Double(cut.ranks)
      }
    }
    let reduction: LowerBound.Reduction =
      networkReduces
      ? .everywhere
      : !fabric.switchesReduce ? .onAccelerators : question.inSwitch == .on ? .everywhere : .inDomains
    let flows =
      fabric.groups == nil
      ? try LowerBound(question.collective, fabric: fabric, reduction: reduction) : nil
    return flows
      ?? LowerBound(
        question.collective, ladder: fabric.ladder, egress: fabric.egress, switchesReduce: fabric.switchesReduce,
        networkReduces: networkReduces)
  }

  private func linkTimes(
    _ question: Question, _ entries: [CandidateSet.Entry], fabric: FabricView, model: CostModel, policy: RoutingPolicy
  ) throws(EstimationError) -> LinkTimes {
    if let amounts = question.amounts, let messages = UnequalMessages(amounts, fabric: fabric) {
      return LinkTimes(entries, messages: messages, model: model)
    }
    if let unlike = fabric.unlike {
      let classes = CandidateSet.trafficClasses(entries)
      let loads = unlike.loads(classes, policy: policy)
      guard loads.unroutable.allSatisfy({ $0 == 0 }) else {
        throw .unreachable("Some of the ranks have no path to others that they must send to.")
      }
      return LinkTimes(entries, classes: classes, loads: loads, model: model)
    }
    if let blueprint = fabric.blueprint {
      let traffic = try fabric.traffic(CandidateSet.trafficClasses(entries), in: blueprint, policy: policy)
      return LinkTimes(entries, traffic: traffic, model: model)
    }
    guard policy.splitsEvenly || ExplicitTraffic.dividesUnevenly(cluster, ranks: fabric.accelerators.count) else {
      throw .graph(
        "Vertex by vertex, routing other than an equal split is worked out for up to "
          + "\(ExplicitTraffic.unevenLimit) ranks.")
    }
    do throws(AlgorithmError) {
      return try LinkTimes(
        entries, on: fabric.topology, groups: fabric.groupMembers, model: model, policy: policy, relays: fabric.relays)
    } catch {
      throw .graph(error.description)
    }
  }

  /// The profile of what a library reckons with; nil where that is not known.
  private static func tuner(of profile: LibraryProfile) -> LibraryProfile? {
    profile.tuner.flatMap { (try? LibraryProfiles.shipped(named: $0)) ?? nil }
  }

  /// The profile that a question asks for.
  func profile(named asked: String?) throws(EstimationError) -> LibraryProfile {
    if let profile { return profile }
    let name = asked ?? LibraryProfiles.usualName(forVendor: cluster.accelerators.first?.vendor ?? "")
    guard let profile = (try? LibraryProfiles.shipped(named: name)) ?? nil else {
      throw .unknownLibrary(name, known: LibraryProfiles.alternatives(to: name))
    }
    return profile
  }
}
