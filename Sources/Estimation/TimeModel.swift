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

extension TimeModel {
  /// Works out what does not depend on the figures.
  /// - Parameters:
  ///   - question: The question; the library that it names must be the profile's.
  ///   - estimator: Of the cluster, whose graph must be a blueprint.
  ///   - profile: The profile whose algorithms are candidates.
  /// - Throws: `EstimationError` when the question does not fit the cluster.
  public init(_ question: Question, on estimator: Estimator, profile: LibraryProfile) throws(EstimationError) {
    guard case .blueprint(let blueprint) = estimator.cluster.graph else {
      throw .graph("Figures are fitted on clusters of described systems only.")
    }
    let fabric = try FabricView(estimator.cluster, ranks: question.ranks)
    let model = CostModel(profile: profile, setting: fabric.setting(harness: question.harness))
    let entries = try CandidateSet(
      question, ladder: fabric.ladder, model: model,
      capabilities: fabric.capabilities(question.inSwitch),
      alikeOnly: fabric.routesAlikeOnly
    ).entries.filter(\.isOffered)
    let traffic = try fabric.traffic(CandidateSet.trafficClasses(entries), in: blueprint)
    let rowOf = Dictionary(uniqueKeysWithValues: traffic.classes.enumerated().map { ($1, $0) })

    /// What each row of the operator carries of a phase.
    func loads(of phase: Schedule.Phase) -> [Load] {
      traffic.loads.rows.enumerated().map { index, row in
        let rate = row.link.bandwidth.bytesPerSecond
        func load(_ volumes: [TrafficClass: Double], atMost one: Bool) -> Load {
          var load = Load(technology: row.link.technology, seconds: CostModel.Reach.allCases.map { _ in 0 })
          for (kind, volume) in Schedule.ordered(volumes) {
            guard let column = rowOf[kind] else { continue }
            let share = traffic.loads.matrix[index, column]
            load.seconds[model.reach(of: kind).rawValue] += (one ? min(1, share) : share) * volume / rate
          }
          return load
        }
        let shared = load(phase.traffic, atMost: false)
        guard phase.rankTraffic != phase.traffic else { return shared }
        // A link that many ranks share carries no more of one rank's own bytes than that rank has.
        let own = load(phase.rankTraffic, atMost: true)
        return own.seconds.reduce(0, +) > shared.seconds.reduce(0, +) ? own : shared
      }
    }

    setting = model.setting
    sizes = question.sizes
    bound = try Estimator.bound(question, fabric: fabric).secondsPerByte
    candidates = entries.map { entry in
      let phases = entry.schedule.phases.map(loads)
      let parts = entry.schedule.isPipelined ? [TimeModel.sum(phases)] : phases
      return Candidate(
        schedule: entry.schedule, messageProtocol: entry.messageProtocol, parts: parts.map(TimeModel.decisive))
    }
  }

  private static func sum(_ phases: [[Load]]) -> [Load] {
    guard let first = phases.first else { return [] }
    return phases.dropFirst().reduce(first) { sum, next in
      zip(sum, next).map { Load(technology: $0.technology, seconds: zip($0.seconds, $1.seconds).map(+)) }
    }
  }

  /// The loads that can be the slowest whatever the efficiencies are.
  private static func decisive(_ loads: [Load]) -> [Load] {
    var seen: Set<Load> = []
    let unique = loads.filter { $0.seconds.contains { $0 > 0 } && seen.insert($0).inserted }
    return unique.filter { load in !unique.contains { load.isDominated(by: $0) } }
  }
}
