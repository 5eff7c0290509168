import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing

/// How long the links take for every phase of every candidate, per byte of message.
///
/// Loads are linear in the message size, so one column per candidate and phase serves all sizes; all columns are one
/// product of the load operator.
struct LinkTimes {
  /// The slowest links of a candidate.
  struct Slowest {
    /// Seconds per byte of message: the slowest link's, or the sum over phases that do not overlap.
    let secondsPerByte: Double
    /// The row of the operator that contributes most; nil where no link carries anything.
    let row: Int?
    /// What that row contributes.
    let rowSecondsPerByte: Double
    /// Bytes over one of its links per byte of message.
    let bytesPerByte: Double
    /// The row with the second largest time on a link of another kind or tier, with its time.
    let runnerUp: (row: Int, secondsPerByte: Double)?
  }

  let slowest: [Slowest]

  /// Applies the operator to all candidates.
  /// - Parameters:
  ///   - entries: The candidates.
  ///   - load: The load operator, whose columns are `classes`.
  ///   - model: The cost model, which knows at what rate messages move.
  init(_ entries: [CandidateSet.Entry], operator load: LoadOperator, classes: [TrafficClass], model: CostModel) {
    let columnOf = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let phases = entries.flatMap { entry in entry.schedule.phases.map { (entry, $0) } }
    // Bytes as the library's efficiencies make them count, then bytes as they are.
    var demand = Matrix(rows: classes.count, columns: phases.count * 2)
    for (column, (entry, phase)) in phases.enumerated() {
      for (traffic, volume) in model.equivalentTraffic(of: phase, in: entry.schedule, using: entry.messageProtocol) {
        if let row = columnOf[traffic] { demand[row, column] = volume }
      }
      for (traffic, volume) in phase.traffic {
        if let row = columnOf[traffic] { demand[row, phases.count + column] = volume }
      }
    }
    let loads = load.loads(of: demand)
    let rates = load.rows.map {
      $0.link.bandwidth.bytesPerSecond * model.efficiency(of: $0.link.technology, tier: $0.tier)
    }
    var first = 0
    slowest = entries.map { entry in
      let columns = first..<(first + entry.schedule.phases.count)
      first = columns.upperBound
      return LinkTimes.slowest(
        columns, plainOffset: phases.count, isPipelined: entry.schedule.isPipelined, loads: loads, rates: rates,
        rows: load.rows)
    }
  }

  private static func slowest(
    _ columns: Range<Int>, plainOffset: Int, isPipelined: Bool, loads: Matrix, rates: [Double],
    rows: [LoadOperator.Row]
  ) -> Slowest {
    // Pipelined phases overlap: their loads add up on each link. Others follow one another: each has its own slowest.
    let groups = isPipelined ? [Array(columns)] : columns.map { [$0] }
    var total = 0.0
    var contribution = [Double](repeating: 0, count: rows.count)
    var times = [Double](repeating: 0, count: rows.count)
    var bytes = [Double](repeating: 0, count: rows.count)
    for group in groups {
      var worst = (row: -1, time: 0.0)
      for row in rows.indices {
        let time = group.reduce(0.0) { $0 + loads[row, $1] } / rates[row]
        times[row] += time
        bytes[row] += group.reduce(0.0) { $0 + loads[row, plainOffset + $1] }
        // A tie within rounding goes to the inner tier, which stands first.
        if time > worst.time * (1 + 1e-12) { worst = (row, time) }
      }
      guard worst.row >= 0 else { continue }
      total += worst.time
      contribution[worst.row] += worst.time
    }
    guard let row = rows.indices.max(by: { contribution[$0] < contribution[$1] }), contribution[row] > 0 else {
      return Slowest(secondsPerByte: 0, row: nil, rowSecondsPerByte: 0, bytesPerByte: 0, runnerUp: nil)
    }
    let others = rows.indices.filter {
      rows[$0].link.name != rows[row].link.name || rows[$0].tier != rows[row].tier
    }
    let second = others.max { times[$0] < times[$1] }.flatMap { times[$0] > 0 ? (row: $0, secondsPerByte: times[$0]) : nil }
    return Slowest(
      secondsPerByte: total, row: row, rowSecondsPerByte: contribution[row], bytesPerByte: bytes[row], runnerUp: second)
  }
}
