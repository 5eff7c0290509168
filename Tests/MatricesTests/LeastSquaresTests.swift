import Matrices
import TestSupport
import Testing

@Suite("Least squares") struct LeastSquaresTests {
  private func random(_ rows: Int, _ columns: Int, seed: Int) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rows: rows, columns: columns) { _, _ in Double.random(in: -1...1, using: &generator) }
  }

  private func rest(_ matrix: Matrix, _ weights: [Double], _ right: [Double]) -> [Double] {
    (0..<matrix.rows).map { row in weights.indices.reduce(right[row]) { $0 - matrix[row, $1] * weights[$1] } }
  }

  @Test("What remains is at right angles to every column", arguments: [(5, 3), (40, 12), (7, 7), (3, 1), (4, 0)])
  func normalEquations(rows: Int, columns: Int) throws {
    let matrix = random(rows, columns, seed: rows)
    let right = random(rows, 1, seed: 99).column(0)
    let (solution, residual) = try #require(QRFactorization(matrix).solve(right))
    let rest = rest(matrix, solution, right)
    for column in 0..<columns {
      #expect(abs(zip(matrix.column(column), rest).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12)
    }
    #expect(abs(rest.reduce(0) { $0 + $1 * $1 } - residual) < 1e-12)
  }

  @Test("The inverse of the normal matrix is its inverse, and the diagonal gives its determinant")
  func inverse() throws {
    let matrix = random(9, 4, seed: 3)
    let factors = QRFactorization(matrix)
    let product = try #require(factors.inverseOfNormalMatrix).times(matrix.times(matrix, transposed: true))
    for row in 0..<4 {
      for column in 0..<4 { #expect(abs(product[row, column] - (row == column ? 1 : 0)) < 1e-10) }
    }
    let two = QRFactorization(Matrix(rows: [[3, 0], [4, 2], [0, 0]]))
    // The normal matrix is ((25, 8), (8, 4)), whose determinant is 36.
    #expect(abs(two.diagonal.reduce(1, *).magnitude - 6) < 1e-12)
  }

  @Test("Columns that depend on each other have no solution")
  func dependent() {
    let factors = QRFactorization(Matrix(rows: [[1, 2], [2, 4], [3, 6]]))
    #expect(!factors.hasFullRank)
    #expect(factors.solve([1, 2, 3]) == nil)
    #expect(factors.inverseOfNormalMatrix == nil)
    #expect(QRFactorization(Matrix(rows: [[.nan], [1]])).solve([1, 2]) == nil)
  }

  @Test("Singular values and their combinations rebuild the normal matrix")
  func singularValues() throws {
    for (rows, columns) in [(8, 3), (3, 5), (4, 4)] {
      let matrix = random(rows, columns, seed: columns)
      let (values, combinations) = try #require(matrix.singularValues)
      #expect(values.count == min(rows, columns) && values == values.sorted(by: >))
      let normal = matrix.times(matrix, transposed: true)
      for row in 0..<columns {
        for column in 0..<columns {
          let sum = values.indices.reduce(0.0) {
            $0 + values[$1] * values[$1] * combinations[$1, row] * combinations[$1, column]
          }
          #expect(abs(sum - normal[row, column]) < 1e-12)
        }
      }
    }
    #expect(Matrix(rows: [[.infinity]]).singularValues == nil)
  }

  @Test("Non-negative weights meet the conditions of the optimum")
  func optimality() {
    for seed in 0..<60 {
      let (rows, columns) = (4 + seed % 9, 1 + seed % 7)
      let matrix = random(rows, columns, seed: seed)
      let right = random(rows, 1, seed: seed + 1000).column(0)
      let fit = NonNegativeLeastSquares(matrix, right)
      let rest = rest(matrix, fit.solution, right)
      for column in 0..<columns {
        let gradient = zip(matrix.column(column), rest).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(fit.solution[column] >= 0)
        #expect(gradient < 1e-9, "a larger weight of column \(column) would be better")
        if fit.solution[column] > 0 { #expect(abs(gradient) < 1e-9) }
      }
    }
  }

  @Test("Columns of nothing and columns given twice are left alone")
  func degenerate() {
    let zero = NonNegativeLeastSquares(Matrix(rows: [[0, 1], [0, 1]]), [2, 2])
    #expect(zero.solution[0] == 0 && abs(zero.solution[1] - 2) < 1e-12)
    let twice = NonNegativeLeastSquares(Matrix(rows: [[1, 1], [2, 2], [3, 3]]), [1, 2, 3])
    #expect(abs(twice.solution.reduce(0, +) - 1) < 1e-12 && twice.residual < 1e-20)
    #expect(NonNegativeLeastSquares(Matrix(rows: 0, columns: 2), []).solution == [0, 0])
    #expect(NonNegativeLeastSquares(Matrix(rows: [[1], [1]]), [-1, -2]).active.isEmpty)
  }
}
