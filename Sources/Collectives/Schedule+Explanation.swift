public import ClusterModel
import Quantities

extension Schedule {
  /// What happens, as lines to be read: one for the whole, then for each phase what it does and what it sends where.
  public var explanation: [String] {
    let order = phases.count > 1 ? (isPipelined ? ", phases overlapping in chunks" : ", one phase after the other") : ""
    let head = "\(collective) by '\(algorithm)' on \(ladder.ranks) \(ladder.ranks == 1 ? "rank" : "ranks")"
    guard !phases.isEmpty else { return ["\(head): nothing to send"] }
    return ["\(head)\(order):"] + phases.enumerated().flatMap { lines(for: $0.element, number: $0.offset + 1) }
  }

  private func lines(for phase: Phase, number: Int) -> [String] {
    let hops = phase.latency.map { "\(DecimalPrefix.fixed($0.count, decimals: 0)) \(place(of: $0.traffic))" }
    return ["  \(number). \(phase.name): \(phase.summary)"]
      + ["     in turn: \(hops.joined(separator: ", "))"]
      + Schedule.ordered(phase.traffic).map { traffic, volume in
        "     at most \(DecimalPrefix.significant(volume, digits: 3)) × the message per rank \(place(of: traffic))"
      }
      + (phase.rankTraffic == phase.traffic
        ? []
        : Schedule.ordered(phase.rankTraffic).map { traffic, volume in
          "     at most \(DecimalPrefix.significant(volume, digits: 3)) × the message for one rank \(place(of: traffic))"
        })
  }

  /// Where a class of messages goes, in words: `across the leaf, on the same rail`.
  public func place(of traffic: TrafficClass) -> String {
    switch traffic {
    case .peers(let level, let aligned): "across the \(ladder.name(of: level))\(aligned ? ", on the same rail" : "")"
    case .inSwitch: "through the domain's switches"
    case .neighbours(let ring, let forward): "to the \(forward ? "next" : "previous") of ring \(ring)"
    }
  }
}

extension ScheduleExpansion: CustomStringConvertible {
  /// The messages, one line each, under the number of their step.
  public var description: String {
    steps.enumerated().map { number, step in
      (["step \(number + 1)"] + step.transfers.map { "  \($0)" }).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension ScheduleExpansion.Transfer: CustomStringConvertible {
  /// The message: `rank 3 → rank 4: chunk 2, reduce`.
  public var description: String { "\(from) → \(to): \(chunks), \(effect.rawValue)" }
}

extension ScheduleExpansion.Endpoint: CustomStringConvertible {
  /// Who: `rank 3`, `switch 0` or `switches of the network`.
  public var description: String {
    switch self {
    case .rank(let rank): "rank \(rank)"
    case .domainSwitch(let domain): "switch \(domain)"
    case .networkSwitches: "switches of the network"
    }
  }
}

extension ScheduleExpansion.ChunkRun: CustomStringConvertible {
  /// Which: `chunk 2`, `chunks 4...7` or `chunks 1, 5, … 13`.
  public var description: String {
    let last = first + (count - 1) * stride
    return switch (count, stride) {
    case (1, _): "chunk \(first)"
    case (_, 1): "chunks \(first)...\(last)"
    case (2, _): "chunks \(first), \(last)"
    default: "chunks \(first), \(first + stride), … \(last)"
    }
  }
}
