import ClusterModel
import Routing

/// The slowest links of one group of overlapping phases after another, reduced as they come.
struct SlowestLinks {
  private let rows: [LoadOperator.Row]
  private var total = 0.0
  private var contribution: [Double]
  /// By row: how long its links take in all.
  private(set) var times: [Double]
  private var bytes: [Double]
  /// By group: the time of each kind of link.
  private(set) var kinds: [[LinkTimes.Profile.Kind: Double]] = []

  init(rows: [LoadOperator.Row]) {
    self.rows = rows
    contribution = Array(repeating: 0, count: rows.count)
    times = contribution
    bytes = contribution
  }

  /// Takes the loads of a group, which follows itself some times.
  mutating func add(_ group: ExplicitTraffic.StepLoads, rates: [Double], kinds: LinkKinds) {
    let bytes = group.loads.map { $0 * Double(group.repeats) }
    let times = zip(bytes, rates).map { $0 / $1 }
    self.kinds.append(kinds.longest(times))
    for row in rows.indices { self.bytes[row] += bytes[row] }
    add(times: times)
  }

  /// Takes a group by row.
  mutating func add(times own: [Double]) {
    guard !rows.isEmpty else { return }
    var worst = (row: 0, time: 0.0)
    for row in rows.indices {
      let time = own[row]
      times[row] += time
      // A tie within rounding goes to the direction in which the rule is written, then to the inner tier.
      guard time >= worst.time * (1 - 1e-12) else { continue }
      let isTie = abs(time - worst.time) <= worst.time * 1e-12
      let isPreferred =
        (rows[row].forward ? 0 : 1, rows[row].tier) < (rows[worst.row].forward ? 0 : 1, rows[worst.row].tier)
      if isTie ? isPreferred : time > worst.time { worst = (row, time) }
    }
    total += worst.time
    contribution[worst.row] += worst.time
  }

  /// The slowest links of all groups, their times multiplied by a factor.
  func slowest(factor: Double) -> LinkTimes.Slowest { slowest(factor: factor) { bytes[$0] } }

  /// The same.
  /// - Parameter bytes: What the links of a row carry.
  func slowest(factor: Double, bytes: (Int) -> Double) -> LinkTimes.Slowest {
    guard let row = rows.indices.max(by: { contribution[$0] < contribution[$1] }), contribution[row] > 0 else {
      return LinkTimes.Slowest(secondsPerByte: 0, row: nil, rowSecondsPerByte: 0, bytesPerByte: 0, runnerUp: nil)
    }
    let others = rows.indices.filter { rows[$0].link.name != rows[row].link.name || rows[$0].tier != rows[row].tier }
    let second = others.max { times[$0] < times[$1] }
    return LinkTimes.Slowest(
      secondsPerByte: total * factor, row: row, rowSecondsPerByte: times[row] * factor, bytesPerByte: bytes(row),
      // Over steps that follow one another, a link that never is the slowest may be busy for longer in all.
      runnerUp: second.flatMap {
        times[$0] > 0 ? (row: $0, secondsPerByte: min(times[$0], times[row]) * factor) : nil
      })
  }
}
