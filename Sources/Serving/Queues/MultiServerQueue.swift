import Foundation

/// Alike exponential servers with one line in the order of arrival (M/M/c).
public struct MultiServerQueue: Sendable, Hashable {
  /// Arrivals per second.
  public let arrivalRate: Double
  /// Services per second of one server.
  public let serviceRate: Double
  /// How many servers.
  public let servers: Int
  /// The probability that an arrival must wait.
  public let waitProbability: Double

  /// A queue in its steady state.
  /// - Throws: `QueueError`: `overloaded` where there is no steady state.
  /// - Complexity: O(√load) for any number of servers.
  public init(arrivalRate: Double, serviceRate: Double, servers: Int) throws(QueueError) {
    guard arrivalRate >= 0, arrivalRate.isFinite, serviceRate > 0, serviceRate.isFinite, servers >= 1 else {
      throw .invalid("a queue has a rate of arrivals from zero, a rate of service above zero, and a server")
    }
    let load = arrivalRate / serviceRate
    guard let wait = Erlang.waitProbability(servers: Double(servers), load: load) else {
      throw .overloaded(utilisation: load / Double(servers), serversNeeded: (load.rounded(.down) + 1).countAbove)
    }
    self.arrivalRate = arrivalRate
    self.serviceRate = serviceRate
    self.servers = servers
    waitProbability = wait
  }

  /// The offered load in erlangs.
  public var load: Double { arrivalRate / serviceRate }
  /// The share of the servers' time that is taken.
  public var utilisation: Double { load / Double(servers) }
  /// The rate at which a line empties while all servers are busy.
  public var drainRate: Double { Double(servers) * serviceRate - arrivalRate }
  /// Mean wait in seconds.
  public var meanWait: Double { waitProbability / drainRate }
  /// Mean time from arrival to end of service in seconds.
  public var meanSojourn: Double { meanWait + 1 / serviceRate }
  /// Mean number in the line and in service.
  public var meanNumber: Double { load + arrivalRate * meanWait }

  /// The probability that the time from arrival to end of service exceeds a time.
  public func sojournTail(_ time: Double) -> Double {
    guard time > 0 else { return 1 }
    // With d = c − 1 − a: e^{−μt} (1 + C (1 − e^{−μ d t}) / d); its limit at d = 0 is C μ t.
    let slack = Double(servers) - 1 - load
    let elapsed = serviceRate * time
    if slack < 0 {
      // Then e^{−μ d t} grows, and the product is formed so that nothing overflows.
      let waiting = elapsed * exp(-elapsed) * relativeGrowth(-slack * elapsed)
      return min(1, exp(-elapsed) + waitProbability * waiting)
    }
    return exp(-elapsed) * (1 + waitProbability * elapsed * relativeGrowth(-slack * elapsed))
  }

  /// `(e^x − 1) / x`, which is 1 at zero.
  private func relativeGrowth(_ x: Double) -> Double { abs(x) < 1e-300 ? 1 : expm1(x) / x }

  /// The time that a share of the sojourns does not exceed.
  /// - Parameter share: Above 0 and below 1.
  public func sojournPercentile(_ share: Double) -> Double {
    percentile(share, mean: meanSojourn, tail: sojournTail)
  }

  /// The time that a share of the waits does not exceed.
  public func waitPercentile(_ share: Double) -> Double {
    share <= 1 - waitProbability ? 0 : log(waitProbability / (1 - share)) / drainRate
  }
}

/// The time at which a falling tail reaches `1 − share`, by the Illinois method on the tail's logarithm.
/// - Parameters:
///   - mean: A time of the right order, from which the search begins.
///   - precision: The relative width at which the search ends.
func percentile(_ share: Double, mean: Double, precision: Double = 1e-14, tail: (Double) -> Double) -> Double {
  let target = 1 - min(max(share, 0), 1 - 1e-12)
  guard mean > 0, mean.isFinite, tail(0) > target else { return 0 }
  // Tails fall exponentially in the end, so that their logarithm is nearly straight.
  func excess(_ time: Double) -> Double { log(max(tail(time), 1e-300) / target) }
  var (low, high) = (0.0, mean)
  var (above, below) = (excess(0), excess(mean))
  while below > 0, high < mean * 1e6 {
    (low, above) = (high, below)
    high *= 2
    below = excess(high)
  }
  for round in 0..<200 {
    guard high - low > precision * high else { break }
    let straight = low + (high - low) * above / (above - below)
    // Every third step halves, in case the tail is anything but straight.
    let middle = straight > low && straight < high && round % 3 != 2 ? straight : 0.5 * (low + high)
    guard middle > low, middle < high else { break }
    let value = excess(middle)
    if value == 0 { return middle }
    if value > 0 {
      (low, above) = (middle, value)
      below /= 2
    } else {
      (high, below) = (middle, value)
      above /= 2
    }
  }
  return 0.5 * (low + high)
}
