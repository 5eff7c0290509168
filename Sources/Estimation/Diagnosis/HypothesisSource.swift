import Collectives
import Foundation
import Matrices
import Quantities

/// What a hypothesis is made from: a changed cluster, priced with figures that stray as those of healthy clusters do.
struct HypothesisSource {
  private let whatIf: WhatIf
  private let staged: [PreparedQuestion.Staged]
  private let misfit: Matrix
  private let noise: Double
  /// The figures that matter, with the deviation of their logarithm.
  let figures: [(name: String, spread: Double)]
  private let means: [Double]

  /// Prices a changed cluster.
  /// - Parameter known: The figures that matter, where that is known; nil: they are found out.
  init(
    _ whatIf: WhatIf, _ questions: [PreparedQuestion], misfit: Matrix, noise: Double,
    figures known: [(name: String, spread: Double)]? = nil
  ) throws(EstimationError) {
    self.whatIf = whatIf
    self.misfit = misfit
    self.noise = noise
    var staged: [PreparedQuestion.Staged] = []
    for question in questions { staged.append(try question.staged(whatIf.profile, inSwitch: whatIf.inSwitch)) }
    self.staged = staged
    means = try HypothesisSource.logarithms(whatIf.profile, staged, delay: whatIf.delay)
    if let known {
      figures = known
      return
    }
    var figures: [(String, Double)] = []
    for (name, figure) in whatIf.profile.figures.sorted(by: { $0.key < $1.key }) {
      let spread = figure.logarithmicSpread
      guard spread > 0 else { continue }
      // Two deviations down and up, so that a figure is not missed whose algorithm is the fastest only then.
      for side in [-2.0, 2] {
        var profile = whatIf.profile
        profile.figures[name]?.value *= exp(side * spread)
        let moved = try HypothesisSource.logarithms(profile, staged, delay: whatIf.delay)
        if zip(moved, means).contains(where: { abs($0 - $1) > 1e-6 }) {
          figures.append((name, spread))
          break
        }
      }
    }
    self.figures = figures
  }

  /// The straight line through the model.
  /// - Parameter center: Where the causes of variation stand, in standard deviations; nil: at the profile's figures.
  /// - Complexity: A pricing for each figure that matters.
  func hypothesis(around center: [Double]? = nil) throws(EstimationError) -> Hypothesis {
    var profile = whatIf.profile
    // Far out the model says nothing any more.
    let place = figures.indices.map { max(-4, min(4, center?[$0] ?? 0)) }
    for (figure, deviations) in zip(figures, place) {
      profile.figures[figure.name]?.value *= exp(figure.spread * deviations)
    }
    let middle = center == nil ? means : try HypothesisSource.logarithms(profile, staged, delay: whatIf.delay)
    var columns: [[Double]] = []
    for figure in figures {
      var moved = profile
      moved.figures[figure.name]?.value *= exp(figure.spread)
      let times = try HypothesisSource.logarithms(moved, staged, delay: whatIf.delay)
      columns.append(zip(times, middle).map { $0 - $1 })
    }
    return Hypothesis(
      means: middle,
      spread: Matrix(rows: middle.count, columns: figures.count + misfit.columns) {
        $1 < figures.count ? columns[$1][$0] : misfit[$0, $1 - figures.count]
      },
      center: place + [Double](repeating: 0, count: misfit.columns), noise: noise)
  }

  private static func logarithms(
    _ profile: LibraryProfile, _ staged: [PreparedQuestion.Staged], delay: Seconds
  ) throws(EstimationError) -> [Double] {
    var all: [Double] = []
    for question in staged {
      all += try question.times(profile).map { log(max($0.value + delay.value, .leastNormalMagnitude)) }
    }
    return all
  }
}
