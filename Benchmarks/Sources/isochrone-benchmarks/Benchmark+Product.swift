import Matrices

extension Benchmark {
  /// The matrix product that turns amounts of traffic into link loads.
  static let product = Benchmark(
    name: "product",
    about: """
      The load operator (links × classes of traffic) times amounts (classes × steps and sizes) by OpenBLAS, against a \
      plain loop in the order of memory.
      """
  ) { report in
    for (links, classes, amounts) in [(24, 8, 192), (128, 16, 512), (512, 64, 1024), (1024, 1024, 1024)] {
      let left = Matrix(rows: links, columns: classes) { Double(($0 * 31 + $1 * 17) % 101) / 101 }
      let right = Matrix(rows: classes, columns: amounts) { Double(($0 * 13 + $1 * 7) % 97) / 97 }
      let leftRows = (0..<links).map(left.row)
      let rightRows = (0..<classes).map(right.row)
      report(
        try Contest(
          "\(grouped(links)) × \(grouped(classes)) times \(grouped(classes)) × \(grouped(amounts))", against: "loop",
          runs: links > 1000 ? 5 : 21, ours: { Run.timing { left.times(right) } },
          theirs: { Run.timing { product(leftRows, rightRows, columns: amounts) } }))
    }
  }

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
