import ClusterModel
import Collectives

/// The algorithms and protocols that are priced for one question.
struct CandidateSet {
  /// One algorithm with one protocol.
  struct Entry {
    let schedule: Schedule
    /// The schedule with the volumes that the load operator takes, which differ where groups are of different sizes.
    let laid: Schedule
    /// The same for the other kinds of groups, where groups of ranks lie in different ways.
    var others: [Other] = []
    let messageProtocol: MessageProtocol
    /// Whether the library has it, so that it may be chosen.
    var isOffered: Bool

    /// What another kind of group does.
    struct Other {
      let schedule: Schedule
      let laid: Schedule
    }

    /// By kind of group: the phases, and the same with the volumes that the load operator takes.
    var phasesByKind: [(schedule: Schedule, laid: Schedule)] {
      [(schedule, laid)] + others.map { ($0.schedule, $0.laid) }
    }
  }

  var entries: [Entry] = []
  var refusals: [Answer.Refusal] = []

  /// Lists what can run.
  /// - Parameters:
  ///   - others: The tiers of other kinds of groups, which run the same algorithm.
  ///   - alikeOnly: Whether only algorithms will do in which all ranks of a torus send alike.
  /// - Throws: `EstimationError` when the asked algorithm or protocol is unknown or cannot run, or nothing can.
  init(
    _ question: Question, ladder: TierLadder, others: [TierLadder] = [], model: CostModel,
    capabilities: FabricCapabilities, alikeOnly: Bool = false
  ) throws(EstimationError) {
    let algorithms = CollectiveAlgorithms.all
    let offers = model.profile.offers[question.collective] ?? []
    let avoided = model.avoidedAlgorithms
    if let asked = question.algorithm, !algorithms.contains(where: { $0.name == asked }) {
      throw .unknownAlgorithm(asked, known: algorithms.map { $0.name })
    }
    if let amounts = question.amounts {
      try offerUnequal(amounts, question, ladder: ladder, offers: offers)
      try select(question)
      return
    }
    let uneven = UnevenGroups(ladder)
    for algorithm in algorithms where algorithm.collectives.contains(question.collective) {
      let offer = offers.first { $0.algorithm == algorithm.name }
      do throws(AlgorithmError) {
        let schedule = try algorithm.schedule(for: question.collective, on: ladder, capabilities: capabilities)
        if alikeOnly, !algorithm.isAlikeOnTori {
          throw .notApplicable(
            reason:
              "Its messages differ from rank to rank of a torus; only up to \(TorusPart.mostRanks) ranks are they "
              + "followed one by one.")
        }
        let laid = schedule.laid(on: uneven)
        var kinds: [Entry.Other] = []
        for other in others {
          let schedule = try algorithm.schedule(for: question.collective, on: other, capabilities: capabilities)
          kinds.append(Entry.Other(schedule: schedule, laid: schedule.laid(on: UnevenGroups(other))))
        }
        let protocols = offer?.protocols ?? [.simple]
        entries += protocols.map {
          Entry(
            schedule: schedule, laid: laid, others: kinds, messageProtocol: $0,
            isOffered: offer != nil && !avoided.contains(algorithm.name) && model.has(algorithm.name, using: $0))
        }
      } catch {
        refusals.append(Answer.Refusal(algorithm: algorithm.name, reason: error.description))
      }
    }
    try select(question)
  }

  /// Unequal parts are exchanged pair by pair; what other algorithms forward together is of one size.
  private mutating func offerUnequal(
    _ amounts: Question.Amounts, _ question: Question, ladder: TierLadder, offers: [LibraryProfile.Offer]
  ) throws(EstimationError) {
    guard question.collective == .allToAll else { throw .amountsOfOther(question.collective) }
    let schedule: Schedule
    do throws(UnequalAllToAll.AmountError) {
      switch amounts {
      case .matrix(let matrix): schedule = try matrix.fittedSchedule(on: ladder)
      case .skew(let skew): schedule = try UnequalAllToAll.schedule(skew: skew, on: ladder)
      }
    } catch {
      throw .amounts(error)
    }
    let laid = schedule.laid(on: UnevenGroups(ladder))
    let protocols = offers.first { $0.algorithm == schedule.algorithm }?.protocols ?? [.simple]
    entries = protocols.map { Entry(schedule: schedule, laid: laid, messageProtocol: $0, isOffered: true) }
    refusals = CollectiveAlgorithms.all
      .filter { $0.collectives.contains(.allToAll) && $0.name != schedule.algorithm }
      .map { Answer.Refusal(algorithm: $0.name, reason: "It forwards parts of one size only.") }
  }

  /// The classes of traffic that any of the candidates uses, in a fixed order.
  static func trafficClasses(_ entries: [Entry]) -> [TrafficClass] {
    Set(entries.flatMap(\.phasesByKind).flatMap { Array($0.laid.traffic.keys) + $0.schedule.rankTraffic.keys })
      .sorted { CandidateSet.order($0) < CandidateSet.order($1) }
  }

  private static func order(_ traffic: TrafficClass) -> (Int, Int) {
    switch traffic {
    case .inSwitch: (-1, 0)
    case .peers(let level, let aligned): (level, aligned ? 1 : 0)
    case .neighbours(let ring, let forward): (ring, forward ? 2 : 3)
    }
  }

  private mutating func select(_ question: Question) throws(EstimationError) {
    if let asked = question.algorithm {
      if let refusal = refusals.first(where: { $0.algorithm == asked }) {
        throw .notApplicable(algorithm: asked, reason: refusal.reason, applicable: applicable)
      }
      let chosen = entries.filter { $0.schedule.algorithm == asked }
      guard !chosen.isEmpty else {
        throw .notApplicable(
          algorithm: asked, reason: "It does not carry out \(question.collective).", applicable: applicable)
      }
      // An algorithm that is asked for by name is priced whether the library would choose it or not.
      entries = chosen
      for entry in entries.indices { entries[entry].isOffered = true }
    }
    if let asked = question.messageProtocol {
      let offered = entries.filter(\.isOffered)
      entries = offered.filter { $0.messageProtocol == asked }
      if entries.isEmpty, let first = offered.first {
        throw .protocolNotOffered(
          algorithm: question.algorithm ?? first.schedule.algorithm,
          offered: unique(offered.map(\.messageProtocol.rawValue)))
      }
    }
    if !entries.contains(where: \.isOffered) {
      throw .noCandidate(refusals.map { "\($0.algorithm): \($0.reason)" })
    }
  }

  private var applicable: [String] { unique(entries.map(\.schedule.algorithm)) }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension Schedule {
  /// The schedule with the volumes that the load operator takes.
  fileprivate func laid(on groups: UnevenGroups?) -> Schedule {
    guard let groups else { return self }
    var schedule = self
    for phase in phases.indices { schedule.phases[phase].traffic = groups.laying(phases[phase].traffic) }
    return schedule
  }
}
