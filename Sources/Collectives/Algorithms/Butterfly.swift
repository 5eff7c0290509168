import ClusterModel

/// Exchanges with the partner whose rank differs in one bit, for any number of ranks.
///
/// The ranks from the largest power of two on hand their message to the rank that much below them first, and receive
/// the result last: two more rounds, as MPICH does.
struct Butterfly {
  let ranks: Int
  /// The largest power of two among the ranks.
  let core: Int
  /// How many exchanges: the logarithm of `core`.
  let bits: Int

  init(ranks: Int) {
    self.ranks = ranks
    bits = Int.bitWidth - 1 - max(ranks, 1).leadingZeroBitCount
    core = 1 << bits
  }

  var isWhole: Bool { ranks == core }

  /// The surplus ranks hand in their message.
  var fold: [ExchangeRound] {
    isWhole
      ? []
      : [.init(messages: [.init(first: core, limit: ranks, period: ranks, width: ranks, shift: -core, volume: 1)])]
  }

  /// The surplus ranks receive the result.
  var unfold: [ExchangeRound] { fold.map(\.reversed) }

  func foldSteps(chunks: Int) -> [ScheduleExpansion.Step] {
    fold.map { $0.step(ranks: ranks, effect: .reduce) { _, _ in [.init(first: 0, count: chunks)] } }
  }

  /// Halving: S/2 to the partner at distance 1, S/4 at distance 2, and so on.
  var halving: [ExchangeRound] {
    (0..<bits).map { .exchange(bit: $0, ranks: core, volume: 1 / Double(2 << $0)) }
  }

  /// A rank keeps the chunks whose numbers agree with its own in the bits that were exchanged.
  var halvingSteps: [ScheduleExpansion.Step] {
    halving.enumerated().map { bit, round in
      round.step(ranks: core, effect: .reduce) { _, to in
        [.init(first: to % (2 << bit), count: core / (2 << bit), stride: 2 << bit)]
      }
    }
  }

  static func phases(
    _ rounds: [ExchangeRound], name: String, summary: String, on ladder: TierLadder
  ) -> [Schedule.Phase] {
    RoundPhases(name: name, summary: summary, ladder: ladder).phases(rounds)
  }

  static let foldSummary = "The ranks from the largest power of two on hand their message to the ranks below."
  static let unfoldSummary = "The ranks from the largest power of two on receive the result."
}
