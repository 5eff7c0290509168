/// A linear programme in standard form: the least `costs · x` with `A x = right` and `x ≥ 0`.
public struct LinearProgramme: Sendable {
  /// An element of a column of A.
  public struct Entry: Sendable, Hashable {
    /// Its row.
    public var row: Int
    /// Its value.
    public var value: Double

    /// An element by its row and value.
    public init(row: Int, value: Double) {
      self.row = row
      self.value = value
    }
  }

  /// Where a programme is least.
  public struct Solution: Sendable {
    /// The variables.
    public var variables: [Double]
    /// By row: what the objective would fall by per unit of the right side, the solution of the dual programme.
    public var prices: [Double]
    /// The objective.
    public var objective: Double
    /// How many steps were taken.
    public var iterations: Int
  }

  /// Why a programme has no solution here.
  public enum Failure: Error, Hashable, Sendable {
    /// A column, row or figure that does not fit the others.
    case shape
    /// No point meets the constraints, or the objective has no least value; or the figures lie too far apart.
    case noSolution(iterations: Int)
  }

  /// By variable: its elements of A, each row once.
  public var columns: [[Entry]]
  /// By variable: its cost.
  public var costs: [Double]
  /// By row: the right side.
  public var right: [Double]

  /// A programme of its parts.
  public init(columns: [[Entry]], costs: [Double], right: [Double]) {
    self.columns = columns
    self.costs = costs
    self.right = right
  }

  private static let mostIterations = 120
  /// The relative gap and infeasibility at which the search ends.
  private static let tolerance = 1e-9

  /// Solves the programme by an interior-point method with predictor and corrector (Mehrotra, 1992), whose normal
  /// equations LAPACK factors.
  /// - Throws: `Failure` when the parts do not fit or no solution is found.
  /// - Complexity: O(rows³ + rows² · longest column) per step; a few tens of steps.
  public func solved() throws(Failure) -> Solution {
    guard columns.count == costs.count, !columns.isEmpty, (costs + right).allSatisfy(\.isFinite),
      columns.allSatisfy({ $0.allSatisfy { right.indices.contains($0.row) && $0.value.isFinite } })
    else { throw .shape }
    guard var point = start() else { throw .noSolution(iterations: 0) }
    for iteration in 0..<LinearProgramme.mostIterations {
      let residuals = residuals(point)
      if residuals.areSmall(LinearProgramme.tolerance) {
        return Solution(
          variables: point.x, prices: point.y, objective: dot(costs, point.x), iterations: iteration)
      }
      guard let next = step(from: point, residuals) else {
        // The last digits may be out of reach; what is nearly there counts.
        if residuals.areSmall(LinearProgramme.tolerance * 1e3) {
          return Solution(
            variables: point.x, prices: point.y, objective: dot(costs, point.x), iterations: iteration)
        }
        throw .noSolution(iterations: iteration)
      }
      point = next
    }
    throw .noSolution(iterations: LinearProgramme.mostIterations)
  }

  // MARK: Steps

  private struct Point {
    var x: [Double]
    var y: [Double]
    var s: [Double]
  }

  private struct Residuals {
    /// A x − right.
    var primal: [Double]
    /// Aᵀ y + s − costs.
    var dual: [Double]
    /// The mean product of a variable and its reduced cost.
    var mean: Double
    var primalScale: Double
    var dualScale: Double
    var gap: Double

    func areSmall(_ tolerance: Double) -> Bool {
      largest(primal) <= tolerance * primalScale && largest(dual) <= tolerance * dualScale && gap <= tolerance
    }
  }

  private func residuals(_ point: Point) -> Residuals {
    let primal = zip(product(point.x), right).map { $0 - $1 }
    let dual = zip(zip(transposedProduct(point.y), point.s), costs).map { $0.0 + $0.1 - $1 }
    let objective = dot(costs, point.x)
    return Residuals(
      primal: primal, dual: dual, mean: dot(point.x, point.s) / Double(point.x.count),
      primalScale: 1e-3 + largest(right), dualScale: 1e-3 + largest(costs),
      gap: abs(objective - dot(right, point.y)) / max(abs(objective), 1e-12))
  }

