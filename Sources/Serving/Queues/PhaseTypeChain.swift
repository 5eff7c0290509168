import Foundation
import Matrices

/// A chain of exponential stages one after another, exact also where their rates are equal or nearly so.
public struct PhaseTypeChain: Sendable, Hashable {
  /// The rates of the stages, per second.
  public let rates: [Double]

  /// A chain of its stages.
  /// - Throws: `QueueError.invalid` for a stage without a positive rate, or without a stage.
  public init(rates: [Double]) throws(QueueError) {
    guard !rates.isEmpty, rates.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .invalid("every stage has a rate above zero")
    }
    self.rates = rates
  }

  /// Mean time of the whole chain.
  public var mean: Double { rates.reduce(0) { $0 + 1 / $1 } }

  /// The probability that the chain takes longer than a time.
  ///
  /// By scaling and squaring of a matrix without negative elements, in which nothing cancels.
  /// - Complexity: O(stages³ · log(time · largest rate)).
  public func tail(_ time: Double) -> Double {
    guard time > 0 else { return 1 }
    let side = rates.count
    let fastest = rates.max() ?? 1
    let squarings = max(0, Int(min(1000, (fastest * time).binade == 0 ? 0 : log2(fastest * time).rounded(.up))))
    let scale = time / exp2(Double(squarings))
    // e^{Ts} = e^{−qs} Σ ((T + qI) s)ᵏ / k!
    let shifted = Matrix(rows: side, columns: side) { row, column in
      if row == column { return (fastest - rates[row]) * scale }
      return column == row + 1 ? rates[row] * scale : 0
    }
    var term = Matrix.identity(side)
    var sum = term
    for order in 1...60 {
      term = term.times(shifted) * (1 / Double(order))
      sum = sum + term
      if term.largestMagnitude < 1e-18 { break }
    }
    var power = sum * exp(-fastest * scale)
    for _ in 0..<squarings { power = power.times(power) }
    return min(1, power.row(0).reduce(0, +))
  }

  /// The time that a share of the passages does not exceed.
  public func percentile(_ share: Double) -> Double { Serving.percentile(share, mean: mean, tail: tail) }
}
