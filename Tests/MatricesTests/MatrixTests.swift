import Matrices
import Testing

@Suite("Matrices") struct MatrixTests {
  private func sample(_ rows: Int, _ columns: Int, seed: Int) -> Matrix {
    Matrix(rows: rows, columns: columns) { row, column in Double((row * 31 + column * 17 + seed * 7) % 23) - 11 }
  }

  private func naive(_ left: [[Double]], _ right: [[Double]], height: Int, width: Int) -> Matrix {
    Matrix(rows: height, columns: width) { row, column in
      right.indices.reduce(0) { $0 + left[row][$1] * right[$1][column] }
    }
  }

  private func rows(_ matrix: Matrix, transposed: Bool) -> [[Double]] {
    transposed ? (0..<matrix.columns).map(matrix.column) : (0..<matrix.rows).map(matrix.row)
  }

  @Test(
    "A product equals the sum over the inner side, with either factor transposed",
    arguments: [
      (3, 4, 5), (1, 1, 1), (7, 1, 2), (2, 9, 1), (16, 33, 8),
    ])
  func product(height: Int, inner: Int, width: Int) {
    for (transposed, otherTransposed) in [(false, false), (true, false), (false, true), (true, true)] {
      let left = transposed ? sample(inner, height, seed: 1) : sample(height, inner, seed: 1)
      let right = otherTransposed ? sample(width, inner, seed: 2) : sample(inner, width, seed: 2)
      let expected = naive(
        rows(left, transposed: transposed), rows(right, transposed: otherTransposed), height: height, width: width)
      // Small whole numbers: every order of summation gives the same result.
      #expect(left.times(right, transposed: transposed, otherTransposed: otherTransposed) == expected)
    }
  }

  @Test("A product over an empty side is zero or empty")
  func emptySides() {
    #expect(Matrix(rows: 2, columns: 0).times(Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
    #expect(Matrix(rows: 0, columns: 2).times(Matrix(rows: 2, columns: 3)) == Matrix(rows: 0, columns: 3))
    #expect(Matrix(rows: []).rows == 0)
  }

  @Test("Writing to a copy leaves the original as it was")
  func valueSemantics() {
    let original = sample(3, 3, seed: 4)
    var copy = original
    copy[1, 2] += 1
    copy.add(5, row: 0, column: 0)
    #expect(copy[1, 2] == original[1, 2] + 1)
    #expect(copy[0, 0] == original[0, 0] + 5)
    #expect(copy != original)
    #expect(original == sample(3, 3, seed: 4))
  }

  @Test("Rows and columns are read as written")
  func layout() {
    let matrix = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(matrix.row(1) == [4, 5, 6])
    #expect(matrix.column(2) == [3, 6])
    #expect(matrix[0, 1] == 2)
  }

  @Test("The number of threads is at least one")
  func threads() {
    let before = BLASThreads.count
    defer { BLASThreads.set(before) }
    BLASThreads.set(0)
    #expect(BLASThreads.count == 1)
  }
}
