import Collectives
import Foundation
import Matrices
import Quantities

/// What a log would look like if the cluster were in a certain state: times, and how they vary together between
/// clusters in that state.
///
/// Logarithms of time are taken as normal: a mean, a part that the figures of the profile and the model's misfit move
/// together (columns of `spread`, each times a standard normal number), and independent noise in each row.
struct Hypothesis {
  /// The logarithm of the expected time, by row.
  let means: [Double]
  /// What one standard deviation of each cause of variation adds, by row and cause.
  let spread: Matrix
  /// Where the causes of variation stand at the means, in standard deviations.
  let center: [Double]
  /// The standard deviation of the noise.
  let noise: Double

  /// Noise beyond so many deviations counts linearly, not squared (Huber's usual choice).
  private static let bend = 1.345
  private static let rounds = 6

  /// The logarithm of the likelihood of a log's times, but for a constant that all hypotheses share, and where the
  /// causes of variation most likely stand.
  ///
  /// The common variation is integrated out in closed form through an orthogonal factorisation. Rows that stray far by
  /// themselves get a larger noise of their own, which costs likelihood but does not decide.
  /// - Complexity: O(rows · causes²).
  func explain(_ logarithms: [Double]) -> (logLikelihood: Double, likeliest: [Double]) {
    let rest = logarithms.indices.map { row in
      center.indices.reduce(logarithms[row] - means[row]) { $0 + spread[row, $1] * center[$1] }
    }
    var widening = [Double](repeating: 1, count: rest.count)
    var result = (-Double.infinity, center)
    for _ in 0..<Hypothesis.rounds {
      let (likelihood, likeliest, left) = evaluate(rest, widening: widening)
      result = (likelihood, likeliest)
      let next = left.map { max(1, abs($0) / (Hypothesis.bend * noise)) }
      if zip(next, widening).allSatisfy({ abs($0 - $1) < 1e-3 * $1 }) { break }
      widening = next
    }
    return result
  }

  /// - Parameter widening: By row, by how much the noise's variance is larger than usual.
  private func evaluate(_ rest: [Double], widening: [Double]) -> (Double, likeliest: [Double], left: [Double]) {
    let causes = spread.columns
    let scales = widening.map { noise * $0.squareRoot() }
    // Rows over their noise, then one row for each cause, whose own deviation is one.
    let stacked = Matrix(rows: rest.count + causes, columns: causes) { row, column in
      row < rest.count ? spread[row, column] / scales[row] : row - rest.count == column ? 1 : 0
    }
    let right = zip(rest, scales).map { $0 / $1 } + [Double](repeating: 0, count: causes)
    let factors = QRFactorization(stacked)
    guard let (solution, residual) = factors.solve(right) else { return (-.infinity, center, rest) }
    let left = rest.indices.map { row in
      solution.indices.reduce(rest[row]) { $0 - spread[row, $1] * solution[$1] }
    }
    let determinant =
      factors.diagonal.reduce(0) { $0 + log(abs($1)) } + scales.reduce(0) { $0 + log($1) }
    return (-residual / 2 - determinant, solution, left)
  }
}
