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
  /// - Complexity: O(augmentations · (demands + supplies)²), the augmentations usually few times their number.
  public init(demands: [Double], capacities: [Double], costs: [[Double]]) {
    let (rows, columns) = (demands.count, capacities.count)
    flows = demands.map { _ in capacities.map { _ in 0 } }
    unserved = demands
    var free = capacities
    let total = demands.reduce(0, +)
    let least = max(total, 1e-300) * 1e-12
    // Potentials keep all reduced costs from falling below zero, so that Dijkstra's method holds.
    var potentials = [Double](repeating: 0, count: rows + columns)
    let cheapest = costs.flatMap { $0 }.filter(\.isFinite).min() ?? 0
    for column in 0..<columns { potentials[rows + column] = min(0, cheapest) }
    for _ in 0..<(4 * (rows + columns) * (rows + columns) + 16) {
      var distance = [Double](repeating: .infinity, count: rows + columns)
      var previous = [Int](repeating: -1, count: rows + columns)
      var isDone = [Bool](repeating: false, count: rows + columns)
      for row in 0..<rows where unserved[row] > least { distance[row] = 0 - potentials[row] }
      while let node = distance.indices.filter({ !isDone[$0] && distance[$0] < .infinity })
        .min(by: { distance[$0] < distance[$1] })
      {
        isDone[node] = true
        if node < rows {
          for column in 0..<columns where costs[node][column].isFinite && !isDone[rows + column] {
            let length = distance[node] + costs[node][column] + potentials[node] - potentials[rows + column]
            if length < distance[rows + column] - 1e-15 {
              (distance[rows + column], previous[rows + column]) = (length, node)
            }
          }
        } else {
          let column = node - rows
          for row in 0..<rows where flows[row][column] > least && !isDone[row] {
            let length = distance[node] - costs[row][column] + potentials[node] - potentials[row]
            if length < distance[row] - 1e-15 { (distance[row], previous[row]) = (length, node) }
          }
        }
      }
      let ends = (0..<columns).filter { free[$0] > least && distance[rows + $0] < .infinity }
      guard
        let end = ends.min(by: {
          distance[rows + $0] + potentials[rows + $0] < distance[rows + $1] + potentials[rows + $1]
        })
      else { return }
      // How much the way can take, back from its end.
      var amount = free[end]
      var node = rows + end
      while previous[node] >= 0 {
        if node < rows { amount = min(amount, flows[node][previous[node] - rows]) }
        node = previous[node]
      }
      amount = min(amount, unserved[node])
      unserved[node] -= amount
      free[end] -= amount
      node = rows + end
      while previous[node] >= 0 {
        let before = previous[node]
        if node >= rows { flows[before][node - rows] += amount } else { flows[node][before - rows] -= amount }
        node = before
      }
      let furthest = distance.filter { $0 < .infinity }.max() ?? 0
      for node in potentials.indices { potentials[node] += min(distance[node], furthest) }
    }
  }
}
