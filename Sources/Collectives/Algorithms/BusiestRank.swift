import ClusterModel

/// What single ranks send or receive by level, reduced to the busiest: one for what stays in domains, one for what
/// leaves them, because these use different links.
struct BusiestRank {
  private let domainLevel: Int
  private var inside: [Double]
  private var outside: [Double]

  init(on ladder: TierLadder) {
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
    var busiest = BusiestRank(on: ladder)
    _ = ladder.largest(-1) { ranks in
      let groups = ladder.levels.indices.map { ladder.group(of: ranks.lowerBound, at: $0) }
      let byLevel = { (messages: [(peer: Int, volume: Double)]) in
        messages.reduce(into: [Double](repeating: 0, count: groups.count)) { volumes, message in
          if let level = groups.firstIndex(where: { $0.contains(message.peer) }) { volumes[level] += message.volume }
        }
      }
      let (sent, received) = messages(ranks.lowerBound)
      busiest.consider(byLevel(sent))
      busiest.consider(byLevel(received))
      return 0
    }
    let volumes = zip(busiest.inside, busiest.outside).map(+).enumerated().filter { $0.element > 0 }
    return Dictionary(volumes.map { (classOf($0.offset), $0.element) }, uniquingKeysWith: +)
  }

  /// Takes the volumes of one rank in one direction, by level.
  mutating func consider(_ volumes: [Double]) {
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
