import Foundation

/// A service time of two exponential phases, met to a mean and a variability.
public struct TwoPhaseService: Sendable, Hashable {
  /// The probability to begin in the first phase; otherwise in the second.
  public let first: Double
  /// Rate at which the first phase ends the service.
  public let exitOfFirst: Double
  /// Rate at which the first phase is followed by the second.
  public let passage: Double
  /// Rate at which the second phase ends the service.
  public let exitOfSecond: Double

  /// The service time of a mean and a squared coefficient of variation.
  ///
  /// From 1 on two branches of balanced means; from a half to 1 one or two stages of one rate (Tijms 1986).
  /// - Returns: Nil for a variability below a half, which takes more phases, or a mean that is not positive.
  public init?(mean: Double, scv: Double) {
    guard mean > 0, mean.isFinite, scv >= 0.5, scv.isFinite else { return nil }
    if scv >= 1 {
      let first = (1 + ((scv - 1) / (scv + 1)).squareRoot()) / 2
      self.first = first
      exitOfFirst = 2 * first / mean
      passage = 0
      exitOfSecond = 2 * (1 - first) / mean
    } else {
      let one = (2 * scv - max(0, 2 * (1 + scv) - 4 * scv).squareRoot()) / (1 + scv)
      let rate = (2 - one) / mean
      first = 1
      exitOfFirst = one * rate
      passage = (1 - one) * rate
      exitOfSecond = rate
    }
  }
}
