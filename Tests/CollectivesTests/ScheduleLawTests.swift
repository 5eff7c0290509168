import ClusterModel
import Collectives
import Testing

@Suite("Laws of schedules")
struct ScheduleLawTests {
  @Test("Every expanded schedule gives each rank what the collective promises", arguments: Collective.allCases)
  func replayed(_ collective: Collective) throws {
    var seen: Set<String> = []
    for ladder in Ladders.small + Ladders.uneven + (41...80).map({ Ladders.flat($0) }) + Ladders.tori {
      for schedule in Ladders.schedules(collective, on: ladder) {
        seen.insert(schedule.algorithm)
        let replay = try Replay(schedule.expansion(), collective: collective, ranks: ladder.ranks)
        #expect(replay.isComplete(collective: collective), "\(schedule.algorithm) on \(ladder)")
      }
    }
    let known = CollectiveAlgorithms.all.filter { $0.collectives.contains(collective) }.map { $0.name }
    #expect(seen == Set(known))
  }

  @Test(
    "A phase's traffic is what counting its messages across each border gives, however uneven the groups are",
    arguments: Collective.allCases)
  func countedTraffic(_ collective: Collective) throws {
    for ladder in Ladders.small + Ladders.uneven {
      for schedule in Ladders.schedules(collective, on: ladder) {
        let expansion = try schedule.expansion()
        #expect(Set(expansion.steps.map(\.phase)) == Set(schedule.phases.indices))
        for (place, phase) in schedule.phases.enumerated() {
          let counted = Crossings(expansion.steps.filter { $0.phase == place }, of: expansion, on: ladder)
          for level in -1..<(ladder.levels.count - 1) {
            let (claimed, actual) = (phase.volumeLeaving(level: level), counted.busiest(level: level))
            #expect(isClose(claimed, actual), "\(schedule.algorithm), '\(phase.name)', level \(level) of \(ladder)")
          }
          let inSwitch = phase.traffic[.inSwitch] ?? 0
          #expect(isClose(inSwitch, counted.busiestInSwitch), "\(schedule.algorithm), '\(phase.name)' of \(ladder)")
          try expectRankTraffic(of: phase, in: schedule, counted)
        }
      }
    }
  }

  private func isClose(_ claimed: Double, _ actual: Double) -> Bool {
    abs(claimed - actual) < 1e-12 * max(1, actual)
  }

