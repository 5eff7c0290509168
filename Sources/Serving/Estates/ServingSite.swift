import Foundation

/// A site ready to be loaded: what its replicas take for each step, and how much it can serve.
public struct ServingSite: Sendable {
  /// What a site does at a load.
  public struct Performance: Sendable {
    /// The batching of one replica.
    public var batching: BatchingServer
    /// The line in front of reading prompts.
    public var prefillLine: GeneralServiceQueue
    /// The share of the capacity that is offered.
    public var utilisation: Double
    /// Mean seconds from a call's arrival to its last token.
    public var meanTime: Double
  }

  /// The site.
  public let site: Estate.Site
  /// One of its replicas.
  public let replica: Replica
  /// How many replicas decode, and how many only read prompts.
  public let replicas: (decoding: Int, reading: Int)
  /// Reading the mean prompt in each group of a replica.
  public let prefill: Replica.Step
  /// Passing the caches of the mean prompt on to a decoding replica, in seconds; zero where that is none.
  public let transfer: Double
  /// The largest batch of a replica.
  public let batchLimit: Int
  /// Mean tokens of a request while it is decoded.
  public let context: Double
  private let request: RequestShape
  /// Seconds between tokens with 1, 2, … requests in the batch.
  private let tokenTimes: [Double]
  /// Seconds that one more call costs all calls together, at loads from none to the most that a site is filled to.
  private var addedTimes: [Double] = []

  /// Sites are filled to this share of their capacity before a population is left unserved.
  static let fill = 0.98
  private static let loads = 48

  /// A site of its parts.
  /// - Parameters:
  ///   - count: Replicas in all; at least one, or two where some only read prompts.
  ///   - transferRate: Bytes per second at which caches are passed on.
  public init(
    site: Estate.Site, replica: Replica, count: Int, batchLimit: Int, request: RequestShape, transferRate: Double
  ) {
    self.site = site
    self.replica = replica
    self.request = request
    self.batchLimit = max(1, batchLimit)
    let unread = max(1, request.prompt * (1 - request.cached))
    context = request.prompt + request.output / 2
    prefill = replica.prefill(tokens: unread)
    if let share = site.prefillShare, count > 1 {
      let reading = min(count - 1, max(1, Int((share * Double(count)).rounded())))
      replicas = (count - reading, reading)
      transfer = transferRate > 0 ? unread * replica.cacheBytesPerToken / transferRate : 0
    } else {
      replicas = (max(1, count), 0)
      transfer = 0
    }
    let context = context
    tokenTimes = (1...self.batchLimit).map { replica.timePerToken(batch: $0, context: context) }
    // λ T(λ) rises by the added time with each call; its difference over a step is the mean of that.
    let step = capacity * Self.fill / Double(Self.loads)
    var last = 0.0
    for load in 1...Self.loads {
      let rate = step * Double(load)
      let total = rate * ((try? performance(rate: rate))?.meanTime ?? .infinity)
      addedTimes.append(max(addedTimes.last ?? 0, (total - last) / step))
      last = total
    }
  }

  /// Seconds that one more call costs all calls together, at a rate of calls.
  func addedTime(rate: Double) -> Double {
    let place = max(0, rate / (capacity * Self.fill) * Double(Self.loads) - 0.5)
    let index = min(Int(min(place, 1e6)), Self.loads - 1)
    let next = addedTimes[min(index + 1, Self.loads - 1)]
    return addedTimes[index] + (next - addedTimes[index]) * min(1, place - Double(index))
  }

  /// Calls per second that keep the site just short of no steady state.
  public var capacity: Double {
    let full = Double(batchLimit) / ((tokenTimes.last ?? 1) * request.output)
    if replicas.reading > 0 {
      return min(Double(replicas.decoding) * full, Double(replicas.reading) / readingTime)
    }
    return Double(replicas.decoding) * full / (1 + full * readingTime)
  }

  /// A replica's time for each prompt, as its groups read one each.
  private var readingTime: Double { prefill.total / Double(replica.parallelism.groups) }

  /// How many calls can be decoded at the same time.
  public var places: Double { Double(replicas.decoding) * Double(batchLimit) }

  /// A decoding step at a batch.
  public func step(batch: Int) -> Replica.Step { replica.decodeStep(batch: batch, context: context) }

  /// What the site does at a rate of calls that its replicas share evenly.
  /// - Throws: `QueueError.overloaded` where there is no steady state; the servers needed are replicas.
  public func performance(rate: Double) throws(QueueError) -> Performance {
    let utilisation = rate / capacity
    let all = replicas.decoding + replicas.reading
    guard utilisation < 1 else {
      throw .overloaded(
        utilisation: utilisation, serversNeeded: ((utilisation * Double(all)).rounded(.down) + 1).countAbove)
    }
    let each = rate / Double(replicas.decoding)
    // A replica that reads prompts as well decodes in what time that leaves.
    let left = replicas.reading > 0 ? 1 : 1 - each * readingTime
    let batching = try BatchingServer(
      arrivalRate: each, meanTokens: request.output, stepTimes: tokenTimes.map { $0 / left })
    let line = try GeneralServiceQueue(
      arrivalRate: replicas.reading > 0 ? rate : each, meanService: prefill.total, scv: request.promptVariability,
      servers: max(1, replicas.reading) * replica.parallelism.groups)
    let mean = line.meanWait + prefill.total + transfer + batching.meanResponse
    return Performance(batching: batching, prefillLine: line, utilisation: utilisation, meanTime: mean)
  }
}
