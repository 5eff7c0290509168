import ClusterModel
import Collectives
import Foundation
import Testing

@Suite("Algorithms")
struct AlgorithmTests {
  private let capable = Ladders.capable

  private func schedule(_ algorithm: String, _ collective: Collective, on ladder: TierLadder) throws -> Schedule {
    let found = try #require(CollectiveAlgorithms.named(algorithm))
    return try found.schedule(for: collective, on: ladder, capabilities: capable)
  }

  private func reason(_ algorithm: String, _ collective: Collective, on ladder: TierLadder) throws -> String {
    do {
      _ = try schedule(algorithm, collective, on: ladder)
    } catch let error as AlgorithmError {
      return error.description
    }
    return ""
  }

  @Test("The list holds every algorithm of the sources once, and each is found by its name")
  func list() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Collectives/Algorithms")
    let sources = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map {
      try String(contentsOf: $0, encoding: .utf8)
    }
    let conforming = sources.flatMap { $0.matches(of: /enum (\w+): CollectiveAlgorithm\b/).map { String($0.1) } }
    #expect(CollectiveAlgorithms.all.map { "\($0)" }.sorted() == conforming.sorted() && conforming.count >= 23)
    #expect(Set(CollectiveAlgorithms.all.map { $0.name }).count == CollectiveAlgorithms.all.count)
    for algorithm in CollectiveAlgorithms.all {
      #expect(CollectiveAlgorithms.named(algorithm.name) == algorithm)
    }
    #expect(CollectiveAlgorithms.named("quantum") == nil)
  }

  struct Row: Sendable {
    var algorithm: String
    var collective = Collective.allReduce
    var ranks = [8]
    var messages: @Sendable (Double) -> Double
    var volume: @Sendable (Double) -> Double
  }

  /// The logarithm rounded up.
  static let log2 = { @Sendable (n: Double) in Double(Int.bitWidth - (Int(n) - 1).leadingZeroBitCount) }
  static let others = { @Sendable (n: Double) in (n - 1) / n }

  /// Messages in turn and bytes per rank of the textbook forms, inside one domain.
  static let table: [Row] = [
    Row(algorithm: "ring", ranks: [2, 7, 72], messages: { 2 * ($0 - 1) }, volume: { 2 * ($0 - 1) / $0 }),
    Row(
      algorithm: "ring", collective: .allGather, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: { ($0 - 1) / $0 }),
    Row(
      algorithm: "ring", collective: .reduceScatter, ranks: [3, 68], messages: { $0 - 1 }, volume: { ($0 - 1) / $0 }),
    Row(algorithm: "recursive-doubling", ranks: [2, 8, 1024], messages: log2, volume: log2),
    Row(algorithm: "halving-doubling", ranks: [2, 8, 1024], messages: { 2 * log2($0) }, volume: { 2 * ($0 - 1) / $0 }),
    Row(algorithm: "direct-one-shot", ranks: [2, 7, 72], messages: { _ in 1 }, volume: { $0 - 1 }),
    Row(algorithm: "direct-two-shot", ranks: [2, 7, 72], messages: { _ in 2 }, volume: { 2 * ($0 - 1) / $0 }),
    Row(algorithm: "direct", collective: .allGather, ranks: [7], messages: { _ in 1 }, volume: { ($0 - 1) / $0 }),
    Row(algorithm: "direct", collective: .reduceScatter, ranks: [7], messages: { _ in 1 }, volume: { ($0 - 1) / $0 }),
    Row(algorithm: "tree", ranks: [3, 7, 72], messages: { 2 * ($0 - 1) }, volume: { _ in 2 }),
    Row(algorithm: "tree", ranks: [2], messages: { _ in 2 }, volume: { _ in 1 }),
    Row(algorithm: "nvls", ranks: [2, 8, 72], messages: { _ in 2 }, volume: { 1 + 1 / $0 }),
    Row(algorithm: "nvls", collective: .allGather, ranks: [8, 72], messages: { _ in 1 }, volume: { _ in 1 }),
    Row(algorithm: "nvls", collective: .reduceScatter, ranks: [8, 72], messages: { _ in 1 }, volume: { _ in 1 }),
    Row(
      algorithm: "pairwise", collective: .allToAll, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: { ($0 - 1) / $0 }),
    // Seven ranks: four and three that hand in and out the whole message.
    Row(algorithm: "recursive-doubling", ranks: [5, 6, 7], messages: { _ in 2 + 2 }, volume: { _ in 2 + 2 }),
    Row(
      algorithm: "halving-doubling", ranks: [5, 6, 7], messages: { _ in 2 * 2 + 2 }, volume: { _ in 2 * 3.0 / 4 + 2 }),
    Row(algorithm: "halving-doubling", collective: .allGather, ranks: [2, 64], messages: log2, volume: others),
    Row(algorithm: "halving-doubling", collective: .reduceScatter, ranks: [2, 64], messages: log2, volume: others),
    Row(algorithm: "chain", ranks: [3, 7, 72], messages: { 2 * ($0 - 1) }, volume: { _ in 2 }),
    Row(algorithm: "binomial-tree", ranks: [2, 7, 72], messages: { 2 * log2($0) }, volume: { 2 * log2($0) }),
    Row(algorithm: "bruck", collective: .allGather, ranks: [2, 7, 72, 80], messages: log2, volume: others),
    Row(algorithm: "bruck", collective: .reduceScatter, ranks: [2, 7, 72, 80], messages: log2, volume: others),
    Row(algorithm: "bruck", collective: .allToAll, ranks: [2, 8, 64], messages: log2, volume: { log2($0) / 2 }),
    Row(algorithm: "pat", collective: .allGather, ranks: [2, 7, 72, 80], messages: log2, volume: others),
    Row(algorithm: "pat", collective: .reduceScatter, ranks: [2, 7, 72, 80], messages: log2, volume: others),
    Row(algorithm: "ring", collective: .broadcast, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: { _ in 1 }),
    Row(algorithm: "ring", collective: .reduce, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: { _ in 1 }),
    Row(algorithm: "chain", collective: .broadcast, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: { _ in 1 }),
    Row(algorithm: "binomial-tree", collective: .broadcast, ranks: [2, 7, 72], messages: log2, volume: log2),
    Row(algorithm: "binomial-tree", collective: .reduce, ranks: [2, 7, 72], messages: log2, volume: log2),
    Row(algorithm: "binomial-tree", collective: .scatter, ranks: [2, 7, 72], messages: log2, volume: others),
    Row(algorithm: "binomial-tree", collective: .gather, ranks: [2, 7, 72], messages: log2, volume: others),
    Row(
      algorithm: "scatter-all-gather", collective: .broadcast, ranks: [2, 7, 72], messages: { log2($0) + $0 - 1 },
      volume: { 2 * others($0) }),
    Row(
      algorithm: "double-binary-tree", collective: .broadcast, ranks: [3, 7, 72], messages: { 1 + log2($0 - 1) },
      volume: { _ in 1 }),
    Row(algorithm: "linear", collective: .scatter, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: others),
    Row(algorithm: "linear", collective: .broadcast, ranks: [2, 7, 72], messages: { $0 - 1 }, volume: { $0 - 1 }),
    Row(
      algorithm: "neighbours", collective: .sendReceive, ranks: [2, 7, 72], messages: { _ in 1 }, volume: { _ in 1 }),
    Row(algorithm: "nvls", collective: .broadcast, ranks: [8, 72], messages: { _ in 1 }, volume: { _ in 1 }),
    Row(algorithm: "nvls", collective: .reduce, ranks: [8, 72], messages: { _ in 1 }, volume: { _ in 1 }),
  ]

  @Test("Messages in turn and bytes per rank are those of the literature", arguments: table)
  func literature(_ row: Row) throws {
    for n in row.ranks {
      let schedule = try schedule(row.algorithm, row.collective, on: Ladders.flat(n))
      #expect(schedule.hopCount == row.messages(Double(n)), "\(row.algorithm) on \(n)")
      let volume = schedule.traffic.values.reduce(0, +)
      #expect(abs(volume - row.volume(Double(n))) < 1e-12 * volume, "\(row.algorithm) on \(n)")
    }
  }

  /// Eight domains of 72 ranks in boards of four, two domains to a leaf.
  private let racks = Ladders.nested(576, sizes: [(.board, 4), (.rack, 72), (.leaf, 144)], scaleUp: 1)

  @Test("A ring over racks enters and leaves each group once per pass")
  func ringOverRacks() throws {
    let schedule = try schedule("ring", .allReduce, on: racks)
    let share = 2 * 575.0 / 576
    for (level, size) in [(-1, 1.0), (0, 4), (1, 72), (2, 144)] {
      #expect(abs(schedule.volumeLeaving(level: level) - share / size) < 1e-12)
    }
    let hops = Dictionary(
      schedule.phases.flatMap(\.latency).map { ($0.traffic, $0.count) }, uniquingKeysWith: +)
    #expect(
      hops == [
        .peers(level: 3, aligned: true): 8, .peers(level: 2, aligned: true): 8, .peers(level: 1, aligned: false): 272,
        .peers(level: 0, aligned: false): 862,
      ])
  }

  @Test("Trees between racks send twice the message out of the busiest rack, over all its rails")
  func treeOverRacks() throws {
    for algorithm in ["tree", "nvls-tree"] {
      let schedule = try schedule(algorithm, .allReduce, on: racks)
      #expect(abs(schedule.volumeLeaving(level: 1) - 2.0 / 72) < 1e-12)
      #expect(schedule.isPipelined)
      let between = schedule.phases[1].latency.reduce(0) { $0 + $1.count }
      #expect(between == 6)
    }
  }

  @Test(
    "The busiest domain of a tree sends over as many edges as it has in both trees", arguments: [2, 3, 4, 5, 13_824])
  func treeDegree(_ domains: Int) throws {
    let ladder = Ladders.nested(domains * 72, sizes: [(.board, 72)])
    let schedule = try schedule("tree", .allReduce, on: ladder)
    #expect(abs(schedule.volumeLeaving(level: 0) * 72 - Double(min(4, domains)) / 2) < 1e-12)
  }

  @Test("The hierarchical form sends each rank's shard between racks, the plain ring's messages only per tier")
  func hierarchical() throws {
    let schedule = try schedule("hierarchical", .allReduce, on: racks)
    #expect(schedule.phases.count == 4 && schedule.hopCount == 2 * 71 + 2 * 7)
    #expect(abs(schedule.volumeLeaving(level: 1) - 2 * 7.0 / 8 / 72) < 1e-12)
    #expect(abs(schedule.volumeLeaving(level: -1) - 2 * (71.0 / 72 + 7.0 / 8 / 72)) < 1e-12)
    let perTier = try self.schedule("hierarchical-per-tier", .allReduce, on: racks)
    #expect(perTier.hopCount == 2 * (3 + 17 + 1 + 3))
    #expect(abs(perTier.volumeLeaving(level: -1) - 2 * 575.0 / 576) < 1e-12)
  }

  @Test("The relayed all-to-all sends one message per rail and domain; the direct one one per peer")
  func peers() throws {
    let direct = try schedule("pairwise", .allToAll, on: racks)
    #expect(direct.phases.map(\.peersPerRank) == [.init(insideDomain: 71, outsideDomain: 504)])
    let relayed = try schedule("pairwise-relayed", .allToAll, on: racks)
    #expect(
      relayed.phases.map(\.peersPerRank) == [
        .init(insideDomain: 71, outsideDomain: 0), .init(insideDomain: 0, outsideDomain: 7),
      ])
    #expect(abs(relayed.volumeLeaving(level: 1) - 504.0 / 576) < 1e-12)
    #expect(abs(relayed.volumeLeaving(level: -1) - (71.0 / 72 + 504.0 / 576)) < 1e-12)
  }

  @Test("A rank that stands alone relays for nobody but itself, and has a message for every rank elsewhere")
  func unevenRelays() throws {
    let ladder = Ladders.nested(145, sizes: [(.rack, 72)])
    let relayed = try schedule("pairwise-relayed", .allToAll, on: ladder)
    #expect(abs(relayed.volumeLeaving(level: 0) - 144.0 / 145) < 1e-12)
    #expect(relayed.phases.map(\.peersPerRank?.outsideDomain) == [0, 144])
    // The first rank of a rack takes its parts, those of its counterpart and those of the lone rank from 71 others.
    let inside = try #require(relayed.phases[0].rankTraffic[.peers(level: 0, aligned: false)])
    #expect(abs(inside - 71 * 3.0 / 145) < 1e-12)
  }

  @Test(
    "Over several domains switches hand the message to each rank once, and each rail carries its share once",
    arguments: [Collective.broadcast, .reduce])
  func rooted(_ collective: Collective) throws {
    let inDomains = try schedule("nvls-hierarchical", collective, on: racks)
    #expect(inDomains.traffic[.inSwitch] == 1 && inDomains.hopCount == 2 + 7)
    #expect(abs(inDomains.volumeLeaving(level: 1) - 1.0 / 72) < 1e-12)
    let inNetwork = try schedule("sharp", collective, on: racks)
    #expect(abs(inNetwork.volumeLeaving(level: 1) - 1.0 / 72) < 1e-12)
    #expect(inNetwork.phases.map(\.hopCount) == [71, 2, 71])
    #expect(inNetwork.hopCount < (try schedule("hierarchical", collective, on: racks).hopCount))
  }

  @Test(
    "Any number of ranks has a schedule for each collective, and whoever refuses says why",
    arguments: [2, 3, 7, 68, 72, 73, 80, 144, 995_328, 995_329, 1 << 40])
  func anyRankCount(_ n: Int) {
    let ladder = Ladders.nested(
      n, sizes: [(.board, 4), (.rack, 72), (.leaf, 72 * 8), (.spine, 72 * 256), (.core(1), 72 * 4096)], scaleUp: 1)
    for collective in Collective.allCases {
      let (schedules, refusals) = CollectiveAlgorithms.schedules(for: collective, on: ladder, capabilities: capable)
      let plain: Set = ["ring", "pairwise", "linear", "neighbours"]
      #expect(schedules.contains { plain.contains($0.algorithm) })
      for schedule in schedules {
        #expect(schedule.hopCount >= 1 && schedule.traffic.values.allSatisfy { $0 > 0 && $0.isFinite })
      }
      #expect(refusals.allSatisfy { $0.reason.hasSuffix(".") && $0.reason.count > 20 })
      let known = CollectiveAlgorithms.all.filter { $0.collectives.contains(collective) }.map { $0.name }
      #expect(Set(schedules.map(\.algorithm) + refusals.map(\.algorithm)) == Set(known))
    }
  }

  @Test("A single rank has nothing to send")
  func oneRank() throws {
    for ladder in [Ladders.flat(1), TierLadder(ranks: 1, levels: [], scaleUpLevel: nil)] {
      for collective in Collective.allCases {
        let schedules = Ladders.schedules(collective, on: ladder)
        #expect(!schedules.isEmpty)
        for schedule in schedules {
          #expect(schedule.phases.isEmpty)
          #expect(try schedule.expansion().steps.isEmpty)
          #expect(schedule.explanation == ["\(collective) by '\(schedule.algorithm)' on 1 rank: nothing to send"])
        }
      }
    }
  }

  @Test("Refusals name their reason")
  func refusals() throws {
    let uneven = Ladders.nested(80, sizes: [(.rack, 72)])
    #expect(try reason("ring", .allToAll, on: racks).contains("not all-to-all"))
    #expect(try reason("nvls", .allReduce, on: racks).contains("8 scale-up domains"))
    #expect(try reason("nvls-tree", .allReduce, on: uneven).contains("different numbers"))
    #expect(try reason("nvls-tree", .allReduce, on: Ladders.flat(72)).contains("'nvls'"))
    #expect(try reason("nvls", .allReduce, on: Ladders.flat(1)).contains("one rank"))
    #expect(try reason("hierarchical", .allReduce, on: uneven).contains("different numbers"))
    #expect(try reason("hierarchical", .allReduce, on: Ladders.flat(72)).contains("one domain"))
    #expect(try reason("pairwise-relayed", .allToAll, on: Ladders.flat(72)).contains("one domain"))
    #expect(try reason("hierarchical-per-tier", .allToAll, on: uneven).contains("differ in size"))
    #expect(try reason("halving-doubling", .allGather, on: Ladders.flat(72)).contains("power of two"))
    #expect(try reason("sharp", .allReduce, on: Ladders.flat(72)).contains("one domain"))
    #expect(throws: AlgorithmError.notApplicable(reason: "The switches of the network do not reduce.")) {
      try SHARP.schedule(for: .allReduce, on: racks, capabilities: FabricCapabilities(inSwitchReduction: true))
    }
    #expect(try reason("hierarchical-per-tier", .allReduce, on: Ladders.flat(72)).contains("'ring'"))
    #expect(throws: AlgorithmError.self) {
      try NVLS.schedule(for: .allReduce, on: Ladders.flat(72), capabilities: FabricCapabilities())
    }
  }

  @Test("Ladders that do not add up are refused, not believed")
  func brokenLadders() {
    let huge = TierLadder.Run(size: .max, count: .max)
    let broken: [TierLadder] = [
      TierLadder(ranks: 8, levels: [], scaleUpLevel: nil),
      TierLadder(ranks: 8, levels: [.init(tier: .board, groups: [.init(size: 4, count: 2)])], scaleUpLevel: 0),
      TierLadder(ranks: 8, levels: [.init(tier: .board, groups: [.init(size: 7, count: 1)])], scaleUpLevel: 5),
      TierLadder(ranks: 8, levels: [.init(tier: .board, groups: [huge])], scaleUpLevel: 0),
      TierLadder(
        ranks: 8,
        levels: [.init(tier: .board, groups: [huge, huge]), .init(tier: .rack, groups: [.init(size: 8, count: 1)])],
        scaleUpLevel: 0),
      TierLadder(ranks: -3, levels: [], scaleUpLevel: nil),
      TierLadder(ranks: 0, levels: [.init(tier: .board, groups: [])], scaleUpLevel: 0),
    ]
    for ladder in broken {
      for collective in Collective.allCases {
        let (schedules, refusals) = CollectiveAlgorithms.schedules(for: collective, on: ladder, capabilities: capable)
        #expect(schedules.isEmpty && !refusals.isEmpty)
      }
    }
  }

  @Test("Messages are listed for up to 1,024 ranks")
  func expansionLimit() throws {
    let large = try schedule("ring", .allReduce, on: Ladders.flat(1025))
    #expect(throws: AlgorithmError.tooManyRanks(1025, limit: 1024)) { try large.expansion() }
  }

  @Test("Steps given once for several are those of the whole list, for every algorithm that gives them")
  func distinctSteps() throws {
    var known = 0
    for ranks in [1, 2, 3, 8, 13] {
      for algorithm in CollectiveAlgorithms.all {
        for collective in algorithm.collectives {
          let schedules = CollectiveAlgorithms.schedules(
            for: collective, on: Ladders.flat(ranks), capabilities: FabricCapabilities())
          guard let schedule = schedules.schedules.first(where: { $0.algorithm == algorithm.name }),
            let distinct = try algorithm.distinctSteps(of: collective, on: schedule.ladder)
          else { continue }
          known += 1
          let all = try schedule.expansion()
          func key(_ step: ScheduleExpansion.Step, _ share: Double) -> [String] {
            step.transfers.map { "\($0.from) \($0.to) \(Double($0.chunks.count) * share) \($0.effect)" }.sorted()
          }
          var counts: [[String]: Int] = [:]
          for step in all.steps { counts[key(step, all.chunkShare), default: 0] += 1 }
          for repeated in distinct.steps {
            counts[key(repeated.step, distinct.chunkShare), default: 0] -= repeated.count
          }
          #expect(counts.values.allSatisfy { $0 == 0 })
        }
      }
    }
    #expect(known > 0)
    #expect(throws: AlgorithmError.tooManyRanks(9, limit: 8)) {
      try schedule("ring", .allReduce, on: Ladders.flat(9)).distinctSteps(limit: 8)
    }
  }

  @Test("A schedule explains itself")
  func explanation() throws {
    let ladder = Ladders.nested(16, sizes: [(.board, 8)])
    #expect(
      try schedule("nvls-tree", .allReduce, on: ladder).explanation == [
        "all-reduce by 'nvls-tree' on 16 ranks, phases overlapping in chunks:",
        "  1. reduction and multicast in the switch: Each rank has the switch sum its share over all ranks, and sends "
          + "the result through it to all.",
        "     in turn: 2 through the domain's switches",
        "     at most 1.13 × the message per rank through the domain's switches",
        "  2. trees between domains: Halves of the message go up and down two binary trees over 2 domains (board), "
          + "from each rank to its counterpart on the same rail.",
        "     in turn: 2 across the spine, on the same rail",
        "     at most 0.125 × the message per rank across the spine, on the same rail",
      ])
    let messages = try schedule("ring", .reduceScatter, on: Ladders.flat(2)).expansion().description
    #expect(messages == "step 1\n  rank 0 → rank 1: chunk 1, reduce\n  rank 1 → rank 0: chunk 0, reduce")
  }
}
