import ClusterModel

/// All-to-all along the digits of the rank number, one tier after the other.
///
/// In each tier a rank sends every counterpart what is for the groups behind that one. A part takes a message per tier, and a rank sends p₁ + p₂ + … messages in place of p₁ p₂ ….
enum ExchangesPerTier {
  static func phases(on ladder: TierLadder, levels: [Int]) -> [Schedule.Phase] {
    zip([-1] + levels, levels).map { inner, outer in
      let (small, large) = (ladder.smallestSize(inner), ladder.smallestSize(outer))
      let peers = { (level: Int) -> Double in
        level >= outer ? 0 : Double(large - ladder.smallestSize(max(level, inner))) / Double(small)
      }
      let isInside = outer <= ladder.domainLevel
      return Schedule.Phase(
        name: "exchange in the \(ladder.name(of: outer))",
        summary: "Each rank sends every counterpart of the \(ladder.name(of: outer)) the parts for its group.",
        traffic: ladder.traffic(
          leaving: { peers($0) * Double(small) / Double(large) }, class: ladder.railAligned),
        latency: ladder.hops(leaving: peers, class: ladder.railAligned), repeats: max(1, large / small - 1),
        peersPerRank: .init(
          insideDomain: isInside ? large / small - 1 : 0, outsideDomain: isInside ? 0 : large / small - 1))
    }
  }

  static func expansion(sizes: [Int]) -> ScheduleExpansion {
    let n = sizes.reduce(1, *)
    var place = 1
    var steps: [ScheduleExpansion.Step] = []
    for size in sizes {
      for distance in 1..<max(1, size) {
        steps.append(step(ranks: n, size: size, place: place, distance: distance))
      }
      place *= size
    }
    return ScheduleExpansion(chunkCount: n * n, chunkShare: 1 / Double(n), steps: steps)
  }

  private static func step(ranks n: Int, size: Int, place: Int, distance: Int) -> ScheduleExpansion.Step {
    var step = ScheduleExpansion.Step()
    for rank in 0..<n {
      let digit = rank / place % size
      let peer = rank + ((digit + distance) % size - digit) * place
      // The parts come from the ranks that differ in the digits done, and go where this one and those done agree.
      for from in 0..<place {
        step.transfers.append(
          .init(
            from: .rank(rank), to: .rank(peer),
            chunks: .init(
              first: (rank - rank % place + from) * n + peer % (place * size), count: n / (place * size),
              stride: place * size),
            effect: .copy))
      }
    }
    return step
  }
}
