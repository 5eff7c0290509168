import ClusterModel
import Collectives

/// What the classes of traffic lay on ranks of groups of different sizes.
///
/// A class gives every rank one byte to send, but between a large group and a small one both send the smaller of their
/// even shares. Ranks of the large group then send less than a byte of the outer class, and what they send to the
/// groups beside them must not be taken for a part of it.
struct UnevenGroups {
  /// The most innermost groups that are looked at one by one.
  private static let mostGroups = 100_000

  /// By kind of rank: the bytes of one unit of each level's class that it sends.
  private let sent: Set<[Double]>
  private let ladder: TierLadder

  /// - Returns: nil where the groups of every level are of one size, and where they are too many.
  init?(_ ladder: TierLadder) {
    guard ladder.levels.contains(where: { $0.uniformSize == nil }),
      let inner = ladder.levels.first?.groupCount, inner <= UnevenGroups.mostGroups
    else { return nil }
    self.ladder = ladder
    let starts = ladder.levels.map { level -> [Int] in
      var starts = [0]
      for run in level.groups { for _ in 0..<run.count { starts.append((starts.last ?? 0) + run.size) } }
      return starts
    }
    // Level by level, what a rank of each innermost group sends.
    var vectors = [[Double]](repeating: [], count: inner)
    for level in ladder.levels.indices {
      let parts = level == 0 ? nil : starts[level - 1]
      for (first, end) in zip(starts[level], starts[level].dropFirst()) {
        let shares = UnevenGroups.shares(of: first..<end, parts: parts)
        for group in UnevenGroups.groups(starts[0], first..<end) {
          let size = parts.map { UnevenGroups.size(at: starts[0][group], in: $0) } ?? 1
          vectors[group].append(shares[size] ?? 0)
        }
      }
    }
    sent = Set(vectors)
  }

  /// By size of an inner group: what its ranks send to the others of an outer group.
  private static func shares(of outer: Range<Int>, parts: [Int]?) -> [Int: Double] {
    guard let parts else { return [1: outer.count > 1 ? 1 : 0] }
    var counts: [Int: Int] = [:]
    for group in groups(parts, outer) { counts[parts[group + 1] - parts[group], default: 0] += 1 }
    return Dictionary(
      uniqueKeysWithValues: counts.keys.map { own in
        let share = counts.reduce(0.0) { sum, other in
          let others = other.value - (other.key == own ? 1 : 0)
          guard others > 0 else { return sum }
          return sum + Double(others * other.key) / Double(outer.count - min(own, other.key))
        }
        return (own, share)
      })
  }

  /// The groups that lie in a range of ranks.
  private static func groups(_ starts: [Int], _ ranks: Range<Int>) -> Range<Int> {
    place(of: ranks.lowerBound, in: starts)..<(place(of: ranks.upperBound - 1, in: starts) + 1)
  }

  private static func size(at rank: Int, in starts: [Int]) -> Int {
    let group = place(of: rank, in: starts)
    return starts[group + 1] - starts[group]
  }

  /// The group that holds a rank, by bisection.
  private static func place(of rank: Int, in starts: [Int]) -> Int {
    var (low, high) = (0, starts.count - 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= rank { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The least volumes that lay on some kind of rank what leaves the busiest group of each level.
  /// - Parameter traffic: What leaves the busiest groups, by class as schedules give it.
  func laying(_ traffic: [TrafficClass: Double]) -> [TrafficClass: Double] {
    var byLevel = [Double](repeating: 0, count: ladder.levels.count)
    var isAligned = false
    for case (.peers(let level, let aligned), let volume) in traffic {
      byLevel[level] += volume
      if aligned { isAligned = true }
    }
    var result = traffic
    var leaving = 0.0
    var laid = [Double](repeating: 0, count: byLevel.count)
    for level in byLevel.indices.reversed() {
      leaving += byLevel[level]
      // The kind of rank that reaches the busiest group's bytes first; the others then send less.
      let needed =
        sent.filter { $0[level] > 0 }.map { kind in
          let outer = (level + 1..<max(level + 1, byLevel.count)).reduce(0) { $0 + laid[$1] * kind[$1] }
          return (leaving - outer) / kind[level]
        }.min() ?? 0
      laid[level] = max(byLevel[level], needed)
      let more = laid[level] - byLevel[level]
      guard more > leaving * 1e-12 else { continue }
      let classes = [true, false].map { TrafficClass.peers(level: level, aligned: $0) }.filter { traffic[$0] != nil }
      if classes.isEmpty {
        result[.peers(level: level, aligned: isAligned && level > (ladder.scaleUpLevel ?? -1)), default: 0] += more
      }
      for kind in classes { result[kind, default: 0] += more * (traffic[kind] ?? 0) / byLevel[level] }
    }
    return result
  }
}
