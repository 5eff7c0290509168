import ClusterModel
import Quantities

extension CostModel {
  /// The part of a schedule's time that does not grow with the size, as addends.
  func latencyTerms(of schedule: Schedule, using messageProtocol: MessageProtocol) -> [CostTerm] {
    switch profile.latencyModel {
    case .graph: graphTerms(of: schedule)
    case .messageHops: hopTerms(of: schedule, using: messageProtocol)
    }
  }

  private func graphTerms(of schedule: Schedule) -> [CostTerm] {
    hopsByLevel(of: schedule).map { level, count in
      CostTerm(
        name: "hops across the \(tier(level))", tier: tier(level), count: count,
        parts: [.init(time: setting.pathLatency[level].seconds, figures: [])])
    } + neighbourTerms(of: schedule)
  }

  private func neighbourTerms(of schedule: Schedule) -> [CostTerm] {
    let hops = schedule.phases.flatMap(\.latency).reduce(into: [Latency: Double]()) { counts, hop in
      guard case .neighbours(let ring, _) = hop.traffic, setting.neighbourLatency.indices.contains(ring) else { return }
      counts[setting.neighbourLatency[ring], default: 0] += hop.count
    }
    return hops.sorted { $0.key < $1.key }.map { latency, count in
      CostTerm(
        name: "hops to neighbours in the torus", tier: domainTier, count: count,
        parts: [.init(time: latency.seconds, figures: [])])
    }
  }

  private func hopTerms(of schedule: Schedule, using messageProtocol: MessageProtocol) -> [CostTerm] {
    var terms: [CostTerm] = []
    switch schedule.family {
    case .pointToPoint:
      return [start("base.point-to-point", messageProtocol)] + peerTerms(of: schedule)
    case .inSwitch:
      terms.append(
        CostTerm(name: "in-switch reduction", tier: domainTier, count: 1, parts: [part(["in-switch.base"])]))
      terms.append(
        CostTerm(
          name: "in-switch reduction, per rank", tier: domainTier, count: Double(domainSize),
          parts: [part(["in-switch.per-rank"])]))
    case .ring, .tree:
      let ofTree = "base.tree.\(messageProtocol.rawValue)"
      let base =
        schedule.family == .tree && profile.figures[ofTree] != nil ? ofTree : "base.\(messageProtocol.rawValue)"
      terms.append(start(base, messageProtocol))
    }
    for (level, count) in hopsByLevel(of: schedule, withNeighbours: true)
    where level >= networkLevel || schedule.family != .inSwitch {
      terms.append(
        CostTerm(
          name: level < networkLevel ? "message hops inside the domain" : "message hops across the \(tier(level))",
          tier: tier(level), count: count, parts: hop(level: level, of: schedule, using: messageProtocol)))
    }
    return terms
  }

  private func start(_ figure: String, _ messageProtocol: MessageProtocol) -> CostTerm {
    CostTerm(name: "start-up of \(messageProtocol.rawValue)", tier: nil, count: 1, parts: [part([figure])])
  }

  private func peerTerms(of schedule: Schedule) -> [CostTerm] {
    let inside = schedule.phases.reduce(0) { $0 + ($1.peersPerRank?.insideDomain ?? 0) }
    var outside = schedule.phases.reduce(0) { $0 + ($1.peersPerRank?.outsideDomain ?? 0) }
    // The library posts a message for every peer, also where messages share a way through the domain; the fitted cost
    // of a peer is that of such runs.
    if schedule.collective == .allToAll { outside = max(outside, setting.ladder.ranks - domainSize) }
    var terms: [CostTerm] = []
    if inside > 0 {
      terms.append(
        CostTerm(
          name: "a message inside the domain", tier: domainTier, count: 1,
          parts: insideHop(.ring, .ll, onePass: false)))
      terms.append(
        CostTerm(
          name: "peers inside the domain", tier: domainTier, count: Double(inside), parts: [part(["peer.inside"])]))
    }
    if outside > 0 {
      let top = setting.ladder.levels.count - 1
      terms.append(
        CostTerm(
          name: "a message to outside the domain", tier: tier(top), count: 1,
          parts: outsideHop(.ring, .ll, level: top)))
      terms.append(
        CostTerm(
          name: "peers outside the domain", tier: tier(top), count: Double(outside), parts: [part(["peer.outside"])]))
    }
    return terms
  }

