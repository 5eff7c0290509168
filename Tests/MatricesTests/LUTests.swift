import Matrices
import TestSupport
import Testing

@Suite struct LUTests {
  @Test("A solution put back gives the right side, for the matrix and for its transpose", arguments: [1, 2, 7, 40])
  func residual(_ side: Int) throws {
    var generator = SeededGenerator(seed: side)
    let matrix = Matrix(rows: side, columns: side) { _, _ in Double.random(in: -1...1, using: &generator) }
    let right = Matrix(rows: side, columns: 3) { _, _ in Double.random(in: -1...1, using: &generator) }
    let factors = try #require(LUFactors(matrix))
    #expect((matrix.times(factors.solve(right)) - right).largestMagnitude < 1e-9)
    #expect(
      (matrix.times(factors.solve(right, transposed: true), transposed: true) - right).largestMagnitude < 1e-9)
  }

  @Test("A singular matrix and one with what is not a number have no factors")
  func singular() {
    #expect(LUFactors(Matrix(rows: [[1, 2], [2, 4]])) == nil)
    #expect(LUFactors(Matrix(rows: [[1, .nan], [2, 4]])) == nil)
  }

  @Test("Sums, differences and multiples are those of the elements, and factoring leaves the matrix alone")
  func arithmetic() throws {
    let matrix = Matrix(rows: [[1, 2], [3, 4]])
    #expect(matrix + matrix == matrix * 2)
    #expect((matrix - matrix).largestMagnitude == 0)
    _ = try #require(LUFactors(matrix))
    #expect(matrix == Matrix(rows: [[1, 2], [3, 4]]))
    #expect(Matrix.identity(2).times(matrix) == matrix)
  }
}
