import Foundation

/// A replica that generates tokens for all its requests in common steps (continuous batching), as a birth–death process.
///
/// A step with b requests takes τ(b) and gives each one token; a request of L tokens therefore leaves at rate
/// `b / (τ(b) L)` from b of them. Up to the largest batch the time of a request is insensitive to how lengths are
/// distributed; beyond it a line forms in front.
public struct BatchingServer: Sendable, Hashable {
  /// Requests per second.
  public let arrivalRate: Double
  /// Mean number of tokens of a request.
  public let meanTokens: Double
  /// The largest batch.
  public let batchLimit: Int
  /// Mean number of requests, those in line included.
  public let meanNumber: Double
  /// Mean number of requests in a step.
  public let meanBatch: Double
  /// Probability of each number of requests up to the largest batch; the last holds all above as well.
  public let occupancy: [Double]
  /// The probability that an arrival must wait for a place in the batch.
  public let waitProbability: Double
  /// Mean wait for a place in the batch.
  public let meanWait: Double
  /// The rate at which the line empties while the batch is full.
  public let drainRate: Double
  /// Mean rest of the step during which a request arrives.
  public let residualStep: Double

  /// A replica in its steady state.
  /// - Parameters:
  ///   - stepTimes: Seconds of a step with 1, 2, … requests; as many as the largest batch.
  /// - Throws: `QueueError`: `overloaded` where there is no steady state.
  /// - Complexity: O(largest batch).
  public init(arrivalRate: Double, meanTokens: Double, stepTimes: [Double]) throws(QueueError) {
    guard arrivalRate >= 0, arrivalRate.isFinite, meanTokens > 0, meanTokens.isFinite, let last = stepTimes.last,
      stepTimes.allSatisfy({ $0 > 0 && $0.isFinite })
    else { throw .invalid("a replica has arrivals from zero, tokens above zero, and steps that take time") }
    let limit = stepTimes.count
    let full = Double(limit) / (last * meanTokens)
    guard arrivalRate < full else {
      throw .overloaded(
        utilisation: arrivalRate / full, serversNeeded: ((arrivalRate / full).rounded(.down) + 1).countAbove)
    }
    self.arrivalRate = arrivalRate
    self.meanTokens = meanTokens
    batchLimit = limit
    // Logarithms of the unnormalised probabilities, as their range exceeds that of numbers.
    var logs = [0.0]
    for number in 1...limit {
      let rate = Double(number) / (stepTimes[number - 1] * meanTokens)
      logs.append((logs.last ?? 0) + (arrivalRate > 0 ? log(arrivalRate / rate) : -.infinity))
    }
    let top = logs.max() ?? 0
    var weights = logs.map { exp($0 - top) }
    let ratio = arrivalRate / full
    let atLimit = weights[limit]
    // From the largest batch on the probabilities fall geometrically.
    let total = weights.reduce(0, +) + atLimit * ratio / (1 - ratio)
    weights[limit] = atLimit / (1 - ratio)
    occupancy = weights.map { $0 / total }
    let lineMean = atLimit / total * ratio / ((1 - ratio) * (1 - ratio))
    var batch = 0.0
    var step = 0.0
    for number in 1...limit {
      batch += Double(number) * occupancy[number]
      step += stepTimes[number - 1] * occupancy[number]
    }
    meanBatch = batch
    meanNumber = batch + lineMean
    waitProbability = occupancy[limit]
    drainRate = full - arrivalRate
    meanWait = arrivalRate > 0 ? lineMean / arrivalRate : 0
    residualStep = step / 2
    emptyStep = stepTimes[0]
  }

  private let emptyStep: Double

  /// The share of its capacity that is offered.
  public var utilisation: Double { arrivalRate / (drainRate + arrivalRate) }

  /// Mean time in the replica, without the rest of the step during which a request arrives.
  public var meanSojourn: Double { arrivalRate > 0 ? meanNumber / arrivalRate : emptyStep * meanTokens }

  /// Mean time in the replica from arrival to the last token.
  public var meanResponse: Double { meanSojourn + residualStep }

  /// Mean time from one token to the next while a request is in the batch.
  public var timePerToken: Double {
    arrivalRate > 0 ? meanBatch / arrivalRate / meanTokens : emptyStep
  }

  /// The wait for a place in the batch, as a distribution.
  public var wait: Delay {
    .mixture([
      .init(weight: 1 - waitProbability, delay: .constant(0)),
      .init(weight: waitProbability, delay: .gamma(mean: 1 / drainRate, scv: 1)),
    ])
  }
}
