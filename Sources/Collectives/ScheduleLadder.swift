package import ClusterModel

// What schedules read off a ladder. Level -1 stands for the single rank.
extension TierLadder {
  /// The level of the domains that algorithms treat as one node: the scale-up domain; without one, the board (its
  /// accelerators share a host); without either, the single rank.
  var domainLevel: Int {
    if let scaleUpLevel, levels.indices.contains(scaleUpLevel) { return scaleUpLevel }
    return levels.first.map { $0.tier <= .board } == true ? 0 : -1
  }

  var topLevel: Int { levels.count - 1 }

  func groups(of level: Int) -> [Run] { level < 0 ? [Run(size: 1, count: ranks)] : levels[level].groups }
  func groupCount(_ level: Int) -> Int { level < 0 ? ranks : levels[level].groupCount }
  func smallestSize(_ level: Int) -> Int { level < 0 ? 1 : max(1, levels[level].smallestSize) }
  func largestSize(_ level: Int) -> Int { level < 0 ? 1 : levels[level].largestSize }
  func uniformSize(_ level: Int) -> Int? { level < 0 ? 1 : levels[level].uniformSize }

  /// The size of the group that rank 0, the root, is in.
  func rootSize(_ level: Int) -> Int { groups(of: level).first?.size ?? 1 }

  /// The largest value of something that depends on which consecutive ranks a group of a level holds.
  ///
  /// Of more than 1,024 alike groups in a row, the first and the last 64 stand for all: what rounds of messages at
  /// power-of-two distances send over a border repeats, and the exceptions are at the ends.
  func largest(_ level: Int, _ value: (Range<Int>) -> Double) -> Double {
    var most = 0.0
    var start = 0
    for run in groups(of: level) {
      let parts = run.count <= 1024 ? [0..<run.count] : [0..<64, (run.count - 64)..<run.count]
      for index in parts.joined() {
        most = max(most, value((start + index * run.size)..<(start + (index + 1) * run.size)))
      }
      start += run.count * run.size
    }
    return most
  }

  /// The group of a level that holds a rank, as the range of its ranks.
  package func group(of rank: Int, at level: Int) -> Range<Int> {
    var start = 0
    for run in groups(of: level) where run.size > 0 {
      let end = start + run.count * run.size
      if rank < end {
        let first = start + (rank - start) / run.size * run.size
        return first..<(first + run.size)
      }
      start = end
    }
    return rank..<(rank + 1)
  }

  /// Turns what leaves or enters the busiest group of each level into classes, per rank of that group.
  /// - Parameter bytes: What passes between the ranks of a group and the others, per byte of S.
  func traffic(
    crossing bytes: (Range<Int>) -> Double, class classOf: (Int) -> TrafficClass
  ) -> [TrafficClass: Double] {
    traffic(
      leaving: { level in groupCount(level) > 1 ? largest(level) { bytes($0) / Double($0.count) } : 0 }, class: classOf)
  }

  /// The tier's name of a level, for reasons and summaries.
  func name(of level: Int) -> String { level < 0 ? "device" : levels[level].tier.description }

  /// The class of messages between ranks whose smallest common group is of a level.
  ///
  /// Channels are laid so that they leave and enter domains on the same rail.
  func railAligned(_ level: Int) -> TrafficClass { .peers(level: level, aligned: level > domainLevel) }

  /// The class of messages to any rank whose smallest common group with the sender is of a level.
  func unaligned(_ level: Int) -> TrafficClass { .peers(level: level, aligned: false) }

  /// One message to the farthest ranks there are.
  func farthestHop() -> [Schedule.Hop] { hops(leaving: { groupCount($0) > 1 ? 1 : 0 }, class: unaligned) }

  /// Messages to every other rank.
  var everyPeer: Schedule.PeerCount {
    Schedule.PeerCount(
      insideDomain: largestSize(domainLevel) - 1, outsideDomain: ranks - smallestSize(domainLevel))
  }

