import COpenBLAS

extension Matrix {
  /// The singular values, largest first, and for each the combination of columns it belongs to, as a row.
  ///
  /// By LAPACK's `dgesvd`. Nil where elements are not finite or the iteration does not end.
  /// - Complexity: O(rows · columns²).
  public var singularValues: (values: [Double], combinations: Matrix)? {
    let count = min(rows, columns)
    guard count > 0 else { return ([], Matrix(rows: 0, columns: columns)) }
    guard storage.elements.allSatisfy({ $0.isFinite }) else { return nil }
    let copy = Matrix(rows: rows, columns: columns) { self[$0, $1] }
    let combinations = Matrix(rows: columns, columns: columns)
    var values = [Double](repeating: 0, count: count)
    var height = blasSide(rows)
    var width = blasSide(columns)
    var leading = height
    var leadingOfCombinations = width
    var one: blasint = 1
    var unused = 0.0
    var length = blasSide(8 * max(rows, columns) + 64)
    var work = [Double](repeating: 0, count: Int(length))
    var info: blasint = 0
    dgesvd_(
      "N", "A", &height, &width, copy.storage.elements.baseAddress, &leading, &values, &unused, &one,
      combinations.storage.elements.baseAddress, &leadingOfCombinations, &work, &length, &info, 1, 1)
    return info == 0 ? (values, combinations) : nil
  }
}
