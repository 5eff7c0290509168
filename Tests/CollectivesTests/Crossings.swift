import ClusterModel
import Collectives

/// What some steps of an expansion send, counted message by message.
struct Crossings {
  /// Per level from -1: for each group, bytes that leave it for other ranks or the network, per byte of S.
  private var leaving: [[Double]]
  /// Bytes that enter it.
  private var entering: [[Double]]
  /// By rank: bytes that it sends to, and receives from, others of its domain, and those outside.
  private var insideOut: [Double]
  private var insideIn: [Double]
  private var outsideOut: [Double]
  private var outsideIn: [Double]
  /// Bytes that each rank sends into, and receives from, switches of its domain.
  private var intoSwitch: [Double]
  private var fromSwitch: [Double]
  /// Per level from -1: the group of each rank.
  private let group: [[Int]]

  init(_ steps: [ScheduleExpansion.Step], of expansion: ScheduleExpansion, on ladder: TierLadder) {
    let groups =
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
    group = groups
    leaving = groups.map { [Double](repeating: 0, count: ($0.last ?? 0) + 1) }
    entering = leaving
    intoSwitch = [Double](repeating: 0, count: ladder.ranks)
    fromSwitch = intoSwitch
    let domain = groups[(ladder.scaleUpLevel ?? (ladder.levels[0].tier <= .board ? 0 : -1)) + 1]
    (insideOut, insideIn, outsideOut, outsideIn) = (intoSwitch, intoSwitch, intoSwitch, intoSwitch)
    // The switches of the network pass on one sum, or one copy, per group.
    var passedOn: Set<[Int]> = []
    for (number, step) in steps.enumerated() {
      for transfer in step.transfers {
        let bytes = Double(transfer.chunks.count) * expansion.chunkShare
        switch (transfer.from, transfer.to) {
        case (.rank(let from), .rank(let to)):
          for level in groups.indices where groups[level][from] != groups[level][to] {
            leaving[level][groups[level][from]] += bytes
            entering[level][groups[level][to]] += bytes
          }
          if domain[from] == domain[to] {
            insideOut[from] += bytes
            insideIn[to] += bytes
          } else {
            outsideOut[from] += bytes
            outsideIn[to] += bytes
          }
        case (.rank(let from), .domainSwitch): intoSwitch[from] += bytes
        case (.domainSwitch, .rank(let to)): fromSwitch[to] += bytes
        case (.rank(let rank), .networkSwitches), (.networkSwitches, .rank(let rank)):
          let isOut = transfer.to == .networkSwitches
          if isOut { outsideOut[rank] += bytes } else { outsideIn[rank] += bytes }
          for level in groups.indices where groups[level].last != 0 {
            for chunk in transfer.chunks
            where passedOn.insert([number, level, groups[level][rank], chunk]).inserted {
              if isOut {
                leaving[level][groups[level][rank]] += expansion.chunkShare
              } else {
                entering[level][groups[level][rank]] += expansion.chunkShare
              }
            }
          }
        default: break
        }
      }
    }
  }

  /// What leaves or enters the busiest group of a level, per rank of the group.
  func busiest(level: Int) -> Double {
    let groups = group[level + 1]
    var sizes = [Double](repeating: 0, count: leaving[level + 1].count)
    for group in groups { sizes[group] += 1 }
    return zip(zip(leaving[level + 1], entering[level + 1]).map { max($0, $1) }, sizes).map(/).max() ?? 0
  }

  /// What the busiest rank sends or receives inside of its domain, or outside.
  func busiestRank(inside: Bool) -> Double {
    (inside ? insideOut + insideIn : outsideOut + outsideIn).max() ?? 0
  }

  /// What passes between the busiest rank and its switches in the busier direction.
  var busiestInSwitch: Double { max(intoSwitch.max() ?? 0, fromSwitch.max() ?? 0) }
}
