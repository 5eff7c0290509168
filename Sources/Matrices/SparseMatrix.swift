/// A matrix of real numbers most of which are zero, stored by rows.
public struct SparseMatrix: Sendable {
  /// The share of elements that are not zero up to which its product is used: there it takes about a third of the dense
  /// one's time in the benchmark `sparse`.
  public static let usefulDensity = 0.02

  /// How many rows.
  public let rows: Int
  /// How many columns.
  public let columns: Int
  /// By row: where its elements start; one more at the end.
  private let starts: [Int]
  /// By element: its column.
  private let places: [Int32]
  private let values: [Double]

  /// The elements of a dense matrix that are not zero.
  /// - Complexity: O(rows · columns).
  public init(_ matrix: Matrix) {
    rows = matrix.rows
    columns = matrix.columns
    var starts = [Int](repeating: 0, count: rows + 1)
    let elements = matrix.storage.elements
    for place in elements.indices where elements[place] != 0 { starts[place % rows + 1] += 1 }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    var next = starts
    var places = [Int32](repeating: 0, count: starts[rows])
    var values = [Double](repeating: 0, count: starts[rows])
    for place in elements.indices where elements[place] != 0 {
      let row = place % rows
      places[next[row]] = Int32(truncatingIfNeeded: place / rows)
      values[next[row]] = elements[place]
      next[row] += 1
    }
    self.starts = starts
    self.places = places
    self.values = values
  }

  /// The share of elements that are not zero.
  public var density: Double {
    rows > 0 && columns > 0 ? Double(values.count) / (Double(rows) * Double(columns)) : 0
  }

  /// The product with a dense matrix, eight columns of it at a time.
  /// - Complexity: O(elements that are not zero · columns of `other`).
  public func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "sides of the factors differ")
    let result = Matrix(uninitializedRows: rows, columns: other.columns)
    let (from, to) = (other.storage.elements, result.storage.elements)
    // The columns side by side, so that one load serves all.
    var packed = [SIMD8<Double>](repeating: .zero, count: columns)
    packed.withUnsafeMutableBufferPointer { packed in
      values.withUnsafeBufferPointer { values in
        places.withUnsafeBufferPointer { places in
          for first in stride(from: 0, to: other.columns, by: 8) {
            let width = min(8, other.columns - first)
            for lane in 0..<width {
              for row in 0..<columns { packed[row][lane] = from[(first + lane) * columns + row] }
            }
            for row in 0..<rows {
              var sum = SIMD8<Double>.zero
              for place in starts[row]..<starts[row + 1] {
                sum += packed[Int(places[place])] * values[place]
              }
              for lane in 0..<width { to.initializeElement(at: (first + lane) * rows + row, to: sum[lane]) }
            }
          }
        }
      }
    }
    return result
  }
}
