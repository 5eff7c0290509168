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

  /// The schedule of a collective over the digits of the rank number.
  static func schedule(
    _ algorithm: String, for collective: Collective, on ladder: TierLadder, levels: [Int]
  ) -> Schedule {
    var (phases, isPipelined, family) = ([Schedule.Phase](), false, Schedule.Family.ring)
    switch collective {
    case _ where ladder.ranks <= 1: break
    case .broadcast, .reduce:
      (phases, isPipelined) = (HierarchicalBroadcast(ladder: ladder, levels: levels).phases(for: collective), true)
    case .allToAll: (phases, family) = (ExchangesPerTier.phases(on: ladder, levels: levels), .pointToPoint)
    default: phases = self.phases(for: collective, on: ladder, levels: levels)
    }
    return Schedule(
      algorithm: algorithm, collective: collective, ladder: ladder, phases: phases, isPipelined: isPipelined,
      family: family)
  }

  /// The messages of a collective over the digits of the rank number.
  static func expansion(of collective: Collective, on ladder: TierLadder, levels: [Int]) -> ScheduleExpansion {
    let sizes = sizes(of: ladder, levels: levels)
    return switch collective {
    case .broadcast, .reduce: HierarchicalBroadcast(ladder: ladder, levels: levels).expansion(of: collective)
    case .allToAll: ExchangesPerTier.expansion(sizes: sizes)
    default: RingPhase.expansion(of: collective, sizes: sizes)
    }
  }
}
