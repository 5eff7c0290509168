import ClusterModel
public import Collectives
import Matrices
public import Quantities
import Routing

/// The times of one question on one cluster as a function of a library's figures.
///
/// Groups, schedules and loads of the links do not depend on the figures and are worked out once; what is left are the
/// sums and products of the cost model, with their exact derivatives.
public struct TimeModel: Sendable {
  /// What a link, or several alike, carries of a candidate: seconds per byte of message at the data-sheet rate, by
  /// where the traffic goes.
  struct Load: Hashable {
    var technology: LinkTechnology
    var seconds: [Double]

    /// Over all that it is divided by.
    var total: Double { seconds.reduce(0, +) }

    /// Whether another load of the same technology is nowhere less and somewhere more.
    func isDominated(by other: Load) -> Bool {
      technology == other.technology && self != other && zip(seconds, other.seconds).allSatisfy { $0 <= $1 }
    }
  }

  struct Candidate {
    let schedule: Schedule
    let messageProtocol: MessageProtocol
    /// For each part that does not overlap with the others, the links that may be the slowest.
    let parts: [[Load]]
  }

  /// A time with the derivative of its logarithm by the logarithms of figures.
  public struct Sensitive: Sendable {
    /// The time.
    public var time: Seconds
    /// By figure.
    public var sensitivities: [String: Double]
  }

  private let setting: CostModel.Setting
  private let candidates: [Candidate]
  private let bound: Double
  private let sizes: [Bytes]

  /// Works out what does not depend on the figures.
  /// - Parameters:
  ///   - question: The question; the library that it names must be the profile's.
  ///   - estimator: Of the cluster.
  ///   - profile: The profile whose algorithms are candidates.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  public init(_ question: Question, on estimator: Estimator, profile: LibraryProfile) throws(EstimationError) {
    try self.init(
      QuestionGraph(question, on: estimator.cluster, profile: profile, followed: estimator.followed),
      profile: profile, inSwitch: question.inSwitch)
  }

  /// Works out what does not depend on the figures, on a graph that is prepared.
  /// - Parameters:
  ///   - graph: The question's graph.
  ///   - profile: The profile whose algorithms are candidates, some of those that the graph was prepared for.
  ///   - inSwitch: Whether switches reduce.
  init(
    _ graph: QuestionGraph, profile: LibraryProfile, inSwitch: Question.InSwitch
  ) throws(EstimationError) {
    let entries = try graph.offered(profile, inSwitch: inSwitch)
    let model = CostModel(profile: profile, setting: graph.fabric.setting(harness: graph.question.harness))
    setting = model.setting
    sizes = graph.question.sizes
    bound = graph.bound
    let parts: [[[Load]]]
    if let traffic = graph.traffic {
      parts = TimeModel.parts(of: entries, traffic: traffic, model: model)
    } else {
      parts = try TimeModel.parts(of: entries, on: graph.fabric, policy: graph.question.routing, model: model)
    }
    candidates = zip(entries, parts).map { entry, parts in
      Candidate(
        schedule: entry.schedule, messageProtocol: entry.messageProtocol, parts: parts.map(TimeModel.decisive))
    }
  }

  /// The time of the fastest candidate at each size of the question.
  public func times(_ profile: LibraryProfile) -> [Seconds] {
    let priced = Priced(self, profile)
    return sizes.map { priced.fastest($0).time }
  }

  /// The same with how the times answer to the profile's figures.
  public func sensitiveTimes(_ profile: LibraryProfile) -> [Sensitive] {
    let priced = Priced(self, profile)
    return sizes.map { size in
      let (index, time) = priced.fastest(size)
      return Sensitive(time: time, sensitivities: priced.sensitivities(of: index, at: size))
    }
  }

  /// The candidates with a profile's figures.
  private struct Priced {
    let model: CostModel
    let prepared: [CostModel.Prepared]
    /// Seconds per byte of message, and what they consist of.
    let links: [(secondsPerByte: Double, shares: [CostModel.LinkShare])]

    init(_ times: TimeModel, _ profile: LibraryProfile) {
      let model = CostModel(profile: profile, setting: times.setting)
      self.model = model
      prepared = times.candidates.map { model.prepare($0.schedule, using: $0.messageProtocol) }
      links = times.candidates.map { Priced.links(of: $0, model, bound: times.bound) }
    }

    func fastest(_ bytes: Bytes) -> (index: Int, time: Seconds) {
      var best = (index: 0, time: Seconds(.infinity))
      for index in prepared.indices {
        let time = model.cost(
          of: prepared[index], bytes: bytes, linkTime: Seconds(links[index].secondsPerByte * Double(bytes.count))
        ).total
        if time < best.time { best = (index, time) }
      }
      return best
    }

    func sensitivities(of index: Int, at bytes: Bytes) -> [String: Double] {
      model.sensitivities(
        of: prepared[index], bytes: bytes, secondsPerByte: links[index].secondsPerByte, links: links[index].shares)
    }

    private static func links(
      of candidate: Candidate, _ model: CostModel, bound: Double
    ) -> (secondsPerByte: Double, shares: [CostModel.LinkShare]) {
      let reaches = CostModel.Reach.allCases.map { reach in
        model.shares(of: candidate.schedule, in: reach, using: candidate.messageProtocol)
          .map { (product: $0, value: $0.value(in: model.profile)) }
          .min { $0.value < $1.value } ?? (FigureProduct([]), 1)
      }
      var total = 0.0
      var shares: [CostModel.LinkShare] = []
      for part in candidate.parts {
        var worst = (time: 0.0, shares: [CostModel.LinkShare]())
        for load in part {
          let efficiency = FigureProduct([model.efficiencyFigure(of: load.technology)])
          let rate = efficiency.value(in: model.profile)
          let addends = reaches.indices.map { load.seconds[$0] / reaches[$0].value / rate }
          let time = addends.reduce(0, +)
          guard time > worst.time else { continue }
          worst = (
            time,
            reaches.indices.filter { addends[$0] > 0 }.map { reach in
              CostModel.LinkShare(
                secondsPerByte: addends[reach],
                rate: FigureProduct(
                  efficiency.over + reaches[reach].product.over, under: reaches[reach].product.under))
            }
          )
        }
        total += worst.time
        shares += worst.shares
      }
      return total < bound ? (bound, []) : (total, shares)
    }
  }
}
