import COpenBLAS

/// A matrix with at least as many rows as columns as the product of an orthogonal and an upper triangular one.
///
/// By Householder reflections (LAPACK `dgeqrf`). It solves least-squares problems without squaring their condition.
public struct QRFactorization: Sendable {
  /// Reflections below the diagonal, the triangle on and above it.
  private let factors: Matrix
  private let scales: [Double]

  /// Factors a matrix.
  /// - Complexity: O(rows · columns²).
  public init(_ matrix: Matrix) {
    precondition(matrix.rows >= matrix.columns, "fewer rows than columns")
    let factors = Matrix(rows: matrix.rows, columns: matrix.columns) { matrix[$0, $1] }
    var scales = [Double](repeating: 0, count: matrix.columns)
    if matrix.columns > 0 {
      var rows = blasSide(matrix.rows)
      var columns = blasSide(matrix.columns)
      var length = blasSide(max(1, matrix.columns * QRFactorization.blockSize))
      var work = [Double](repeating: 0, count: Int(length))
      var info: blasint = 0
      let elements = factors.storage.elements.baseAddress
      var leading = rows
      dgeqrf_(&rows, &columns, elements, &leading, &scales, &work, &length, &info)
      precondition(info == 0, "dgeqrf was called wrongly")
    }
    self.factors = factors
    self.scales = scales
  }

  private static let blockSize = 32

  /// The elements on the diagonal of the triangle.
  public var diagonal: [Double] { (0..<factors.columns).map { factors[$0, $0] } }

  /// Whether the columns are independent as far as the digits tell.
  public var hasFullRank: Bool {
    let sizes = diagonal.map { abs($0) }
    guard let largest = sizes.max(), let least = sizes.min() else { return true }
    return least.isFinite && least > largest * Double(max(factors.rows, 1)) * 0x1p-52
  }

  /// The combination of columns that comes nearest to a vector, and the distance squared; nil without full rank.
  /// - Complexity: O(rows · columns).
  public func solve(_ right: [Double]) -> (solution: [Double], residual: Double)? {
    precondition(right.count == factors.rows, "as many elements as rows are needed")
    guard hasFullRank else { return nil }
    var rotated = right
    var solution: [Double] = []
    if factors.columns > 0 {
      rotate(&rotated)
      solution = Array(rotated.prefix(factors.columns))
      solveTriangle(&solution, columns: 1)
    }
    return (solution, rotated.dropFirst(factors.columns).reduce(0) { $0 + $1 * $1 })
  }

  /// The inverse of the product of the matrix's transpose with it: a covariance but for its scale; nil without full
  /// rank.
  /// - Complexity: O(columns³).
  public var inverseOfNormalMatrix: Matrix? {
    guard hasFullRank else { return nil }
    let size = factors.columns
    var inverse = (0..<size * size).map { $0 % (size + 1) == 0 ? 1.0 : 0 }
    solveTriangle(&inverse, columns: size)
    let triangle = Matrix(rows: size, columns: size) { inverse[$1 * size + $0] }
    return triangle.times(triangle, otherTransposed: true)
  }

  private func rotate(_ vector: inout [Double]) {
    var rows = blasSide(factors.rows)
    var one: blasint = 1
    var count = blasSide(factors.columns)
    var leading = rows
    var leadingOfVector = rows
    var length = blasSide(QRFactorization.blockSize)
    var work = [Double](repeating: 0, count: Int(length))
    var info: blasint = 0
    dormqr_(
      "L", "T", &rows, &one, &count, factors.storage.elements.baseAddress, &leading, scales, &vector,
      &leadingOfVector, &work, &length, &info, 1, 1)
    precondition(info == 0, "dormqr was called wrongly")
  }

  private func solveTriangle(_ right: inout [Double], columns: Int) {
    guard factors.columns > 0, columns > 0 else { return }
    var size = blasSide(factors.columns)
    var count = blasSide(columns)
    var leading = blasSide(factors.rows)
    var leadingOfRight = size
    var info: blasint = 0
    dtrtrs_(
      "U", "N", "N", &size, &count, factors.storage.elements.baseAddress, &leading, &right,
      &leadingOfRight, &info, 1, 1, 1)
    precondition(info >= 0, "dtrtrs was called wrongly")
  }
}
