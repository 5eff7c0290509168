import ClusterModel
import Collectives
import Testing

@Suite("Algorithms for tori")
struct TorusTests {
  private func schedules(_ ladder: TierLadder) throws -> [Schedule] {
    try Collective.allCases.flatMap { collective in
      try [TorusRings.self as any CollectiveAlgorithm.Type, TorusExchange.self]
        .filter { $0.collectives.contains(collective) }
        .map { try $0.schedule(for: collective, on: ladder, capabilities: .init()) }
    }
  }

  @Test("Every message goes to a neighbour, and no link carries more than the schedule says", arguments: Ladders.tori)
  func volumes(ladder: TierLadder) throws {
    let sizes = try #require(ladder.torus?.sizes)
    for schedule in try schedules(ladder) {
      let expansion = try schedule.expansion()
      var loads: [[Int]: Double] = [:]
      for transfer in expansion.steps.flatMap(\.transfers) {
        guard case .rank(let from) = transfer.from, case .rank(let to) = transfer.to else {
          Issue.record("a message of \(schedule.algorithm) does not run between ranks")
          continue
        }
        loads[[from, to], default: 0] += Double(transfer.chunks.count) * expansion.chunkShare
      }
      var busiest = sizes.map { _ in 0.0 }
      for (ends, load) in loads {
        var (rest, other) = (ends[0], ends[1])
        var apart: [Int] = []
        for (ring, size) in sizes.enumerated() {
          let distance = ((other % size) - (rest % size) + size) % size
          if distance != 0 { apart.append(ring) }
          #expect(distance == 0 || distance == 1 || distance == size - 1)
          (rest, other) = (rest / size, other / size)
        }
        #expect(apart.count == 1)
        busiest[apart[0]] = max(busiest[apart[0]], load)
      }
      for (ring, size) in sizes.enumerated() {
        let forward = schedule.traffic[.neighbours(ring: ring, forward: true)] ?? 0
        let backward = schedule.traffic[.neighbours(ring: ring, forward: false)] ?? 0
        // A ring of two is one link, which takes what goes both ways round.
        let claimed = size == 2 ? forward + backward : max(forward, backward)
        #expect(abs(claimed - busiest[ring]) < 1e-12, "\(schedule.algorithm) \(schedule.collective) on \(sizes)")
      }
      #expect(expansion.steps.count == schedule.phases.reduce(0) { $0 + $1.repeats })
      #expect(schedule.hopCount == Double(expansion.steps.count))
    }
  }

  @Test("On a cube all links share the work: each carries what a rank sends over all of its own")
  func balance() throws {
    for size in [3, 4, 8, 16] {
      let ladder = Ladders.torus([size, size, size])
      let gather = try TorusRings.schedule(for: .allGather, on: ladder, capabilities: .init())
      let n = Double(ladder.ranks)
      let volume = try #require(gather.traffic[.neighbours(ring: 1, forward: true)])
      #expect(abs(volume - (n - 1) / n / 6) < 1e-12)
      let exchange = try TorusExchange.schedule(for: .allToAll, on: ladder, capabilities: .init())
      let distance = (0..<size).reduce(0) { $0 + min($1, size - $1) }
      let sent = try #require(exchange.traffic[.neighbours(ring: 2, forward: false)])
      #expect(abs(sent - Double(distance) / Double(size) / 2) < 1e-12)
    }
  }

  @Test("Without a torus, or on a part of its rings, tori's algorithms are refused with the reason")
  func refusals() {
    let reason = { (ladder: TierLadder) in
      CollectiveAlgorithms.schedules(for: .allReduce, on: ladder, capabilities: .init()).refusals
        .first { $0.algorithm == "torus-rings" }?.reason
    }
    #expect(
      reason(Ladders.nested(64, sizes: [(.board, 8)]))
        == "The accelerators do not form a torus: no rings of links join them.")
    var part = Ladders.flat(40)
    part.torus = .init(machine: [28, 20, 16], sizes: nil)
    #expect(
      reason(part)
        == "40 ranks do not fill whole rings of the torus of 16 × 20 × 28; these numbers do: 28, 560, 8960.")
    #expect(reason(Ladders.torus([4, 4])) == nil)
  }

  @Test("Send-receive passes one message to the next rank of the innermost ring and one hop along every ring")
  func neighbours() throws {
    let schedule = try Neighbours.schedule(for: .sendReceive, on: Ladders.torus([4, 3]), capabilities: .init())
    #expect(schedule.traffic == [.neighbours(ring: 0, forward: true): 1])
    #expect(schedule.hopCount == 2)
  }
}