  /// What the busiest ranks send when every rank sends a part of S to every other: inside a domain one of the largest
  /// domain, outside one of the smallest.
  func everyPeerTraffic(part: Double) -> [TrafficClass: Double] {
    let domain = domainLevel
    var result: [TrafficClass: Double] = [:]
    for level in levels.indices {
      let peers =
        level <= domain
        ? largestSize(level) - largestSize(level - 1)
        : smallestSize(level) - smallestSize(level - 1)
      if peers > 0 { result[unaligned(level)] = Double(peers) * part }
    }
    return result
  }

  /// Refuses ladders whose groups do not add up, so that no later arithmetic needs to doubt them.
  func validate() throws(AlgorithmError) {
    guard ranks >= 1 else { throw .notApplicable(reason: "There are no ranks.") }
    guard ranks > 1 else { return }
    guard let last = levels.last, last.groupCount == 1 else {
      throw .notApplicable(reason: "The tiers do not join all \(ranks) ranks in one group.")
    }
    for level in levels {
      var sum = 0
      for run in level.groups {
        let (product, overflowed) = run.size.multipliedReportingOverflow(by: run.count)
        let (next, carried) = sum.addingReportingOverflow(product)
        guard run.size > 0, run.count > 0, !overflowed, !carried else {
          throw .notApplicable(reason: "The groups of tier '\(level.tier)' are not counted properly.")
        }
        sum = next
      }
      guard sum == ranks else {
        throw .notApplicable(reason: "The groups of tier '\(level.tier)' hold \(sum) ranks, not \(ranks).")
      }
    }
  }

  /// The groups of an outer level by how many groups of an inner level they hold, in rank order.
  struct Nesting: Hashable {
    var outerSize: Int
    var innerGroups: Int
    var count: Int
  }

  /// How the groups of one level divide into those of a level further in.
  /// - Complexity: O(runs of both levels).
  func nesting(of inner: Int, in outer: Int) -> [Nesting] {
    var result: [Nesting] = []
    var pending = Array(groups(of: inner).reversed())
    for run in groups(of: outer) {
      var left = run.count
      while left > 0, let next = pending.last {
        if next.size > 0, run.size % next.size == 0, next.count >= run.size / next.size {
          let each = run.size / next.size
          let whole = min(left, next.count / each)
          result.append(Nesting(outerSize: run.size, innerGroups: each, count: whole))
          pending[pending.count - 1].count -= whole * each
          if pending[pending.count - 1].count == 0 { pending.removeLast() }
          left -= whole
          continue
        }
        var covered = 0
        var groups = 0
        while covered < run.size, let next = pending.last {
          let taken = max(1, min(next.count, (run.size - covered) / max(1, next.size)))
          covered += taken * next.size
          groups += taken
          pending[pending.count - 1].count -= taken
          if pending[pending.count - 1].count <= 0 { pending.removeLast() }
        }
        result.append(Nesting(outerSize: run.size, innerGroups: groups, count: 1))
        left -= 1
      }
    }
    return result
  }

  /// The largest number of groups of one level in a group of a level further out.
  func mostGroups(of inner: Int, in outer: Int) -> Int { nesting(of: inner, in: outer).map(\.innerGroups).max() ?? 0 }

  /// Turns what leaves the busiest group of each level, per rank of the group, into classes of traffic.
  /// - Parameter leaving: Bytes per rank and byte of S for level -1 and every level below the top; it never grows
  ///   with the level, because what leaves a group leaves one of its parts.
  func traffic(
    leaving: (Int) -> Double, class classOf: (Int) -> TrafficClass
  ) -> [TrafficClass: Double] {
    var result: [TrafficClass: Double] = [:]
    var outer = 0.0
    for level in levels.indices.reversed() {
      let inner = max(outer, leaving(level - 1))
      if inner > outer { result[classOf(level), default: 0] += inner - outer }
      outer = inner
    }
    return result
  }

  /// Turns how many messages of the critical path leave groups of each level into hops, outermost first.
  /// - Parameter leaving: For level -1 (all messages) and every level below the top.
  func hops(leaving: (Int) -> Double, class classOf: (Int) -> TrafficClass) -> [Schedule.Hop] {
    Schedule.ordered(traffic(leaving: leaving, class: classOf)).map { Schedule.Hop($0.traffic, count: $0.volume) }
  }
}
