import Foundation
import Matrices
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
      let carried = assignment.carried(column)
      let performance: ServingSite.Performance
      do { performance = try site.performance(rate: carried) } catch { throw .queue(error) }
      answer.sites.append(siteRow(site, performance, carried: carried, overflow: assignment.overflows[column] ?? 0))
      answer.remarks += warnings(site, performance)
      for (row, population) in estate.populations.enumerated() where assignment.flows[row][column] > 1e-6 * total {
        guard question.from == nil || question.from == population.name else { continue }
        answer.rows.append(
          self.row(
            population, site, performance, trip: trips[row][column], share: assignment.flows[row][column] / total,
            loss: assignment.lost.isEmpty ? 0 : assignment.lost[row] / demands[row]))
      }
    }
    answer.rows.sort { ($0.from, -$0.share, $0.site) < ($1.from, -$1.share, $1.site) }
    tellOffers(of: assignment, usable: usable, demands: demands, in: &answer)
    answer.summary = answer.everyone.summary
    return answer
  }

  /// Answers a question for several hours of a day at once.
  /// - Throws: `RequestError` of the first hour that has no answer.
  public func answers(_ question: Question, hours: Range<Int>) throws(RequestError) -> [RequestAnswer] {
    let results = Workers.map(hours.count) { place -> Result<RequestAnswer, RequestError> in
      var question = question
      question.hour = hours.lowerBound + place
      do throws(RequestError) { return .success(try answer(question)) } catch { return .failure(error) }
    }
    var answers: [RequestAnswer] = []
    for result in results { answers.append(try result.get()) }
    return answers
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

  private func isAllowed(_ population: Estate.Population, _ site: Estate.Site) -> Bool {
    guard population.providers?.contains(site.provider) ?? true else { return false }
    guard let countries = population.countries else { return true }
    return site.place.country.map(countries.contains) ?? false
  }

  /// Who serves what: first whom providers with first refusal take, then the rest by latency or cost.
  private func assign(
    _ estate: Estate, demands: [Double], usable: [Int], trips: [[Double]]
  ) throws(RequestError) -> Assignment {
    let costs = estate.populations.indices.map { row in
      usable.indices.map { column in
        isAllowed(estate.populations[row], sites[usable[column]].site) ? trips[row][column] : .infinity
      }
    }
    let own = usable.map { sites[$0] }
    let refusing = usable.indices.filter { (estate.providers[own[$0].site.provider]?.refusalShare ?? 0) > 0 }
    guard !refusing.isEmpty else {
      return Assignment(flows: try flows(estate, demands: demands, usable: usable, trips: costs))
    }
    let refusal: FirstRefusal
    do {
      refusal = try FirstRefusal(estate, demands: demands, sites: own) { costs[$0][$1].isFinite }
    } catch { throw .queue(error) }
    var result = Assignment(flows: demands.map { _ in usable.map { _ in 0 } })
    result.refusal = refusal
    for (index, pool) in refusal.pools.enumerated() {
      let carried = refusal.carried(by: index, rows: demands.count)
      let sites = pool.columns.map { own[$0] }
      let spread = Transportation(
        demands: carried, capacities: sites.map { $0.capacity * FirstRefusal.fill },
        costs: costs.map { row in pool.columns.map { row[$0] } })
      let capacity = sites.reduce(0) { $0 + $1.capacity }
      for (place, column) in pool.columns.enumerated() {
        for row in demands.indices { result.flows[row][column] = spread.flows[row][place] }
        result.overflows[column] = refusal.network.answers[index].overflow * sites[place].capacity / capacity
      }
    }
    let open = usable.indices.filter { !refusing.contains($0) }
    let openCosts = costs.map { row in open.map { row[$0] } }
    let rest = demands.indices.map { row in openCosts[row].contains(where: \.isFinite) ? refusal.left[row] : 0 }
    if rest.contains(where: { $0 > 0 }) {
      let more = try flows(estate, demands: rest, usable: open.map { usable[$0] }, trips: openCosts)
      for row in demands.indices {
        for (place, column) in open.enumerated() { result.flows[row][column] = more[row][place] }
      }
    }
    result.lost = demands.indices.map { refusal.left[$0] - rest[$0] }
    return result
  }
}

/// Which site serves how much of each population, in calls per second.
struct Assignment: Sendable {
  var flows: [[Double]]
  /// What each site refuses.
  var overflows: [Int: Double] = [:]
  /// What nobody serves of each population; empty where everything is served.
  var lost: [Double] = []
  /// What first refusal has led to.
  var refusal: FirstRefusal?

  /// What a site serves.
  func carried(_ column: Int) -> Double { flows.reduce(0) { $0 + $1[column] } }
}
