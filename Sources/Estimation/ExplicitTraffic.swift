import ClusterModel
import Collectives
import Matrices
import Routing

/// Traffic on a graph of single vertices: message by message, so that nothing is averaged.
enum ExplicitTraffic {
  /// The most ranks whose messages are followed: those of an all-to-all, four million, then take more than a gigabyte
  /// and some ten seconds (table `limits` of Benchmarks/README.md); both grow with the square.
  static let rankLimit = 2048

  /// The most ranks whose messages are routed by other policies than an even split, which takes longer.
  static let unevenLimit = 512

  /// Whether messages can be routed by other policies than an even split in good time.
  static func dividesUnevenly(_ cluster: Cluster, ranks: Int) -> Bool {
    guard case .explicit = cluster.graph else { return true }
    return ranks <= unevenLimit
  }

  /// Steps of a schedule with the same messages, and how often they occur.
  struct StepColumn {
    let demands: [Demand]
    var repeats: Int
  }

  /// The distinct steps of a schedule: who sends how many bytes to whom, per byte of message.
  /// - Parameters:
  ///   - groups: The accelerators of each group of ranks that runs the schedule, all groups at once.
  ///   - limit: The most ranks of all groups.
  /// - Throws: `AlgorithmError` when there are too many ranks to list every message.
  static func steps(
    of schedule: Schedule, on topology: Topology, groups: [[CellID]], limit: Int = rankLimit
  ) throws(AlgorithmError) -> [StepColumn] {
    let ranks = groups.reduce(0) { $0 + $1.count }
    guard ranks <= limit else { throw .tooManyRanks(ranks, limit: limit) }
    let distinct = try schedule.distinctSteps(limit: limit)
    var switches: [CellID: [Link]] = [:]
    if schedule.usesInSwitchReduction {
      for accelerator in groups.joined() { switches[accelerator] = links(from: accelerator, in: topology) }
    }
    var columns: [StepColumn] = []
    var placeOf: [[Demand]: Int] = [:]
    for (step, count) in distinct.steps.map({ ($0.step, $0.count) }) {
      var demands: [Demand] = []
      for (accelerators, transfer) in groups.flatMap({ group in step.transfers.map { (group, $0) } }) {
        let bytes = Double(transfer.chunks.count) * distinct.chunkShare
        switch (transfer.from, transfer.to) {
        case (.rank(let from), .rank(let to)):
          demands.append(Demand(from: accelerators[from], to: accelerators[to], bytes: bytes))
        case (.rank(let rank), .domainSwitch):
          for link in switches[accelerators[rank]] ?? [] {
            demands.append(Demand(from: accelerators[rank], to: link.end, bytes: bytes * link.share))
          }
        case (.domainSwitch, .rank(let rank)):
          for link in switches[accelerators[rank]] ?? [] {
            demands.append(Demand(from: link.end, to: accelerators[rank], bytes: bytes * link.share))
          }
        // Network switches reduce on fabrics with tiers only.
        case (.domainSwitch, .domainSwitch), (.networkSwitches, _), (_, .networkSwitches): break
        }
      }
      if let place = placeOf[demands] {
        columns[place].repeats += count
      } else {
        placeOf[demands] = columns.count
        columns.append(StepColumn(demands: demands, repeats: count))
      }
    }
    return columns
  }

  /// The same steps with what changes rails handed on inside of domains.
  static func relayed(_ steps: [StepColumn], by relays: RailRelays) -> [StepColumn] {
    steps.map { StepColumn(demands: relays.relayed($0.demands), repeats: $0.repeats) }
  }

  /// What each physical link carries in a step, and how often it occurs.
  struct StepLoads {
    let loads: [Double]
    let repeats: Int
  }

  /// All steps as one.
  static func together(_ steps: [StepColumn]) -> StepColumn {
    StepColumn(
      demands: steps.flatMap { step in
        step.demands.map { Demand(from: $0.from, to: $0.to, bytes: $0.bytes * Double(step.repeats)) }
      }, repeats: 1)
  }

  /// Routes steps and hands over their loads one after another.
  static func route(
    _ steps: [StepColumn], on topology: Topology, policy: RoutingPolicy, _ take: (StepLoads) -> Void
  ) {
    let ends = Set(steps.flatMap { $0.demands.flatMap { [$0.from, $0.to] } }).sorted()
    if policy.splitsEvenly, let messages = MessageLoads(on: topology, between: ends) {
      messages.route(steps.map(\.demands)) { take(StepLoads(loads: $1, repeats: steps[$0].repeats)) }
    } else {
      let load = LoadOperator(of: topology, traffics: steps.map(\.demands), policy: policy)
      for (column, step) in steps.enumerated() {
        take(StepLoads(loads: load.matrix.column(column), repeats: step.repeats))
      }
    }
  }

  /// Whether every accelerator has links to scale-up switches, so that these can reduce for all of them.
  static func allReachSwitches(_ accelerators: [CellID], in topology: Topology) -> Bool {
    accelerators.allSatisfy { !links(from: $0, in: topology).isEmpty }
  }

  /// A byte from an accelerator to the scale-up switches that it has links to, and one from them.
  static func switchDemands(of accelerator: CellID, in topology: Topology) -> [Demand] {
    links(from: accelerator, in: topology).flatMap { link in
      [
        Demand(from: accelerator, to: link.end, bytes: link.share),
        Demand(from: link.end, to: accelerator, bytes: link.share),
      ]
    }
  }

  /// Where links to scale-up switches lead, and their share of all of an accelerator's links to such switches.
  private struct Link {
    let end: CellID
    let share: Double
  }

  private static func links(from accelerator: CellID, in topology: Topology) -> [Link] {
    let arcs = topology.arcs[topology.outgoing[accelerator.index]..<topology.outgoing[accelerator.index + 1]]
      .filter { topology.cells[$0.to.index].kind == .scaleUpSwitch }
    let all = Double(arcs.reduce(0) { $0 + $1.linksPerMember })
    return arcs.map { Link(end: $0.to, share: Double($0.linksPerMember) / all) }
  }
}
