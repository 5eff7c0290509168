import Matrices
import Testing

@Suite("Positive definite systems")
struct CholeskyTests {
  /// A positive definite matrix: a product with its own transpose, and more on the diagonal.
  static func definite(_ side: Int) -> Matrix {
    let factor = Matrix(rows: side, columns: side) { Double(($0 * 7 + $1 * 3) % 11) - 5 }
    var matrix = factor.times(factor, transposed: true)
    for index in 0..<side { matrix.add(1, row: index, column: index) }
    return matrix
  }

  @Test("The solution solves", arguments: [1, 2, 5, 20])
  func solution(side: Int) throws {
    let matrix = CholeskyTests.definite(side)
    let right = Matrix(rows: side, columns: 2) { Double($0 - $1) + 0.5 }
    let solution = try #require(matrix.solvingPositiveDefinite(right))
    let product = matrix.times(solution)
    for row in 0..<side {
      for column in 0..<2 { #expect(abs(product[row, column] - right[row, column]) < 1e-8) }
    }
  }

  @Test("The inverse undoes the matrix and is symmetric")
  func inverse() throws {
    let matrix = CholeskyTests.definite(6)
    let inverse = try #require(matrix.invertedPositiveDefinite())
    let product = matrix.times(inverse)
    for row in 0..<6 {
      for column in 0..<6 {
        #expect(abs(product[row, column] - (row == column ? 1 : 0)) < 1e-8)
        #expect(abs(inverse[row, column] - inverse[column, row]) < 1e-9)
      }
    }
  }

  @Test("A matrix that is not positive definite has no such solution")
  func indefinite() {
    let matrix = Matrix(rows: [[1, 2], [2, 1]])
    #expect(matrix.solvingPositiveDefinite(Matrix(rows: [[1], [1]])) == nil)
    #expect(matrix.invertedPositiveDefinite() == nil)
  }
}
