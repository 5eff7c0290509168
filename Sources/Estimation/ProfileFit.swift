public import Collectives
import Foundation
public import Matrices
import Quantities

/// A library profile's figures, fitted to measured tables.
///
/// Minimises the robust (Cauchy) loss of the logarithms of predicted over measured times, plus the squared distance of
/// the figures' logarithms from their priors, by Levenberg and Marquardt's method with exact derivatives; the normal
/// equations are a matrix product and a Cholesky solution.
public struct ProfileFit: Sendable {
  /// Where a fit ended.
  public struct Solution: Sendable {
    /// The natural logarithms of the figures.
    public var logarithms: [Double]
    /// What was minimised.
    public var cost: Double
    /// The covariance of the logarithms (Laplace's approximation).
    public var covariance: Matrix
  }

  /// The profile that the fit changes.
  public let profile: LibraryProfile
  /// The fitted figures, in alphabetical order.
  public let names: [String]
  /// What it is fitted to.
  public let evidence: Evidence

  private let priors: [LibraryProfile.Figure.Prior]
  private let position: [String: Int]
  private let robustness: Double

  /// A fit of all figures of a profile that have a prior.
  public init(_ profile: LibraryProfile, to evidence: Evidence) {
    self.profile = profile
    self.evidence = evidence
    let fitted = profile.figures.compactMap { name, figure in figure.prior.map { (name, $0) } }
      .sorted { $0.0 < $1.0 }
    names = fitted.map(\.0)
    priors = fitted.map(\.1)
    position = Dictionary(uniqueKeysWithValues: fitted.enumerated().map { ($1.0, $0) })
    robustness = profile.factor("fit.robustness")
  }

  /// The logarithms of the profile's own figures.
  public var ownLogarithms: [Double] { names.map { log(profile.figures[$0]?.value ?? 1) } }

  /// The profile with other figures.
  public func profile(with logarithms: [Double]) -> LibraryProfile {
    var changed = profile
    for (name, logarithm) in zip(names, logarithms) { changed.figures[name]?.value = exp(logarithm) }
    return changed
  }

  /// Fits the figures.
  /// - Parameters:
  ///   - start: Where to start, as logarithms.
  ///   - leavingOut: Tables that do not count, as indices.
  ///   - steps: The most steps that are taken.
  /// - Complexity: O(steps · rows · figures²).
  public func solution(from start: [Double], leavingOut: Set<Int> = [], steps: Int = 60) -> Solution {
    var point = start
    var damping = 1e-2
    var state = normalEquations(at: point, leavingOut)
    var stalled = 0
    for _ in 0..<steps {
      guard let next = improved(point, state, leavingOut, &damping) else { break }
      stalled = state.cost - next.cost < 3e-4 * state.cost ? stalled + 1 : 0
      point = next.point
      state = normalEquations(at: point, leavingOut)
      if stalled >= 3 { break }
    }
    return Solution(
      logarithms: point, cost: state.cost,
      covariance: state.matrix.invertedPositiveDefinite() ?? Matrix(rows: names.count, columns: names.count))
  }

  /// The logarithms of predicted over measured times of a table.
  public func residuals(of index: Int, with profile: LibraryProfile) -> [Double] {
    let item = evidence.items[index]
    return zip(item.model.times(profile), item.table.rows).map { log($0 / $1.time) }
  }

  private struct NormalEquations {
    var cost: Double
    var matrix: Matrix
    var gradient: [Double]
  }

  /// A better point along a damped step; nil where none is found.
  private func improved(
    _ point: [Double], _ state: NormalEquations, _ leftOut: Set<Int>, _ damping: inout Double
  ) -> (point: [Double], cost: Double)? {
    for _ in 0..<10 {
      let damped = Matrix(rows: names.count, columns: names.count) { row, column in
        state.matrix[row, column] * (row == column ? 1 + damping : 1)
      }
      let right = Matrix(rows: names.count, columns: 1) { row, _ in -state.gradient[row] }
      guard let step = damped.solvingPositiveDefinite(right) else { return nil }
      let next = names.indices.map { index in
        // No message is faster than the wire.
        min(point[index] + min(max(step[index, 0], -0.7), 0.7), names[index].isShare ? 0 : .infinity)
      }
      let cost = cost(at: next, leftOut)
      if cost < state.cost {
        damping = max(damping / 6, 1e-6)
        return (next, cost)
      }
      damping *= 4
    }
    return nil
  }

  private func loss(_ residual: Double) -> Double {
    robustness * robustness * log1p(residual * residual / (robustness * robustness))
  }

  private func priorCost(at point: [Double]) -> Double {
    names.indices.reduce(0) { sum, index in
      let distance = (point[index] - log(priors[index].value)) / priors[index].spread
      return sum + distance * distance
    }
  }

  private func cost(at point: [Double], _ leftOut: Set<Int>) -> Double {
    let changed = profile(with: point)
    return evidence.items.indices.reduce(priorCost(at: point)) { sum, index in
      guard !leftOut.contains(index) else { return sum }
      let weights = evidence.items[index].weights
      return sum + zip(residuals(of: index, with: changed), weights).reduce(0) { $0 + $1.1 * loss($1.0) }
    }
  }

  private func normalEquations(at point: [Double], _ leftOut: Set<Int>) -> NormalEquations {
    let changed = profile(with: point)
    let used = evidence.items.indices.filter { !leftOut.contains($0) }
    let rows = used.reduce(0) { $0 + evidence.items[$1].table.rows.count }
    var jacobian = Matrix(rows: rows, columns: names.count)
    var residuals = Matrix(rows: rows, columns: 1)
    var cost = priorCost(at: point)
    var row = 0
    for index in used {
      let item = evidence.items[index]
      for (place, time) in item.model.sensitiveTimes(changed).enumerated() {
        let residual = log(time.time / item.table.rows[place].time)
        cost += item.weights[place] * loss(residual)
        let weight = (item.weights[place] / (1 + residual * residual / (robustness * robustness))).squareRoot()
        residuals[row, 0] = residual * weight
        for (name, value) in time.sensitivities {
          if let column = position[name] { jacobian[row, column] = value * weight }
        }
        row += 1
      }
    }
    var matrix = jacobian.times(jacobian, transposed: true)
    let product = jacobian.times(residuals, transposed: true)
    var gradient = [Double](repeating: 0, count: names.count)
    for index in names.indices {
      let precision = 1 / (priors[index].spread * priors[index].spread)
      matrix.add(precision, row: index, column: index)
      gradient[index] = product[index, 0] + precision * (point[index] - log(priors[index].value))
    }
    return NormalEquations(cost: cost, matrix: matrix, gradient: gradient)
  }
}

extension String {
  /// Whether a figure of this name is a share of a data-sheet rate, which is at most 1.
  fileprivate var isShare: Bool { hasPrefix("efficiency.") || hasPrefix("share.") || hasSuffix(".efficiency") }
}
