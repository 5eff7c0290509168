import ClusterModel
import Collectives
import Foundation
import Matrices
import Quantities

/// The fit of a site's factors to measured times.
struct SiteFit {
  let factors: [SiteProfile.Factor]
  let unidentified: [[String]]
  let spreads: [MessageRegime: Double]
  let errors: [MessageRegime: Calibration.Change]

  /// No site is so many times as fast as another of the same hardware; it also keeps divisors from zero.
  private static let leastFactor = 0.05
  private static let rounds = 12
  /// The share that a factor must have in a combination to be named in it.
  private static let namedShare = 0.35

  /// Fits the factors.
  /// - Returns: The fit, or nil where the rows determine nothing.
  init?(
    _ questions: [Question], times: [Double], on cluster: Cluster, profile: LibraryProfile
  ) throws(EstimationError) {
    let regimes = questions.flatMap { question in question.sizes.map { MessageRegime($0) } }
    var models: [TimeModel] = []
    for question in questions {
      models.append(
        try TimeModel(
          QuestionGraph(question, on: cluster, profile: profile), profile: profile, inSwitch: question.inSwitch))
    }
    let all = SiteFactor.shipped()
    func predicted(_ values: [Double], of factors: [SiteFactor]) -> [TimeModel.Sensitive] {
      let scaled = profile.scaled(by: zip(factors, values).map { ($0, $1) })
      return models.flatMap { $0.sensitiveTimes(scaled) }
    }
    let unscaled = predicted([], of: [])
    let plain = unscaled.map(\.time.value)
    // A factor that moves no row is left out.
    let felt = all.filter { factor in
      let powers = factor.powers(in: profile)
      return unscaled.contains { abs($0.slope(along: powers)) > 1e-9 }
    }
    let powers = felt.map { $0.powers(in: profile) }
    guard !felt.isEmpty, let noise = CauseCatalog.shipped() else { return nil }
    let prior = felt.map { SiteFit.deviation(of: $0, profile) }
    let scales = regimes.map { hypot(noise.noise, noise.misfit[$0] ?? 0) / noise.noise }

    var values = [Double](repeating: 1, count: felt.count)
    var solved: (fit: RobustFit, matrix: Matrix)?
    for _ in 0..<SiteFit.rounds {
      let answers = predicted(values, of: felt)
      let now = answers.map(\.time.value)
      let columns = felt.indices.map { place in
        answers.map { $0.time.value * $0.slope(along: powers[place]) / values[place] }
      }
      // Relative errors over the row's noise, as a function of what the factors exceed their least value by.
      let matrix = Matrix(rows: times.count, columns: felt.count) { columns[$1][$0] / times[$0] / scales[$0] }
      let right = times.indices.map { row in
        felt.indices.reduce(times[row] - now[row]) { sum, place in
          sum + columns[place][row] * (values[place] - SiteFit.leastFactor)
        } / times[row] / scales[row]
      }
      guard
        let fit = RobustFit(
          matrix, right,
          prior: .init(
            means: prior.map { _ in 1 - SiteFit.leastFactor }, deviations: prior), noise: noise.noise)
      else { return nil }
      let next = fit.solution.map { $0 + SiteFit.leastFactor }
      let change = zip(next, values).map { abs($0 / $1 - 1) }.max() ?? 0
      // Half of a long step, so that a change of algorithm on the way is not jumped over.
      values = zip(values, next).map { $1 / $0 > 2 ? $0 * 2 : $1 / $0 < 0.5 ? $0 / 2 : $1 }
      solved = (fit, matrix)
      if change < 1e-4 { break }
    }
    guard let (fit, matrix) = solved else { return nil }
    let after = predicted(values, of: felt).map(\.time.value)
    factors = felt.enumerated().map { place, factor in
      let inner = fit.interval(place)
      let deviation = max(fit.covariance[place, place], 0).squareRoot()
      return SiteProfile.Factor(
        name: factor.name, about: factor.about, value: values[place],
        interval: (inner.lowerBound + SiteFit.leastFactor)...(inner.upperBound + SiteFit.leastFactor),
        isIdentified: deviation < prior[place] / 2.0.squareRoot())
    }
    unidentified = SiteFit.unidentified(matrix, felt, prior: prior, noise: fit.scale)
    var spreads: [MessageRegime: Double] = [:]
    var errors: [MessageRegime: Calibration.Change] = [:]
    for regime in MessageRegime.allCases {
      let rows = times.indices.filter { regimes[$0] == regime }
      guard let before = rows.map({ abs(plain[$0] / times[$0] - 1) }).median,
        let left = rows.map({ abs(after[$0] / times[$0] - 1) }).median
      else { continue }
      errors[regime] = .init(before: before, after: left)
      let deviation = hypot(left / 0.6745, hypot(noise.noise, noise.misfit[regime] ?? 0))
      // Few rows of one day say less of the next than the spread between sites does.
      spreads[regime] = min(deviation, profile.spreadBetweenClusters(regime))
    }
    self.spreads = spreads
    self.errors = errors
  }

  /// How far a factor strays between sites: the spread of its figures, and that of times of its regime.
  private static func deviation(of factor: SiteFactor, _ profile: LibraryProfile) -> Double {
    let names = factor.times + factor.rates
    let spreads = profile.figures.filter { entry in names.contains { LibraryProfile.matches(entry.key, $0) } }
      .map { profile.logarithmicSpread($0.key) }
    return max(hypot(spreads.filter { $0 > 0 }.median ?? 0, profile.spreadBetweenClusters(factor.regime)), 0.01)
  }

  /// Combinations of factors of which the rows tell less than was known before: directions in which a deviation of
  /// what was known moves the rows by less than their noise.
  private static func unidentified(
    _ matrix: Matrix, _ factors: [SiteFactor], prior: [Double], noise: Double
  ) -> [[String]] {
    let scaled = Matrix(rows: matrix.rows, columns: matrix.columns) { matrix[$0, $1] * prior[$1] / noise }
    guard let (values, combinations) = scaled.singularValues else { return [] }
    return (0..<matrix.columns).filter { $0 >= values.count || values[$0] < 1 }.map { row in
      factors.indices.filter { abs(combinations[row, $0]) >= namedShare }.map { factors[$0].name }
    }.filter { !$0.isEmpty }
  }
}

extension TimeModel.Sensitive {
  /// The derivative of the time's logarithm by that of a factor that goes into figures with some powers.
  fileprivate func slope(along powers: [(figure: String, power: Double)]) -> Double {
    powers.reduce(0) { $0 + (sensitivities[$1.figure] ?? 0) * $1.power }
  }
}