  private func hop(
    level: Int, of schedule: Schedule, using messageProtocol: MessageProtocol
  ) -> [CostTerm.Part] {
    if level < networkLevel {
      return insideHop(schedule.hopFamily, messageProtocol, onePass: schedule.collective.isOnePass)
    }
    if schedule.family == .inSwitch {
      return [part(["in-switch.tree-hop"]), part(["transport.\(transportKind.rawValue).latency"], times: 2)]
        + beyondFirstSwitch(level)
    }
    return outsideHop(
      schedule.hopFamily, messageProtocol, level: level, isReducing: schedule.collective == .allReduce)
  }

  private func insideHop(
    _ family: HopFamily, _ messageProtocol: MessageProtocol, onePass: Bool
  ) -> [CostTerm.Part] {
    let link: HopLink = generation == .pcie ? .pcie : .nvlink
    let kind = setting.spansBoards ? "multi-tray" : generation.rawValue
    var figures = [
      "hop.\(link.rawValue).\(family.rawValue).\(messageProtocol.rawValue)", "hop-factor.\(kind)",
      "hop-factor.\(messageProtocol.rawValue)",
    ]
    if messageProtocol != .ll { figures.append("bulk-hop-factor.\(kind)") }
    if onePass { figures.append("hop-factor.one-pass") }
    return [part(figures)]
  }

  private func outsideHop(
    _ family: HopFamily, _ messageProtocol: MessageProtocol, level: Int, isReducing: Bool = false
  ) -> [CostTerm.Part] {
    // NCCL takes the tree's figure for a ring whose every hop crosses the network.
    let row: HopFamily = domainSize == 1 ? .tree : family
    let transport = "transport.\(transportKind.rawValue)"
    // A hop of the tree carries a message up and one down.
    let messages = family == .tree ? 2.0 : 1
    var parts = [
      part([
        "hop.network.\(row.rawValue).\(messageProtocol.rawValue)", "hop-factor.network",
        "hop-factor.\(messageProtocol.rawValue)", "\(transport).hop-factor",
      ]),
      part(["\(transport).latency"], times: messages),
    ]
    if messageProtocol != .ll { parts.append(part(["\(transport).message"], times: messages)) }
    if isReducing, profile.figures["hop.network.reduction"] != nil { parts.append(part(["hop.network.reduction"])) }
    return parts + beyondFirstSwitch(level)
  }

  /// The fitted hop holds one switch; what the path to a higher level adds to that comes from the graph.
  private func beyondFirstSwitch(_ level: Int) -> [CostTerm.Part] {
    guard level > networkLevel, setting.pathLatency.indices.contains(level) else { return [] }
    let extra = (setting.pathLatency[level].seconds - setting.pathLatency[networkLevel].seconds).value
    return extra > 0 ? [.init(time: Seconds(extra), figures: [])] : []
  }

  /// A product of figures, the first of which is a time; none where the profile does not list that.
  private func part(_ figures: [String], times count: Double = 1) -> CostTerm.Part {
    let factors = figures.dropFirst().reduce(count) { $0 * profile.factor($1) }
    return .init(time: profile.time(figures[0]) * factors, figures: figures)
  }

  private func hopsByLevel(
    of schedule: Schedule, withNeighbours: Bool = false
  ) -> [(level: Int, count: Double)] {
    var counts: [Int: Double] = [:]
    for phase in schedule.phases {
      for hop in phase.latency {
        if case .peers(let level, _) = hop.traffic { counts[level, default: 0] += hop.count }
        if withNeighbours, case .neighbours = hop.traffic { counts[0, default: 0] += hop.count }
      }
    }
    return counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func tier(_ level: Int) -> Tier { setting.ladder.levels[level].tier }
  private var domainTier: Tier? { setting.ladder.scaleUpLevel.map { tier($0) } }
}
