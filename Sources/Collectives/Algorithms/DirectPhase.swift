import ClusterModel

/// Every rank sends straight to every other rank, all at once.
enum DirectPhase {
  /// What leaves a group is what its ranks send to all ranks outside, a part of S to each.
  static func phase(name: String, summary: String, part: Double, on ladder: TierLadder) -> Schedule.Phase {
    Schedule.Phase(
      name: name, summary: summary,
      traffic: ladder.traffic(
        leaving: { Double(ladder.ranks - ladder.smallestSize($0)) * part }, class: ladder.unaligned),
      rankTraffic: ladder.everyPeerTraffic(part: part),
      latency: ladder.farthestHop(), repeats: 1, peersPerRank: ladder.everyPeer)
  }

  static func reduceScatter(on ladder: TierLadder) -> Schedule.Phase {
    phase(
      name: "reduce-scatter", summary: "Each rank sends every other rank the part that one is to reduce.",
      part: 1 / Double(ladder.ranks), on: ladder)
  }

  static func allGather(on ladder: TierLadder) -> Schedule.Phase {
    phase(
      name: "all-gather", summary: "Each rank sends its part to every other rank.", part: 1 / Double(ladder.ranks),
      on: ladder)
  }

  static func step(
    ranks: Int, effect: ScheduleExpansion.Effect, chunk: (_ from: Int, _ to: Int) -> Int
  ) -> ScheduleExpansion.Step {
    var step = ScheduleExpansion.Step()
    for from in 0..<ranks {
      for to in 0..<ranks where to != from {
        step.transfers.append(
          .init(from: .rank(from), to: .rank(to), chunks: .init(first: chunk(from, to)), effect: effect))
      }
    }
    return step
  }
}
