import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing

/// What estimates read off a cluster for a number of ranks: groups, paths, loads, capacities.
struct FabricView {
  let cluster: Cluster
  /// The groups that schedules see: the scale-up domain is the innermost, since boards inside it have no links of their own.
  let ladder: TierLadder
  /// The order of ranks with the levels of `ladder`.
  let order: RankOrder
  /// All groups, with the boards inside a domain.
  let wholeLadder: TierLadder
  /// The partitioned graph.
  let topology: Topology
  let capacity: TierCapacity
  /// By level of the ladder: how far apart ranks are whose smallest common group is of the level.
  let distances: [LevelDistances]
  /// The loads of all classes of traffic, where they were routed together with the distances.
  private let surveyed: RankTraffic?
  /// By ring of a torus: the latency of the link between neighbours.
  private let neighbourLatency: [Latency]
  /// Things worth knowing of how the graph is treated.
  private(set) var remarks: [String] = []

  /// - Parameters:
  ///   - followed: The most ranks of a torus whose messages are followed one by one.
  ///   - isForTraffic: Whether loads will be asked for, which are then worked out together with the distances.
  init(
    _ cluster: Cluster, ranks: Int?, followed: Int = 0, isForTraffic: Bool = false
  ) throws(EstimationError) {
    let part = try TorusPart(cluster, ranks: ranks, following: followed)
    let cluster = part?.cluster ?? cluster
    self.cluster = cluster
    switch cluster.graph {
    case .blueprint(let blueprint):
      do throws(TierLadder.LadderError) {
        order = cluster.ranks.withoutLevelsInsideDomain
        wholeLadder = try TierLadder(cluster.ranks, in: blueprint, count: ranks)
        ladder = try TierLadder(order, in: blueprint, count: ranks)
      } catch {
        throw EstimationError(error)
      }
      do throws(BlueprintError) {
        topology = try blueprint.topology()
      } catch {
        throw .graph("The fabric cannot be partitioned: \(error)")
      }
      do throws(RoutingError) {
        let routing = try RankRouting(blueprint, order: order, ranks: ladder.ranks)
        if isForTraffic {
          let survey = routing.survey()
          distances = survey.distances
          surveyed = survey.traffic
        } else {
          distances = routing.distances()
          surveyed = nil
        }
      } catch {
        throw .graph("The fabric cannot be routed: \(error)")
      }
      neighbourLatency = order.rings.compactMap { axis in
        blueprint.rules.first { $0.shift?.axis == axis }?.link.latency
      }
      if ladder.torus != nil, !blueprint.exceptions.isEmpty {
        remarks.append(
          "Failed or changed links of a torus: loads are exact for traffic between all peers and between neighbours; "
            + "collectives with a root count the links of every rank as loaded as the root's, and the latency of "
            + "detours between neighbours is not counted.")
      } else if blueprint.rules.contains(where: { $0.shift != nil }), ladder.torus == nil {
        remarks.append(
          "Links between groups of a dragonfly: loads are exact for traffic between all peers; that of rings and trees "
            + "is spread over all groups, as adaptive routing does.")
      }
      if ladder.torus == nil, blueprint.exceptions.contains(where: \.changesLinks) {
        remarks.append(
          "Failed or changed links: loads are exact for traffic between all peers; that of rings and trees is averaged "
            + "over the places that a group can have in them.")
      }
    case .explicit(let graph, let accelerators, _):
      let count = ranks ?? accelerators.count
      guard count >= 1, count <= accelerators.count else {
        throw .ranks(asked: count, available: accelerators.count)
      }
      ladder = TierLadder(
        ranks: count,
        levels: [.init(tier: cluster.ranks.levels.first?.tier ?? .datacenter, groups: [.init(size: count, count: 1)])],
        scaleUpLevel: cluster.ranks.scaleUpLevel.map { _ in 0 }, torus: part?.torus)
      surveyed = nil
      neighbourLatency = part?.neighbourLatency ?? []

      wholeLadder = ladder
      order = cluster.ranks
      topology = graph
      distances = [LevelDistances.measure(graph, between: Array(accelerators.prefix(count)))]
    }
    capacity = TierCapacity(topology, unused: cluster.unusedAccelerators, rings: cluster.ringRules)
    if distances.contains(where: { $0.aligned?.hasUnreachablePair == true }) {
      throw .unreachable("Some accelerators have no path to others of their rail.")
    }
    // On an explicit graph every accelerator sends to every other.
    if case .explicit = cluster.graph, distances.contains(where: { $0.unaligned?.hasUnreachablePair == true }) {
      throw .unreachable("Some accelerators have no path to others.")
    }
  }

  /// What the cost model needs to know.
  func setting(harness: Question.Harness) -> CostModel.Setting {
    CostModel.Setting(
      ladder: ladder, spansBoards: spansBoards,
      accelerator: cluster.accelerators.first
        ?? .init(part: "", generation: "", vendor: "", hostCPU: ""),
      scaleUp: scaleUpTechnology, transport: cluster.transport, transportVersion: cluster.transportVersion,
      pathLatency: distances.map { ($0.aligned ?? $0.unaligned)?.farthest?.latency ?? .zero },
      gpusPerProcess: harness.gpusPerProcess, graphLaunch: harness.graphLaunch,
      frameworkFigure: harness.launcher == .torch ? "launch.torch" : nil, neighbourLatency: neighbourLatency)
  }

  /// Whether only the traffic of ranks that all send alike can be routed: on a torus that is not followed rank by rank.
  var routesAlikeOnly: Bool {
    guard case .blueprint = cluster.graph else { return false }
    return ladder.torus != nil && ladder.ranks > 1
  }

