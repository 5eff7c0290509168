import Foundation
import Matrices

/// A linear model with weights of at least zero, fitted so that single bad rows do not decide.
///
/// Minimises Σ ρ((Xθ − y)ᵢ / s) + Σ ((θ − θ₀) / σ)² for θ ≥ 0, where ρ is Huber's function with bend 1.345 and s the
/// scale of the remainders by their median (Huber and Ronchetti, Robust Statistics, 2009, chapter 7), by least squares
/// that are weighted anew until they stand still.
struct RobustFit {
  /// What is known of the weights before.
  struct Prior {
    var means: [Double]
    var deviations: [Double]
  }

  let solution: [Double]
  /// The covariance of the solution; weights at their bound have none.
  let covariance: Matrix
  /// The scale of the remainders.
  let scale: Double
  /// Rows less weights in use, for the quantiles of intervals.
  let degreesOfFreedom: Int
  /// Remainders by row.
  let remainders: [Double]

  private static let bend = 1.345
  private static let rounds = 60
  /// From so many rows more than weights on, the scale is that of the remainders.
  private static let leastSurplus = 5

  /// Fits a model.
  /// - Parameters:
  ///   - matrix: What each unit of a weight adds to each row; rows are scaled to equal noise.
  ///   - right: The rows' values.
  ///   - prior: What is known before; nil: nothing.
  ///   - noise: The scale of the remainders where there are too few rows to tell it.
  /// - Returns: The fit, or nil where the weights are not determined at all.
  init?(_ matrix: Matrix, _ right: [Double], prior: Prior? = nil, noise: Double) {
    let surplus = matrix.rows - matrix.columns
    var weights = [Double](repeating: 1, count: matrix.rows)
    var scale = noise
    var solution: [Double] = []
    var rest: [Double] = []
    for round in 0..<RobustFit.rounds {
      let next = RobustFit.solve(matrix, right, weights: weights, prior: prior, scale: scale)
      let step = zip(next, solution).map { abs($0 - $1) / max(abs($0), 1e-12) }.max() ?? .infinity
      solution = next
      rest = (0..<matrix.rows).map { row in
        solution.indices.reduce(right[row]) { $0 - matrix[row, $1] * solution[$1] }
      }
      if round > 0, step < 1e-10 { break }
      if surplus >= RobustFit.leastSurplus, let median = rest.map({ abs($0) }).median {
        // The median of the absolute remainders of normal noise is 0.6745 of its deviation.
        scale = max(
          median / 0.6745 * (Double(matrix.rows) / Double(surplus)).squareRoot(), .leastNormalMagnitude.squareRoot())
      }
      weights = rest.map { min(1, RobustFit.bend * scale / max(abs($0), .leastNormalMagnitude)) }
    }
    let active = solution.indices.filter { solution[$0] > 0 }
    let variance = RobustFit.variance(
      rest, scale: scale, inUse: active.count, hasSurplus: surplus >= RobustFit.leastSurplus)
    guard
      let inner = RobustFit.covariance(matrix, columns: active, variance: variance, prior: prior)
    else { return nil }
    self.solution = solution
    self.scale = scale
    remainders = rest
    degreesOfFreedom = prior == nil ? max(matrix.rows - active.count, 1) : max(matrix.rows, 1)
    covariance = Matrix(rows: solution.count, columns: solution.count) { row, column in
      guard let one = active.firstIndex(of: row), let other = active.firstIndex(of: column) else { return 0 }
      return inner[one, other]
    }
  }

  /// The interval that holds a weight with a probability of 95 %.
  func interval(_ weight: Int) -> ClosedRange<Double> {
    let reach = RobustFit.quantile(degreesOfFreedom) * max(covariance[weight, weight], 0).squareRoot()
    return max(0, solution[weight] - reach)...(solution[weight] + reach)
  }

  private static func solve(
    _ matrix: Matrix, _ right: [Double], weights: [Double], prior: Prior?, scale: Double
  ) -> [Double] {
    let extra = prior == nil ? 0 : matrix.columns
    let roots = weights.map { $0.squareRoot() }
    let stacked = Matrix(rows: matrix.rows + extra, columns: matrix.columns) { row, column in
      guard row >= matrix.rows, let prior else { return roots[row] * matrix[row, column] }
      return row - matrix.rows == column ? scale / prior.deviations[column] : 0
    }
    let known = prior.map { prior in prior.means.indices.map { scale * prior.means[$0] / prior.deviations[$0] } } ?? []
    return NonNegativeLeastSquares(stacked, zip(roots, right).map { $0 * $1 } + known).solution
  }

  /// What one row's remainder is worth in the solution's covariance: Huber's estimate with his correction for the
  /// number of weights.
  private static func variance(_ rest: [Double], scale: Double, inUse: Int, hasSurplus: Bool) -> Double {
    guard hasSurplus else { return scale * scale }
    let bounded = rest.map { max(-bend * scale, min(bend * scale, $0)) }
    let inside = Double(rest.filter { abs($0) <= bend * scale }.count) / Double(rest.count)
    guard inside > 0 else { return scale * scale }
    let count = Double(rest.count)
    let correction = 1 + Double(inUse) / count * (1 - inside) / inside
    let squares = bounded.reduce(0) { $0 + $1 * $1 } / max(count - Double(inUse), 1)
    return correction * correction * squares / (inside * inside)
  }

  private static func covariance(_ matrix: Matrix, columns: [Int], variance: Double, prior: Prior?) -> Matrix? {
    let extra = prior == nil ? 0 : columns.count
    guard matrix.rows + extra >= columns.count else { return nil }
    let deviation = max(variance, .leastNormalMagnitude).squareRoot()
    // Without columns of like size the rank could not be told from their units.
    let units = columns.map { column in
      let known = prior.map { deviation / $0.deviations[column] } ?? 0
      let squares = matrix.column(column).reduce(known * known) { $0 + $1 * $1 }
      return max(squares.squareRoot(), .leastNormalMagnitude)
    }
    let stacked = Matrix(rows: matrix.rows + extra, columns: columns.count) { row, place in
      if row < matrix.rows { return matrix[row, columns[place]] / units[place] }
      guard row - matrix.rows == place, let prior else { return 0 }
      return deviation / prior.deviations[columns[place]] / units[place]
    }
    guard let inverse = QRFactorization(stacked).inverseOfNormalMatrix else { return nil }
    return Matrix(rows: columns.count, columns: columns.count) {
      inverse[$0, $1] * deviation / units[$0] * deviation / units[$1]
    }
  }

  /// The 97.5th percentile of Student's distribution, by its expansion around the normal one (Abramowitz and Stegun,
  /// 26.7.5); within 2 % from three degrees of freedom on.
  static func quantile(_ degrees: Int) -> Double {
    let normal = 1.959963984540054
    let freedom = Double(max(degrees, 1))
    let square = normal * normal
    let first = (square + 1) * normal / 4
    let second = ((5 * square + 16) * square + 3) * normal / 96
    let third = (((3 * square + 19) * square + 17) * square - 15) * normal / 384
    return normal + first / freedom + second / (freedom * freedom) + third / (freedom * freedom * freedom)
  }
}
