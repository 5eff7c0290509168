public import ClusterModel
public import Quantities

/// The time of a schedule: start-up, message hops and the slowest link, by a library's profile.
///
/// `time = launch ⊕ (latency + transfer + ramp)`, where latency sums the message hops of the schedule's critical path,
/// transfer is the time of the slowest link at the rate that the library's messages reach on it, ramp the filling of
/// the pipeline, and ⊕ joins the processor's launches with the accelerators' work (the slower sets the pace). The
/// structure and its constants are those of the profile's sources; volumes, hops and rates come from the schedule and
/// the graph.
public struct CostModel: Sendable {
  /// What the costs depend on besides schedule and size.
  public struct Setting: Sendable {
    /// The groups that the ranks form.
    public var ladder: TierLadder
    /// Whether the scale-up domains in use span several boards or trays.
    public var spansBoards: Bool
    /// Facts of the accelerators.
    public var accelerator: Cluster.Accelerator
    /// What joins the accelerators of a domain; nil where nothing does.
    public var scaleUp: LinkTechnology?
    /// The family and version of the transport between domains; nil where there is none.
    public var transport: LinkTechnology?
    /// The transport's version, such as `efa2`; empty where there are none.
    public var transportVersion: String
    /// Latency of the shortest path between two ranks whose smallest common group is of each level.
    public var pathLatency: [Latency]
    /// By ring of a torus: latency of the path between neighbours.
    public var neighbourLatency: [Latency]
    /// GPUs that one process drives.
    public var gpusPerProcess: Int
    /// Whether launches are replayed from a graph.
    public var graphLaunch: Bool
    /// The figure of what a framework adds to each launch by the processor; nil where a bare test program launches.
    public var frameworkFigure: String?

    /// A setting of its parts.
    public init(
      ladder: TierLadder, spansBoards: Bool, accelerator: Cluster.Accelerator, scaleUp: LinkTechnology?,
      transport: LinkTechnology?,
      transportVersion: String, pathLatency: [Latency], gpusPerProcess: Int, graphLaunch: Bool,
      frameworkFigure: String? = nil, neighbourLatency: [Latency] = []
    ) {
      self.ladder = ladder
      self.spansBoards = spansBoards
      self.accelerator = accelerator
      self.scaleUp = scaleUp
      self.transport = transport
      self.transportVersion = transportVersion
      self.pathLatency = pathLatency
      self.neighbourLatency = neighbourLatency
      self.gpusPerProcess = gpusPerProcess
      self.graphLaunch = graphLaunch
      self.frameworkFigure = frameworkFigure
    }
  }

  /// The profile.
  public let profile: LibraryProfile
  /// What the costs depend on.
  public let setting: Setting

  let generation: Generation
  let transportKind: Transport
  /// Index of the first level that needs the network.
  let networkLevel: Int
  /// Ranks of the largest scale-up domain.
  let domainSize: Int

  /// A cost model of a profile in a setting.
  public init(profile: LibraryProfile, setting: Setting) {
    self.profile = profile
    self.setting = setting
    let name = setting.accelerator.generation
    generation =
      setting.scaleUp == nil || setting.scaleUp == .pcie
      ? .pcie : Generation(rawValue: name) ?? (name.hasPrefix("cdna") ? .cdna : .blackwell)
    transportKind = Transport(rawValue: setting.transportVersion) ?? CostModel.kind(of: setting.transport)
    networkLevel = setting.ladder.domainLevel + 1
    domainSize = setting.ladder.largestSize(setting.ladder.domainLevel)
  }

  private static func kind(of transport: LinkTechnology?) -> Transport {
    switch transport {
    case .efa: .efa4
    case .tcpx: .tcpx
    case .tcpxo: .tcpxo
    case .slingshot: .slingshot
    default: .rdma
    }
  }

  /// Algorithms that the library is not run with between these domains.
  public var avoidedAlgorithms: [String] {
    domainCount > 1 ? profile.avoids[transportKind.rawValue] ?? [] : []
  }

  /// Whether the library has an algorithm with a protocol for these accelerators.
  public func has(_ algorithm: String, using messageProtocol: MessageProtocol) -> Bool {
    [algorithm, messageProtocol.rawValue].allSatisfy { profile.has($0, for: setting.accelerator.generation) }
  }

  /// Whether the profile's figures were fitted on such accelerators, such a transport and such a collective, and on as
  /// many ranks and domains.
  /// - Parameter generations: The generations of all accelerators that take part.
  public func isFitted(_ collective: Collective, generations: [String]) -> Bool {
    let known = { (kind: String, name: String) in profile.fittedOn[kind]?.contains(name) ?? false }
    return known("collectives", collective.rawValue) && generations.allSatisfy { known("generations", $0) }
      && (domainCount == 1 || known("transports", transportKind.rawValue))
      && Double(setting.ladder.ranks) <= profile.factor("fitted-up-to.ranks")
      && Double(domainCount) <= profile.factor("fitted-up-to.domains")
  }

  /// How many domains the ranks span.
  var domainCount: Int { setting.ladder.groupCount(setting.ladder.domainLevel) }

