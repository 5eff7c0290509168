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
  /// The kinds of directed links that the rows of `slowest` are.
  let rows: [LoadOperator.Row]
  /// The graph whose cells the rows name.
  let topology: Topology

  /// The times of kinds of links, per byte of message, group by group of phases that overlap.
  struct Profile {
    /// A kind of link of one tier.
    struct Kind: Hashable {
      let link: String
      let tier: Tier
    }

    let groups: [[Kind: Double]]
  }

  /// A column of loads of one candidate and how often it follows itself.
  private struct Column {
    let index: Int
    let repeats: Double
  }

  /// By candidate: the columns of each group of phases that overlap.
  private let groups: [[[Column]]]
  private let loads: Matrix
  /// By row: what its links carry, efficiencies counted.
  private let rates: [Double]

  /// Applies the load operator of a blueprint's ranks to all candidates.
  /// - Parameters:
  ///   - entries: The candidates.
  ///   - traffic: The operator; its classes are those of the candidates.
  ///   - model: The cost model, which knows at what rate messages move.
  init(_ entries: [CandidateSet.Entry], traffic: RankTraffic, model: CostModel) {
    let rowOf = Dictionary(uniqueKeysWithValues: traffic.classes.enumerated().map { ($1, $0) })
    let phases = entries.flatMap { entry in entry.laid.phases.map { (entry, $0) } }
    // Bytes as the library's efficiencies make them count, then bytes as they are.
    var demand = Matrix(rows: traffic.classes.count, columns: phases.count * 2)
    for (column, (entry, phase)) in phases.enumerated() {
      for (kind, volume) in model.equivalentTraffic(of: phase, in: entry.schedule, using: entry.messageProtocol) {
        if let row = rowOf[kind] { demand[row, column] = volume }
      }
      for (kind, volume) in phase.traffic {
        if let row = rowOf[kind] { demand[row, phases.count + column] = volume }
      }
    }
    var columns: [[Column]] = []
    var first = 0
    for entry in entries {
      columns.append((first..<first + entry.schedule.phases.count).map { Column(index: $0, repeats: 1) })
      first += entry.schedule.phases.count
    }
    var loads = traffic.loads.loads(of: demand)
    // A link that many ranks share carries no more of one rank's own bytes than that rank has.
    for (column, (entry, phase)) in phases.enumerated() where phase.rankTraffic != phase.traffic {
      let equivalent = model.equivalentRankTraffic(of: phase, in: entry.schedule, using: entry.messageProtocol)
      for (place, volumes) in [(column, equivalent), (phases.count + column, phase.rankTraffic)] {
        let own = Schedule.ordered(volumes).compactMap { kind, volume in rowOf[kind].map { (row: $0, volume: volume) } }
        for row in 0..<traffic.loads.rows.count {
          let load = own.reduce(0.0) { $0 + min(1, traffic.loads.matrix[row, $1.row]) * $1.volume }
          if load > loads[row, place] { loads[row, place] = load }
        }
      }
    }
    self.init(
      entries, columns: columns, loads: loads, plainOffset: phases.count, load: traffic.loads, model: model,
      overlaps: \.isPipelined)
  }

  /// Loads of the messages of all candidates on an explicit graph, step by step; all groups keep step.
  /// - Throws: `AlgorithmError` when there are too many ranks to list every message.
  init(
    _ entries: [CandidateSet.Entry], on topology: Topology, groups: [[CellID]], model: CostModel,
    policy: RoutingPolicy = .equalSplit
  ) throws(AlgorithmError) {
    var traffics: [[Demand]] = []
    var shares: [Double] = []
    var columns: [[Column]] = []
    for entry in entries {
      let steps = try ExplicitTraffic.steps(of: entry.schedule, on: topology, groups: groups)
      columns.append(steps.indices.map { Column(index: traffics.count + $0, repeats: Double(steps[$0].repeats)) })
      traffics += steps.map(\.demands)
      let share = model.bulkShare(of: entry.schedule, using: entry.messageProtocol)
      shares += steps.map { _ in share }
    }
    let load = LoadOperator(of: topology, traffics: traffics, policy: policy)
    let loads = Matrix(rows: load.rows.count, columns: traffics.count * 2) { row, column in
      column < traffics.count
        ? load.matrix[row, column] / shares[column] : load.matrix[row, column - traffics.count]
    }
    // What goes up to a reducing switch and what comes down from it are steps of one phase that overlap in chunks.
    self.init(
      entries, columns: columns, loads: loads, plainOffset: traffics.count, load: load, model: model,
      overlaps: { $0.isPipelined || $0.usesInSwitchReduction })
  }

  /// Loads of messages of unequal sizes, which all are on their way at once.
  /// - Parameters:
  ///   - entries: The candidates, all of them with these messages.
  ///   - messages: The messages, on a graph of single vertices.
  ///   - model: The cost model, which knows at what rate messages move.
  init(_ entries: [CandidateSet.Entry], messages: UnequalMessages, model: CostModel) {
    let plain = messages.demands { _ in 1 }
    let equivalent = entries.map { entry in
      messages.demands { model.peerShare(of: entry.schedule, level: $0, using: entry.messageProtocol) }
    }
    let load = LoadOperator(of: messages.topology, traffics: equivalent + entries.map { _ in plain })
    self.init(
      entries, columns: entries.indices.map { [Column(index: $0, repeats: 1)] }, loads: load.matrix,
      plainOffset: entries.count, load: load, model: model, overlaps: { _ in true })
  }

  private init(
    _ entries: [CandidateSet.Entry], columns: [[Column]], loads: Matrix, plainOffset: Int, load: LoadOperator,
    model: CostModel, overlaps: (Schedule) -> Bool
  ) {
    let rates = load.rows.map {
      $0.link.bandwidth.bytesPerSecond * model.efficiency(of: $0.link.technology, tier: $0.tier)
    }
    rows = load.rows
    topology = load.topology
    slowest = zip(entries, columns).map { entry, columns in
      LinkTimes.slowest(
        columns, plainOffset: plainOffset, isPipelined: overlaps(entry.schedule), loads: loads, rates: rates,
        rows: load.rows)
    }
    groups = zip(entries, columns).map { LinkTimes.groups($1, overlap: overlaps($0.schedule)) }
    self.loads = loads
    self.rates = rates
  }

  /// By row: how long its links take for a candidate, all phases together.
  func busyTimes(of candidate: Int) -> [Double] {
    rows.indices.map { row in
      groups[candidate].joined().reduce(0.0) { $0 + loads[row, $1.index] * $1.repeats } / rates[row]
    }
  }

  /// How long the busiest link of each kind carries the bytes of a candidate, the busiest kind first.
  func uses(by candidate: Int, bytes: Bytes) -> [Estimate.LinkUse] {
    var longest: [Profile.Kind: Double] = [:]
    for (row, time) in zip(rows, busyTimes(of: candidate)) where time > 0 {
      let kind = Profile.Kind(link: row.link.name, tier: row.tier)
      longest[kind] = max(longest[kind] ?? 0, time)
    }
    return longest.sorted { ($1.value, $0.key.tier, $0.key.link) < ($0.value, $1.key.tier, $1.key.link) }.map {
      Estimate.LinkUse(link: $0.link, tier: $0.tier, time: Seconds($1 * Double(bytes.count)))
    }
  }

  /// How long each kind of link takes for a candidate, group by group of phases that overlap.
  func profile(of candidate: Int) -> Profile {
    Profile(
      groups: groups[candidate].map { group in
        var times: [Profile.Kind: Double] = [:]
        for (row, described) in rows.enumerated() {
          let time = group.reduce(0.0) { $0 + loads[row, $1.index] * $1.repeats } / rates[row]
          guard time > 0 else { continue }
          let kind = Profile.Kind(link: described.link.name, tier: described.tier)
          times[kind] = max(times[kind] ?? 0, time)
        }
        return times
      })
  }

  /// Pipelined phases overlap: their loads add up on each link.
  ///
  /// Others follow one another: each has its own slowest.
  private static func groups(_ columns: [Column], overlap: Bool) -> [[Column]] {
    overlap ? [columns] : columns.map { [$0] }
  }

  private static func slowest(
    _ columns: [Column], plainOffset: Int, isPipelined: Bool, loads: Matrix, rates: [Double],
    rows: [LoadOperator.Row]
  ) -> Slowest {
    let groups = LinkTimes.groups(columns, overlap: isPipelined)
    var total = 0.0
    var contribution = [Double](repeating: 0, count: rows.count)
    var times = [Double](repeating: 0, count: rows.count)
    var bytes = [Double](repeating: 0, count: rows.count)
    for group in groups where !rows.isEmpty {
      var worst = (row: 0, time: 0.0)
      for row in rows.indices {
        let time = group.reduce(0.0) { $0 + loads[row, $1.index] * $1.repeats } / rates[row]
        times[row] += time
        bytes[row] += group.reduce(0.0) { $0 + loads[row, plainOffset + $1.index] * $1.repeats }
        // A tie within rounding goes to the direction in which the rule is written, then to the inner tier.
        let isTie = abs(time - worst.time) <= worst.time * 1e-12
        let isPreferred =
          (rows[row].forward ? 0 : 1, rows[row].tier) < (rows[worst.row].forward ? 0 : 1, rows[worst.row].tier)
        if isTie ? isPreferred : time > worst.time { worst = (row, time) }
      }
      total += worst.time
      contribution[worst.row] += worst.time
    }
    guard let row = rows.indices.max(by: { contribution[$0] < contribution[$1] }), contribution[row] > 0 else {
      return Slowest(secondsPerByte: 0, row: nil, rowSecondsPerByte: 0, bytesPerByte: 0, runnerUp: nil)
    }
    let others = rows.indices.filter { rows[$0].link.name != rows[row].link.name || rows[$0].tier != rows[row].tier }
    let second = others.max { times[$0] < times[$1] }
    return Slowest(
      secondsPerByte: total, row: row, rowSecondsPerByte: times[row], bytesPerByte: bytes[row],
      // Over steps that follow one another, a link that never is the slowest may be busy for longer in all.
      runnerUp: second.flatMap { times[$0] > 0 ? (row: $0, secondsPerByte: min(times[$0], times[row])) : nil })
  }
}
