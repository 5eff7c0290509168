import Foundation
import Quantities

/// Assigns populations to sites and answers what their requests wait.
public struct EstateSolver: Sendable {
  /// What is asked of an estate besides its file.
  public struct Question: Sendable {
    /// Only these populations.
    public var from: String?
    /// Only this site.
    public var site: String?
    /// Sites that have failed.
    public var failed: Set<String>
    /// Hour of the day in UTC; nil: that with the most requests.
    public var hour: Int?
    /// Requests per second at the populations' peaks; nil: the file's.
    public var rate: Double?

    /// A question of its parts.
    public init(
      from: String? = nil, site: String? = nil, failed: Set<String> = [], hour: Int? = nil, rate: Double? = nil
    ) {
      self.from = from
      self.site = site
      self.failed = failed
      self.hour = hour
      self.rate = rate
    }
  }

  private static let mostRounds = 48
  /// Steps of all rounds together, beyond which there are fewer of them.
  private static let mostSteps = 1e9
  /// Where nobody may wait in a line, a site refuses from this share of its capacity on.
  private static let refusalFill = 0.9
  /// Weights of a later provider's latency that no real latency reaches, in seconds.
  private static let negligible = 1e-9

  let estate: Estate
  let sites: [ServingSite]
  /// The round trips from each population to each site.
  private let trips: [[RoundTrip]]

  /// A solver of an estate whose sites are ready.
  public init(estate: Estate, sites: [ServingSite], network: WideArea) {
    self.estate = estate
    self.sites = sites
    trips = estate.populations.map { population in
      sites.map { site in
        var trip = network.roundTrip(from: population.place, to: site.site.place)
        if let stated = estate.links[[population.name, site.site.name]] {
          trip.typical.value = stated
          trip.basis = .stated
          trip.source = "stated in the estate"
        }
        return trip
      }
    }
  }

  /// Answers a question.
  /// - Throws: `RequestError`.
  /// - Complexity: A few transportation problems of populations × sites.
  public func answer(_ question: Question) throws(RequestError) -> RequestAnswer {
    var estate = estate
    if let rate = question.rate { estate.rate = rate }
    try check(question)
    let hour = question.hour ?? estate.busiestHour
    let usable = sites.indices.filter {
      !question.failed.contains(sites[$0].site.name) && (question.site == nil || sites[$0].site.name == question.site)
    }
    guard !usable.isEmpty else { throw .noSite("no site is left to serve") }
    let calls = max(estate.request.agent?.calls ?? 1, 1e-9)
    let demands = estate.demands(hour: hour).map { $0 * calls }
    let trips = trips.map { row in usable.map { row[$0] } }
    let assignment = try assign(estate, demands: demands, usable: usable, trips: trips.map { $0.map(\.typical.value) })
    var answer = RequestAnswer(
      estate: estate.name, hour: hour, rate: demands.reduce(0, +) / calls, rows: [], sites: [], remarks: [])
    let total = max(demands.reduce(0, +), 1e-300)
    for (column, index) in usable.enumerated() {
      let site = sites[index]
      let carried = assignment.flows.reduce(0) { $0 + $1[column] }
      let performance: ServingSite.Performance
      do { performance = try site.performance(rate: carried) } catch { throw .queue(error) }
      answer.sites.append(siteRow(site, performance, carried: carried, offered: assignment.offered[column]))
      answer.remarks += warnings(site, performance)
      for (row, population) in estate.populations.enumerated() where assignment.flows[row][column] > 1e-6 * total {
        guard question.from == nil || question.from == population.name else { continue }
        answer.rows.append(
          self.row(
            population, site, performance, trip: trips[row][column], share: assignment.flows[row][column] / total,
            loss: assignment.loss))
      }
    }
    answer.rows.sort { ($0.from, -$0.share, $0.site) < ($1.from, -$1.share, $1.site) }
    return answer
  }

  private func check(_ question: Question) throws(RequestError) {
    let names = sites.map(\.site.name)
    for name in question.failed.sorted() + [question.site].compactMap({ $0 }) where !names.contains(name) {
      throw .unknown(kind: "site", name: name, known: names)
    }
    let populations = estate.populations.map(\.name)
    if let from = question.from, !populations.contains(from) {
      throw .unknown(kind: "population", name: from, known: populations)
    }
  }

