/// The cheapest way to serve demands from capacities (the transportation problem), by shortest augmenting paths.
public struct Transportation: Sendable {
  /// What flows from each supply (column) to each demand (row).
  public private(set) var flows: [[Double]]
  /// What of each demand no capacity that it may use can serve.
  public private(set) var unserved: [Double]

  /// Solves a problem.
  /// - Parameters:
  ///   - demands: What each demand wants; not negative.
  ///   - capacities: What each supply can give.
  ///   - costs: For each demand the cost of a unit from each supply; infinite where it may not be used.
  /// - Complexity: O(augmentations · demands · supplies), the augmentations usually few times their number.
  public init(demands: [Double], capacities: [Double], costs: [[Double]]) {
    var search = Search(demands: demands, capacities: capacities, costs: costs)
    let nodes = demands.count + capacities.count
    for _ in 0..<(4 * nodes * nodes + 16) { guard search.augment() else { break } }
    unserved = search.unserved
    let columns = capacities.count
    flows = demands.indices.map { Array(search.flows[($0 * columns)..<(($0 + 1) * columns)]) }
  }
}

/// The state between two augmentations: nodes are the demands and then the supplies, matrices lie row by row.
private struct Search {
  private let rows: Int
  private let columns: Int
  private let costs: [Double]
  private let least: Double
  private(set) var flows: [Double]
  private(set) var unserved: [Double]
  private var free: [Double]
  /// They keep all reduced costs from falling below zero, so that Dijkstra's method holds.
  private var potentials: [Double]
  /// The potential of where all that is free leads to.
  private var end: Double
  private var distance: [Double]
  private var previous: [Int]
  private var isDone: [Bool]

  init(demands: [Double], capacities: [Double], costs: [[Double]]) {
    (rows, columns) = (demands.count, capacities.count)
    self.costs = costs.flatMap { $0 }
    flows = [Double](repeating: 0, count: rows * columns)
    (unserved, free) = (demands, capacities)
    least = max(demands.reduce(0, +), 1e-300) * 1e-12
    potentials = [Double](repeating: 0, count: rows + columns)
    for (index, cost) in self.costs.enumerated() where cost.isFinite {
      let column = rows + index % max(1, columns)
      potentials[column] = index < columns ? cost : min(potentials[column], cost)
    }
    end = potentials.min() ?? 0
    distance = potentials
    previous = [Int](repeating: -1, count: rows + columns)
    isDone = [Bool](repeating: false, count: rows + columns)
  }

  /// Sends as much as possible along the shortest way from what is not served to what is free.
  /// - Returns: Whether there was one.
  mutating func augment() -> Bool {
    guard let last = shortestWay() else { return false }
    // How much the way can take, back from its end.
    var amount = free[last - rows]
    var node = last
    while previous[node] >= 0 {
      if node < rows { amount = min(amount, flows[node * columns + previous[node] - rows]) }
      node = previous[node]
    }
    amount = min(amount, unserved[node])
    unserved[node] -= amount
    free[last - rows] -= amount
    node = last
    while previous[node] >= 0 {
      let before = previous[node]
      if node >= rows {
        flows[before * columns + node - rows] += amount
      } else {
        flows[node * columns + before - rows] -= amount
      }
      node = before
    }
    return true
  }

  /// Dijkstra's method from all demands that are not served, until a supply that is free is reached.
  private mutating func shortestWay() -> Int? {
    for node in potentials.indices {
      distance[node] = node < rows && unserved[node] > least ? -potentials[node] : .infinity
      previous[node] = -1
      isDone[node] = false
    }
    var (last, best) = (-1, Double.infinity)
    while true {
      var node = -1
      var nearest = best - end
      for candidate in distance.indices where !isDone[candidate] && distance[candidate] < nearest {
        (node, nearest) = (candidate, distance[candidate])
      }
      guard node >= 0 else {
        guard last >= 0 else { return nil }
        // What lies further keeps its order when all move by the same.
        for other in potentials.indices { potentials[other] += min(distance[other], best - end) }
        end = best
        return last
      }
      if node >= rows, free[node - rows] > least, nearest + potentials[node] < best {
        (last, best) = (node, nearest + potentials[node])
      }
      isDone[node] = true
      let base = nearest + potentials[node]
      if node < rows {
        for column in 0..<columns where !isDone[rows + column] {
          // An infinite cost is no shorter than anything.
          let length = base + costs[node * columns + column] - potentials[rows + column]
          if length < distance[rows + column] - 1e-15 {
            (distance[rows + column], previous[rows + column]) = (length, node)
          }
        }
      } else {
        let column = node - rows
        for row in 0..<rows where flows[row * columns + column] > least && !isDone[row] {
          let length = base - costs[row * columns + column] - potentials[row]
          if length < distance[row] - 1e-15 { (distance[row], previous[row]) = (length, node) }
        }
      }
    }
  }
}
