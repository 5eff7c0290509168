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

  @Test("Sparse products and products with vectors are those of the dense matrix", arguments: 0..<12)
  func sparse(seed: Int) {
    let (rows, inner, columns) = (seed * 3, (seed * 5) % 11, (seed * 7) % 19)
    let left = Matrix(rows: rows, columns: inner) { ($0 * 7 + $1 * 3 + seed) % 4 == 0 ? Double($0 - 2 * $1) : 0 }
    let right = Matrix(rows: inner, columns: columns) { Double(($0 * 5 + $1) % 7) - 3 }
    let sparse = SparseMatrix(left)
    let product = left.times(right)
    // Whole numbers, so that no order of adding up rounds.
    #expect(sparse.times(right) == product)
    let others = (0..<rows).reduce(0) { $0 + left.row($1).count { $0 != 0 } }
    #expect(abs(sparse.density * Double(rows * inner) - Double(others)) < 1e-9)
    for column in 0..<columns { #expect(left.times(right.column(column)) == product.column(column)) }
  }

  @Test("Peaks are the greatest elements of each column of the scaled product, and the next", arguments: 0..<12)
  func peaks(seed: Int) {
    let (rows, inner, columns) = (1 + seed * 3, (seed * 5) % 11, seed * seed)
    let left = Matrix(rows: rows, columns: inner) { Double(($0 * 7 + $1 * 3 + seed) % 13) - 4 }
    let right = Matrix(rows: inner, columns: columns) { Double(($0 * 5 + $1) % 7) - 3 }
    let factors = (0..<rows).map { Double($0 % 5) - 1 }
    let product = left.times(right)
    let peaks = left.peaks(times: right, scaledBy: factors)
    #expect(peaks.count == columns)
    for (column, peak) in peaks.enumerated() {
      let scaled = zip(product.column(column), factors).map(*)
      #expect(peak.value == scaled.max() && scaled.firstIndex(of: peak.value) == peak.row)
      let others = scaled.indices.filter { $0 != peak.row }
      #expect((peak.runnerUp == nil) == others.isEmpty)
      guard let runnerUp = peak.runnerUp else { continue }
      #expect(runnerUp != peak.row && peak.runnerUpValue == scaled[runnerUp])
      #expect(others.allSatisfy { scaled[$0] <= peak.runnerUpValue })
    }
    #expect(Matrix(rows: 0, columns: 2).peaks(times: Matrix(rows: 2, columns: 3), scaledBy: []).isEmpty)
  }
}
