import Collectives
import Quantities

/// How far healthy clusters lie from an estimate, and how well the figures behind it are known.
struct ErrorBand {
  private let model: CostModel
  private let basis: Estimate.Basis

  /// - Parameter isAlone: Whether no other group of ranks runs the same at the same time, as in what was measured.
  init(_ model: CostModel, collective: Collective, generations: [String], isAlone: Bool) {
    self.model = model
    basis =
      model.profile.latencyModel == .graph
      ? .uncalibrated : isAlone && model.isFitted(collective, generations: generations) ? .calibrated : .extrapolated
  }

  /// The interval that holds about nine in ten healthy clusters.
  func interval(around time: Seconds, bytes: Bytes) -> (range: ClosedRange<Seconds>, basis: Estimate.Basis) {
    var factor = model.profile.errorFactor(MessageRegime(bytes))
    // Beyond what was measured the spread is not known; it is taken as twice as wide on a logarithmic scale.
    if basis == .extrapolated { factor *= factor }
    return ((time * (1 / factor))...(time * factor), basis)
  }
}
