import Foundation

/// Alike exponential servers with room for so many (M/M/c/K): who finds no room is lost.
public struct FiniteQueue: Sendable, Hashable {
  /// The probability that an arrival is lost.
  public let lossProbability: Double
  /// Mean wait of those that are let in, in seconds.
  public let meanWait: Double
  /// Mean number of busy servers.
  public let meanBusy: Double

  /// A queue in its steady state, which a finite one always has.
  /// - Parameter room: How many may be there, in service and in line; at least the servers.
  /// - Throws: `QueueError.invalid` for what cannot be.
  /// - Complexity: O(√load), the line in closed form.
  public init(arrivalRate: Double, serviceRate: Double, servers: Int, room: Int) throws(QueueError) {
    guard arrivalRate >= 0, arrivalRate.isFinite, serviceRate > 0, serviceRate.isFinite, servers >= 1, room >= servers
    else { throw .invalid("a finite queue has rates, a server, and room for as many as there are servers") }
    let load = arrivalRate / serviceRate
    let ratio = load / Double(servers)
    let loss = Erlang.lossProbability(servers: Double(servers), load: load)
    let places = Double(room - servers)
    // Relative to the states up to all servers busy, the last of which has the probability of Erlang's loss.
    let (mass, first) = FiniteQueue.sums(ratio, places)
    let total = 1 + loss * mass
    lossProbability = loss * FiniteQueue.power(ratio, places) / total
    meanBusy = load * (1 - lossProbability)
    let admitted = arrivalRate * (1 - lossProbability)
    meanWait = admitted > 0 ? loss * first / total / admitted : 0
  }

  /// Sums of `rⁱ` and `i rⁱ` for i from 1 to n.
  private static func sums(_ ratio: Double, _ count: Double) -> (Double, Double) {
    if count < 1 { return (0, 0) }
    if abs(ratio - 1) < 1e-6 { return (count, count * (count + 1) / 2) }
    let last = power(ratio, count)
    let mass = ratio * (1 - last) / (1 - ratio)
    let first = (mass - count * last * ratio) / (1 - ratio)
    return (mass, first)
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    // Saturates instead of overflowing; the share of loss is then one to all digits.
    min(pow(base, exponent), 1e290)
  }
}
