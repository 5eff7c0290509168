import Matrices

/// The matrix product that turns amounts of traffic into link loads, against a plain loop.
enum Products {
  /// Rows and columns of the operator, and columns of the amounts: links, traffic classes, steps times sizes.
  private static let sides = [(32, 16, 512), (256, 64, 1024), (512, 512, 512)]

  static func all() -> [Benchmark] {
    sides.map { rows, inner, columns in
      let left = Matrix(rows: rows, columns: inner) { Double(($0 * 31 + $1 * 17) % 101) / 101 }
      let right = Matrix(rows: inner, columns: columns) { Double(($0 * 13 + $1 * 7) % 97) / 97 }
      let leftRows = (0..<rows).map(left.row)
      let rightRows = (0..<inner).map(right.row)
      return Benchmark(
        name: "product of \(rows) × \(inner) and \(inner) × \(columns)", rival: "a loop over rows in Swift",
        ours: Measurement.timing(runs: 21) { left.times(right) },
        theirs: Measurement.timing(runs: 11) { product(leftRows, rightRows, columns: columns) })
    }
  }

  /// The plain loop in the order of memory.
  private static func product(_ left: [[Double]], _ right: [[Double]], columns: Int) -> [[Double]] {
    left.map { row in
      var sums = [Double](repeating: 0, count: columns)
      for (factor, other) in zip(row, right) {
        for column in 0..<columns { sums[column] += factor * other[column] }
      }
      return sums
    }
  }
}
