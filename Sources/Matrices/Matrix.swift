/// A dense matrix of real numbers, stored by columns.
///
/// A value: a copy shares its elements until one of the two is written to. Sides may be zero. Indices outside the
/// sides, and sides that do not fit together, are programming errors and stop the program, as with `Array`.
public struct Matrix: Sendable {
  /// How many rows.
  public let rows: Int
  /// How many columns.
  public let columns: Int
  var storage: MatrixStorage

  /// A matrix whose elements are all one value.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(uninitializedRows: rows, columns: columns)
    storage.elements.initialize(repeating: value)
  }

  /// A matrix of its elements.
  /// - Parameter element: The element in a row and a column.
  public init(rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) -> Double) {
    self.init(uninitializedRows: rows, columns: columns)
    for column in 0..<columns {
      for row in 0..<rows { storage.elements.initializeElement(at: column * rows + row, to: element(row, column)) }
    }
  }

  /// A matrix of rows of equal length.
  public init(rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "rows of different length")
    self.init(rows: rows.count, columns: columns) { rows[$0][$1] }
  }

  init(uninitializedRows rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a side below zero")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "too many elements")
    self.rows = rows
    self.columns = columns
    storage = MatrixStorage(count: count)
  }

  /// The element in a row and a column.
  public subscript(row: Int, column: Int) -> Double {
    get { storage.elements[place(row, column)] }
    set {
      let place = place(row, column)
      makeUnique()
      storage.elements[place] = newValue
    }
  }

  /// One column's elements.
  public func column(_ column: Int) -> [Double] {
    precondition((0..<columns).contains(column), "column outside the matrix")
    return Array(storage.elements[column * rows..<(column + 1) * rows])
  }

  /// One row's elements.
  public func row(_ row: Int) -> [Double] { (0..<columns).map { self[row, $0] } }

  /// Adds to an element in place.
  public mutating func add(_ value: Double, row: Int, column: Int) {
    let place = place(row, column)
    makeUnique()
    storage.elements[place] += value
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    precondition((0..<rows).contains(row) && (0..<columns).contains(column), "index outside the matrix")
    return column * rows + row
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = MatrixStorage(copying: storage) }
  }
}

extension Matrix: Equatable {
  /// Whether the sides and all elements are equal.
  public static func == (left: Matrix, right: Matrix) -> Bool {
    left.rows == right.rows && left.columns == right.columns
      && left.storage.elements.elementsEqual(right.storage.elements)
  }
}