  private struct Assignment {
    var flows: [[Double]]
    var offered: [Double]
    var loss: Double
  }

  private func isAllowed(_ population: Estate.Population, _ site: Estate.Site) -> Bool {
    guard let countries = population.countries else { return true }
    return site.place.country.map(countries.contains) ?? false
  }

  private func assign(
    _ estate: Estate, demands: [Double], usable: [Int], trips: [[Double]]
  ) throws(RequestError) -> Assignment {
    let costs = estate.populations.indices.map { row in
      usable.indices.map { column in
        isAllowed(estate.populations[row], sites[usable[column]].site) ? trips[row][column] : .infinity
      }
    }
    let refusing = estate.providers.values.filter(\.hasFirstRefusal)
    guard !refusing.isEmpty else {
      let flows = try flows(estate, demands: demands, usable: usable, trips: costs)
      return Assignment(
        flows: flows, offered: usable.indices.map { column in flows.reduce(0) { $0 + $1[column] } }, loss: 0)
    }
    return try chain(estate, demands: demands, usable: usable, costs: costs)
  }

  /// Every provider in the order of preference is offered what those before it refuse, without a line.
  ///
  /// Providers in a row without traffic of their own are one pool, so Erlang's formula is exact for what each carries.
  private func chain(
    _ estate: Estate, demands: [Double], usable: [Int], costs: [[Double]]
  ) throws(RequestError) -> Assignment {
    let total = demands.reduce(0, +)
    let order = estate.providers.values.sorted { ($0.preference, $0.key) < ($1.preference, $1.key) }
    var result = Assignment(
      flows: demands.map { _ in usable.map { _ in 0 } }, offered: usable.map { _ in 0 }, loss: total > 0 ? 1 : 0)
    var (places, refused) = (0.0, 1.0)
    for provider in order {
      let columns = usable.indices.filter { sites[usable[$0]].site.provider == provider.key }
      guard !columns.isEmpty, total > 0 else { continue }
      let own = columns.map { sites[usable[$0]] }
      places += own.reduce(0) { $0 + $1.places } * Self.refusalFill
      // A call holds a place for as long as it takes where all places are held.
      let hold = own.reduce(0) { $0 + $1.places } / max(1e-300, own.reduce(0) { $0 + $1.capacity })
      let blocked = min(refused, Erlang.lossProbability(servers: places, load: total * hold))
      let carried = refused - blocked
      let problem = Transportation(
        demands: demands.map { $0 * carried }, capacities: own.map { $0.capacity * Self.refusalFill },
        costs: costs.map { row in columns.map { row[$0] } })
      let offered = demands.reduce(0, +) * refused
      let room = own.reduce(0) { $0 + $1.capacity }
      for (position, column) in columns.enumerated() {
        for row in demands.indices { result.flows[row][column] = problem.flows[row][position] }
        result.offered[column] = offered * own[position].capacity / room
      }
      // What residency keeps from this provider is refused as well.
      refused = blocked + problem.unserved.reduce(0, +) / total
    }
    result.loss = refused
    return result
  }

  /// The flows that make latency or cost small, with the lines that they cause (Frank and Wolfe 1956).
  private func flows(
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
    let size = Double(demands.count + own.count)
    let rounds = max(2, min(Self.mostRounds, Int(Self.mostSteps / (2 * size * size * size))))
    for round in 1..<rounds {
      let rates = own.indices.map { column in flows.reduce(0) { $0 + $1[column] } }
      let next = Transportation(demands: demands, capacities: capacities, costs: costs(waits(rates)))
      let stride = 2 / Double(round + 2)
      for row in flows.indices {
        for column in flows[row].indices {
          flows[row][column] += stride * (next.flows[row][column] - flows[row][column])
        }
      }
    }
    // Steps mix ways that cross; at the loads that they lead to, the shortest ways are found once more.
    let rates = own.indices.map { column in flows.reduce(0) { $0 + $1[column] } * (1 + 1e-9) }
    return Transportation(demands: demands, capacities: rates, costs: costs(own.map { _ in 0 })).flows
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
