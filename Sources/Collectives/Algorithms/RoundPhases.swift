import ClusterModel

/// Turns rounds of messages that wait for each other into phases of a schedule.
///
/// Rounds that follow one another and reach equally far form a phase, so that times on links of different tiers add
/// up as the rounds do.
struct RoundPhases {
  var name: String
  var summary: String
  let ladder: TierLadder

  /// How far a round goes: what its farthest message crosses.
  private struct Reach: Equatable {
    var level: Int
    var aligned: Bool
  }

  func phases(_ rounds: [ExchangeRound]) -> [Schedule.Phase] {
    var parts: [(reach: Reach, rounds: [ExchangeRound])] = []
    for round in rounds where round.messages.contains(where: { $0.senders(in: 0..<ladder.ranks) > 0 }) {
      let reach = reach(of: round)
      if parts.last?.reach == reach {
        parts[parts.count - 1].rounds.append(round)
      } else {
        parts.append((reach, [round]))
      }
    }
    return parts.map { phase($0.rounds, reach: $0.reach, isOnlyOne: parts.count == 1) }
  }

  private func phase(_ rounds: [ExchangeRound], reach: Reach, isOnlyOne: Bool) -> Schedule.Phase {
    let classOf = { (level: Int) in
      TrafficClass.peers(level: level, aligned: reach.aligned && level > ladder.domainLevel)
    }
    return Schedule.Phase(
      name: isOnlyOne ? name : "\(name) across the \(ladder.name(of: reach.level))", summary: summary,
      traffic: ladder.traffic(crossing: { crossing($0, rounds) }, class: classOf),
      rankTraffic: rankTraffic(rounds, class: classOf),
      latency: [Schedule.Hop(classOf(reach.level), count: Double(rounds.count))], repeats: rounds.count)
  }

  private func crossing(_ group: Range<Int>, _ rounds: [ExchangeRound]) -> Double {
    var (out, into) = (0.0, 0.0)
    for part in rounds.lazy.flatMap(\.messages) {
      let crossing = part.crossing(group)
      out += crossing.out
      into += crossing.into
    }
    return max(out, into)
  }

  private func reach(of round: ExchangeRound) -> Reach {
    let level = ladder.levels.indices.last { level in
      ladder.groupCount(level - 1) > 1 && ladder.largest(level - 1) { round.crossing($0) } > 0
    }
    let size = ladder.uniformSize(ladder.domainLevel)
    return Reach(
      level: level ?? 0, aligned: size.map { size in round.messages.allSatisfy { $0.shift % size == 0 } } ?? false)
  }

  private func rankTraffic(
    _ rounds: [ExchangeRound], class classOf: (Int) -> TrafficClass
  ) -> [TrafficClass: Double] {
    let messages = rounds.flatMap(\.messages)
    return BusiestRank.traffic(on: ladder, class: classOf) { rank in
      (
        messages.filter { $0.sends(rank) }.map { (rank + $0.shift, $0.volume) },
        messages.filter { $0.sends(rank - $0.shift) }.map { (rank - $0.shift, $0.volume) }
      )
    }
  }
}
