extension EstateSolver {
  private static let mostRounds = 48
  /// A step that saves less than this share of all time is the last.
  private static let gap = 1e-4
  /// Steps of all rounds together, beyond which there are fewer of them.
  private static let mostSteps = 1e9
  /// Weights of a later provider's latency that no real latency reaches, in seconds.
  private static let negligible = 1e-9

  /// The flows that make latency or cost small, with the lines that they cause (Frank and Wolfe 1956).
  func flows(
    _ estate: Estate, demands: [Double], usable: [Int], trips: [[Double]]
  ) throws(RequestError) -> [[Double]] {
    let own = usable.map { sites[$0] }
    let capacities = own.map { $0.capacity * ServingSite.fill }
    let preferences = own.map { estate.providers[$0.site.provider]?.preference ?? 1 }
    func costs(_ waits: [Double]) -> [[Double]] {
      trips.map { row in
        row.indices.map { column in
          guard row[column].isFinite else { return .infinity }
          switch estate.objective {
          case .latency: return row[column] + waits[column] + Double(preferences[column]) * Self.negligible
          case .cost:
            let price = estate.providers[own[column].site.provider]?.price ?? 0
            let perCall = price * Double(own[column].replica.parallelism.accelerators) / 3600 / own[column].capacity
            return perCall * Double(own[column].replicas.decoding + own[column].replicas.reading)
              + row[column] * Self.negligible
          }
        }
      }
    }
    func waits(_ rates: [Double]) -> [Double] { own.indices.map { own[$0].addedTime(rate: rates[$0]) } }
    let idle = waits(own.map { _ in 0 })
    let first = Transportation(demands: demands, capacities: capacities, costs: costs(idle))
    try checkServed(first, estate, demands: demands, usable: usable, trips: trips)
    guard estate.objective == .latency else { return first.flows }
    var flows = first.flows
    func rates(_ flows: [[Double]]) -> [Double] { own.indices.map { column in flows.reduce(0) { $0 + $1[column] } } }
    let distances = costs(own.map { _ in 0 })
    let size = Double(demands.count + own.count)
    let rounds = max(2, min(Self.mostRounds, Int(Self.mostSteps / (size * size * size))))
    for _ in 1..<rounds {
      let here = rates(flows)
      let prices = costs(waits(here))
      let next = Transportation(demands: demands, capacities: capacities, costs: prices).flows
      // What the whole step would save were waits to stay; no assignment saves more.
      let saving = Self.total(prices, flows) - Self.total(prices, next)
      guard saving > Self.gap * Self.total(prices, flows) else { break }
      let there = rates(next)
      let way = Self.total(distances, next) - Self.total(distances, flows)
      let stride = Self.root { stride in
        own.indices.reduce(way) { slope, column in
          let step = there[column] - here[column]
          return slope + step * own[column].addedTime(rate: here[column] + stride * step)
        }
      }
      for row in flows.indices {
        for column in flows[row].indices { flows[row][column] += stride * (next[row][column] - flows[row][column]) }
      }
    }
    // Steps mix ways that cross; at the loads that they lead to, the shortest ways are found once more.
    let most = rates(flows).map { $0 * (1 + 1e-9) }
    return Transportation(demands: demands, capacities: most, costs: distances).flows
  }

  /// What flows cost.
  private static func total(_ costs: [[Double]], _ flows: [[Double]]) -> Double {
    zip(costs, flows).reduce(0) { sum, row in
      zip(row.0, row.1).reduce(sum) { $1.1 > 0 ? $0 + $1.0 * $1.1 : $0 }
    }
  }

  /// Where a rising slope between 0 and 1 is zero; 1 where it stays below.
  private static func root(_ slope: (Double) -> Double) -> Double {
    guard slope(1) > 0 else { return 1 }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      if slope(middle) > 0 { high = middle } else { low = middle }
    }
    return low
  }

  private func checkServed(
    _ solution: Transportation, _ estate: Estate, demands: [Double], usable: [Int], trips: [[Double]]
  ) throws(RequestError) {
    let total = demands.reduce(0, +)
    let left = demands.indices.filter { solution.unserved[$0] > 1e-9 * total }
    guard !left.isEmpty else { return }
    // The sites that those left over may use, and everyone who uses them.
    let columns = usable.indices.filter { column in left.contains { trips[$0][column].isFinite } }
    guard !columns.isEmpty else {
      let names = left.map { estate.populations[$0].name }
      throw .noSite("no site that is left may serve \(names.joined(separator: ", "))")
    }
    let own = columns.map { sites[usable[$0]] }
    let used = columns.reduce(0) { sum, column in sum + solution.flows.reduce(0) { $0 + $1[column] } }
    let offered = used + left.reduce(0) { $0 + solution.unserved[$1] }
    let capacity = own.reduce(0) { $0 + $1.capacity }
    let replicas = own.reduce(0) { $0 + $1.replicas.decoding + $1.replicas.reading }
    throw .overloaded(
      utilisation: offered / capacity,
      replicasNeeded: (offered / capacity / ServingSite.fill * Double(replicas)).countAbove, replicas: replicas,
      populations: left.map { estate.populations[$0].name })
  }
}