  private func start() -> Point? {
    guard let factors = factors(weights: columns.map { _ in 1 }) else { return nil }
    var x = transposedProduct(factors.solve(right))
    let y = factors.solve(product(costs))
    var s = zip(costs, transposedProduct(y)).map { $0 - $1 }
    shift(&x)
    shift(&s)
    let products = dot(x, s)
    let (xSum, sSum) = (x.reduce(0, +), s.reduce(0, +))
    guard products.isFinite, xSum > 0, sSum > 0 else { return nil }
    for index in x.indices {
      x[index] += 0.5 * products / sSum
      s[index] += 0.5 * products / xSum
    }
    return Point(x: x, y: y, s: s)
  }

  private func shift(_ values: inout [Double]) {
    let least = values.min() ?? 0
    let offset = max(-1.5 * least, 0) + 1e-3
    for index in values.indices { values[index] += offset }
  }

  private func step(from point: Point, _ residuals: Residuals) -> Point? {
    guard let factors = factors(weights: zip(point.x, point.s).map { $0 / $1 }) else { return nil }
    let products = zip(point.x, point.s).map { $0 * $1 }
    let predictor = direction(from: point, residuals, products, factors)
    let lengths = (length(point.x, predictor.x), length(point.s, predictor.s))
    var ahead = 0.0
    for index in point.x.indices {
      ahead +=
        (point.x[index] + lengths.0 * predictor.x[index]) * (point.s[index] + lengths.1 * predictor.s[index])
    }
    let ratio = ahead / Double(point.x.count) / residuals.mean
    let centre = ratio * ratio * ratio * residuals.mean
    let corrected = point.x.indices.map { products[$0] + predictor.x[$0] * predictor.s[$0] - centre }
    let final = direction(from: point, residuals, corrected, factors)
    let damping = 0.9995
    let (alongX, alongS) = (
      min(1, damping * length(point.x, final.x, most: .infinity)),
      min(1, damping * length(point.s, final.s, most: .infinity))
    )
    var next = point
    for index in next.x.indices {
      next.x[index] += alongX * final.x[index]
      next.s[index] += alongS * final.s[index]
    }
    for row in next.y.indices { next.y[row] += alongS * final.y[row] }
    let isSound = next.x.allSatisfy { $0 > 0 && $0.isFinite } && next.s.allSatisfy { $0 > 0 && $0.isFinite }
    return isSound && max(alongX, alongS) > 1e-9 ? next : nil
  }

  private func direction(
    from point: Point, _ residuals: Residuals, _ products: [Double], _ factors: PositiveDefiniteFactors
  ) -> Point {
    let inner = point.x.indices.map { (products[$0] - point.x[$0] * residuals.dual[$0]) / point.s[$0] }
    let y = factors.solve(zip(product(inner), residuals.primal).map { $0 - $1 })
    let s = zip(residuals.dual, transposedProduct(y)).map { -$0 - $1 }
    let x = point.x.indices.map { -(products[$0] + point.x[$0] * s[$0]) / point.s[$0] }
    return Point(x: x, y: y, s: s)
  }

  /// How far one may go before a value becomes negative, at most `most`.
  private func length(_ values: [Double], _ direction: [Double], most: Double = 1) -> Double {
    var length = most
    for (value, change) in zip(values, direction) where change < 0 { length = min(length, -value / change) }
    return length
  }

  // MARK: Products

  private func product(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: right.count)
    for (column, value) in zip(columns, x) {
      for entry in column { result[entry.row] += entry.value * value }
    }
    return result
  }

  private func transposedProduct(_ y: [Double]) -> [Double] {
    columns.map { column in column.reduce(0) { $0 + $1.value * y[$1.row] } }
  }

  /// The factors of A · weights · Aᵀ; redundant rows get a trace of weight of their own.
  private func factors(weights: [Double]) -> PositiveDefiniteFactors? {
    let side = right.count
    var normal = [Double](repeating: 0, count: side * side)
    for (column, weight) in zip(columns, weights) {
      for one in column {
        for other in column where other.row >= one.row {
          normal[one.row * side + other.row] += weight * one.value * other.value
        }
      }
    }
    for (attempt, trace) in [0, 1e-14, 1e-11, 1e-8].enumerated() {
      for row in 0..<side {
        let place = row * side + row
        normal[place] += attempt == 0 ? 0 : trace * max(normal[place], 1e-300)
      }
      if let factors = PositiveDefiniteFactors(normal, side: side) { return factors }
    }
    return nil
  }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

private func largest(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1)) } }
