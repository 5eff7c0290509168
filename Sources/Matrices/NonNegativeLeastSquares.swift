/// The combination of a matrix's columns with weights of at least zero that comes nearest to a vector.
///
/// The active-set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23), each step of which is
/// a least-squares problem over the columns in use.
public struct NonNegativeLeastSquares: Sendable {
  /// The weights, one a column.
  public let solution: [Double]
  /// The columns with a weight above zero, in order.
  public let active: [Int]
  /// The sum of the squares of what remains.
  public let residual: Double

  /// Solves a problem.
  ///
  /// Columns that depend on those in use are left at zero.
  /// - Parameters:
  ///   - matrix: The columns.
  ///   - right: The vector, with as many elements as the matrix has rows.
  /// - Complexity: O(columns · rows · columns²) as a rule.
  public init(_ matrix: Matrix, _ right: [Double]) {
    precondition(right.count == matrix.rows, "as many elements as rows are needed")
    // Columns of unit length make one tolerance do for all.
    let lengths = (0..<matrix.columns).map { Self.length(matrix.column($0)) }
    let scaled = Matrix(rows: matrix.rows, columns: matrix.columns) { row, column in
      lengths[column] > 0 ? matrix[row, column] / lengths[column] : 0
    }
    let tolerance = 1e-12 * max(Self.length(right), Double.leastNormalMagnitude)
    var weights = [Double](repeating: 0, count: matrix.columns)
    var inUse: [Int] = []
    var refused = Set(lengths.indices.filter { !(lengths[$0] > 0) })
    // The method ends by itself; the bound guards against cycles of rounding.
    for _ in 0..<(3 * matrix.columns + 10) {
      let rest = Self.rest(scaled, weights, right)
      let gradient = (0..<matrix.columns).map { column in Self.product(scaled.column(column), rest) }
      let outside = (0..<matrix.columns).filter { !inUse.contains($0) && !refused.contains($0) }
      guard let entering = outside.max(by: { gradient[$0] < gradient[$1] }), gradient[entering] > tolerance else {
        break
      }
      guard inUse.count < matrix.rows, let step = Self.solve(scaled, inUse + [entering], right) else {
        refused.insert(entering)
        continue
      }
      guard step.last ?? 0 > 0 else {
        refused.insert(entering)
        continue
      }
      inUse.append(entering)
      Self.settle(&weights, &inUse, step, scaled, right)
    }
    solution = weights.indices.map { lengths[$0] > 0 ? weights[$0] / lengths[$0] : 0 }
    active = inUse.sorted()
    residual = Self.rest(scaled, weights, right).reduce(0) { $0 + $1 * $1 }
  }

  /// Goes from feasible weights toward a solution over the columns in use, dropping those that reach zero on the way.
  private static func settle(
    _ weights: inout [Double], _ inUse: inout [Int], _ first: [Double], _ matrix: Matrix, _ right: [Double]
  ) {
    var step = first
    while true {
      let falling = inUse.indices.filter { step[$0] <= 0 }
      guard !falling.isEmpty else { break }
      let share = falling.map { weights[inUse[$0]] / (weights[inUse[$0]] - step[$0]) }.min() ?? 0
      for place in inUse.indices { weights[inUse[place]] += share * (step[place] - weights[inUse[place]]) }
      let before = inUse.count
      inUse.removeAll { weights[$0] <= 1e-15 }
      // Rounding may leave the one that decided just above zero.
      if inUse.count == before, let least = falling.map({ inUse[$0] }).min(by: { weights[$0] < weights[$1] }) {
        inUse.removeAll { $0 == least }
      }
      for index in weights.indices where !inUse.contains(index) { weights[index] = 0 }
      guard let next = solve(matrix, inUse, right) else { return }
      step = next
    }
    for place in inUse.indices { weights[inUse[place]] = step[place] }
  }

  private static func solve(_ matrix: Matrix, _ columns: [Int], _ right: [Double]) -> [Double]? {
    QRFactorization(Matrix(rows: matrix.rows, columns: columns.count) { matrix[$0, columns[$1]] }).solve(right)?
      .solution
  }

  private static func rest(_ matrix: Matrix, _ weights: [Double], _ right: [Double]) -> [Double] {
    (0..<matrix.rows).map { row in
      weights.indices.reduce(right[row]) { $0 - matrix[row, $1] * weights[$1] }
    }
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func length(_ vector: [Double]) -> Double { product(vector, vector).squareRoot() }
}
