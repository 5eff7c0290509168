import ClusterModel
import Collectives

/// Ladders for tests.
enum Ladders {
  /// All ranks in one scale-up domain.
  static func flat(_ ranks: Int) -> TierLadder { nested(ranks, sizes: [(.board, ranks)]) }

  /// Groups of given sizes, the last of each level holding what is left, and one group of all on top.
  static func nested(_ ranks: Int, sizes: [(tier: Tier, size: Int)], scaleUp: Int? = 0) -> TierLadder {
    var levels = sizes.map { TierLadder.Level(tier: $0.tier, groups: runs(ranks, size: $0.size)) }
    if levels.last?.groupCount != 1 {
      levels.append(.init(tier: .spine, groups: [.init(size: ranks, count: 1)]))
    }
    return TierLadder(ranks: ranks, levels: levels, scaleUpLevel: scaleUp)
  }

  private static func runs(_ ranks: Int, size: Int) -> [TierLadder.Run] {
    let whole = ranks / size
    return (whole > 0 ? [.init(size: size, count: whole)] : [])
      + (ranks % size > 0 ? [.init(size: ranks % size, count: 1)] : [])
  }

  /// Ladders of two to 40 ranks: flat, in domains of 2, 4 and 8 with leaves above them, boards within domains,
  /// uneven, and without scale-up domains.
  static let small: [TierLadder] = (Array(2...20) + [24, 27, 31, 32, 36, 40]).flatMap { n in
    [flat(n)]
      + [2, 4, 8].map { nested(n, sizes: [(.board, $0)]) }
      + [
        nested(n, sizes: [(.board, 3), (.leaf, 9)]),
        nested(n, sizes: [(.board, 4), (.rack, 8), (.leaf, 16)], scaleUp: 1),
        nested(n, sizes: [(.board, 2), (.rack, 6), (.leaf, 18)], scaleUp: 1),
        nested(n, sizes: [(.leaf, 4), (.core(1), 12)], scaleUp: nil),
        nested(n, sizes: [(.board, 1), (.leaf, 5)], scaleUp: nil),
        nested(n, sizes: [(.board, 6), (.leaf, 12)], scaleUp: nil),
      ]
  }

  /// Groups whose sizes follow no rule: a rank or a box that stands alone, in the middle or under leaves of its own.
  static let uneven: [TierLadder] = [
    listed([[8, 8, 1]]), listed([[4, 1, 4]]), listed([[2, 2, 2, 1, 1], [6, 2]]), listed([[8, 9, 9]]), listed([[1, 6]]),
    listed([[4, 4, 4, 4, 4], [16, 4]]), listed([[8, 8, 8, 8, 8, 8, 8], [48, 8]]), listed([[3, 5, 2, 7], [8, 9]]),
    listed([[2, 2, 1, 2], [5, 2]], scaleUp: 1),
  ]

  /// Groups by their sizes, level by level, and one of all.
  private static func listed(_ sizes: [[Int]], scaleUp: Int = 0) -> TierLadder {
    let ranks = sizes[0].reduce(0, +)
    let tiers: [Tier] = scaleUp == 0 ? [.board, .leaf] : [.board, .rack]
    return TierLadder(
      ranks: ranks,
      levels: zip(tiers, sizes).map { .init(tier: $0, groups: $1.map { .init(size: $0, count: 1) }) }
        + [.init(tier: .spine, groups: [.init(size: ranks, count: 1)])], scaleUpLevel: scaleUp)
  }

  /// A torus whose rings have these sizes, that of neighbouring ranks first.
  static func torus(_ sizes: [Int]) -> TierLadder {
    var ladder = flat(sizes.reduce(1, *))
    ladder.torus = .init(machine: sizes, sizes: sizes)
    return ladder
  }

  /// Tori of one to four dimensions with even, odd, short and different rings.
  static let tori = [
    [2], [3], [8], [7], [2, 2], [3, 2], [4, 6], [5, 3], [2, 3, 4], [3, 3, 3], [5, 4, 3], [2, 2, 2, 3],
  ].map(torus)

  /// Every schedule that any algorithm makes for a collective on a ladder.
  static func schedules(_ collective: Collective, on ladder: TierLadder) -> [Schedule] {
    CollectiveAlgorithms.schedules(
      for: collective, on: ladder, capabilities: capable
    ).schedules
  }

  /// A fabric that can do everything.
  static let capable = FabricCapabilities(inSwitchReduction: true, networkReduction: true)
}
