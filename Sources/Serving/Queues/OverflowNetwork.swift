/// Pools of servers without lines, and traffic that tries them in orders of its own until one has room.
///
/// Arrivals are Poisson, service is exponential at a rate of the pool's. Every share is exact where each pool is reached
/// in one way only (each is then a pool behind a renewal stream), and where the chain of all pools is small enough to be
/// solved. Elsewhere the streams that meet at a pool are taken for one interrupted Poisson stream of the same rate and
/// the same variability.
public struct OverflowNetwork: Sendable {
  /// Alike servers without a line.
  public struct Pool: Sendable, Hashable {
    /// How many servers.
    public var servers: Int
    /// Services per second of one server.
    public var serviceRate: Double

    /// A pool of its parts.
    public init(servers: Int, serviceRate: Double) {
      self.servers = servers
      self.serviceRate = serviceRate
    }
  }

  /// Traffic of one order of pools.
  public struct Traffic: Sendable, Hashable {
    /// Arrivals per second.
    public var rate: Double
    /// The pools that it tries, each at most once; what all refuse is lost.
    public var order: [Int]

    /// Traffic of its parts.
    public init(rate: Double, order: [Int]) {
      self.rate = rate
      self.order = order
    }
  }

  /// How shares are found.
  public enum Method: String, Sendable, Hashable {
    /// One renewal stream a pool, behind the pools before it.
    case renewal
    /// The Markov chain of all pools.
    case chain
    /// Streams that meet are taken for one of the same rate and variability.
    case matched

    /// Whether the shares are those of the model to all digits.
    public var isExact: Bool { self != .matched }
  }

  /// What a pool does, in arrivals per second.
  public struct PoolAnswer: Sendable, Hashable {
    /// What it is offered.
    public var offered = 0.0
    /// What it takes.
    public var carried = 0.0
    /// What it refuses.
    public var overflow: Double { offered - carried }
    /// Variance over mean of what it is offered, on servers without end, which is 1 for fresh traffic; nil by a chain.
    public var peakedness: Double? = 1
    /// How its shares were found.
    public var method = Method.renewal
  }

  /// The pools.
  public let pools: [Pool]
  /// The traffic.
  public let traffic: [Traffic]
  /// What each pool does.
  public internal(set) var answers: [PoolAnswer]
  /// What each pool in the order of each traffic is offered of it, and last what is lost.
  public internal(set) var offered: [[Double]]

  /// What all pools refuse of a traffic, per second.
  public func lost(_ index: Int) -> Double { offered[index].last ?? 0 }

  /// What pools take of a traffic in its order, per second.
  public func carried(_ index: Int) -> [Double] { zip(offered[index], offered[index].dropFirst()).map { $0 - $1 } }

  /// Matched shares are off by up to so much of what is offered, by comparison with chains (a test repeats it).
  public static let matchedError = 0.03

  /// Pools in their steady state.
  /// - Parameter prefersChain: Whether a small chain is solved before streams are matched.
  /// - Throws: `QueueError.invalid` for what cannot be.
  /// - Complexity: O(pools · servers) for streams that do not meet.
  public init(pools: [Pool], traffic: [Traffic], prefersChain: Bool = true) throws(QueueError) {
    for pool in pools where pool.servers < 0 || !(pool.serviceRate > 0 && pool.serviceRate.isFinite) {
      throw .invalid("a pool has servers from zero and a rate of service above zero")
    }
    for one in traffic {
      guard one.rate >= 0, one.rate.isFinite, one.order.allSatisfy(pools.indices.contains),
        Set(one.order).count == one.order.count
      else { throw .invalid("traffic has a rate from zero and tries each of its pools once") }
    }
    self.pools = pools
    self.traffic = traffic
    answers = pools.map { _ in PoolAnswer() }
    offered = traffic.map { [$0.rate] + $0.order.map { _ in 0 } }
    // Pools that no traffic joins know nothing of each other.
    for part in parts {
      let ways = part.map { Set(sources(of: $0).map(\.before)).count }
      if ways.allSatisfy({ $0 <= 1 }) || !prefersChain || !solveChain(part) { solveStreams(part) }
    }
    for (index, one) in traffic.enumerated() {
      for (place, pool) in one.order.enumerated() {
        answers[pool].offered += offered[index][place]
        answers[pool].carried += offered[index][place] - offered[index][place + 1]
      }
    }
  }

  /// Traffic at a place of its order.
  struct Visit: Hashable {
    var traffic: Int
    var place: Int
  }

  /// Who tries a pool, by the pool that each has tried before; nil for fresh traffic.
  func sources(of pool: Int) -> [(before: Int?, visits: [Visit])] {
    var visits: [Int: [Visit]] = [:]
    for (index, one) in traffic.enumerated() where one.rate > 0 {
      guard let place = one.order.firstIndex(of: pool) else { continue }
      visits[place == 0 ? -1 : one.order[place - 1], default: []].append(Visit(traffic: index, place: place))
    }
    return visits.sorted { $0.key < $1.key }.map { ($0.key < 0 ? nil : $0.key, $0.value) }
  }

  /// Pools in groups that share traffic.
  private var parts: [[Int]] {
    var group = Array(pools.indices)
    func root(_ pool: Int) -> Int { group[pool] == pool ? pool : root(group[pool]) }
    for one in traffic where one.rate > 0 {
      for (left, right) in zip(one.order, one.order.dropFirst()) { group[root(right)] = root(left) }
    }
    return Dictionary(grouping: pools.indices, by: root).values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }
}
