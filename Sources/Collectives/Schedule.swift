public import ClusterModel

/// What an algorithm does for a collective on the nested groups of a topology: a value that can be printed, priced and
/// replayed.
///
/// All volumes are per byte of the message size S, in the size convention of the collective.
public struct Schedule: Sendable, Hashable {
  /// The name of the algorithm, as in `CollectiveAlgorithms.all`.
  public var algorithm: String
  /// What it carries out.
  public var collective: Collective
  /// The ranks and groups it was made for.
  public var ladder: TierLadder
  /// Its parts in order; none for a single rank.
  public var phases: [Phase]
  /// Whether the phases overlap in chunks, so that their loads add up on shared links and the time of the bytes is
  /// that of the slowest link, not the sum over phases.
  public var isPipelined: Bool
  /// What its messages are to a library: each algorithm declares it.
  public var family: Family

  /// A schedule of its parts.
  public init(
    algorithm: String, collective: Collective, ladder: TierLadder, phases: [Phase], isPipelined: Bool = false,
    family: Family = .ring
  ) {
    self.algorithm = algorithm
    self.collective = collective
    self.ladder = ladder
    self.phases = phases
    self.isPipelined = isPipelined
    self.family = family
  }
}

extension Schedule {
  /// A part of a schedule that uses one set of links in one way.
  public struct Phase: Sendable, Hashable {
    /// What it does: `reduce-scatter in the rack`.
    public var name: String
    /// Who sends what to whom, as one sentence.
    public var summary: String
    /// Bytes that pass between the busiest group of each level and the others over the whole phase, per rank of the
    /// group and byte of S, by class.
    ///
    /// Summed over the classes of levels above l and times the ranks of a group of level l, this is what leaves the
    /// busiest group of that level, or enters it where that is more; busiest is the one with most per rank.
    public var traffic: [TrafficClass: Double]
    /// Bytes that the busiest single rank sends, or receives where that is more, in each class over the whole phase,
    /// per byte of S: of the classes inside of domains the rank with most there, of the others the one with most there.
    ///
    /// Where the messages of a group are spread over all of its ranks, by several channels or because all send alike,
    /// this is `traffic`; where one rank has more than its even part, as a root does, its own links are the narrow
    /// ones.
    public var rankTraffic: [TrafficClass: Double]
    /// The messages that follow one another on the critical path, over the whole phase.
    public var latency: [Hop]
    /// How many equal steps the phase consists of; at least 1.
    public var repeats: Int
    /// How many messages a rank sends, where every one goes to another peer.
    public var peersPerRank: PeerCount?

    /// A phase of its parts.
    public init(
      name: String, summary: String, traffic: [TrafficClass: Double], rankTraffic: [TrafficClass: Double]? = nil,
      latency: [Hop], repeats: Int, peersPerRank: PeerCount? = nil
    ) {
      self.name = name
      self.summary = summary
      self.traffic = traffic
      self.rankTraffic = rankTraffic ?? traffic
      self.latency = latency
      self.repeats = repeats
      self.peersPerRank = peersPerRank
    }

    /// How many messages follow one another in all.
    public var hopCount: Double { latency.reduce(0) { $0 + $1.count } }

    /// What a rank of the busiest group of a level sends out of that group, or receives from outside, per byte of S.
    /// - Parameter level: The index of the level, or -1 for the single rank.
    public func volumeLeaving(level: Int) -> Double { Schedule.volume(of: traffic, leaving: level) }
  }

  /// Messages of one kind on the critical path.
  public struct Hop: Sendable, Hashable {
    /// What they travel over: for `.peers`, the level is that of the smallest group that holds both ends.
    public var traffic: TrafficClass
    /// How many follow one another.
    public var count: Double

    /// So many messages of one kind.
    public init(_ traffic: TrafficClass, count: Double) {
      self.traffic = traffic
      self.count = count
    }
  }

  /// How many messages the busiest rank sends inside and outside of its scale-up domain.
  public struct PeerCount: Sendable, Hashable {
    /// To ranks of its own domain.
    public var insideDomain: Int
    /// To ranks of other domains.
    public var outsideDomain: Int

    /// A number of messages by where they go.
    public init(insideDomain: Int, outsideDomain: Int) {
      self.insideDomain = insideDomain
      self.outsideDomain = outsideDomain
    }
  }

  /// How many messages follow one another over all phases.
  public var hopCount: Double { phases.reduce(0) { $0 + $1.hopCount } }

  /// The sum of the phases' `traffic`.
  public var traffic: [TrafficClass: Double] {
    phases.reduce(into: [:]) { sum, phase in sum.merge(phase.traffic, uniquingKeysWith: +) }
  }

  /// The sum of the phases' `rankTraffic`.
  public var rankTraffic: [TrafficClass: Double] {
    phases.reduce(into: [:]) { sum, phase in sum.merge(phase.rankTraffic, uniquingKeysWith: +) }
  }

  /// What a rank of the busiest group of a level sends out of that group over all phases, per byte of S.
  /// - Parameter level: The index of the level, or -1 for the single rank.
  public func volumeLeaving(level: Int) -> Double { Schedule.volume(of: traffic, leaving: level) }

  private static func volume(of traffic: [TrafficClass: Double], leaving level: Int) -> Double {
    ordered(traffic).reduce(0) { sum, entry in
      switch entry.traffic {
      case .peers(let other, _) where other > level: sum + entry.volume
      // What neighbours in a torus exchange stays inside the scale-up domain.
      case .neighbours where level < 0: sum + entry.volume
      default: sum
      }
    }
  }

  /// Classes with their volumes, outermost first and switches last: an order for sums and lists that is the same on
  /// every run, as that of a dictionary is not.
  public static func ordered(_ traffic: [TrafficClass: Double]) -> [(traffic: TrafficClass, volume: Double)] {
    traffic.map { (traffic: $0.key, volume: $0.value) }.sorted { rank($0.traffic) > rank($1.traffic) }
  }

  private static func rank(_ traffic: TrafficClass) -> Int {
    switch traffic {
    case .peers(let level, let aligned): 2 * level + (aligned ? 1 : 0)
    case .inSwitch: -1
    case .neighbours(let ring, let forward): -2 - 2 * ring - (forward ? 0 : 1)
    }
  }
}
