import Collectives
import Foundation
import Matrices
import Quantities

/// What a hypothesis is made from: a changed cluster, priced with figures that stray as those of healthy clusters do.
struct HypothesisSource {
  private let whatIf: WhatIf
  private let models: [TimeModel]
  private let misfit: Matrix
  private let noise: Double
  /// The figures that matter.
  let figures: Set<String>
  /// How they stray together.
  private let spread: LibraryProfile.FigureSpread
  private let means: [Double]

  /// Prices a changed cluster.
  /// - Parameter known: The figures that matter, where that is known; nil: they are found out.
  init(
    _ whatIf: WhatIf, _ questions: [QuestionGraph], misfit: Matrix, noise: Double, figures known: Set<String>? = nil
  ) throws(EstimationError) {
    self.whatIf = whatIf
    self.misfit = misfit
    self.noise = noise
    var models: [TimeModel] = []
    for question in questions {
      models.append(try TimeModel(question, profile: whatIf.profile, inSwitch: whatIf.inSwitch))
    }
    self.models = models
    let means = HypothesisSource.logarithms(whatIf.profile, models, delay: whatIf.delay)
    self.means = means
    var figures = known ?? []
    if known == nil {
      for name in whatIf.profile.figureSpread().names {
        // Two deviations down and up, so that a figure is not missed whose algorithm is the fastest only then.
        for side in [-2.0, 2] {
          let shift = side * whatIf.profile.logarithmicSpread(name)
          let moved = HypothesisSource.logarithms(
            whatIf.profile.shifted(by: [name: shift]), models, delay: whatIf.delay)
          if zip(moved, means).contains(where: { abs($0 - $1) > 1e-6 }) {
            figures.insert(name)
            break
          }
        }
      }
    }
    self.figures = figures
    spread = whatIf.profile.figureSpread(of: figures)
  }

  /// The straight line through the model.
  /// - Parameter center: Where the causes of variation stand, in standard deviations; nil: at the profile's figures.
  /// - Complexity: A pricing for each figure that matters.
  func hypothesis(around center: [Double]? = nil) -> Hypothesis {
    let count = spread.factor.columns
    // Far out the model says nothing any more.
    let place = (0..<count).map { max(-4, min(4, center?[$0] ?? 0)) }
    let profile = center == nil ? whatIf.profile : whatIf.profile.shifted(by: spread.shifts(place))
    let middle = center == nil ? means : HypothesisSource.logarithms(profile, models, delay: whatIf.delay)
    // By figure, what one unit of its logarithm adds to that of the times.
    var slopes: [[Double]] = []
    for name in spread.names {
      let step = whatIf.profile.logarithmicSpread(name)
      let times = HypothesisSource.logarithms(profile.shifted(by: [name: step]), models, delay: whatIf.delay)
      slopes.append(zip(times, middle).map { ($0 - $1) / step })
    }
    let moved = Matrix(rows: middle.count, columns: count) { slopes[$1][$0] }.times(spread.factor)
    return Hypothesis(
      means: middle,
      spread: Matrix(rows: middle.count, columns: count + misfit.columns) {
        $1 < count ? moved[$0, $1] : misfit[$0, $1 - count]
      },
      center: place + [Double](repeating: 0, count: misfit.columns), noise: noise)
  }

  private static func logarithms(
    _ profile: LibraryProfile, _ models: [TimeModel], delay: Seconds
  ) -> [Double] {
    models.flatMap { $0.times(profile) }.map { log(max($0.value + delay.value, .leastNormalMagnitude)) }
  }
}
