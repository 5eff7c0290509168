import COpenBLAS

/// The greatest element of a column of a product, and the next.
public struct ColumnPeak: Sendable, Hashable {
  /// The row of the greatest element; of equal ones the first.
  public var row: Int
  /// The greatest element.
  public var value: Double
  /// The row of the greatest of the others; nil where there is one row.
  public var runnerUp: Int?
  /// The greatest of the others.
  public var runnerUpValue: Double
}

extension Matrix {
  /// The peaks of the columns of the product with another matrix, each row multiplied by a factor: which link of a batch
  /// of scenarios is the slowest, and by how much.
  ///
  /// The product is made in blocks of columns that stay in the cache and is never held whole.
  /// - Parameters:
  ///   - other: The right factor, with as many rows as this matrix has columns.
  ///   - factors: By row, such as the reciprocal of a link's bandwidth.
  /// - Returns: One peak per column of `other`; none where this matrix has no rows.
  /// - Complexity: O(rows · columns · columns of `other`) time, O(rows + columns of `other`) memory.
  public func peaks(times other: Matrix, scaledBy factors: [Double]) -> [ColumnPeak] {
    precondition(columns == other.rows && factors.count == rows, "sides of the factors differ")
    guard rows > 0 else { return [] }
    // As many columns as a product needs to run at full speed, few enough for their loads to stay in the cache.
    let width = Swift.max(1, Swift.min(other.columns, (1 << 18) / rows))
    let block = Matrix(rows: rows, columns: width)
    var peaks: [ColumnPeak] = []
    peaks.reserveCapacity(other.columns)
    for first in stride(from: 0, to: other.columns, by: width) {
      let count = Swift.min(width, other.columns - first)
      if columns > 0 {
        cblas_dgemm(
          CblasColMajor, CblasNoTrans, CblasNoTrans, blasSide(rows), blasSide(count), blasSide(columns), 1,
          storage.elements.baseAddress, blasSide(rows),
          other.storage.elements.baseAddress.map { $0 + first * other.rows },
          blasSide(other.rows), 0, block.storage.elements.baseAddress, blasSide(rows))
      }
      for column in 0..<count { peaks.append(block.peak(of: column, scaledBy: factors)) }
    }
    return peaks
  }

  private func peak(of column: Int, scaledBy factors: [Double]) -> ColumnPeak {
    let first = column * rows
    // Rows of the greatest and the next, -1 where there is none yet.
    var (best, next) = (0, -1)
    var (most, second) = (storage.elements[first] * factors[0], -Double.infinity)
    factors.withUnsafeBufferPointer { factors in
      for row in 1..<Swift.max(rows, 1) {
        let value = storage.elements[first + row] * factors[row]
        // Hardly any row is among the two greatest so far.
        guard value > second || next < 0 else { continue }
        if value > most {
          (next, second) = (best, most)
          (best, most) = (row, value)
        } else {
          (next, second) = (row, value)
        }
      }
    }
    return ColumnPeak(row: best, value: most, runnerUp: next < 0 ? nil : next, runnerUpValue: second)
  }
}
