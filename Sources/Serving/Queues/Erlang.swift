import Foundation

/// Loss and delay formulas of Erlang for servers that are all alike.
///
/// Loads are in erlangs: arrivals per second times seconds of service.
public enum Erlang {
  /// The probability that an arrival finds all servers busy and is lost (M/M/c/c, Erlang B).
  ///
  /// By the recurrence of the reciprocal, `y_k = 1 + k / a · y_{k−1}`, which neither over- nor underflows where it
  /// matters and forgets its start: servers fewer than the load less 40 of its deviations change no digit.
  /// - Parameters:
  ///   - servers: How many servers; need not be whole, as in Hayward's approximation.
  ///   - load: The offered load in erlangs; not negative.
  /// - Complexity: O(√load + servers − load), for whole and other numbers alike.
  public static func lossProbability(servers: Double, load: Double) -> Double {
    guard servers > 0 else { return 1 }
    guard load > 0 else { return 0 }
    let whole = servers.rounded(.down)
    let part = servers - whole
    var reciprocal = part > 0 ? 1 / fractionalLoss(part, load: load) : 1
    // What a start is off shrinks by k / a with each server; this many servers leave nothing of it.
    let tail = whole < load ? 40 / log(load / whole) : 0
    let first = min(load - 40 * load.squareRoot(), whole - tail).rounded(.down)
    var k = 1.0
    if first > 1 {
      k = first
      reciprocal = load / (load - first)
    }
    while k <= whole {
      reciprocal = 1 + (k + part) / load * reciprocal
      if reciprocal > 1e300 { return 0 }
      k += 1
    }
    return 1 / reciprocal
  }

  /// The probability that an arrival must wait (M/M/c, Erlang C); nil where there is no steady state.
  public static func waitProbability(servers: Double, load: Double) -> Double? {
    guard load < servers else { return nil }
    let loss = lossProbability(servers: servers, load: load)
    return loss / (1 - load / servers * (1 - loss))
  }

  /// The fewest servers that lose at most a share of a load.
  /// - Complexity: O(load + answer).
  public static func servers(forLoad load: Double, loss: Double) -> Int {
    guard load > 0, loss < 1 else { return 0 }
    var reciprocal = 1.0
    var servers = 0
    while reciprocal < 1 / max(loss, 1e-300), servers < 1_000_000_000 {
      servers += 1
      reciprocal = 1 + Double(servers) / load * reciprocal
    }
    return servers
  }

  /// Erlang B for less than one server, by Fortet's integral `1 / B = a ∫ e^{−a t} (1 + t)^s dt`.
  private static func fractionalLoss(_ servers: Double, load: Double) -> Double {
    // With t = e^x the integrand falls double-exponentially on both sides, where the trapezoidal rule converges at once.
    let step = 1.0 / 64
    var sum = 0.0
    for index in -3000...3000 {
      let x = Double(index) * step
      let t = exp(x - exp(-x)) / load
      let weight = (1 + exp(-x)) * t
      let value = exp(-load * t + servers * log1p(t)) * weight
      if value.isFinite { sum += value }
    }
    return 1 / (load * sum * step)
  }
}
