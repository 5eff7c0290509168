public import ClusterModel
public import Quantities

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
      let hop = setting.pathLatency[level].seconds
      return CostTerm(
        name: "hops across the \(tier(level))", tier: tier(level), time: hop * count,
        formula: "\(format(count)) × \(hop)", figures: [])
    } + neighbourTerms(of: schedule)
  }

  private func neighbourTerms(of schedule: Schedule) -> [CostTerm] {
    let hops = schedule.phases.flatMap(\.latency).reduce(into: [Latency: Double]()) { counts, hop in
      guard case .neighbours(let ring, _) = hop.traffic, setting.neighbourLatency.indices.contains(ring) else { return }
      counts[setting.neighbourLatency[ring], default: 0] += hop.count
    }
    return hops.sorted { $0.key < $1.key }.map { latency, count in
      CostTerm(
        name: "hops to neighbours in the torus", tier: domainTier, time: latency.seconds * count,
        formula: "\(format(count)) × \(latency.seconds)", figures: [])
    }
  }

  private func hopTerms(of schedule: Schedule, using messageProtocol: MessageProtocol) -> [CostTerm] {
    var terms: [CostTerm] = []
    switch schedule.family {
    case .pointToPoint:
      terms.append(start("base.point-to-point", messageProtocol))
      terms += peerTerms(of: schedule)
      return terms
    case .inSwitch:
      let base = profile.time("in-switch.base")
      let perRank = profile.time("in-switch.per-rank")
      terms.append(
        CostTerm(
          name: "in-switch reduction", tier: domainTier, time: base + perRank * Double(domainSize),
          formula: "\(base) + \(domainSize) × \(perRank)", figures: ["in-switch.base", "in-switch.per-rank"]))
    case .ring, .tree:
      terms.append(start("base.\(messageProtocol.rawValue)", messageProtocol))
    }
    for (level, count) in hopsByLevel(of: schedule, withNeighbours: true) where level >= networkLevel || schedule.family != .inSwitch {
      let (hop, figures) = hopTime(level: level, of: schedule, using: messageProtocol)
      terms.append(
        CostTerm(
          name: level < networkLevel ? "message hops inside the domain" : "message hops across the \(tier(level))",
          tier: tier(level), time: hop * count, formula: "\(format(count)) × \(hop)", figures: figures))
    }
    return terms
  }

  private func start(_ figure: String, _ messageProtocol: MessageProtocol) -> CostTerm {
    let time = profile.time(figure)
    return CostTerm(
      name: "start-up of \(messageProtocol.rawValue)", tier: nil, time: time, formula: "\(time)", figures: [figure])
  }

  private func peerTerms(of schedule: Schedule) -> [CostTerm] {
    let inside = schedule.phases.reduce(0) { $0 + ($1.peersPerRank?.insideDomain ?? 0) }
    var outside = schedule.phases.reduce(0) { $0 + ($1.peersPerRank?.outsideDomain ?? 0) }
    // The library posts a message for every peer, also where messages share a way through the domain; the fitted cost
    // of a peer is that of such runs.
    if schedule.collective == .allToAll { outside = max(outside, setting.ladder.ranks - domainSize) }
    var terms: [CostTerm] = []
    if inside > 0 {
      let (hop, figures) = insideHop(.ring, .ll, onePass: false)
      let perPeer = profile.time("peer.inside")
      terms.append(
        CostTerm(
          name: "messages to peers inside the domain", tier: domainTier, time: hop + perPeer * Double(inside),
          formula: "\(hop) + \(inside) × \(perPeer)", figures: figures + ["peer.inside"]))
    }
    if outside > 0 {
      let (hop, figures) = outsideHop(.ring, .ll, level: setting.ladder.levels.count - 1)
      let perPeer = profile.time("peer.outside")
      terms.append(
        CostTerm(
          name: "messages to peers outside the domain", tier: tier(setting.ladder.levels.count - 1),
          time: hop + perPeer * Double(outside),
          formula: "\(hop) + \(outside) × \(perPeer)",
          figures: figures + ["peer.outside"]))
    }
    return terms
  }

  private func hopTime(
    level: Int, of schedule: Schedule, using messageProtocol: MessageProtocol
  ) -> (Seconds, [String]) {
    if level < networkLevel {
      return insideHop(schedule.hopFamily, messageProtocol, onePass: schedule.collective.isOnePass)
    }
    if schedule.family == .inSwitch {
      let figure = "transport.\(transportKind.rawValue).latency"
      let hop = profile.time("in-switch.tree-hop") + profile.time(figure) * 2 + beyondFirstSwitch(level)
      return (hop, ["in-switch.tree-hop", figure])
    }
    return outsideHop(schedule.hopFamily, messageProtocol, level: level)
  }

  private func insideHop(
    _ family: HopFamily, _ messageProtocol: MessageProtocol, onePass: Bool
  ) -> (Seconds, [String]) {
    let link: HopLink = generation == .pcie ? .pcie : .nvlink
    let hop = "hop.\(link.rawValue).\(family.rawValue).\(messageProtocol.rawValue)"
    let factors =
      [
        setting.spansBoards ? "hop-factor.multi-tray" : "hop-factor.\(generation.rawValue)",
        "hop-factor.\(messageProtocol.rawValue)",
      ]
      + (onePass ? ["hop-factor.one-pass"] : [])
    return (profile.time(hop) * factors.reduce(1) { $0 * profile.factor($1) }, [hop] + factors)
  }

  private func outsideHop(
    _ family: HopFamily, _ messageProtocol: MessageProtocol, level: Int
  ) -> (Seconds, [String]) {
    // NCCL takes the tree's figure for a ring whose every hop crosses the network.
    let row: HopFamily = domainSize == 1 ? .tree : family
    let hop = "hop.network.\(row.rawValue).\(messageProtocol.rawValue)"
    let factors = ["hop-factor.network", "hop-factor.\(messageProtocol.rawValue)"]
    let transport = "transport.\(transportKind.rawValue)"
    var extra = profile.time("\(transport).latency")
    var figures = [hop] + factors + ["\(transport).latency"]
    if messageProtocol != .ll {
      extra += profile.time("\(transport).message")
      figures.append("\(transport).message")
    }
    // A hop of the tree carries a message up and one down.
    let time = profile.time(hop) * factors.reduce(1) { $0 * profile.factor($1) } + extra * (family == .tree ? 2 : 1)
    return (time + beyondFirstSwitch(level), figures)
  }

  /// The fitted hop holds one switch; what the path to a higher level adds to that comes from the graph.
  private func beyondFirstSwitch(_ level: Int) -> Seconds {
    guard level > networkLevel, setting.pathLatency.indices.contains(level) else { return .zero }
    return Seconds(max(0, (setting.pathLatency[level].seconds - setting.pathLatency[networkLevel].seconds).value))
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

  private func format(_ count: Double) -> String {
    count == count.rounded() && abs(count) < 1e15 ? "\(Int64(count))" : DecimalPrefix.significant(count, digits: 4)
  }
}

/// One addend of a cost, with the names of the profile's figures that it rests on.
public struct CostTerm: Sendable, Hashable {
  /// What it is.
  public var name: String
  /// Where it arises; nil where it belongs to no tier.
  public var tier: Tier?
  /// Its time.
  public var time: Seconds
  /// How it was computed, with numbers.
  public var formula: String
  /// The profile's figures that it rests on, by name.
  public var figures: [String]
}