  /// The share of the data-sheet rate that bulk messages reach on a link.
  /// - Parameters:
  ///   - technology: The link's family.
  ///   - tier: The link's tier.
  public func efficiency(of technology: LinkTechnology, tier: Tier) -> Double {
    profile.factor(efficiencyFigure(of: technology))
  }

  /// The figure that says what share of the data-sheet rate bulk messages reach on a link of a family.
  package func efficiencyFigure(of technology: LinkTechnology) -> String {
    switch technology {
    case .nvlink, .ici: "efficiency.nvlink"
    case .xgmi: "efficiency.xgmi"
    case .pcie where setting.scaleUp == .pcie: "efficiency.pcie"
    case .pcie, .c2c: "efficiency.host-path"
    default: "transport.\(transportKind.rawValue).efficiency"
    }
  }

  /// The share of the bulk rate that a schedule's messages of a protocol reach in a class of traffic.
  func share(of schedule: Schedule, in traffic: TrafficClass, using messageProtocol: MessageProtocol) -> Double {
    shares(of: schedule, in: reach(of: traffic), using: messageProtocol).map { $0.value(in: profile) }.min() ?? 1
  }

  /// Where a class of traffic goes, as far as the rate of its messages depends on that.
  package enum Reach: Int, Sendable, CaseIterable {
    /// Between ranks and reducing switches.
    case inSwitch
    /// Between ranks of a domain.
    case inside
    /// Between domains.
    case outside
  }

  /// Where a class of traffic goes.
  package func reach(of traffic: TrafficClass) -> Reach {
    if case .inSwitch = traffic { return .inSwitch }
    if case .peers(let level, _) = traffic, level >= networkLevel { return .outside }
    return .inside
  }

  /// The shares of the bulk rate that bound a schedule's messages of a protocol, of which the least counts.
  package func shares(
    of schedule: Schedule, in reach: Reach, using messageProtocol: MessageProtocol
  ) -> [FigureProduct] {
    let ofTree = "share.tree.\(messageProtocol.rawValue)"
    let plain = FigureProduct(
      [schedule.family == .tree && profile.figures[ofTree] != nil ? ofTree : "share.\(messageProtocol.rawValue)"])
    let link = setting.scaleUp == .xgmi ? "efficiency.xgmi" : "efficiency.nvlink"
    switch reach {
    case .inSwitch:
      let own = "efficiency.in-switch.\(generation.rawValue)"
      let known = profile.figures[own] == nil ? "efficiency.in-switch.hopper" : own
      let rack = setting.spansBoards ? ["efficiency.in-switch.rack-factor"] : []
      return [FigureProduct([known] + rack, under: [link])]
    case .outside:
      return [plain]
    case .inside:
      let pair = FigureProduct(domainSize == 2 ? ["efficiency.pair.\(generation.rawValue)"] : [])
      switch schedule.family {
      case .pointToPoint: return [FigureProduct(["efficiency.all-to-all"]) * pair]
      case .tree: return [plain * FigureProduct(["efficiency.tree"], under: ["efficiency.nvlink"]) * pair]
      case .ring, .inSwitch:
        guard messageProtocol == .ll else { return [plain * pair] }
        return [plain * pair, FigureProduct(["ll-ring-share.\(generation.rawValue)"], under: [link]) * pair]
      }
    }
  }

  /// Bytes per message byte that a phase would send in each class if its messages reached the bulk rate: what the load
  /// operator is applied to.
  public func equivalentTraffic(
    of phase: Schedule.Phase, in schedule: Schedule, using messageProtocol: MessageProtocol
  ) -> [TrafficClass: Double] {
    equivalent(phase.traffic, in: schedule, using: messageProtocol)
  }

  /// The same for the busiest single rank of a phase.
  public func equivalentRankTraffic(
    of phase: Schedule.Phase, in schedule: Schedule, using messageProtocol: MessageProtocol
  ) -> [TrafficClass: Double] {
    equivalent(phase.rankTraffic, in: schedule, using: messageProtocol)
  }

  private func equivalent(
    _ volumes: [TrafficClass: Double], in schedule: Schedule, using messageProtocol: MessageProtocol
  ) -> [TrafficClass: Double] {
    var result: [TrafficClass: Double] = [:]
    for (traffic, volume) in volumes {
      result[traffic] = volume / share(of: schedule, in: traffic, using: messageProtocol)
    }
    return result
  }

  /// The share of the bulk rate that a schedule's messages of a protocol reach between peers whose smallest common group
  /// is of a level.
  public func peerShare(of schedule: Schedule, level: Int, using messageProtocol: MessageProtocol) -> Double {
    share(of: schedule, in: .peers(level: level, aligned: false), using: messageProtocol)
  }

  /// Where most of a schedule's bytes go: outside a domain, or inside where there is no other; there between a rank and
  /// the switches, if these reduce.
  package func bulkReach(of schedule: Schedule) -> Reach {
    domainCount > 1 ? .outside : schedule.usesInSwitchReduction ? .inSwitch : .inside
  }

  /// The share of the bulk rate that a schedule's messages of a protocol reach where most of its bytes go.
  public func bulkShare(of schedule: Schedule, using messageProtocol: MessageProtocol) -> Double {
    shares(of: schedule, in: bulkReach(of: schedule), using: messageProtocol).map { $0.value(in: profile) }.min() ?? 1
  }
}
