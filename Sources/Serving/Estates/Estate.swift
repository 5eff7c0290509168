public import Documents

/// Sites that serve models, populations that ask them, and the rules between.
public struct Estate: Sendable {
  /// A site of one provider with one cluster.
  public struct Site: Sendable {
    /// Its name.
    public var name: String
    /// Where it is.
    public var place: Place
    /// The key of its provider.
    public var provider: String
    /// The topology that stands there, as the command line names one.
    public var cluster: Located<String>
    /// The model that it serves.
    public var model: LanguageModel
    /// How the model is spread over a replica.
    public var parallelism: Parallelism
    /// How many replicas; nil: as many as the cluster holds.
    public var replicas: Located<Int>?
    /// How many accelerators its replicas may take; nil: all of the cluster.
    public var accelerators: Located<Int>?
    /// The largest batch; nil: what memory allows.
    public var batchLimit: Int?
    /// The share of the replicas that only read prompts; nil: every replica does both.
    public var prefillShare: Double?
  }

  /// People who ask.
  public struct Population: Sendable {
    /// Its name.
    public var name: String
    /// Where it is.
    public var place: Place
    /// Its share of all requests, relative to the other weights.
    public var weight: Double
    /// The countries whose sites may serve it; nil: all.
    public var countries: Set<String>?
    /// The providers that may serve it, in its own order of preference; nil: all, in the estate's.
    public var providers: [String]?
    /// The hour of its peak in UTC.
    public var peakHour: Double
    /// Its least rate over its greatest.
    public var trough: Double

    /// Its rate at an hour of the day over that at its peak.
    public func profile(hour: Double) -> Double { Estate.profile(hour: hour, peak: peakHour, trough: trough) }
  }

  /// The rules of a provider.
  public struct Provider: Sendable {
    /// Its key.
    public var key: String
    /// Its place in the order of preference, 1 first.
    public var preference: Int
    /// The share of what comes to it in the order of preference that it may take or refuse, without a line, before
    /// the next; 0: it has no such right and is assigned what the others leave.
    public var refusalShare: Double
    /// The most replicas of it that may be used; nil: all.
    public var replicas: Int?
    /// The most accelerators of it that may be used; nil: all.
    public var accelerators: Int?
    /// Dollars for an accelerator and hour.
    public var price: Double
  }

  /// What assignment makes small.
  public enum Objective: String, Sendable, CaseIterable { case latency, cost }

  /// The name for people.
  public var name: String
  /// The requests at the peak of every population together, per second.
  public var rate: Double
  /// What a request is.
  public var request: RequestShape
  /// The sites.
  public var sites: [Site]
  /// The populations.
  public var populations: [Population]
  /// The providers by key.
  public var providers: [String: Provider]
  /// Round trips that the file states, by the names of a population and a site.
  public var links: [Set<String>: Double]
  /// What assignment makes small.
  public var objective: Objective
  /// What the file rests on: each with its source or `assumed`.
  public var facts: [(says: String, source: String)]
}

/// What a request asks of a model.
public struct RequestShape: Sendable {
  /// Mean tokens of the prompt.
  public var prompt: Double
  /// Squared coefficient of variation of the prompt's length.
  public var promptVariability: Double
  /// Mean tokens of the answer.
  public var output: Double
  /// Squared coefficient of variation of the answer's length.
  public var outputVariability: Double
  /// The share of a prompt that is read already.
  public var cached: Double
  /// The share of requests that open a connection.
  public var newConnections: Double
  /// Drafting of tokens, if any.
  public var speculation: Replica.Speculation?
  /// The calls that a request makes; nil: one.
  public var agent: Agent?
}

/// What an agent does for one request.
public indirect enum Agent: Sendable {
  /// A call of the model.
  case call
  /// A tool of a given mean time and variability.
  case tool(mean: Double, scv: Double)
  /// One after another.
  case sequence([Agent])
  /// At the same time, until the last has ended.
  case parallel([Agent])
  /// As many turns as a random count: probabilities of 0, 1, 2, … turns.
  case loop(Agent, turns: [Double])

  /// The time of the whole where each call takes a delay, independently.
  public func delay(call: Delay) -> Delay {
    switch self {
    case .call: call
    case .tool(let mean, let scv): .gamma(mean: mean, scv: scv)
    case .sequence(let steps): .sum(steps.map { $0.delay(call: call) })
    case .parallel(let branches): .longest(branches.map { $0.delay(call: call) })
    case .loop(let body, let turns): .repeated(body.delay(call: call), counts: turns)
    }
  }

  /// How many steps it is written in.
  var size: Int {
    switch self {
    case .call, .tool: 1
    case .sequence(let steps), .parallel(let steps): steps.reduce(1) { $0 + $1.size }
    case .loop(let body, _): 1 + body.size
    }
  }

  /// Mean number of calls.
  public var calls: Double {
    switch self {
    case .call: 1
    case .tool: 0
    case .sequence(let steps), .parallel(let steps): steps.reduce(0) { $0 + $1.calls }
    case .loop(let body, let turns):
      body.calls * turns.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    }
  }
}
