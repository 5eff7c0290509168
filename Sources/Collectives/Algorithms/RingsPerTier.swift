import ClusterModel

/// Rings along the digits of the rank number, one digit for each of several levels.
enum RingsPerTier {
  /// Reduce-scatter from the innermost level outwards, all-gather back inwards.
  static func phases(for collective: Collective, on ladder: TierLadder, levels: [Int]) -> [Schedule.Phase] {
    RingPhase.Kind.sequence(for: collective).flatMap { kind in
      let outwards = zip([-1] + levels, levels).map { inner, outer in
        RingPhase(kind: kind, inner: inner, outer: outer).phase(on: ladder)
      }
      return kind == .reduceScatter ? outwards : outwards.reversed()
    }
  }

  /// How many groups of each level, or ranks, a group of the next holds.
  static func sizes(of ladder: TierLadder, levels: [Int]) -> [Int] {
    zip([-1] + levels, levels).map { ladder.mostGroups(of: $0, in: $1) }
  }
}
