/// What the requests of an estate wait, and what its sites do.
public struct RequestAnswer: Sendable {
  /// A part of a request's way.
  public struct Stage: Sendable {
    /// What it is: `network`, `prefill`, `decode` and so on.
    public var name: String
    /// Its time.
    public var delay: Delay
    /// Where its figures come from.
    public var source: String
  }

  /// The requests of one population that one site serves.
  public struct Row: Sendable {
    /// The population.
    public var from: String
    /// Where the population is.
    public var origin: GlobePoint
    /// The site.
    public var site: String
    /// Its provider.
    public var provider: String
    /// The share of all requests of the estate.
    public var share: Double
    /// The model.
    public var model: String
    /// The stages of one call, in order; the last is decoding.
    public var stages: [Stage]
    /// The time until the first token of a call.
    public var timeToFirstToken: Delay
    /// The time between tokens.
    public var timePerOutputToken: Delay
    /// The time until the request is done: of one call, or of all that an agent does.
    public var endToEnd: Delay
    /// The share of these requests that nobody serves.
    public var lossProbability: Double
  }

  /// A site under its load, in calls per second.
  public struct SiteRow: Sendable {
    /// The site.
    public var site: String
    /// Where it is.
    public var place: Place
    /// Its provider.
    public var provider: String
    /// The share of its capacity that is taken.
    public var utilisation: Double
    /// Calls that it is offered.
    public var offered: Double
    /// Calls that it serves.
    public var carried: Double
    /// Calls that it refuses and the next is offered.
    public var overflow: Double
    /// Replicas.
    public var replicas: Int
    /// Accelerators in its replicas.
    public var accelerators: Int
    /// Dollars an hour.
    public var price: Double
    /// A decoding step at the mean batch, and that batch.
    public var step: Replica.Step
    /// The mean batch, rounded up.
    public var batch: Int
  }

  /// Requests of a population, in requests per second.
  public struct PopulationRow: Sendable {
    /// The population.
    public var from: String
    /// What it asks.
    public var offered: Double
    /// What is served.
    public var carried: Double
    /// What nobody serves.
    public var lost: Double
  }

  /// A pool of servers with the right of first refusal, in calls per second.
  public struct PoolRow: Sendable {
    /// The provider.
    public var provider: String
    /// Its sites that make up the pool.
    public var sites: [String]
    /// Calls that it can serve at the same time.
    public var places: Int
    /// Mean seconds for which a call holds a place.
    public var holdingTime: Double
    /// Variance over mean of what it is offered; nil where the chain of all pools is solved.
    public var peakedness: Double?
    /// What it is offered, and of whom.
    public var offers: [(from: String, offered: Double, carried: Double)]
    /// What it takes.
    public var carried: Double
    /// What it refuses and the next in the order are offered.
    public var passedOn: Double
    /// What it refuses and nobody else is offered.
    public var lost: Double
    /// How its shares were found.
    public var method: OverflowNetwork.Method
    /// What it is offered.
    public var offered: Double { offers.reduce(0) { $0 + $1.offered } }
    /// What it refuses.
    public var overflow: Double { passedOn + lost }
    /// The size of the error in what is refused, as a share of what is offered, that comparison with chains stays below;
    /// 0: exact.
    public var error: Double { method.isExact ? 0 : OverflowNetwork.matchedError }
  }

  /// The estate's name.
  public var estate: String
  /// The hour of the day in UTC.
  public var hour: Int
  /// Requests per second at that hour.
  public var rate: Double
  /// One for each population and site that serves it.
  public var rows: [Row]
  /// The sites in the file's order; those that have failed are left out.
  public var sites: [SiteRow]
  /// What each population asks and what is served of it.
  public var populations: [PopulationRow] = []
  /// Pools with the right of first refusal, in the order in which most are tried.
  public var pools: [PoolRow] = []
  /// What is worth knowing: the model's limits at this load, what is assumed.
  public var remarks: [String]
  /// The time of a request of any population.
  public var summary = DelaySummary(mean: 0, p50: 0, p99: 0, p999: 0)
}

/// Why an estate cannot answer.
public enum RequestError: Error, Sendable, Hashable {
  /// More is asked than may be served: by how much, and how many replicas would do, of how many.
  case overloaded(utilisation: Double, replicasNeeded: Int, replicas: Int, populations: [String])
  /// A site, model or population that the estate does not have; what it has.
  case unknown(kind: String, name: String, known: [String])
  /// All sites have failed or serve other models.
  case noSite(String)
  /// A queue's own reason.
  case queue(QueueError)
}

extension RequestAnswer {
  /// The time of a request of any population.
  public var everyone: Delay {
    let total = rows.reduce(0) { $0 + $1.share }
    guard total > 0 else { return .constant(0) }
    return .mixture(rows.map { .init(weight: $0.share / total, delay: $0.endToEnd) })
  }

  /// The mean of something over all requests.
  public func mean(_ value: (Row) -> Double) -> Double {
    let total = rows.reduce(0) { $0 + $1.share }
    return total > 0 ? rows.reduce(0) { $0 + $1.share * value($1) } / total : 0
  }

  /// The share of collectives in the decoding steps, over all calls.
  public var communicationShare: Double {
    let carried = sites.reduce(0) { $0 + $1.carried }
    return carried > 0 ? sites.reduce(0) { $0 + $1.carried * $1.step.communicationShare } / carried : 0
  }
}
