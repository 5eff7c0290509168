import Matrices

extension Benchmark {
  /// Loads of many steps, sizes and scenarios at once.
  static let batches = Benchmark(
    name: "batches",
    about: """
      500 links × 2,000 classes times 2,000 × 4,096 scenarios as one product by OpenBLAS on two threads, against a square \
      product of as many operations (1,600 × 1,600 × 1,600), a product with one vector after another, and a loop. Wanted: \
      at most 1.33 of the square one's time (75 % of its rate) and 0.33 of the vectors'.
      """
  ) { report in
    let threads = BLASThreads.count
    BLASThreads.set(2)
    defer { BLASThreads.set(threads) }
    let left = Matrix(rows: 500, columns: 2000) { Double(($0 * 31 + $1 * 17) % 101) / 101 }
    let right = Matrix(rows: 2000, columns: 4096) { Double(($0 * 13 + $1 * 7) % 97) / 97 }
    let square = Matrix(rows: 1600, columns: 1600) { Double(($0 * 13 + $1 * 7) % 97) / 97 }
    let vectors = (0..<right.columns).map(right.column)
    let name = "500 × 2,000 times 2,000 × 4,096"
    let ours = { Run.timing { left.times(right) } }
    report(
      try Contest(
        name, against: "square dgemm", runs: 11, ours: ours, theirs: { Run.timing { square.times(square) } }))
    report(
      try Contest(
        name, against: "4,096 dgemv", runs: 5, ours: ours,
        theirs: { Run.timing { vectors.map { left.times($0) } } }))
    let factors = (0..<left.rows).map { 1 / Double($0 + 1) }
    report(
      try Contest(
        "\(name), slowest link of each and the next", against: "product, then a search", runs: 5,
        ours: { Run.timing { left.peaks(times: right, scaledBy: factors) } },
        theirs: {
          Run.timing {
            let product = left.times(right)
            return (0..<product.columns).map { column in
              zip(product.column(column), factors).map(*).enumerated().max { $0.element < $1.element }?.offset
            }
          }
        }))
    for scenarios in [64, 512, 16_384] {
      let batch = Matrix(rows: 2000, columns: scenarios) { Double(($0 * 13 + $1 * 7) % 97) / 97 }
      let few = (0..<scenarios).map { vectors[$0 % vectors.count] }
      report(
        try Contest(
          "500 × 2,000 times 2,000 × \(grouped(scenarios))", against: "\(grouped(scenarios)) dgemv", runs: 3,
          ours: { Run.timing { left.times(batch) } }, theirs: { Run.timing { few.map { left.times($0) } } }))
    }
    let rows = (0..<left.rows).map(left.row)
    report(
      try Contest(
        name, against: "loop", runs: 1, ours: ours,
        theirs: {
          Run.timing {
            vectors.map { vector in rows.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } } }
          }
        }))
  }

  /// The density from which on a dense product is quicker than a sparse one.
  static let sparse = Benchmark(
    name: "sparse",
    about: """
      500 × 2,000 times 2,000 × 1,024 at growing density of the left matrix, as a sparse product against the dense one on \
      one thread.
      """
  ) { report in
    let right = Matrix(rows: 2000, columns: 1024) { Double(($0 * 13 + $1 * 7) % 97) / 97 }
    for density in [0.005, 0.01, 0.02, 0.04, 0.08] {
      var generator = SplitMix(state: 7)
      let left = Matrix(rows: 500, columns: 2000) { _, _ in
        Double.random(in: 0..<1, using: &generator) < density ? Double.random(in: 0..<1, using: &generator) : 0
      }
      let sparse = SparseMatrix(left)
      report(
        try Contest(
          "density \(density)", against: "dgemm", runs: 7, ours: { Run.timing { sparse.times(right) } },
          theirs: { Run.timing { left.times(right) } }))
    }
  }
}
