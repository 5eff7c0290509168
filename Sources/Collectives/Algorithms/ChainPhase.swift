import ClusterModel

/// Ranks in a row in rank order, rank 0 the root, passing a message on in chunks.
///
/// The chunks follow each other so closely that all links work at once: the bytes take as long as on one link, and what
/// the filling of the chain costs beyond one message per hop is the ramp of the library's profile (none in the plain
/// model). With h hops and the best number of chunks the filling costs 2 √((h-1) α S β), which the ramp of a factor
/// up to 2 stands for; it grows with S, so the time does.
enum ChainPhase {
  /// One pass down the row, or up it; both have the same messages in opposite directions.
  static func phase(name: String, summary: String, on ladder: TierLadder) -> Schedule.Phase {
    Schedule.Phase(
      name: name, summary: summary,
      // Every group has a neighbour, before or after it.
      traffic: ladder.traffic(crossing: { _ in 1 }, class: ladder.railAligned),
      latency: ladder.hops(leaving: { Double(ladder.groupCount($0) - 1) }, class: ladder.railAligned),
      repeats: max(1, ladder.ranks - 1))
  }

  static func broadcast(on ladder: TierLadder) -> Schedule.Phase {
    phase(name: "broadcast", summary: "Each rank passes the message on to the next rank, in chunks.", on: ladder)
  }

  static func reduce(on ladder: TierLadder) -> Schedule.Phase {
    phase(
      name: "reduce", summary: "Each rank adds its part and passes the sum on to the rank before, in chunks.",
      on: ladder)
  }

  static func broadcastSteps(ranks: Int) -> [ScheduleExpansion.Step] {
    (0..<max(0, ranks - 1)).map {
      ScheduleExpansion.Step([
        .init(from: .rank($0), to: .rank($0 + 1), chunks: .init(first: 0), effect: .copy)
      ])
    }
  }

  static func expansion(of collective: Collective, ranks: Int) -> ScheduleExpansion {
    let down = broadcastSteps(ranks: ranks)
    let steps =
      switch collective {
      case .broadcast: down
      case .reduce: down.reducedBack
      default: down.reducedBack + down
      }
    return ScheduleExpansion(chunkCount: 1, chunkShare: 1, steps: steps)
  }
}
