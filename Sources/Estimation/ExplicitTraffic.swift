import ClusterModel
import Collectives
import Matrices
import Routing

/// Traffic on a graph of single vertices: message by message, so that nothing is averaged.
enum ExplicitTraffic {
  /// Steps of a schedule with the same messages, and how often they occur.
  struct StepColumn {
    let demands: [Demand]
    var repeats: Int
  }

  /// The distinct steps of a schedule: who sends how many bytes to whom, per byte of message.
  /// - Parameter groups: The accelerators of each group of ranks that runs the schedule, all groups at once.
  /// - Throws: `AlgorithmError` when there are too many ranks to list every message.
  static func steps(
    of schedule: Schedule, on topology: Topology, groups: [[CellID]]
  ) throws(AlgorithmError) -> [StepColumn] {
    let ranks = groups.reduce(0) { $0 + $1.count }
    guard ranks <= Schedule.expansionLimit else { throw .tooManyRanks(ranks, limit: Schedule.expansionLimit) }
    let expansion = try schedule.expansion()
    var switches: [CellID: [Link]] = [:]
    if schedule.usesInSwitchReduction {
      for accelerator in groups.joined() { switches[accelerator] = links(from: accelerator, in: topology) }
    }
    var columns: [StepColumn] = []
    var placeOf: [[Demand]: Int] = [:]
    for step in expansion.steps {
      var demands: [Demand] = []
      for (accelerators, transfer) in groups.flatMap({ group in step.transfers.map { (group, $0) } }) {
        let bytes = Double(transfer.chunks.count) * expansion.chunkShare
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
        columns[place].repeats += 1
      } else {
        placeOf[demands] = columns.count
        columns.append(StepColumn(demands: demands, repeats: 1))
      }
    }
    return columns
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
