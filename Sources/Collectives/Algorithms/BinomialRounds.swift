/// The rounds of a binomial tree rooted at rank 0: a rank whose number ends in j zero bits has children 2^(j-1), … 2, 1
/// above it, and the root one at every power of two.
///
/// The farthest messages come first, so that few of them cross the outer tiers. Reduce and gather are the reverse.
struct BinomialRounds {
  let ranks: Int
  /// Whether a message carries what is for the receiver's subtree alone (scatter), not all.
  let scatters: Bool

  private var distances: [Int] {
    ranks <= 1 ? [] : (0..<(Int.bitWidth - (ranks - 1).leadingZeroBitCount)).reversed().map { 1 << $0 }
  }

  /// From the root outwards.
  var rounds: [ExchangeRound] {
    distances.map { distance in
      let part = ExchangeRound.Messages(
        limit: ranks - distance, period: 2 * distance, width: 1, shift: distance,
        volume: scatters ? Double(distance) / Double(ranks) : 1)
      guard scatters else { return ExchangeRound(messages: [part]) }
      // The last subtree of a round may be cut off by the number of ranks.
      let last = (ranks - distance - 1) / (2 * distance) * 2 * distance
      let rest = ranks - last - distance
      guard rest < distance else { return ExchangeRound(messages: [part]) }
      var whole = part
      whole.limit = last
      var cut = part
      cut.first = last
      cut.volume = Double(rest) / Double(ranks)
      return ExchangeRound(messages: [whole, cut])
    }
  }

  /// From the root outwards; chunk r is rank r's where the message is scattered.
  var steps: [ScheduleExpansion.Step] {
    zip(distances, rounds).map { distance, round in
      round.step(ranks: ranks, effect: .copy) { _, to in
        [scatters ? .init(first: to, count: min(distance, ranks - to)) : .init(first: 0)]
      }
    }
  }
}
