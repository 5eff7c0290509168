import Foundation
import Matrices

/// Two pools of servers without lines, the second of which takes what the first has no room for, and traffic of its own.
///
/// The first pool has the right of first refusal: it is offered everything of the first class. Service is exponential
/// with one mean everywhere; loads are in erlangs.
public struct Overflow: Sendable, Hashable {
  /// How the shares are found.
  public enum Method: String, Sendable, Hashable {
    /// The Markov chain of both pools.
    case exact
    /// Hayward's approximation on the overflow's peakedness (Fredericks 1980).
    case peakedness
  }

  /// Above so many states the chain is no longer solved.
  private static let mostStates = 2500

  /// The share of the first class that the first pool refuses.
  public let overflowProbability: Double
  /// The share of the first class that both pools refuse.
  public let lossProbability: Double
  /// The share of time in which the second pool is full, which is the share of its own class that is lost.
  public let blockingProbability: Double
  /// Mean of the overflow in erlangs.
  public let overflowMean: Double
  /// Variance of the overflow on servers without end (Riordan).
  public let overflowVariance: Double
  /// How the shares were found.
  public let method: Method

  /// Variance over mean of the overflow; 1 is as smooth as fresh traffic.
  public var peakedness: Double { overflowMean > 0 ? overflowVariance / overflowMean : 1 }

  /// Two pools in their steady state.
  /// - Parameters:
  ///   - servers: Servers of the first and of the second pool.
  ///   - load: Offered to the first pool, and what it refuses to the second.
  ///   - ownLoad: Offered to the second pool directly.
  /// - Throws: `QueueError.invalid` for what cannot be.
  /// - Complexity: O(states³) up to 2,500 states, else O(√load).
  public init(servers: (first: Int, second: Int), load: Double, ownLoad: Double) throws(QueueError) {
    guard servers.first >= 0, servers.second >= 0, load >= 0, ownLoad >= 0, load.isFinite, ownLoad.isFinite else {
      throw .invalid("pools and loads are zero or more")
    }
    let (first, second) = (Double(servers.first), Double(servers.second))
    let refused = Erlang.lossProbability(servers: first, load: load)
    overflowProbability = refused
    overflowMean = load * refused
    overflowVariance = overflowMean * (1 - overflowMean + (load > 0 ? load / (first + 1 + overflowMean - load) : 0))
    let (states, isTooLarge) = (servers.first + 1).multipliedReportingOverflow(by: servers.second + 1)
    // Pools in a row without further traffic are one pool.
    var lossProbability = Erlang.lossProbability(servers: first + second, load: load)
    if !isTooLarge, states <= Self.mostStates,
      let (lost, blocked) = Self.chain(servers: servers, load: load, ownLoad: ownLoad)
    {
      method = .exact
      if ownLoad > 0 { lossProbability = lost }
      blockingProbability = blocked
    } else {
      let mean = overflowMean + ownLoad
      let variance = overflowVariance + ownLoad
      let peak = mean > 0 ? variance / mean : 1
      let lost = mean * Erlang.lossProbability(servers: second / peak, load: mean / peak)
      method = ownLoad == 0 ? .exact : .peakedness
      // The two streams share what is lost as they share the variance.
      if ownLoad > 0 { lossProbability = load > 0 ? min(refused, lost * overflowVariance / variance / load) : 0 }
      blockingProbability = variance > 0 ? min(1, lost / variance) : 0
    }
    self.lossProbability = lossProbability
  }

  /// Solves the chain of both pools.
  /// - Returns: The share of time in which both are full and in which the second is.
  private static func chain(
    servers: (first: Int, second: Int), load: Double, ownLoad: Double
  ) -> (lost: Double, blocked: Double)? {
    let rows = servers.first + 1
    let states = rows * (servers.second + 1)
    // Balance equations as columns; one of them follows from the others and gives way to the sum of all.
    var balance = Matrix(rows: states, columns: states)
    func flow(_ from: (Int, Int), _ to: (Int, Int), _ rate: Double) {
      guard rate > 0 else { return }
      let (source, target) = (from.0 + rows * from.1, to.0 + rows * to.1)
      balance.add(rate, row: target, column: source)
      balance.add(-rate, row: source, column: source)
    }
    for second in 0...servers.second {
      for first in 0...servers.first {
        let here = (first, second)
        if first < servers.first {
          flow(here, (first + 1, second), load)
          if second < servers.second { flow(here, (first, second + 1), ownLoad) }
        } else if second < servers.second {
          flow(here, (first, second + 1), load + ownLoad)
        }
        if first > 0 { flow(here, (first - 1, second), Double(first)) }
        if second > 0 { flow(here, (first, second - 1), Double(second)) }
      }
    }
    for column in 0..<states { balance[0, column] = 1 }
    var right = [Double](repeating: 0, count: states)
    right[0] = 1
    guard let solution = LUFactors(balance)?.solve(right) else { return nil }
    let full = (0..<rows).map { solution[$0 + rows * servers.second] }
    return (full.last ?? 0, full.reduce(0, +))
  }
}
