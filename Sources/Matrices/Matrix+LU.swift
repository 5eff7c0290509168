import COpenBLAS

/// The factors of a square matrix: a permutation, a lower and an upper triangle.
public struct LUFactors: Sendable {
  /// How many rows and columns the matrix has.
  public let side: Int
  private let factors: Matrix
  private let pivots: [blasint]

  /// Factors a matrix by Gaussian elimination with partial pivoting (`dgetrf`).
  /// - Returns: The factors, or nil where the matrix is singular to the last digit or holds what is not a number.
  /// - Complexity: O(side³).
  public init?(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "the factors of a matrix that is not square")
    side = matrix.rows
    var factors = matrix
    var pivots = [blasint](repeating: 0, count: side)
    var info: blasint = 0
    if side > 0 {
      guard matrix.isFinite else { return nil }
      var order = blasSide(side)
      factors.withMutableElements { elements in
        dgetrf_(&order, &order, elements, &order, &pivots, &info)
      }
    }
    guard info == 0 else { return nil }
    self.factors = factors
    self.pivots = pivots
  }

  /// Solves `A · X = right`, or with the rows of A taken for its columns (`dgetrs`).
  /// - Complexity: O(side² · columns of `right`).
  public func solve(_ right: Matrix, transposed: Bool = false) -> Matrix {
    precondition(right.rows == side, "sides of the factors and the right side differ")
    guard side > 0, right.columns > 0 else { return right }
    var solution = right
    var (order, columns, info) = (blasSide(side), blasSide(right.columns), blasint(0))
    var transposition = CChar(UInt8(ascii: transposed ? "T" : "N"))
    factors.withElements { elements in
      solution.withMutableElements { right in
        dgetrs_(&transposition, &order, &columns, elements, &order, pivots, right, &order, &info)
      }
    }
    precondition(info == 0, "a wrong argument of dgetrs")
    return solution
  }

  /// Solves `A · x = right` for one column.
  public func solve(_ right: [Double], transposed: Bool = false) -> [Double] {
    solve(Matrix(rows: right.count, columns: 1) { row, _ in right[row] }, transposed: transposed).column(0)
  }
}

extension Matrix {
  /// The matrix that changes nothing.
  public static func identity(_ side: Int) -> Matrix {
    Matrix(rows: side, columns: side) { $0 == $1 ? 1 : 0 }
  }

  /// Whether all elements are finite numbers.
  public var isFinite: Bool { storage.elements.allSatisfy(\.isFinite) }

  /// The largest element without its sign; zero where there is none.
  public var largestMagnitude: Double { storage.elements.reduce(0) { max($0, abs($1)) } }

  /// The sum of two matrices of equal sides.
  public static func + (left: Matrix, right: Matrix) -> Matrix { left.combined(with: right, +) }

  /// The difference of two matrices of equal sides.
  public static func - (left: Matrix, right: Matrix) -> Matrix { left.combined(with: right, -) }

  /// The matrix with all elements multiplied.
  public static func * (matrix: Matrix, factor: Double) -> Matrix {
    let result = Matrix(uninitializedRows: matrix.rows, columns: matrix.columns)
    for (index, element) in matrix.storage.elements.enumerated() {
      result.storage.elements.initializeElement(at: index, to: element * factor)
    }
    return result
  }

  private func combined(with other: Matrix, _ combine: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "sides of the addends differ")
    let result = Matrix(uninitializedRows: rows, columns: columns)
    let (left, right) = (storage.elements, other.storage.elements)
    for index in left.indices {
      result.storage.elements.initializeElement(at: index, to: combine(left[index], right[index]))
    }
    return result
  }

  func withElements<Result>(_ body: (UnsafePointer<Double>?) -> Result) -> Result {
    body(UnsafePointer(storage.elements.baseAddress))
  }

  mutating func withMutableElements<Result>(_ body: (UnsafeMutablePointer<Double>?) -> Result) -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = MatrixStorage(copying: storage) }
    return body(storage.elements.baseAddress)
  }
}
