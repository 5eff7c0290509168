import ClusterModel

/// What algorithms that reduce and multicast in the switches of scale-up domains have in common.
enum InSwitch {
  static func check(_ ladder: TierLadder, capabilities: FabricCapabilities) throws(AlgorithmError) {
    guard capabilities.inSwitchReduction else {
      throw .notApplicable(reason: "The switches do not reduce.")
    }
    guard let level = ladder.scaleUpLevel, ladder.levels.indices.contains(level) else {
      throw .notApplicable(reason: "There is no scale-up domain whose switches could reduce.")
    }
    guard ladder.smallestSize(level) > 1 else {
      throw .notApplicable(reason: "A domain of one rank has nothing to reduce in its switches.")
    }
  }

  /// Refuses ladders that are not several domains of one size, and gives that size.
  static func domainSize(of ladder: TierLadder, capabilities: FabricCapabilities) throws(AlgorithmError) -> Int {
    try check(ladder, capabilities: capabilities)
    guard ladder.groupCount(ladder.domainLevel) > 1 else {
      throw .notApplicable(reason: "All \(ladder.ranks) ranks are in one scale-up domain; 'nvls' is this case.")
    }
    guard let size = ladder.uniformSize(ladder.domainLevel) else {
      throw .notApplicable(reason: "The scale-up domains hold different numbers of ranks.")
    }
    return size
  }

  /// The part of an algorithm that runs over the switches of the domains.
  static func phase(_ collective: Collective, domainSize: Int) -> Schedule.Phase {
    let share = 1 / Double(domainSize)
    let (name, summary, volume, hops) =
      switch collective {
      case .allGather: ("multicast", "Each rank sends its part once; the switch hands it to all ranks.", 1.0, 1.0)
      case .reduceScatter:
        ("reduction in the switch", "The switch reads from all ranks; each rank receives its part's sum.", 1.0, 1.0)
      case .broadcast: ("multicast", "Rank 0 sends the message once; the switch hands it to all ranks.", 1.0, 1.0)
      case .reduce: ("reduction in the switch", "The switch reads from all ranks; rank 0 receives the sum.", 1.0, 1.0)
      default:
        (
          "reduction and multicast in the switch",
          "Each rank has the switch sum its share over all ranks, and sends the result through it to all.",
          1 + share, 2.0
        )
      }
    return Schedule.Phase(
      name: name, summary: summary, traffic: [.inSwitch: volume],
      latency: [Schedule.Hop(.inSwitch, count: hops)], repeats: 1)
  }

  /// The part of a broadcast or reduce over several domains that runs over their switches: in the root's domain all of
  /// the message from or to the root, in the others the share of each rank.
  static func rootedPhase(_ collective: Collective) -> Schedule.Phase {
    var phase = phase(collective, domainSize: 1)
    phase.summary =
      collective == .broadcast
      ? "Rank 0 sends the message, in other domains each rank its share, once; the switch hands it to all ranks."
      : "The switch reads from all ranks; in the root's domain rank 0 receives the sum, in others each rank its share's."
    phase.latency = [Schedule.Hop(.inSwitch, count: 2)]
    return phase
  }

  /// - Parameter some: The domains; nil: all of them.
  static func reduceSteps(
    _ domains: Domains, of some: Range<Int>? = nil, all: ScheduleExpansion.ChunkRun,
    share: (Int) -> ScheduleExpansion.ChunkRun
  ) -> [ScheduleExpansion.Step] {
    var toSwitch = ScheduleExpansion.Step()
    var fromSwitch = ScheduleExpansion.Step()
    for domain in some ?? 0..<domains.count {
      for place in 0..<domains.size(domain) {
        let rank = ScheduleExpansion.Endpoint.rank(domains.rank(place, in: domain))
        toSwitch.transfers.append(.init(from: rank, to: .domainSwitch(domain), chunks: all, effect: .reduce))
        guard share(place).count > 0 else { continue }
        fromSwitch.transfers.append(
          .init(from: .domainSwitch(domain), to: rank, chunks: share(place), effect: .copy))
      }
    }
    return [toSwitch, fromSwitch]
  }

  /// - Parameter some: The domains; nil: all of them.
  static func multicastSteps(
    _ domains: Domains, of some: Range<Int>? = nil, all: ScheduleExpansion.ChunkRun,
    share: (Int) -> ScheduleExpansion.ChunkRun
  ) -> [ScheduleExpansion.Step] {
    var toSwitch = ScheduleExpansion.Step()
    var fromSwitch = ScheduleExpansion.Step()
    for domain in some ?? 0..<domains.count {
      for place in 0..<domains.size(domain) {
        let rank = ScheduleExpansion.Endpoint.rank(domains.rank(place, in: domain))
        if share(place).count > 0 {
          toSwitch.transfers.append(.init(from: rank, to: .domainSwitch(domain), chunks: share(place), effect: .copy))
        }
        fromSwitch.transfers.append(.init(from: .domainSwitch(domain), to: rank, chunks: all, effect: .copy))
      }
    }
    return [toSwitch, fromSwitch]
  }
}