  /// What the busiest rank sends through its own links, inside and outside of its domain.
  ///
  /// Messages that are dealt over channels leave a group from all of its ranks.
  private func expectRankTraffic(of phase: Schedule.Phase, in schedule: Schedule, _ counted: Crossings) throws {
    guard try !#require(CollectiveAlgorithms.named(schedule.algorithm)).isDealtOverChannels else {
      #expect(phase.rankTraffic == phase.traffic || schedule.algorithm == "scatter-all-gather")
      return
    }
    let ladder = schedule.ladder
    let domain = ladder.scaleUpLevel ?? (ladder.levels[0].tier <= .board ? 0 : -1)
    for inside in [true, false] {
      let claimed = phase.rankTraffic.reduce(0.0) { sum, entry in
        if case .peers(let level, _) = entry.key, (level <= domain) == inside { sum + entry.value } else { sum }
      }
      #expect(
        isClose(claimed, counted.busiestRank(inside: inside)),
        "\(schedule.algorithm), '\(phase.name)', \(inside ? "inside" : "outside") of \(ladder)")
    }
  }

  @Test("Volumes are positive, phases have steps, and no group sends less than the collective needs")
  func lowerBounds() {
    for ladder in Ladders.small + Ladders.uneven {
      for collective in Collective.allCases {
        for schedule in Ladders.schedules(collective, on: ladder) {
          #expect(!schedule.phases.isEmpty && schedule.hopCount >= 1)
          for phase in schedule.phases {
            #expect(!phase.traffic.isEmpty && phase.traffic.values.allSatisfy { $0 > 0 && $0.isFinite })
            #expect(phase.repeats >= 1 && phase.latency.allSatisfy { $0.count > 0 })
          }
          for level in -1..<(ladder.levels.count - 1) {
            let inSwitch = level < (ladder.scaleUpLevel ?? -1) ? schedule.traffic[.inSwitch] : nil
            let sent = schedule.volumeLeaving(level: level) + (inSwitch ?? 0)
            // With reduction and multicast in switches a rank still sends, or receives, all of it once.
            let least =
              inSwitch != nil || schedule.algorithm == "sharp" && level < 0
              ? 1 : leastLeaving(collective, level: level, of: ladder) / (schedule.algorithm == "sharp" ? 2 : 1)
            #expect(sent > least - 1e-12, "\(schedule.algorithm), level \(level) of \(ladder): \(sent) < \(least)")
          }
        }
      }
    }
  }

  /// What must leave the busiest group of a level per rank, whatever the algorithm, where only ranks reduce.
  ///
  /// G groups that reduce among themselves at no cost are G ranks: all-reduce then sends 2(G-1) S in all, all-gather
  /// and reduce-scatter (G-1) S; the busiest group sends at least the mean. All-to-all sends what is for others.
  private func leastLeaving(_ collective: Collective, level: Int, of ladder: TierLadder) -> Double {
    let n = Double(ladder.ranks)
    let sizes = level < 0 ? [1] : ladder.levels[level].groups.map(\.size)
    let groups = Double(level < 0 ? ladder.ranks : ladder.levels[level].groupCount)
    let root = sizes.first.map(Double.init) ?? 1
    let smallest = sizes.min().map(Double.init) ?? 1
    return switch collective {
    case .allReduce: 2 * (groups - 1) / n
    case .allToAll: sizes.map { (n - Double($0)) / n }.max() ?? 0
    case .allGather, .reduceScatter: (groups - 1) / n
    case .broadcast, .reduce, .sendReceive: groups > 1 ? 1 / smallest : 0
    case .gather, .scatter: groups > 1 ? max((n - root) / n / root, 1 / n) : 0
    }
  }

  @Test("What leaves a group of a level never grows with the level")
  func monotone() {
    for ladder in Ladders.small + Ladders.uneven {
      for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: ladder) }) {
        for level in 0..<ladder.levels.count {
          #expect(schedule.volumeLeaving(level: level) <= schedule.volumeLeaving(level: level - 1))
        }
        #expect(schedule.volumeLeaving(level: ladder.levels.count - 1) == 0)
      }
    }
  }

  @Test("What leaves domains keeps to its rail where every message of the phase does, and nothing inside of them")
  func alignment() throws {
    let ladder = Ladders.nested(32, sizes: [(.board, 4), (.rack, 8), (.leaf, 16)], scaleUp: 1)
    for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: ladder) }) {
      let expansion = try schedule.expansion()
      let isDealt = try #require(CollectiveAlgorithms.named(schedule.algorithm)).isDealtOverChannels
      for (place, phase) in schedule.phases.enumerated() {
        let leaving = expansion.steps.filter { $0.phase == place }.flatMap(\.transfers).compactMap { transfer -> Int? in
          guard case (.rank(let from), .rank(let to)) = (transfer.from, transfer.to), from / 8 != to / 8 else {
            return nil
          }
          return to - from
        }
        let isAligned = leaving.allSatisfy { $0.isMultiple(of: 8) }
        for case .peers(let level, let aligned) in phase.traffic.keys {
          let isRight = isDealt && level > 1 ? aligned || !isAligned : aligned == (level > 1 && isAligned)
          #expect(isRight, "\(schedule.algorithm), '\(phase.name)'")
        }
      }
    }
  }

  @Test("Accelerators of one host without scale-up links are one domain, whose messages keep to no rail")
  func hostsWithoutScaleUpLinks() {
    for ladder in [8, 32].map({ Ladders.nested($0, sizes: [(.board, 8)], scaleUp: nil) }) {
      for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: ladder) }) {
        #expect(!schedule.traffic.keys.contains(.peers(level: 0, aligned: true)), "\(schedule.algorithm)")
        #expect(!schedule.usesInSwitchReduction)
      }
    }
  }

  @Test("The messages on the critical path are those of the expansion's steps")
  func steps() throws {
    // Exchanges with all peers at once take one step; a switch passes on what it is sent in the same message.
    for ladder in Ladders.small + Ladders.uneven {
      for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: ladder) }) {
        let expansion = try schedule.expansion()
        let viaSwitch = expansion.steps.filter { step in
          step.transfers.contains { if case .domainSwitch = $0.from { true } else { false } }
        }
        #expect(Double(expansion.steps.count - viaSwitch.count) == schedule.hopCount, "\(schedule.algorithm) \(ladder)")
      }
    }
  }
}
