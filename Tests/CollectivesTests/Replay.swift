import Collectives

/// Carries out an expansion symbolically: what each endpoint holds of each chunk is the set of ranks whose part is in
/// it.
struct Replay {
  /// The contributions to a chunk as a set of ranks, one bit for each; at most 128 ranks.
  typealias Contributions = UInt128

  enum Fault: Error, Equatable {
    case sentWhatItDoesNotHave(chunk: Int)
    case addedTwice(chunk: Int)
  }

  private let ranks: Int
  private let chunks: Int
  /// By endpoint and chunk; nothing held is no contribution.
  private var held: [[Contributions]]

  init(_ expansion: ScheduleExpansion, collective: Collective, ranks: Int) throws {
    self.ranks = ranks
    chunks = expansion.chunkCount
    // Ranks, then the switches of at most as many domains, then those of the network.
    held = [[Contributions]](repeating: [], count: 2 * ranks + 1)
    let each = chunks / ranks
    for rank in 0..<ranks {
      held[rank] = [Contributions](repeating: 0, count: chunks)
      let own: Range<Int> =
        switch collective {
        case .allGather, .allToAll, .gather, .sendReceive: (rank * each)..<((rank + 1) * each)
        case .broadcast, .scatter: 0..<(rank == 0 ? chunks : 0)
        case .allReduce, .reduceScatter, .reduce: 0..<chunks
        }
      for chunk in own { held[rank][chunk] = 1 << Contributions(rank) }
    }
    for step in expansion.steps { try run(step) }
  }

  private func place(of endpoint: ScheduleExpansion.Endpoint) -> Int {
    switch endpoint {
    case .rank(let rank): rank
    case .domainSwitch(let domain): ranks + domain
    case .networkSwitches: 2 * ranks
    }
  }

  private mutating func run(_ step: ScheduleExpansion.Step) throws {
    var arriving: [(place: Int, chunk: Int, sent: Contributions, effect: ScheduleExpansion.Effect)] = []
    for transfer in step.transfers {
      let (from, to) = (place(of: transfer.from), place(of: transfer.to))
      var chunk = transfer.chunks.first
      for _ in 0..<transfer.chunks.count {
        guard !held[from].isEmpty, held[from][chunk] != 0 else { throw Fault.sentWhatItDoesNotHave(chunk: chunk) }
        arriving.append((to, chunk, held[from][chunk], transfer.effect))
        chunk += transfer.chunks.stride
      }
    }
    for (place, chunk, sent, effect) in arriving {
      if held[place].isEmpty { held[place] = [Contributions](repeating: 0, count: chunks) }
      switch effect {
      case .copy: held[place][chunk] = sent
      case .reduce:
        guard held[place][chunk] & sent == 0 else { throw Fault.addedTwice(chunk: chunk) }
        held[place][chunk] |= sent
      }
    }
  }

  /// Whether each rank ends with what the collective promises.
  func isComplete(collective: Collective) -> Bool {
    let everyone: Contributions = ranks == 128 ? .max : (1 << Contributions(ranks)) - 1
    let each = chunks / ranks
    let root: Contributions = 1
    return (0..<ranks).allSatisfy { rank in
      let mine = held[rank]
      let run = (rank * each)..<((rank + 1) * each)
      let before = (rank + ranks - 1) % ranks
      return switch collective {
      case .allReduce: mine.allSatisfy { $0 == everyone }
      case .reduce: rank > 0 || mine.allSatisfy { $0 == everyone }
      case .broadcast: mine.allSatisfy { $0 == root }
      case .reduceScatter: mine[run].allSatisfy { $0 == everyone }
      case .scatter: mine[run].allSatisfy { $0 == root }
      case .allGather: mine.indices.allSatisfy { mine[$0] == 1 << Contributions($0 / each) }
      case .gather: rank > 0 || mine.indices.allSatisfy { mine[$0] == 1 << Contributions($0 / each) }
      case .allToAll:
        (0..<ranks).allSatisfy { sender in
          let pair = sender * ranks + rank
          let parts = each / ranks
          return mine[(pair * parts)..<((pair + 1) * parts)].allSatisfy { $0 == 1 << Contributions(sender) }
        }
      case .sendReceive: mine[before] == 1 << Contributions(before)
      }
    }
  }
}
