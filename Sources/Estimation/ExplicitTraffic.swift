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
  /// - Throws: `AlgorithmError` when there are too many ranks to list every message.
  static func steps(of schedule: Schedule, accelerators: [CellID]) throws(AlgorithmError) -> [StepColumn] {
    let expansion = try schedule.expansion()
    var columns: [StepColumn] = []
    var placeOf: [[Demand]: Int] = [:]
    for step in expansion.steps {
      var demands: [Demand] = []
      for transfer in step.transfers {
        guard case .rank(let from) = transfer.from, case .rank(let to) = transfer.to else { continue }
        demands.append(
          Demand(
            from: accelerators[from], to: accelerators[to],
            bytes: Double(transfer.chunks.count) * expansion.chunkShare))
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
}
