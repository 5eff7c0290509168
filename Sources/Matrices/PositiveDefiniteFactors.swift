import COpenBLAS

/// A symmetric positive definite matrix in its triangular factors, ready to be solved with many times.
///
/// LAPACK's `dpotrf` and `dpotrs`, the two halves of `dposv`.
struct PositiveDefiniteFactors {
  private let side: Int
  private let factor: [Double]

  /// Factors a matrix by its columns, of which only the lower triangle is read; nil where it is not positive definite.
  /// - Complexity: O(side³ / 3).
  init?(_ elements: [Double], side: Int) {
    precondition(elements.count == side * side, "not a square")
    guard side > 0 else { return nil }
    var factor = elements
    var rows = blasSide(side)
    var status: blasint = 0
    dpotrf_("L", &rows, &factor, &rows, &status)
    guard status == 0 else { return nil }
    self.side = side
    self.factor = factor
  }

  /// The vector whose product with the matrix is the given one.
  /// - Complexity: O(side²).
  func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == side, "a vector of another length")
    var solution = right
    var rows = blasSide(side)
    var columns: blasint = 1
    var status: blasint = 0
    dpotrs_("L", &rows, &columns, factor, &rows, &solution, &rows, &status)
    return solution
  }
}
