import Foundation
import Matrices

/// Alike servers of two-phase service with one line (M/PH/c), solved exactly as a quasi-birth–death process.
///
/// A state is how many are there and how many of those in service are in their first phase. From as many as there are
/// servers on the blocks repeat; the rate matrix there comes from logarithmic reduction (Latouche and Ramaswami 1993),
/// the states below from elimination level by level.
public struct PhaseQueue: Sendable, Hashable {
  /// The probability that an arrival must wait.
  public let waitProbability: Double
  /// Mean wait in seconds.
  public let meanWait: Double
  /// Mean square of the wait.
  public let meanSquareWait: Double
  /// The rate at which the tail of the wait falls in the end.
  public let decayRate: Double

  private static let mostRounds = 60

  /// Solves a queue.
  /// - Throws: `QueueError`: `overloaded` where there is no steady state.
  /// - Complexity: O(servers⁴) with matrix products and LU.
  public init(arrivalRate: Double, service: TwoPhaseService, servers: Int) throws(QueueError) {
    let model = Blocks(arrivalRate: arrivalRate, service: service, servers: servers)
    let load = arrivalRate * model.meanService
    guard arrivalRate > 0, servers >= 1 else { throw .invalid("a queue has arrivals and a server") }
    guard load < Double(servers) else {
      throw .overloaded(utilisation: load / Double(servers), serversNeeded: (load.rounded(.down) + 1).countAbove)
    }
    guard let rate = PhaseQueue.rateMatrix(model), let level = PhaseQueue.distribution(model, rate) else {
      throw .invalid("the queue's equations have no solution to working accuracy")
    }
    let one = [Double](repeating: 1, count: servers + 1)
    guard let rest = LUFactors(Matrix.identity(servers + 1) - rate) else {
      throw .invalid("the queue's equations have no solution to working accuracy")
    }
    // π (I − R)⁻¹ 1, π R (I − R)⁻² 1 and 2 π R² (I − R)⁻³ 1: the factorial moments of the number in line.
    let all = rest.solve(level, transposed: true)
    let row = Matrix(rows: 1, columns: all.count) { all[$1] }
    let once = rest.solve(row.times(rate).row(0), transposed: true)
    let twice = rest.solve(Matrix(rows: 1, columns: once.count) { once[$1] }.times(rate).row(0), transposed: true)
    waitProbability = zip(all, one).reduce(0) { $0 + $1.0 * $1.1 }
    // The number that arrive during a wait has these moments times powers of the rate of arrivals (Little's law for
    // distributions, which holds for a line in the order of arrival).
    meanWait = once.reduce(0, +) / arrivalRate
    meanSquareWait = 2 * twice.reduce(0, +) / (arrivalRate * arrivalRate)
    decayRate = arrivalRate * (1 / max(PhaseQueue.spectralRadius(rate), 1e-300) - 1)
  }

  /// The blocks of the generator.
  private struct Blocks {
    let arrivalRate: Double
    let service: TwoPhaseService
    let servers: Int

    var meanService: Double {
      let (p, s) = (service.first, service)
      let second = 1 / s.exitOfSecond
      guard s.exitOfFirst + s.passage > 0 else { return second }
      return p * (1 + s.passage * second) / (s.exitOfFirst + s.passage) + (1 - p) * second
    }

    /// Up from a level below the number of servers: `level + 1` states to `level + 2`.
    func up(_ level: Int) -> Matrix {
      Matrix(rows: level + 1, columns: level + 2) { from, to in
        to == from + 1 ? arrivalRate * service.first : to == from ? arrivalRate * (1 - service.first) : 0
      }
    }

    /// Down from a level up to the number of servers: nobody is waiting to take the place.
    func down(_ level: Int) -> Matrix {
      Matrix(rows: level + 1, columns: level) { from, to in
        to == from - 1
          ? Double(from) * service.exitOfFirst : to == from ? Double(level - from) * service.exitOfSecond : 0
      }
    }

