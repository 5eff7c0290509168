import Collectives
import Foundation
import Quantities

/// How far healthy clusters lie from an estimate, and how well the figures behind it are known.
struct ErrorBand {
  private let model: CostModel
  private let basis: Estimate.Basis

  /// - Parameter isAlone: Whether no other group of ranks runs the same at the same time, as in what was measured.
  init(_ model: CostModel, collective: Collective, generations: [String], isAlone: Bool) {
    self.model = model
    basis =
      model.profile.fittedOn.isEmpty
      ? .uncalibrated : isAlone && model.isFitted(collective, generations: generations) ? .calibrated : .extrapolated
  }

  /// How many standard deviations either way hold nine in ten of a normal spread.
  static let deviations = 1.645

  /// The factor either way that holds nine in ten.
  /// - Parameters:
  ///   - spread: Between clusters, as one standard deviation of the time's logarithm.
  ///   - variance: What the uncertainty of the figures adds to its square.
  static func factor(spread: Double, variance: Double) -> Double {
    exp(deviations * (spread * spread + variance).squareRoot())
  }

  /// The interval that holds about nine in ten healthy clusters.
  /// - Parameter variance: What the uncertainty of the figures adds to the variance of the time's logarithm.
  func interval(
    around time: Seconds, bytes: Bytes, variance: Double
  ) -> (range: ClosedRange<Seconds>, basis: Estimate.Basis) {
    let factor = ErrorBand.factor(
      spread: model.profile.errorSpread(MessageRegime(bytes), isExtrapolated: basis != .calibrated),
      variance: variance)
    return ((time * (1 / factor))...(time * factor), basis)
  }
}
