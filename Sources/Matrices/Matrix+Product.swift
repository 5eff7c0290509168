import COpenBLAS

extension Matrix {
  /// The product with another matrix, by OpenBLAS (`dgemm`).
  /// - Parameters:
  ///   - other: The right factor, with as many rows as this matrix has columns, after the transpositions.
  ///   - transposed: Whether to take this matrix's rows for columns.
  ///   - otherTransposed: Whether to take the other's rows for columns.
  /// - Complexity: O(rows · columns · columns of `other`).
  public func times(_ other: Matrix, transposed: Bool = false, otherTransposed: Bool = false) -> Matrix {
    let (height, inner) = transposed ? (columns, rows) : (rows, columns)
    let (otherInner, width) = otherTransposed ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(inner == otherInner, "sides of the factors differ")
    guard height > 0, width > 0, inner > 0 else { return Matrix(rows: height, columns: width) }
    let result = Matrix(uninitializedRows: height, columns: width)
    // With beta zero dgemm writes every element and reads none.
    cblas_dgemm(
      CblasColMajor, transposed ? CblasTrans : CblasNoTrans, otherTransposed ? CblasTrans : CblasNoTrans,
      blasSide(height), blasSide(width), blasSide(inner), 1, storage.elements.baseAddress, blasSide(rows),
      other.storage.elements.baseAddress, blasSide(other.rows), 0, result.storage.elements.baseAddress,
      blasSide(height))
    return result
  }
}

extension Matrix {
  /// The product with a vector, by OpenBLAS (`dgemv`).
  /// - Parameter vector: As many numbers as there are columns.
  /// - Complexity: O(rows · columns).
  public func times(_ vector: [Double]) -> [Double] {
    precondition(vector.count == columns, "sides of the factors differ")
    guard rows > 0, columns > 0 else { return Array(repeating: 0, count: rows) }
    return Array(unsafeUninitializedCapacity: rows) { result, count in
      cblas_dgemv(
        CblasColMajor, CblasNoTrans, blasSide(rows), blasSide(columns), 1, storage.elements.baseAddress, blasSide(rows),
        vector, 1, 0, result.baseAddress, 1)
      count = rows
    }
  }
}

/// The one conversion of a side to the 32 bits that OpenBLAS takes.
func blasSide(_ side: Int) -> blasint {
  guard let short = blasint(exactly: side) else { preconditionFailure("a side of 2^31 or more") }
  return short
}
