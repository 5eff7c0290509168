import Foundation

/// Alike servers of general service with one line (M/G/c), known by the mean and variability of the service.
public struct GeneralServiceQueue: Sendable, Hashable {
  /// How the mean wait is found.
  public enum Method: String, Sendable, Hashable {
    /// A quasi-birth–death process of a two-phase service of the same mean and variability.
    case exact
    /// Kimura's interpolation between deterministic and exponential service, with Cosmetatos' deterministic one.
    case interpolated
  }

  /// Up to so many servers the exact solution is quick.
  private static let mostExactServers = 16
  /// From this variability on interpolation is no longer good, and more servers are solved exactly.
  private static let wildVariability = 4.0
  private static let mostWildServers = 64

  /// The queue with exponential service of the same mean.
  public let exponential: MultiServerQueue
  /// The squared coefficient of variation of the service.
  public let scv: Double
  /// How the mean wait was found.
  public let method: Method
  /// Mean wait in seconds.
  public let meanWait: Double
  /// The probability that an arrival must wait.
  public let waitProbability: Double
  /// The size of the model's error in the mean wait that is known from simulations, as a fraction.
  public let error: Double
  /// Mean square of the wait where the exact solution gives it.
  let meanSquareWait: Double?
  let decayRate: Double?

  /// A queue in its steady state.
  /// - Throws: `QueueError`: `overloaded` where there is no steady state.
  /// - Complexity: O(servers⁴) up to 16 servers, or 64 where the variability exceeds 4; else O(√load).
  public init(arrivalRate: Double, meanService: Double, scv: Double, servers: Int) throws(QueueError) {
    guard scv >= 0, scv.isFinite, meanService > 0, meanService.isFinite else {
      throw .invalid("a service has a mean above zero and a variability from zero")
    }
    let queue = try MultiServerQueue(arrivalRate: arrivalRate, serviceRate: 1 / meanService, servers: servers)
    exponential = queue
    self.scv = scv
    let most = scv > Self.wildVariability ? Self.mostWildServers : Self.mostExactServers
    if arrivalRate > 0, servers <= most, abs(scv - 1) > 1e-12,
      let service = TwoPhaseService(mean: meanService, scv: scv),
      let exact = try? PhaseQueue(arrivalRate: arrivalRate, service: service, servers: servers)
    {
      method = .exact
      meanWait = exact.meanWait
      waitProbability = exact.waitProbability
      meanSquareWait = exact.meanSquareWait
      decayRate = exact.decayRate
      error = 0
    } else {
      method = abs(scv - 1) > 1e-12 ? .interpolated : .exact
      meanWait = Self.interpolatedWait(queue, scv: scv)
      waitProbability = queue.waitProbability
      meanSquareWait = nil
      decayRate = nil
      error = scv == 1 ? 0 : scv <= Self.wildVariability ? 0.03 : 0.35
    }
  }

  /// The mean wait by Allen and Cunneen's scaling of the exponential one.
  public static func scaledWait(_ queue: MultiServerQueue, scv: Double) -> Double {
    queue.meanWait * (1 + scv) / 2
  }

  /// The mean wait by Kimura's interpolation (1986) with Cosmetatos' approximation of deterministic service.
  public static func interpolatedWait(_ queue: MultiServerQueue, scv: Double) -> Double {
    let servers = Double(queue.servers)
    guard queue.utilisation > 0 else { return 0 }
    let correction =
      (1 - queue.utilisation) * (servers - 1) * ((4 + 5 * servers).squareRoot() - 2)
      / (16 * queue.utilisation * servers)
    let deterministic = 0.5 * (1 + correction) * queue.meanWait
    let weight = 2 * scv * deterministic + (1 - scv) * queue.meanWait
    // Beyond its range the interpolation has a pole; there scaling is at least of the right order.
    guard weight > 0 else { return scaledWait(queue, scv: scv) }
    return (1 + scv) * queue.meanWait * deterministic / weight
  }

  /// The wait as a distribution: nothing, or two exponential parts that meet its mean, its variance and its final decay.
  public var wait: Delay {
    guard waitProbability > 0, meanWait > 0 else { return .constant(0) }
    let mean = meanWait / waitProbability
    var scv = 1.0
    if let meanSquareWait { scv = max(0, meanSquareWait / waitProbability / (mean * mean) - 1) }
    return .mixture([
      .init(weight: 1 - waitProbability, delay: .constant(0)),
      .init(weight: waitProbability, delay: .gamma(mean: mean, scv: scv)),
    ])
  }
}
