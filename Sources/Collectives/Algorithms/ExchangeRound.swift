/// Messages that are on their way at once, each from a rank to the one at a fixed distance.
///
/// Trees, butterflies and rotations are sequences of such rounds; what crosses the border of a group is counted in
/// closed form, so that their schedules cost the same for any number of ranks.
struct ExchangeRound {
  /// Regularly spaced senders whose messages go equally far.
  struct Messages {
    /// The first sender.
    var first = 0
    /// Senders are below this.
    var limit: Int
    /// After how many ranks the senders repeat.
    var period: Int
    /// How many ranks of each period send, from its first on.
    var width: Int
    /// From the sender to the receiver.
    var shift: Int
    /// Bytes of each message per byte of S.
    var volume: Double

    func sends(_ rank: Int) -> Bool { rank >= first && rank < limit && (rank - first) % period < width }

    /// How many of the ranks of a range send.
    func senders(in range: Range<Int>) -> Int { senders(below: range.upperBound) - senders(below: range.lowerBound) }

    private func senders(below end: Int) -> Int {
      let length = min(end, limit) - first
      return length <= 0 ? 0 : length / period * width + min(length % period, width)
    }

    /// Bytes that leave a group of ranks, and that enter it.
    func crossing(_ group: Range<Int>) -> (out: Double, into: Double) {
      let sources = (group.lowerBound - shift)..<(group.upperBound - shift)
      let both = group.overlaps(sources) ? senders(in: group.clamped(to: sources)) : 0
      return (Double(senders(in: group) - both) * volume, Double(senders(in: sources) - both) * volume)
    }
  }

  var messages: [Messages]

  /// Every rank sends to the one so much further round the circle of all ranks.
  static func rotation(by distance: Int, ranks n: Int, volume: Double) -> ExchangeRound {
    ExchangeRound(messages: [
      Messages(limit: n - distance, period: n, width: n, shift: distance, volume: volume),
      Messages(first: n - distance, limit: n, period: n, width: n, shift: distance - n, volume: volume),
    ])
  }

  /// The ranks below a power of two exchange with the partner whose number differs in one bit.
  static func exchange(bit: Int, ranks: Int, volume: Double) -> ExchangeRound {
    let distance = 1 << bit
    return ExchangeRound(messages: [
      Messages(limit: ranks, period: 2 * distance, width: distance, shift: distance, volume: volume),
      Messages(first: distance, limit: ranks, period: 2 * distance, width: distance, shift: -distance, volume: volume),
    ])
  }

  /// The same messages from receivers to senders.
  var reversed: ExchangeRound {
    ExchangeRound(
      messages: messages.map {
        .init(
          first: $0.first + $0.shift, limit: $0.limit + $0.shift, period: $0.period, width: $0.width, shift: -$0.shift,
          volume: $0.volume)
      })
  }

  /// Bytes that leave a group of ranks, or enter it where that is more.
  func crossing(_ group: Range<Int>) -> Double {
    let sums = messages.reduce((0.0, 0.0)) { sum, part in
      let crossing = part.crossing(group)
      return (sum.0 + crossing.out, sum.1 + crossing.into)
    }
    return max(sums.0, sums.1)
  }

  /// One step of an expansion.
  func step(
    ranks: Int, effect: ScheduleExpansion.Effect, chunks: (_ from: Int, _ to: Int) -> [ScheduleExpansion.ChunkRun]
  ) -> ScheduleExpansion.Step {
    var step = ScheduleExpansion.Step()
    for part in messages where part.volume > 0 {
      for rank in 0..<ranks where part.sends(rank) {
        let peer = rank + part.shift
        step.transfers += chunks(rank, peer).map {
          .init(from: .rank(rank), to: .rank(peer), chunks: $0, effect: effect)
        }
      }
    }
    return step
  }
}

extension ScheduleExpansion.ChunkRun {
  /// So many chunks at a distance from each other on the circle of all chunks, as runs that do not wrap round.
  static func wrapping(first: Int, count: Int, stride: Int = 1, of chunks: Int) -> [Self] {
    var runs: [Self] = []
    var next = ((first % chunks) + chunks) % chunks
    var left = count
    while left > 0 {
      let fitting = Swift.min(left, (chunks - 1 - next) / stride + 1)
      runs.append(.init(first: next, count: fitting, stride: stride))
      next = (next + fitting * stride) % chunks
      left -= fitting
    }
    return runs
  }
}
