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
