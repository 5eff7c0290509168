import ClusterModel

/// What single ranks send or receive by level, reduced to the busiest: one for what stays in domains, one for what
/// leaves them, because these use different links.
struct BusiestRank {
  private let domainLevel: Int
  private var inside: [Double]
  private var outside: [Double]

  private init(on ladder: TierLadder) {
    domainLevel = ladder.domainLevel
    inside = [Double](repeating: 0, count: ladder.levels.count)
    outside = inside
  }

  /// The busiest of the ranks that stand for all.
  /// - Parameter messages: The other ends and volumes of what a rank sends and receives.
  static func traffic(
    on ladder: TierLadder, class classOf: (Int) -> TrafficClass,
    messages: (_ rank: Int) -> (sent: [(peer: Int, volume: Double)], received: [(peer: Int, volume: Double)])
  ) -> [TrafficClass: Double] {
    traffic(on: ladder, class: classOf) { rank, groups in
      let byLevel = { (messages: [(peer: Int, volume: Double)]) in
        messages.reduce(into: [Double](repeating: 0, count: groups.count)) { volumes, message in
          if let level = groups.firstIndex(where: { $0.contains(message.peer) }) { volumes[level] += message.volume }
        }
      }
      let (sent, received) = messages(rank)
      return (byLevel(sent), byLevel(received))
    }
  }

  /// The same from volumes by level.
  /// - Parameter volumes: What a rank sends to, and receives from, ranks of each of its groups outside the one before.
  static func traffic(
    on ladder: TierLadder, class classOf: (Int) -> TrafficClass,
    volumes: (_ rank: Int, _ groups: [Range<Int>]) -> (sent: [Double], received: [Double])
  ) -> [TrafficClass: Double] {
    var busiest = BusiestRank(on: ladder)
    _ = ladder.largest(-1) { ranks in
      let rank = ranks.lowerBound
      let (sent, received) = volumes(rank, ladder.levels.indices.map { ladder.group(of: rank, at: $0) })
      busiest.consider(sent)
      busiest.consider(received)
      return 0
    }
    let volumes = zip(busiest.inside, busiest.outside).map(+).enumerated().filter { $0.element > 0 }
    return Dictionary(volumes.map { (classOf($0.offset), $0.element) }, uniquingKeysWith: +)
  }

  private mutating func consider(_ volumes: [Double]) {
    let split = domainLevel + 1
    inside = BusiestRank.busier(inside, volumes.enumerated().map { $0.offset < split ? $0.element : 0 })
    outside = BusiestRank.busier(outside, volumes.enumerated().map { $0.offset < split ? 0 : $0.element })
  }

  /// The one with more in all; of equals the one with more on the outermost level where they differ.
  private static func busier(_ one: [Double], _ other: [Double]) -> [Double] {
    let (first, second) = (one.reduce(0, +), other.reduce(0, +))
    if abs(first - second) > 1e-12 * max(first, second) { return first > second ? one : other }
    return one.reversed().lexicographicallyPrecedes(other.reversed()) ? other : one
  }
}
