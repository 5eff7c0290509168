import COpenBLAS

extension Matrix {
  /// The solution X of `self · X = right` for a symmetric positive definite matrix, by Cholesky's factorisation (LAPACK's
  /// `dposv`).
  /// - Parameter right: The right-hand sides as columns, with as many rows as this matrix has.
  /// - Returns: The solutions as columns; nil where the matrix is not positive definite.
  /// - Complexity: O(rows³ + rows² · columns of `right`).
  public func solvingPositiveDefinite(_ right: Matrix) -> Matrix? {
    precondition(rows == columns && right.rows == rows, "sides do not fit")
    guard rows > 0, right.columns > 0 else { return right }
    let factor = MatrixStorage(copying: storage)
    let solution = MatrixStorage(copying: right.storage)
    var side = blasSide(rows)
    var sides = blasSide(right.columns)
    var info: blasint = 0
    dposv_("L", &side, &sides, factor.elements.baseAddress, &side, solution.elements.baseAddress, &side, &info)
    guard info == 0 else { return nil }
    return Matrix(rows: rows, columns: right.columns) { solution.elements[$1 * rows + $0] }
  }

  /// The inverse of a symmetric positive definite matrix; nil where it is none.
  /// - Complexity: O(rows³).
  public func invertedPositiveDefinite() -> Matrix? {
    solvingPositiveDefinite(Matrix(rows: rows, columns: rows) { $0 == $1 ? 1 : 0 })
  }

  /// The transpose.
  /// - Complexity: O(rows · columns).
  public var transposed: Matrix { Matrix(rows: columns, columns: rows) { self[$1, $0] } }
}
