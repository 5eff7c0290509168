import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing

/// What estimates read off a cluster for a number of ranks: groups, paths, loads, capacities.
struct FabricView {
  let cluster: Cluster
  /// The groups of ranks that run the collective side by side; nil: all ranks are one group.
  let groups: RankGroups?
  /// The groups that lie over boxes or racks in different ways; nil where all lie alike.
  private(set) var unlike: UnlikeGroups?
  /// What `order` counts on: the cluster's blueprint, perhaps with axes split where groups begin; nil for a graph of
  /// single vertices.
  let blueprint: Blueprint?
  /// The accelerators by rank on a graph of single vertices.
  let accelerators: [CellID]
  /// The nested groups that schedules see, of all ranks or of one group of them: the scale-up domain is the innermost,
  /// since boards inside it have no links of their own; where a host joins its accelerators, those behind one PCIe
  /// switch or processor come before.
  let ladder: TierLadder
  /// The same of all ranks together.
  let sharedLadder: TierLadder
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
    _ cluster: Cluster, ranks: Int?, grouping: RankGrouping? = nil, followed: Int = 0, isForTraffic: Bool = false
  ) throws(EstimationError) {
    let part = try TorusPart(cluster, ranks: ranks, grouping: grouping, following: followed)
    let cluster = part?.cluster ?? cluster
    self.cluster = cluster
    switch cluster.graph {
    case .blueprint(let blueprint):
      accelerators = []
      do throws(BlueprintError) {
        topology = try blueprint.topology()
      } catch {
        throw .graph("The fabric cannot be partitioned: \(error)")
      }
      let hasScaleUpLinks = topology.hasScaleUpLinks
      let inner = cluster.ranks.withLevelsOfLinks(hasScaleUpLinks: hasScaleUpLinks, in: blueprint)
      let all = try FabricView.ladder(cluster.ranks, in: blueprint, count: ranks)
      groups = try RankGroups.fitting(grouping, ranks: all.ranks)
      if let groups, let grouped = cluster.ranks.grouped(groups, in: blueprint) {
        self.blueprint = grouped.blueprint
        order = grouped.order.withLevelsOfLinks(hasScaleUpLinks: hasScaleUpLinks, in: grouped.blueprint)
        sharedLadder = try FabricView.ladder(order, in: grouped.blueprint, count: nil)
        wholeLadder = TierLadder(groupOf: grouped.order, in: grouped.blueprint) ?? all
        ladder = TierLadder(groupOf: order, in: grouped.blueprint) ?? sharedLadder
      } else {
        self.blueprint = blueprint
        order = inner
        sharedLadder = try FabricView.ladder(order, in: blueprint, count: ranks)
        if let groups {
          unlike = try UnlikeGroups(groups, order: order, in: blueprint, shared: sharedLadder, whole: all)
          remarks.append(
            "The groups lie across boxes or racks in different ways: each has the schedule of its own tiers, what a rank "
              + "sends to others of a tier is spread evenly over them, and latency is that of a group across most.")
        }
        wholeLadder = unlike?.kinds[0].wholeLadder ?? all
        ladder = unlike?.kinds[0].ladder ?? sharedLadder
      }
      do throws(RoutingError) {
        let routing = try RankRouting(self.blueprint ?? blueprint, order: order, ranks: sharedLadder.ranks)
        if isForTraffic, unlike == nil {
          let survey = routing.survey()
          distances = survey.distances
          surveyed = survey.traffic
        } else {
          distances = routing.distances()
          surveyed = nil
        }
      } catch {
        throw .graph("The fabric cannot be routed: \(error).")
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
      if isForTraffic, ladder.torus == nil, let uneven = ladder.levels.last(where: { $0.uniformSize == nil }) {
        remarks.append(
          "Groups of the \(uneven.tier) tier hold \(uneven.smallestSize) to \(uneven.largestSize) GPUs: what a rank sends "
            + "to others of a tier is spread evenly over them; algorithms between particular partners may be off by as "
            + "much as the groups differ.")
      }
      if ladder.torus == nil, cluster.hasChangedLinks(in: blueprint) {
        remarks.append(
          "Failed or changed links or switches: loads are exact for traffic between all peers; that of rings and trees is averaged "
            + "over the places that a group can have in them.")
      }
    case .explicit(let graph, let vertices, _):
      let count = ranks ?? vertices.count
      guard count >= 1, count <= vertices.count else {
        throw .ranks(asked: count, available: vertices.count)
      }
      accelerators = Array(vertices.prefix(count))
      blueprint = nil
      groups = try RankGroups.fitting(grouping, ranks: count)
      if let groups {
        let flat = { (count: Int, torusSizes: [Int]?) in
          TierLadder(
            ranks: count,
            levels: [
              .init(tier: cluster.ranks.levels.first?.tier ?? .datacenter, groups: [.init(size: count, count: 1)])
            ],
            scaleUpLevel: cluster.ranks.scaleUpLevel.map { _ in 0 },
            torus: part.map { TierLadder.Torus(machine: $0.torus.machine, sizes: torusSizes) })
        }
        ladder = flat(groups.size, part?.torus.rings(of: groups))
        sharedLadder = flat(count, part?.torus.sizes)
        wholeLadder = ladder
      } else {
        wholeLadder = TierLadder(explicit: cluster, ranks: count, torus: part?.torus)
        ladder = wholeLadder.fromDomain
        sharedLadder = ladder
      }
      surveyed = nil
      neighbourLatency = groups.flatMap { part?.neighbourLatency(along: $0) } ?? part?.neighbourLatency ?? []

      var own = cluster.ranks
      own.levels = ladder.levels.map { .init(tier: $0.tier, leadingDigits: [0]) }
      own.scaleUpLevel = ladder.scaleUpLevel
      order = own
      topology = graph
      distances =
        ladder.levels.count == 1
        ? [LevelDistances.measure(graph, between: FabricView.members(groups, of: accelerators))]
        : LevelDistances.measure(
          graph, between: accelerators,
          groups: ladder.levels.dropLast().map { level in
            level.groups.flatMap { [Int](repeating: $0.size, count: $0.count) }
          })
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

  private static func ladder(
    _ order: RankOrder, in blueprint: Blueprint, count: Int?
  ) throws(EstimationError) -> TierLadder {
    do throws(TierLadder.LadderError) {
      return try TierLadder(order, in: blueprint, count: count)
    } catch {
      throw EstimationError(error)
    }
  }

  static func members(_ groups: RankGroups?, of accelerators: [CellID]) -> [[CellID]] {
    guard let groups else { return [accelerators] }
    return (0..<groups.count).map { group in groups.members(of: group).map { accelerators[$0] } }
  }

  /// On a graph of single vertices: the accelerators of each group of ranks.
  var groupMembers: [[CellID]] { FabricView.members(groups, of: accelerators) }

  /// On a graph of single vertices whose hosts have scale-up links: who hands on what in each group of ranks.
  var relays: RailRelays? {
    guard cluster.ranks.scaleUpLevel != nil, blueprint == nil else { return nil }
    let places = cluster.hosts.enumerated().flatMap { host, size in (0..<size.accelerators).map { (host, $0) } }
    guard places.count >= accelerators.count else { return nil }
    let place = Dictionary(uniqueKeysWithValues: zip(accelerators, places))
    return RailRelays(
      groupMembers.enumerated().flatMap { group, members in
        members.compactMap { accelerator in
          place[accelerator].map {
            RailRelays.Rank(accelerator, domain: group * cluster.hosts.count + $0.0, rail: [$0.1])
          }
        }
      })
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

  /// What switches do of a collective where a question leaves them.
  func capabilities(_ inSwitch: Question.InSwitch) -> FabricCapabilities {
    FabricCapabilities(
      inSwitchReduction: switchesReduce && inSwitch != .off,
      networkReduction: cluster.networkReduction && inSwitch == .on)
  }

  /// The loads of classes of traffic between the ranks.
  /// - Throws: `EstimationError` when ranks that must exchange messages have no path.
  func traffic(
    _ classes: [TrafficClass], in blueprint: Blueprint, policy: RoutingPolicy = .equalSplit
  ) throws(EstimationError) -> RankTraffic {
    let traffic: RankTraffic
    do throws(RoutingError) {
      if policy == .equalSplit, let chosen = surveyed?.selecting(classes) {
        traffic = chosen
      } else {
        traffic = try RankTraffic(
          blueprint, order: order, ranks: sharedLadder.ranks, classes: classes, policy: policy)
      }
    } catch {
      throw .graph("The fabric cannot be routed: \(error).")
    }
    guard traffic.loads.unroutable.allSatisfy({ $0 == 0 }) else {
      throw .unreachable("Some of the ranks have no path to others that they must send to.")
    }
    return traffic
  }

  /// Whether the switches of the scale-up domain can reduce for all ranks.
  var switchesReduce: Bool {
    guard cluster.inSwitchReduction else { return false }
    guard case .explicit(let graph, _, _) = cluster.graph else { return true }
    return ExplicitTraffic.allReachSwitches(accelerators, in: graph)
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
      LowerBound.Egress(
        level: -1, name: "one accelerator", bandwidth: capacity.mostPerAccelerator, ranks: 1, sharing: 1)
    ]
    guard case .blueprint = cluster.graph, let domain = ladder.scaleUpLevel, capacity.accelerators > 0 else {
      return result
    }
    for (index, level) in ladder.levels.enumerated() where index >= domain && level.groupCount > 1 {
      guard let outer = ladder.levels[(index + 1)...].first(where: { capacity.byTier[$0.tier] != nil })?.tier,
        let next = capacity.byTier[outer].map({ $0 * (capacity.unevenness[outer] ?? 1) })
      else { continue }
      // Whole groups, and those with the fastest links, bound the others.
      let shared = sharedLadder.levels[index]
      let share = Double(shared.largestSize) / Double(capacity.accelerators)
      result.append(
        LowerBound.Egress(
          level: index, name: "one group of tier \(level.tier)",
          bandwidth: next * max(share, 1 / Double(presentGroups(index))),
          ranks: level.smallestSize,
          // Of groups that lie differently one surely crosses the border.
          sharing: unlike == nil ? shared.smallestSize / level.largestSize : 1))
    }
    return result
  }

  /// How many groups of a level there are when all accelerators take part.
  private func presentGroups(_ level: Int) -> Int {
    guard case .blueprint(let blueprint) = cluster.graph,
      let all = try? TierLadder(cluster.ranks, in: blueprint, count: nil),
      let domain = all.scaleUpLevel, let inner = ladder.scaleUpLevel, level >= inner
    else { return 1 }
    return max(1, all.levels[level - inner + domain].groupCount)
  }

  /// The two ends of a kind of links, as paths.
  func name(of row: LoadOperator.Row, in topology: Topology) -> String {
    [row.from, row.to].map { name(of: $0, in: topology) }.joined(separator: " → ")
  }

  func name(of cell: CellID, in topology: Topology) -> String {
    switch cluster.graph {
    case .blueprint(let whole): DevicePath.name(of: topology.cells[cell.index], in: blueprint ?? whole)
    case .explicit(_, _, let names): names.indices.contains(cell.index) ? names[cell.index] : "\(cell.index)"
    }
  }
}

extension TierLadder {
  /// The groups of the first ranks of an explicit graph.
  fileprivate init(explicit cluster: Cluster, ranks: Int, torus: Torus?) {
    var levels: [Level] = []
    for (level, sizes) in zip(cluster.ranks.levels, cluster.groupSizes) {
      var runs: [Run] = []
      var left = ranks
      for size in sizes where left > 0 {
        let own = min(left, size)
        left -= own
        if let last = runs.last, last.size == own {
          runs[runs.count - 1].count += 1
        } else {
          runs.append(Run(size: own, count: 1))
        }
      }
      levels.append(Level(tier: level.tier, groups: runs))
    }
    let top = cluster.ranks.levels.last?.tier ?? .datacenter
    levels.append(Level(tier: top, groups: [Run(size: ranks, count: 1)]))
    let domain = cluster.ranks.scaleUpLevel.map { min($0, levels.count - 1) }
    self.init(ranks: ranks, levels: levels, scaleUpLevel: domain, torus: torus)
  }

  /// The same without the levels inside of the scale-up domain.
  fileprivate var fromDomain: TierLadder {
    guard let domain = scaleUpLevel else { return self }
    return TierLadder(ranks: ranks, levels: Array(levels[domain...]), scaleUpLevel: 0, torus: torus)
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

extension RankGroups {
  fileprivate static func fitting(_ grouping: RankGrouping?, ranks: Int) throws(EstimationError) -> RankGroups? {
    guard let grouping else { return nil }
    do throws(RankGroupingError) {
      return try RankGroups(grouping, ranks: ranks)
    } catch {
      throw .grouping(.misfit(error))
    }
  }
}

extension RankOrder {
  /// The same order with levels inside the scale-up domain only where accelerators share links there.
  ///
  /// Boards inside an NVLink domain have no links of their own. Behind a host neighbours share PCIe switches and
  /// processors, whose places are digits of the rank: a ring crosses the link between two of them once each way.
  fileprivate func withLevelsOfLinks(hasScaleUpLinks: Bool, in blueprint: Blueprint) -> RankOrder {
    guard let domain = scaleUpLevel else { return self }
    var inside: [Level] = []
    if !hasScaleUpLinks, segments.count == 1, let first = levels[domain].leadingDigits.first {
      let digits = segments[0].digits
      let dividing = (first + 1..<max(first + 1, digits.count)).filter { digit in
        blueprint.axes[digits[digit].index].size > 1
          && digits[first..<digit].contains { blueprint.axes[$0.index].size > 1 }
      }
      inside = dividing.reversed().map { Level(tier: .device, leadingDigits: [$0]) }
    }
    return RankOrder(
      segments: segments, levels: inside + levels[domain...], scaleUpLevel: inside.count, railDigits: railDigits,
      rings: rings, groupDigits: groupDigits)
  }
}

extension Topology {
  /// Whether accelerators reach each other or scale-up switches directly.
  fileprivate var hasScaleUpLinks: Bool {
    arcs.contains { arc in
      cells[arc.from.index].kind == .accelerator
        && [.scaleUpSwitch, .accelerator].contains(cells[arc.to.index].kind)
    }
  }
}

extension Cluster {
  /// Whether links between what is left differ: some are changed, or lack a switch or interface at one end.
  fileprivate func hasChangedLinks(in blueprint: Blueprint) -> Bool {
    let accelerators = Set(ranks.segments.map(\.template))
    // With a box or rack everything in it is missing, and nothing of what is left.
    let whole = Set(
      blueprint.exceptions.compactMap { exception -> Blueprint.Selection? in
        guard case .absent(let template, let selection) = exception, template.map(accelerators.contains) ?? true else {
          return nil
        }
        return selection
      })
    return blueprint.exceptions.contains { exception in
      switch exception {
      case .absent(_, let selection): !whole.contains(selection)
      case .failedLinks, .changedLinks: true
      }
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
