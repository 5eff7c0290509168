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
  /// Whether the rates of unequal messages were followed from event to event; else they follow the sizes.
  private(set) var followsMessages = true

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

  /// What tells how long links are busy.
  private enum Source {
    /// Loads by row and column; by candidate the columns of each group of phases that overlap; by row what its links
    /// carry, efficiencies counted.
    case loads(Matrix, groups: [[[Column]]], rates: [Double])
    /// By candidate: one of the schedules, and a factor.
    case schedules([SlowestLinks], of: [(schedule: Int, factor: Double)])
  }

  private let source: Source
  private let kinds: LinkKinds

  /// Applies the load operator of a blueprint's ranks to all candidates.
  /// - Parameters:
  ///   - entries: The candidates.
  ///   - traffic: The operator; its classes are those of the candidates.
  ///   - model: The cost model, which knows at what rate messages move.
  init(_ entries: [CandidateSet.Entry], traffic: RankTraffic, model: CostModel) {
    self.init(entries, classes: traffic.classes, loads: traffic.loads, model: model)
  }

  /// Applies a load operator of classes of traffic to all candidates; phases of the same place run side by side in all
  /// kinds of groups.
  /// - Parameters:
  ///   - entries: The candidates.
  ///   - classes: The classes of traffic of the candidates.
  ///   - load: The loads of one unit of each class; columns by kind of group, then by class.
  ///   - model: The cost model, which knows at what rate messages move.
  init(_ entries: [CandidateSet.Entry], classes: [TrafficClass], loads load: LoadOperator, model: CostModel) {
    let rowOf = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var columns: [[Column]] = []
    var first = 0
    for entry in entries {
      let count = entry.phasesByKind.map(\.laid.phases.count).max() ?? 0
      columns.append((first..<first + count).map { Column(index: $0, repeats: 1) })
      first += count
    }
    let parts = zip(entries, columns).flatMap { entry, columns in
      entry.phasesByKind.enumerated().flatMap { kind, part in
        zip(part.laid.phases, columns).map { phase, column in
          Part(entry: entry, schedule: part.schedule, phase: phase, column: column.index, row: kind * classes.count)
        }
      }
    }
    // Bytes as the library's efficiencies make them count, and bytes as they are.
    var demand = Matrix(rows: load.matrix.columns, columns: first)
    var plain = demand
    for part in parts {
      let equivalent = model.equivalentTraffic(
        of: part.phase, in: part.schedule, using: part.entry.messageProtocol)
      for (kind, volume) in equivalent {
        if let row = rowOf[kind] { demand[part.row + row, part.column] = volume }
      }
      for (kind, volume) in part.phase.traffic {
        if let row = rowOf[kind] { plain[part.row + row, part.column] = volume }
      }
    }
    var loads = load.loads(of: demand)
    // A link that many ranks share carries no more of one rank's own bytes than that rank has.
    let own = { (volumes: [TrafficClass: Double], part: Part) in
      Schedule.ordered(volumes).compactMap { kind, volume in
        rowOf[kind].map { (column: part.row + $0, volume: volume) }
      }
    }
    let most = { (own: [(column: Int, volume: Double)], row: Int) in
      own.reduce(0.0) { $0 + min(1, load.matrix[row, $1.column]) * $1.volume }
    }
    let shared = parts.filter { $0.phase.rankTraffic != $0.phase.traffic }
    for part in shared {
      let equivalent = own(
        model.equivalentRankTraffic(of: part.phase, in: part.schedule, using: part.entry.messageProtocol), part)
      for row in 0..<load.rows.count {
        loads[row, part.column] = max(loads[row, part.column], most(equivalent, row))
      }
    }
    self.init(
      entries, columns: columns, loads: loads, load: load, model: model, overlaps: \.isPipelined
    ) { row, column in
      let all = (0..<load.matrix.columns).reduce(0.0) { $0 + load.matrix[row, $1] * plain[$1, column] }
      return shared.filter { $0.column == column }.reduce(all) { max($0, most(own($1.phase.rankTraffic, $1), row)) }
    }
  }

  /// A phase of a kind of group, with its column and the first row of the kind's classes.
  private struct Part {
    let entry: CandidateSet.Entry
    let schedule: Schedule
    let phase: Schedule.Phase
    let column: Int
    let row: Int
  }

  /// Loads of the messages of all candidates on an explicit graph, step by step; all groups keep step.
  ///
  /// The loads of one step after another are reduced to what is asked of them, so that none are kept.
  /// - Throws: `AlgorithmError` when there are too many ranks to follow every message.
  init(
    _ entries: [CandidateSet.Entry], on topology: Topology, groups: [[CellID]], model: CostModel,
    policy: RoutingPolicy = .equalSplit, relays: RailRelays? = nil
  ) throws(AlgorithmError) {
    let empty = LoadOperator(of: topology, traffics: [])
    let rates = LinkTimes.rates(of: empty.rows, model: model)
    let kinds = LinkKinds(empty.rows)
    var schedules: [SlowestLinks] = []
    var placeOf: [String: Int] = [:]
    var factors: [(schedule: Int, factor: Double)] = []
    for entry in entries {
      if placeOf[entry.schedule.algorithm] == nil {
        placeOf[entry.schedule.algorithm] = schedules.count
        var steps = try ExplicitTraffic.steps(of: entry.schedule, on: topology, groups: groups)
        if policy == .railAligned, let relays { steps = ExplicitTraffic.relayed(steps, by: relays) }
        // What goes up to a reducing switch and what comes down from it are steps of one phase that overlap in chunks.
        let overlap = entry.schedule.isPipelined || entry.schedule.usesInSwitchReduction
        var links = SlowestLinks(rows: empty.rows)
        ExplicitTraffic.route(overlap ? [ExplicitTraffic.together(steps)] : steps, on: topology, policy: policy) {
          links.add($0, rates: rates, kinds: kinds)
        }
        schedules.append(links)
      }
      factors.append(
        (placeOf[entry.schedule.algorithm] ?? 0, 1 / model.bulkShare(of: entry.schedule, using: entry.messageProtocol)))
    }
    rows = empty.rows
    self.kinds = kinds
    self.topology = topology
    slowest = factors.map { schedules[$0.schedule].slowest(factor: $0.factor) }
    source = .schedules(schedules, of: factors)
  }

  /// Loads of messages of unequal sizes, which all are on their way at once.
  /// - Parameters:
  ///   - entries: The candidates, all of them with these messages.
  ///   - messages: The messages, on a graph of single vertices.
  ///   - model: The cost model, which knows at what rate messages move.
  init(_ entries: [CandidateSet.Entry], messages: UnequalMessages, model: CostModel) {
    let equivalent = entries.map { entry in
      messages.loads { model.peerShare(of: entry.schedule, level: $0, using: entry.messageProtocol) }
    }
    let plain = messages.loads { _ in 1 }
    let empty = LoadOperator(of: messages.topology, traffics: [])
    let loads = Matrix(rows: empty.rows.count, columns: entries.count) { equivalent[$1][$0] }
    let sharing = messages.evenSharing(rates: LinkTimes.rates(of: empty.rows, model: model))
    self.init(
      entries, columns: entries.indices.map { [Column(index: $0, repeats: 1)] }, loads: loads,
      load: empty, model: model, sharing: sharing ?? 1, overlaps: { _ in true }
    ) { row, _ in plain[row] }
    followsMessages = sharing != nil
  }

  /// - Parameter bytes: What the links of a row carry in a column, as they are.
  private init(
    _ entries: [CandidateSet.Entry], columns: [[Column]], loads: Matrix, load: LoadOperator, model: CostModel,
    sharing: Double = 1, overlaps: (Schedule) -> Bool, bytes: (_ row: Int, _ column: Int) -> Double
  ) {
    let rates = LinkTimes.rates(of: load.rows, model: model)
    rows = load.rows
    kinds = LinkKinds(rows)
    topology = load.topology
    // Pipelined phases overlap: their loads add up on each link. Others follow one another: each has its own slowest.
    let groups = zip(entries, columns).map { entry, columns in
      overlaps(entry.schedule) ? [columns] : columns.map { [$0] }
    }
    slowest = groups.map { groups in
      var links = SlowestLinks(rows: load.rows)
      for group in groups where !load.rows.isEmpty {
        links.add(times: LinkTimes.times(of: group, loads, rates: rates))
      }
      let carried = { (row: Int) in groups.joined().reduce(0.0) { $0 + bytes(row, $1.index) * $1.repeats } }
      return links.slowest(factor: sharing, bytes: carried)
    }
    source = .loads(loads, groups: groups, rates: rates)
  }

  private static func rates(of rows: [LoadOperator.Row], model: CostModel) -> [Double] {
    rows.map { $0.link.bandwidth.bytesPerSecond * model.efficiency(of: $0.link.technology, tier: $0.tier) }
  }

  /// By row: how long its links take for columns that follow each other or overlap.
  private static func times(of columns: [Column], _ loads: Matrix, rates: [Double]) -> [Double] {
    rates.indices.map { row in columns.reduce(0.0) { $0 + loads[row, $1.index] * $1.repeats } / rates[row] }
  }

  /// Group by group of phases that overlap and by row: how long its links take for a candidate; nil on a graph of single
  /// vertices, where only sums over all steps are kept.
  func phaseTimes(of candidate: Int) -> [[Double]]? {
    guard case .loads(let loads, let groups, let rates) = source else { return nil }
    return groups[candidate].map { LinkTimes.times(of: $0, loads, rates: rates) }
  }

  /// By row: how long its links take for a candidate, all phases together.
  func busyTimes(of candidate: Int) -> [Double] {
    switch source {
    case .loads(let loads, let groups, let rates):
      LinkTimes.times(of: groups[candidate].flatMap(\.self), loads, rates: rates)
    case .schedules(let schedules, let factors):
      schedules[factors[candidate].schedule].times.map { $0 * factors[candidate].factor }
    }
  }

  /// How long the busiest link of each kind carries the bytes of a candidate, the busiest kind first.
  func uses(by candidate: Int, bytes: Bytes) -> [Estimate.LinkUse] {
    kinds.longest(busyTimes(of: candidate)).sorted {
      ($1.value, $0.key.tier, $0.key.link) < ($0.value, $1.key.tier, $1.key.link)
    }.map {
      Estimate.LinkUse(link: $0.link, tier: $0.tier, time: Seconds($1 * Double(bytes.count)))
    }
  }

  /// How long each kind of link takes for a candidate, group by group of phases that overlap.
  func profile(of candidate: Int) -> Profile {
    switch source {
    case .loads(let loads, let groups, let rates):
      Profile(
        groups: groups[candidate].map { kinds.longest(LinkTimes.times(of: $0, loads, rates: rates)) })
    case .schedules(let schedules, let factors):
      Profile(
        groups: schedules[factors[candidate].schedule].kinds.map { group in
          group.mapValues { $0 * factors[candidate].factor }
        })
    }
  }
}
