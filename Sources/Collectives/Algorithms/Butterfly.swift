import ClusterModel

/// Exchanges with the partner whose rank differs in one bit.
enum Butterfly {
  static func check(_ ladder: TierLadder) throws(AlgorithmError) {
    guard ladder.ranks.nonzeroBitCount == 1 else {
      throw .notApplicable(reason: "\(ladder.ranks) ranks are not a power of two.")
    }
    for level in ladder.levels where level.uniformSize == nil {
      throw .notApplicable(reason: "The groups of tier '\(level.tier)' differ in size.")
    }
  }

  /// How many of the exchanges go out of the groups of a level: those at distances from the group's size up.
  static func exchanges(leaving level: Int, on ladder: TierLadder) -> Int {
    ladder.ranks.trailingZeroBitCount - ladder.smallestSize(level).trailingZeroBitCount
  }

  static func hops(on ladder: TierLadder) -> [Schedule.Hop] {
    ladder.hops(leaving: { Double(exchanges(leaving: $0, on: ladder)) }, class: ladder.railAligned)
  }
}
