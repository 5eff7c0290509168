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
  /// What is worth knowing: the model's limits at this load, what is assumed.
  public var remarks: [String]
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