  /// The loads of classes of traffic between the ranks.
  /// - Throws: `EstimationError` when ranks that must exchange messages have no path.
  func traffic(_ classes: [TrafficClass], in blueprint: Blueprint) throws(EstimationError) -> RankTraffic {
    let traffic: RankTraffic
    do throws(RoutingError) {
      if let chosen = surveyed?.selecting(classes) {
        traffic = chosen
      } else {
        traffic = try RankTraffic(blueprint, order: order, ranks: ladder.ranks, classes: classes)
      }
    } catch {
      throw .graph("The fabric cannot be routed: \(error)")
    }
    guard traffic.loads.unroutable.allSatisfy({ $0 == 0 }) else {
      throw .unreachable("Some of the ranks have no path to others that they must send to.")
    }
    return traffic
  }

  /// Whether the switches of the scale-up domain can reduce for all ranks.
  var switchesReduce: Bool {
    guard cluster.inSwitchReduction else { return false }
    guard case .explicit(let graph, let accelerators, _) = cluster.graph else { return true }
    return ExplicitTraffic.allReachSwitches(Array(accelerators.prefix(ladder.ranks)), in: graph)
  }

  private var spansBoards: Bool {
    guard let domain = wholeLadder.scaleUpLevel, domain > 0 else { return false }
    return wholeLadder.levels[domain].largestSize > wholeLadder.levels[0].largestSize
  }

  private var scaleUpTechnology: LinkTechnology? {
    guard ladder.scaleUpLevel != nil else { return nil }
    let own = topology.arcs.filter { topology.cells[$0.from.index].kind == .accelerator }
    let scaleUp = own.first { [.scaleUpSwitch, .accelerator].contains(topology.cells[$0.to.index].kind) }
    return (scaleUp ?? own.first).map { topology.link(of: $0).technology }
  }

  /// What leaves single accelerators and the groups of each level.
  var egress: [LowerBound.Egress] {
    var result = [
      LowerBound.Egress(level: -1, name: "one accelerator", bandwidth: capacity.mostPerAccelerator, ranks: 1)
    ]
    guard case .blueprint = cluster.graph, let domain = ladder.scaleUpLevel, capacity.accelerators > 0 else {
      return result
    }
    for (index, level) in ladder.levels.enumerated() where index >= domain && level.groupCount > 1 {
      guard let outer = ladder.levels[(index + 1)...].first(where: { capacity.byTier[$0.tier] != nil })?.tier,
        let next = capacity.byTier[outer].map({ $0 * (capacity.unevenness[outer] ?? 1) })
      else { continue }
      // Whole groups, and those with the fastest links, bound the others.
      let share = Double(level.largestSize) / Double(capacity.accelerators)
      result.append(
        LowerBound.Egress(
          level: index, name: "one group of tier \(level.tier)",
          bandwidth: next * max(share, 1 / Double(presentGroups(index))),
          ranks: level.smallestSize))
    }
    return result
  }

  /// How many groups of a level there are when all accelerators take part.
  private func presentGroups(_ level: Int) -> Int {
    guard case .blueprint(let blueprint) = cluster.graph,
      let all = try? TierLadder(order, in: blueprint, count: nil)
    else { return 1 }
    return max(1, all.levels[level].groupCount)
  }

  /// The two ends of a kind of links, as paths.
  func name(of row: LoadOperator.Row, in topology: Topology) -> String {
    [row.from, row.to].map { name(of: $0, in: topology) }.joined(separator: " → ")
  }

  func name(of cell: CellID, in topology: Topology) -> String {
    switch cluster.graph {
    case .blueprint(let blueprint): DevicePath.name(of: topology.cells[cell.index], in: blueprint)
    case .explicit(_, _, let names): names.indices.contains(cell.index) ? names[cell.index] : "\(cell.index)"
    }
  }
}

extension EstimationError {
  fileprivate init(_ error: TierLadder.LadderError) {
    switch error {
    case .ranks(let asked, let available): self = .ranks(asked: asked, available: available)
    case .tooManyRuns: self = .graph("The groups of ranks differ in too many ways to be listed.")
    }
  }
}

extension RankOrder {
  /// The same order without levels further in than the scale-up domain.
  fileprivate var withoutLevelsInsideDomain: RankOrder {
    guard let domain = scaleUpLevel else { return self }
    return RankOrder(
      segments: segments, levels: Array(levels[domain...]), scaleUpLevel: 0, railDigits: railDigits, rings: rings)
  }
}

extension Blueprint.Exception {
  fileprivate var changesLinks: Bool {
    switch self {
    case .absent: false
    case .failedLinks, .changedLinks: true
    }
  }
}

extension Cluster {
  /// The rules that join blocks or accelerators round rings.
  var ringRules: Set<RuleID> {
    guard case .blueprint(let blueprint) = graph else { return [] }
    return Set(blueprint.rules.indices.filter { blueprint.rules[$0].shift != nil }.map { RuleID($0) })
  }

  /// How many accelerators take no part though the devices around them are in place.
  fileprivate var unusedAccelerators: Int {
    guard case .blueprint(let blueprint) = graph else { return 0 }
    let templates = Set(ranks.segments.map(\.template))
    // Whatever is missing with all that is around it is missing in other rows too.
    let elsewhere = Set(
      blueprint.exceptions.compactMap { exception -> Blueprint.Selection? in
        guard case .absent(let template, let selection) = exception, template.map({ !templates.contains($0) }) ?? true
        else { return nil }
        return selection
      })
    var whole = blueprint
    whole.exceptions.removeAll { exception in
      guard case .absent(let template?, let selection) = exception else { return false }
      return templates.contains(template) && !elsewhere.contains(selection)
    }
    guard let used = try? TierLadder(ranks, in: blueprint).ranks, let all = try? TierLadder(ranks, in: whole).ranks
    else { return 0 }
    return all - used
  }
}
