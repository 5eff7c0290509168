import ClusterModel
import Collectives

/// Carries out an expansion symbolically: what each endpoint holds of each chunk is the set of ranks whose part is in
/// it.
struct Replay {
  /// The contributions to a chunk as a set of ranks, one bit for each; at most 64 ranks.
  typealias Contributions = UInt64

  enum Fault: Error, Equatable {
    case sentWhatItDoesNotHave(chunk: Int)
    case addedTwice(chunk: Int)
  }

  private(set) var held: [ScheduleExpansion.Endpoint: [Int: Contributions]] = [:]

  init(_ expansion: ScheduleExpansion, collective: Collective, ranks: Int) throws {
    let each = expansion.chunkCount / ranks
    for rank in 0..<ranks {
      let own: Range<Int> =
        switch collective {
        case .allGather, .allToAll: (rank * each)..<((rank + 1) * each)
        default: 0..<expansion.chunkCount
        }
      held[.rank(rank)] = Dictionary(uniqueKeysWithValues: own.map { ($0, 1 << UInt64(rank)) })
    }
    for step in expansion.steps { try run(step) }
  }

  private mutating func run(_ step: ScheduleExpansion.Step) throws {
    let before = held
    for transfer in step.transfers {
      for chunk in transfer.chunks {
        guard let sent = before[transfer.from]?[chunk] else { throw Fault.sentWhatItDoesNotHave(chunk: chunk) }
        switch transfer.effect {
        case .copy: held[transfer.to, default: [:]][chunk] = sent
        case .reduce:
          let there = held[transfer.to]?[chunk] ?? 0
          guard there & sent == 0 else { throw Fault.addedTwice(chunk: chunk) }
          held[transfer.to, default: [:]][chunk] = there | sent
        }
      }
    }
  }

  /// Whether each rank ends with what the collective promises.
  func isComplete(_ expansion: ScheduleExpansion, collective: Collective, ranks: Int) -> Bool {
    let everyone: Contributions = ranks == 64 ? .max : (1 << UInt64(ranks)) - 1
    let each = expansion.chunkCount / ranks
    return (0..<ranks).allSatisfy { rank in
      let mine = held[.rank(rank)] ?? [:]
      return switch collective {
      case .allReduce: (0..<expansion.chunkCount).allSatisfy { mine[$0] == everyone }
      case .reduceScatter: ((rank * each)..<((rank + 1) * each)).allSatisfy { mine[$0] == everyone }
      case .allGather:
        (0..<expansion.chunkCount).allSatisfy { mine[$0] == 1 << UInt64($0 / each) }
      default: (0..<ranks).allSatisfy { mine[$0 * ranks + rank] == 1 << UInt64($0) }
      }
    }
  }
}

/// What an expansion sends, counted message by message.
struct Crossings {
  let ladder: TierLadder
  /// Per level from -1: for each group, bytes that leave it for other ranks, per byte of S.
  private(set) var leaving: [[Double]]
  /// Bytes that each rank sends into, and receives from, switches.
  private(set) var intoSwitch: [Double]
  private(set) var fromSwitch: [Double]
  /// Per level from -1: the group of each rank.
  let group: [[Int]]

  init(_ expansion: ScheduleExpansion, on ladder: TierLadder) {
    self.ladder = ladder
    group =
      [Array(0..<ladder.ranks)]
      + ladder.levels.map { level in
        var next = 0
        return level.groups.flatMap { run in
          (0..<run.count).flatMap { _ in
            defer { next += 1 }
            return [Int](repeating: next, count: run.size)
          }
        }
      }
    leaving = group.map { [Double](repeating: 0, count: ($0.last ?? 0) + 1) }
    intoSwitch = [Double](repeating: 0, count: ladder.ranks)
    fromSwitch = intoSwitch
    for transfer in expansion.steps.lazy.flatMap(\.transfers) {
      let bytes = Double(transfer.chunks.count) * expansion.chunkShare
      switch (transfer.from, transfer.to) {
      case (.rank(let from), .rank(let to)):
        for level in group.indices where group[level][from] != group[level][to] {
          leaving[level][group[level][from]] += bytes
        }
      case (.rank(let from), .domainSwitch): intoSwitch[from] += bytes
      case (.domainSwitch, .rank(let to)): fromSwitch[to] += bytes
      case (.domainSwitch, .domainSwitch): break
      }
    }
  }

  /// What leaves the busiest group of a level, per rank of the group.
  func busiest(level: Int) -> Double {
    let groups = group[level + 1]
    var sizes = [Double](repeating: 0, count: leaving[level + 1].count)
    for group in groups { sizes[group] += 1 }
    return zip(leaving[level + 1], sizes).map(/).max() ?? 0
  }

  /// What passes between the busiest rank and its switches in the busier direction.
  var busiestInSwitch: Double { max(intoSwitch.max() ?? 0, fromSwitch.max() ?? 0) }
}
