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
    /// GPUs that one process drives.
    public var gpusPerProcess: Int
    /// Whether launches are replayed from a graph.
    public var graphLaunch: Bool

    /// A setting of its parts.
    public init(
      ladder: TierLadder, spansBoards: Bool, accelerator: Cluster.Accelerator, scaleUp: LinkTechnology?,
      transport: LinkTechnology?,
      transportVersion: String, pathLatency: [Latency], gpusPerProcess: Int, graphLaunch: Bool
    ) {
      self.ladder = ladder
      self.spansBoards = spansBoards
      self.accelerator = accelerator
      self.scaleUp = scaleUp
      self.transport = transport
      self.transportVersion = transportVersion
      self.pathLatency = pathLatency
      self.gpusPerProcess = gpusPerProcess
      self.graphLaunch = graphLaunch
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
    switch technology {
    case .nvlink, .ici: profile.factor("efficiency.nvlink")
    case .xgmi: profile.factor("efficiency.xgmi")
    case .pcie where setting.scaleUp == .pcie: profile.factor("efficiency.pcie")
    case .pcie, .c2c: profile.factor("efficiency.host-path")
    default: profile.factor("transport.\(transportKind.rawValue).efficiency")
    }
  }

  /// The share of the bulk rate that a schedule's messages of a protocol reach in a class of traffic.
  func share(of schedule: Schedule, in traffic: TrafficClass, using messageProtocol: MessageProtocol) -> Double {
    let plain = profile.factor("share.\(messageProtocol.rawValue)")
    let link = profile.factor(setting.scaleUp == .xgmi ? "efficiency.xgmi" : "efficiency.nvlink")
    switch traffic {
    case .inSwitch:
      let name = "efficiency.in-switch.\(generation.rawValue)"
      let own = profile.figures[name]?.value ?? profile.factor("efficiency.in-switch.hopper")
      return own * (setting.spansBoards ? profile.factor("efficiency.in-switch.rack-factor") : 1) / link
    case .peers(let level, _) where level >= networkLevel:
      return plain
    case .peers:
      switch schedule.family {
      case .pointToPoint: return profile.factor("efficiency.all-to-all")
      case .tree: return plain * profile.factor("efficiency.tree") / profile.factor("efficiency.nvlink")
      case .ring, .inSwitch:
        guard messageProtocol == .ll else { return plain }
        return min(plain, profile.factor("ll-ring-share.\(generation.rawValue)") / link)
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

  /// The share of the bulk rate that a schedule's messages of a protocol reach between peers outside a domain, or
  /// inside where there is no other: there between a rank and the switches, if these reduce.
  public func bulkShare(of schedule: Schedule, using messageProtocol: MessageProtocol) -> Double {
    share(
      of: schedule,
      in: schedule.usesInSwitchReduction && domainCount == 1
        ? .inSwitch : .peers(level: domainCount > 1 ? networkLevel : 0, aligned: false),
      using: messageProtocol)
  }
}
