/// Who is offered what where providers have the right of first refusal, and what is left when all have refused.
///
/// Each population's calls try the providers in its order. A provider is one pool of servers without a line; where some
/// may use only part of its sites, those sites are pools of their own, and those that fewer may use are tried first.
struct FirstRefusal: Sendable {
  /// Sites of one provider that the same populations may use.
  struct Pool: Sendable {
    var provider: String
    /// Positions among the usable sites.
    var columns: [Int]
  }

  /// Calls per second of a population at a pool.
  struct Offer: Sendable, Hashable {
    var row: Int
    var pool: Int
    var offered: Double
    var carried: Double
  }

  /// Sites are filled to this share of their places, so that those who are let in find their steps no slower.
  static let fill = 0.9
  /// Orders double with each provider that is offered a part only.
  static let mostParts = 6

  let pools: [Pool]
  let network: OverflowNetwork
  let offers: [Offer]
  /// What all pools refuse of each population.
  let left: [Double]

  /// - Parameters:
  ///   - demands: Calls per second of each population.
  ///   - sites: The usable ones.
  ///   - isAllowed: Whether a population may use a site, by their positions.
  init(
    _ estate: Estate, demands: [Double], sites: [ServingSite], isAllowed: (_ row: Int, _ column: Int) -> Bool
  ) throws(QueueError) {
    var pools: [Pool] = []
    var users: [[Bool]] = []
    for provider in estate.order where provider.refusalShare > 0 {
      let columns = sites.indices.filter { sites[$0].site.provider == provider.key }
      var groups: [(users: [Bool], columns: [Int])] = []
      for column in columns {
        let users = demands.indices.map {
          isAllowed($0, column) && estate.order(of: estate.populations[$0]).contains(provider.key)
        }
        if let group = groups.firstIndex(where: { $0.users == users }) {
          groups[group].columns.append(column)
        } else {
          groups.append((users, [column]))
        }
      }
      let sizes = groups.map { group in group.users.count { $0 } }
      for index in groups.indices.sorted(by: { (sizes[$0], $0) < (sizes[$1], $1) }) where sizes[index] > 0 {
        pools.append(Pool(provider: provider.key, columns: groups[index].columns))
        users.append(groups[index].users)
      }
    }
    self.pools = pools
    // Traffic of one order, with what each population adds to it.
    var orders: [[Int]] = []
    var places: [[Int]: Int] = [:]
    var rates: [[(row: Int, rate: Double)]] = []
    for row in demands.indices where demands[row] > 0 {
      var branches: [(order: [Int], share: Double)] = [([], 1)]
      for key in estate.order(of: estate.populations[row]) {
        let own = pools.indices.filter { pools[$0].provider == key && users[$0][row] }
        guard !own.isEmpty, let share = estate.providers[key]?.refusalShare else { continue }
        branches = branches.flatMap { branch in
          [(branch.order + own, branch.share * share), (branch.order, branch.share * (1 - share))]
        }
        .filter { $0.1 > 0 }
      }
      for branch in branches {
        let place = places[branch.order] ?? orders.count
        if place == orders.count {
          places[branch.order] = place
          orders.append(branch.order)
          rates.append([])
        }
        rates[place].append((row, demands[row] * branch.share))
      }
    }
    network = try OverflowNetwork(
      pools: pools.map { pool in
        let own = pool.columns.map { sites[$0] }
        let places = own.reduce(0) { $0 + $1.places }
        return .init(
          servers: max(1, Int(min(places * Self.fill, 1e9))),
          // A call holds a place for as long as it takes where all places are held.
          serviceRate: own.reduce(0) { $0 + $1.capacity } / places)
      },
      traffic: zip(orders, rates).map { order, rates in .init(rate: rates.reduce(0) { $0 + $1.rate }, order: order) })
    var left = demands.map { _ in 0.0 }
    var offers: [[Int]: Offer] = [:]
    for (index, order) in orders.enumerated() {
      let whole = network.traffic[index].rate
      let carried = network.carried(index)
      for (row, rate) in rates[index] {
        let share = rate / whole
        left[row] += network.lost(index) * share
        for (place, pool) in order.enumerated() {
          var offer = offers[[row, pool]] ?? Offer(row: row, pool: pool, offered: 0, carried: 0)
          offer.offered += network.offered[index][place] * share
          offer.carried += carried[place] * share
          offers[[row, pool]] = offer
        }
      }
    }
    self.left = left
    self.offers = offers.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  /// What a pool takes of each population.
  func carried(by pool: Int, rows: Int) -> [Double] {
    var carried = [Double](repeating: 0, count: rows)
    for offer in offers where offer.pool == pool { carried[offer.row] = offer.carried }
    return carried
  }
}

extension Estate {
  /// The providers in the order of preference.
  var order: [Provider] { providers.values.sorted { ($0.preference, $0.key) < ($1.preference, $1.key) } }

  /// The providers that may serve a population, in its order.
  func order(of population: Population) -> [String] { population.providers ?? order.map(\.key) }
}
