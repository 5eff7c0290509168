public import ClusterModel
public import Quantities

/// The plain model of message passing: a message of b bytes takes alpha + b / bandwidth (Hockney, 1994).
///
/// Each level of groups has its own alpha and bandwidth; nothing is shared, nothing overlaps but what a schedule says.
public struct AlphaBetaModel: Sendable, Hashable {
  /// One level of groups.
  public struct Level: Sendable, Hashable {
    /// How many groups of the level before (ranks, for the first) a group of this one holds.
    public var members: Int
    /// The time of an empty message between them.
    public var alpha: Seconds
    /// The rate at which a rank sends to others of its group.
    public var bandwidth: Bandwidth

    /// A level of groups.
    public init(members: Int, alpha: Seconds, bandwidth: Bandwidth) {
      self.members = members
      self.alpha = alpha
      self.bandwidth = bandwidth
    }
  }

  /// The levels, innermost first.
  public let levels: [Level]
  /// The groups they form; the innermost are the scale-up domains.
  public let ladder: TierLadder

  /// A model of nested levels.
  /// - Throws: `AlgorithmError.notApplicable` for levels without members or more ranks than can be counted.
  public init(levels: [Level]) throws(AlgorithmError) {
    guard !levels.isEmpty else { throw .notApplicable(reason: "There are no levels.") }
    var sizes: [Int] = []
    for level in levels {
      let (size, overflowed) = (sizes.last ?? 1).multipliedReportingOverflow(by: level.members)
      guard level.members > 0, !overflowed else {
        throw .notApplicable(reason: "A level cannot have \(level.members) members.")
      }
      sizes.append(size)
    }
    let ranks = sizes.last ?? 1
    self.levels = levels
    ladder = TierLadder(
      ranks: ranks,
      levels: sizes.enumerated().map { index, size in
        .init(tier: Self.tier(index), groups: [.init(size: size, count: ranks / size)])
      }, scaleUpLevel: 0)
  }

  /// The time of a schedule made for the model's ladder.
  /// - Parameters:
  ///   - schedule: The schedule.
  ///   - size: The message size in the convention of the collective.
  public func time(of schedule: Schedule, size: Bytes) -> Seconds {
    let latency = schedule.phases.reduce(Seconds.zero) { $0 + latencyTime(of: $1) }
    let phases = schedule.isPipelined ? [schedule.rankTraffic] : schedule.phases.map(\.rankTraffic)
    return phases.reduce(latency) { $0 + transferTime(of: $1, size: size) }
  }

  private func latencyTime(of phase: Schedule.Phase) -> Seconds {
    phase.latency.reduce(.zero) { $0 + levels[level(of: $1.traffic)].alpha * $1.count }
  }

  /// Links of different levels work side by side, so the slowest level decides.
  private func transferTime(of traffic: [TrafficClass: Double], size: Bytes) -> Seconds {
    var volumes = [Double](repeating: 0, count: levels.count)
    for (entry, volume) in Schedule.ordered(traffic) { volumes[level(of: entry)] += volume }
    return zip(volumes, levels).map { size / $1.bandwidth * $0 }.max() ?? .zero
  }

  /// The level that a class of traffic uses; classes of levels that the model does not have use the outermost.
  private func level(of traffic: TrafficClass) -> Int {
    switch traffic {
    case .peers(let level, _): min(max(level, 0), levels.count - 1)
    case .inSwitch, .neighbours: 0
    }
  }

  private static func tier(_ index: Int) -> Tier {
    let tiers: [Tier] = [.board, .rack, .leaf, .spine]
    return index < tiers.count ? tiers[index] : .core(index - tiers.count + 1)
  }
}