    /// Within a level; the diagonal takes what leaves.
    func local(_ level: Int) -> Matrix {
      let busy = min(level, servers)
      return Matrix(rows: busy + 1, columns: busy + 1) { from, to in
        let (first, second) = (Double(from), Double(busy - from))
        if to == from - 1 { return first * service.passage }
        guard to == from else { return 0 }
        return -arrivalRate - first * (service.exitOfFirst + service.passage) - second * service.exitOfSecond
      }
    }

    /// Down from a level above the number of servers: the next in line takes the place.
    var downFull: Matrix {
      Matrix(rows: servers + 1, columns: servers + 1) { from, to in
        let (first, second) = (Double(from) * service.exitOfFirst, Double(servers - from) * service.exitOfSecond)
        switch to - from {
        case 0: return first * service.first + second * (1 - service.first)
        case -1: return first * (1 - service.first)
        case 1: return second * service.first
        default: return 0
        }
      }
    }
  }

  /// The rate matrix R = λ (−A₁ − λ G)⁻¹, G by logarithmic reduction.
  private static func rateMatrix(_ model: Blocks) -> Matrix? {
    let side = model.servers + 1
    let identity = Matrix.identity(side)
    let local = model.local(model.servers)
    guard let start = LUFactors(local * -1) else { return nil }
    var high = start.solve(identity * model.arrivalRate)
    var low = start.solve(model.downFull)
    var first = low
    var product = high
    for _ in 0..<mostRounds {
      let cross = high.times(low) + low.times(high)
      guard let factors = LUFactors(identity - cross) else { return nil }
      high = factors.solve(high.times(high))
      low = factors.solve(low.times(low))
      first = first + product.times(low)
      product = product.times(high)
      // Past convergence the products would only lose digits.
      if product.largestMagnitude < 1e-16 || low.largestMagnitude < 1e-16 { break }
    }
    guard let inverse = LUFactors(local * -1 - first * model.arrivalRate) else { return nil }
    return inverse.solve(identity) * model.arrivalRate
  }

  /// The probabilities of the level at which all servers are busy and nobody waits.
  private static func distribution(_ model: Blocks, _ rate: Matrix) -> [Double]? {
    let servers = model.servers
    // Level by level what lies below is folded into the next; kept are the steps back down.
    var folded = model.local(0)
    var steps: [Matrix] = []
    for level in 1...servers {
      guard let factors = LUFactors(folded) else { return nil }
      let up = factors.solve(model.up(level - 1))
      let down = model.down(level)
      // One row of D · S⁻¹ for each state of the level.
      let identity = Matrix.identity(level)
      steps.append(down.times(factors.solve(identity)))
      let local = level == servers ? model.local(level) + rate.times(model.downFull) : model.local(level)
      folded = local - down.times(up)
    }
    // π · folded = 0 with one equation replaced by a scale.
    var system = folded
    for row in 0...servers { system[row, servers] = 1 }
    guard let factors = LUFactors(system), let rest = LUFactors(Matrix.identity(servers + 1) - rate) else { return nil }
    var right = [Double](repeating: 0, count: servers + 1)
    right[servers] = 1
    let level = factors.solve(right, transposed: true)
    var total = rest.solve(level, transposed: true).reduce(0, +)
    var below = level
    for step in steps.reversed() {
      below = (Matrix(rows: 1, columns: below.count) { below[$1] }.times(step) * -1).row(0)
      total += below.reduce(0, +)
    }
    guard total.isFinite, total > 0 else { return nil }
    return level.map { $0 / total }
  }

  /// The largest eigenvalue of a matrix without negative elements, by its powers.
  private static func spectralRadius(_ matrix: Matrix) -> Double {
    var vector = Matrix(rows: matrix.columns, columns: 1, repeating: 1)
    var radius = 0.0
    for _ in 0..<10_000 {
      let next = matrix.times(vector)
      let size = next.largestMagnitude
      guard size > 0 else { return 0 }
      vector = next * (1 / size)
      if abs(size - radius) < 1e-13 * size { return size }
      radius = size
    }
    return radius
  }
}
