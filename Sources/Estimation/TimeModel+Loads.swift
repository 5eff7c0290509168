import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing

extension TimeModel {
  /// What the links carry of each candidate on a blueprint, by part that does not overlap with the others.
  static func parts(
    of entries: [CandidateSet.Entry], traffic: RankTraffic, model: CostModel
  ) -> [[[Load]]] {
    let rowOf = Dictionary(uniqueKeysWithValues: traffic.classes.enumerated().map { ($1, $0) })

    /// What each row of the operator carries of some volumes.
    func loads(_ volumes: [TrafficClass: Double], atMost most: Double) -> [Load] {
      let ordered = Schedule.ordered(volumes)
      return traffic.loads.rows.enumerated().map { index, row in
        var load = Load(technology: row.link.technology, seconds: CostModel.Reach.allCases.map { _ in 0 })
        for (kind, volume) in ordered {
          guard let column = rowOf[kind] else { continue }
          load.seconds[model.reach(of: kind).rawValue] +=
            min(most, traffic.loads.matrix[index, column]) * volume / row.link.bandwidth.bytesPerSecond
        }
        return load
      }
    }

    return entries.map { entry in
      let phases = entry.laid.phases.map { phase in
        let shared = loads(phase.traffic, atMost: .infinity)
        guard phase.rankTraffic != phase.traffic else { return shared }
        // A link that many ranks share carries no more of one rank's own bytes than that rank has.
        return zip(shared, loads(phase.rankTraffic, atMost: 1)).map { $1.total > $0.total ? $1 : $0 }
      }
      return entry.schedule.isPipelined ? [sum(phases)] : phases
    }
  }

  /// The same on a graph of single vertices, message by message.
  static func parts(
    of entries: [CandidateSet.Entry], on fabric: FabricView, policy: RoutingPolicy, model: CostModel
  ) throws(EstimationError) -> [[[Load]]] {
    var steps: [[ExplicitTraffic.StepColumn]] = []
    do throws(AlgorithmError) {
      for entry in entries {
        // Every step's loads are held at once.
        steps.append(
          try ExplicitTraffic.steps(
            of: entry.schedule, on: fabric.topology, groups: fabric.groupMembers, limit: Schedule.expansionLimit))
      }
      if policy == .railAligned, let relays = fabric.relays {
        steps = steps.map { ExplicitTraffic.relayed($0, by: relays) }
      }
    } catch {
      throw .graph(error.description)
    }
    let operation = LoadOperator(of: fabric.topology, traffics: steps.joined().map(\.demands), policy: policy)
    var column = 0
    var parts: [[[Load]]] = []
    for (entry, steps) in zip(entries, steps) {
      let reach = model.bulkReach(of: entry.schedule).rawValue
      let phases = steps.map { step in
        defer { column += 1 }
        return operation.rows.enumerated().map { index, row in
          var load = Load(technology: row.link.technology, seconds: CostModel.Reach.allCases.map { _ in 0 })
          load.seconds[reach] =
            operation.matrix[index, column] * Double(step.repeats) / row.link.bandwidth.bytesPerSecond
          return load
        }
      }
      // What goes up to a reducing switch and what comes down from it are steps of one phase that overlap in chunks.
      parts.append(entry.schedule.isPipelined || entry.schedule.usesInSwitchReduction ? [sum(phases)] : phases)
    }
    return parts
  }

  private static func sum(_ phases: [[Load]]) -> [Load] {
    guard let first = phases.first else { return [] }
    return phases.dropFirst().reduce(first) { sum, next in
      zip(sum, next).map { Load(technology: $0.technology, seconds: zip($0.seconds, $1.seconds).map(+)) }
    }
  }

  /// The loads that can be the slowest whatever the efficiencies are.
  static func decisive(_ loads: [Load]) -> [Load] {
    var seen: Set<Load> = []
    let unique = loads.filter { $0.total > 0 && seen.insert($0).inserted }
    return unique.filter { load in !unique.contains { load.isDominated(by: $0) } }
  }
}
