import ClusterModel
import Collectives
import Testing

@Suite("Laws of schedules")
struct ScheduleLawTests {
  @Test("Every expanded schedule gives each rank what the collective promises", arguments: Collective.allCases)
  func replayed(_ collective: Collective) throws {
    var seen: Set<String> = []
    for ladder in Ladders.small + (41...80).map({ Ladders.flat($0) }) + Ladders.tori {
      for schedule in Ladders.schedules(collective, on: ladder) {
        seen.insert(schedule.algorithm)
        let replay = try Replay(schedule.expansion(), collective: collective, ranks: ladder.ranks)
        #expect(replay.isComplete(collective: collective), "\(schedule.algorithm) on \(ladder)")
      }
    }
    let known = CollectiveAlgorithms.all.filter { $0.collectives.contains(collective) }.map { $0.name }
    #expect(seen == Set(known))
  }

  /// Algorithms whose messages are dealt over several channels that the expansion does not list one by one.
  private func isSpread(_ schedule: Schedule) -> Bool {
    let algorithms: Set = ["ring", "chain", "tree", "hierarchical", "hierarchical-per-tier", "scatter-all-gather"]
    return algorithms.contains(schedule.algorithm)
  }

  @Test("A schedule's traffic is what counting its messages across each border gives", arguments: Collective.allCases)
  func countedTraffic(_ collective: Collective) throws {
    for ladder in Ladders.small {
      let isEven = ladder.levels.allSatisfy { $0.uniformSize != nil }
      for schedule in Ladders.schedules(collective, on: ladder) {
        let counted = Crossings(try schedule.expansion(), on: ladder)
        for level in -1..<(ladder.levels.count - 1) {
          // Phases have their busiest group each, so their sum may be more than that of any one group.
          let claimed = schedule.volumeLeaving(level: level)
          let actual = counted.busiest(level: level)
          let isBound =
            schedule.algorithm == "tree" ? !isEven && level < (ladder.scaleUpLevel ?? 0) : schedule.phases.count > 1
          let agrees = isBound ? claimed > actual - 1e-12 : abs(claimed - actual) < 1e-12 * max(1, actual)
          #expect(agrees, "\(schedule.algorithm), level \(level) of \(ladder): \(claimed), counted \(actual)")
        }
        let inSwitch = schedule.traffic[.inSwitch] ?? 0
        #expect(abs(inSwitch - counted.busiestInSwitch) < 1e-12)
        #expect((inSwitch > 0) == schedule.usesInSwitchReduction)
        if !isSpread(schedule) { expectRankTraffic(of: schedule, counted) }
      }
    }
  }

  /// What the busiest rank sends through its own links, inside and outside of its domain.
  private func expectRankTraffic(of schedule: Schedule, _ counted: Crossings) {
    let ladder = schedule.ladder
    let domain = ladder.scaleUpLevel ?? (ladder.levels[0].tier <= .board ? 0 : -1)
    for inside in [true, false] {
      let claimed = schedule.rankTraffic.reduce(0.0) { sum, entry in
        if case .peers(let level, _) = entry.key, (level <= domain) == inside { sum + entry.value } else { sum }
      }
      let actual = counted.busiestRank(inside: inside)
      let agrees = schedule.phases.count > 1 ? claimed > actual - 1e-12 : abs(claimed - actual) < 1e-12 * max(1, actual)
      #expect(
        agrees, "\(schedule.algorithm), \(inside ? "inside" : "outside") of \(ladder): \(claimed), counted \(actual)")
    }
  }

  @Test("Volumes are positive, phases have steps, and no group sends less than the collective needs")
  func lowerBounds() {
    for ladder in Ladders.small {
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
    for ladder in Ladders.small {
      for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: ladder) }) {
        for level in 0..<ladder.levels.count {
          #expect(schedule.volumeLeaving(level: level) <= schedule.volumeLeaving(level: level - 1))
        }
        #expect(schedule.volumeLeaving(level: ladder.levels.count - 1) == 0)
      }
    }
  }

  @Test("Outside of domains only exchanges at any distance leave their rail, inside of them nothing is bound to it")
  func alignment() {
    let ladder = Ladders.nested(32, sizes: [(.board, 4), (.rack, 8), (.leaf, 16)], scaleUp: 1)
    for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: ladder) }) {
      let atAnyDistance: Set = [
        "direct", "direct-one-shot", "direct-two-shot", "pairwise", "linear", "neighbours", "double-binary-tree",
        "bruck",
        "pat",
      ]
      for case .peers(let level, let aligned) in schedule.traffic.keys {
        let isRight = atAnyDistance.contains(schedule.algorithm) ? !aligned || level > 1 : aligned == (level > 1)
        #expect(isRight, "\(schedule.algorithm)")
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
    for ladder in Ladders.small {
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
