import Matrices
import TestSupport
import Testing

@testable import Estimation

/// Fits of linear models to rows of which a few are wrong.
@Suite("Robust fits") struct RobustFitTests {
  /// Start-up, time of a step and time of a byte, measured on clusters of several sizes, with bad rows.
  private struct MadeRows {
    static let truth = [12.0, 2.5, 0.004]
    let matrix: Matrix
    let right: [Double]

    init(ranks: [Int], outliers: Double, _ random: inout SeededGenerator) {
      var rows: [[Double]] = []
      for count in ranks {
        for power in 10..<34 {
          let bytes = Double(1 << power) / 1000
          let row = [1, 2 * Double(count - 1), 2 * Double(count - 1) / Double(count) * bytes]
          let truth = zip(row, MadeRows.truth).reduce(0) { $0 + $1.0 * $1.1 }
          var measured = truth * (1 + 0.03 * random.normal())
          if random.chance(outliers) { measured *= Double.random(in: 1.5...3, using: &random) }
          rows.append(row.map { $0 / measured })
        }
      }
      matrix = Matrix(rows: rows)
      right = rows.map { _ in 1 }
    }
  }

  @Test("With one row in twenty wrong, intervals hold the truth in 93 to 97 of 100 cases")
  func coverage() throws {
    var random = SeededGenerator(seed: 11)
    let cases = 400
    var held = [0, 0, 0]
    for _ in 0..<cases {
      let made = MadeRows(ranks: [8, 64, 512], outliers: 0.05, &random)
      let fit = try #require(RobustFit(made.matrix, made.right, noise: 0.03))
      for (weight, truth) in MadeRows.truth.enumerated() where fit.interval(weight).contains(truth) {
        held[weight] += 1
      }
    }
    let shares = held.map { Double($0) / Double(cases) }
    #expect(shares.allSatisfy { $0 >= 0.92 && $0 <= 0.98 }, "\(shares)")
    #expect((0.93...0.97).contains(shares.reduce(0, +) / 3), "\(shares)")
  }

  @Test("Rows without noise give the truth")
  func exact() throws {
    var rows: [[Double]] = []
    for ranks in [8.0, 16, 64] {
      for power in 0..<8 {
        let bytes = Double(1 << (3 * power))
        let value: Double = 5 + 2 * ranks + 0.5 * bytes
        rows.append([1 / value, ranks / value, bytes / value])
      }
    }
    let fit = try #require(RobustFit(Matrix(rows: rows), rows.map { _ in 1 }, noise: 0.03))
    for (found, truth) in zip(fit.solution, [5, 2, 0.5] as [Double]) { #expect(abs(found / truth - 1) < 1e-9) }
  }

  @Test("A single wrong row hardly moves the fit")
  func outlier() throws {
    var random = SeededGenerator(seed: 2)
    let made = MadeRows(ranks: [8, 64], outliers: 0, &random)
    let fit = try #require(RobustFit(made.matrix, made.right, noise: 0.03))
    let wrong = Matrix(rows: made.matrix.rows, columns: 3) { made.matrix[$0, $1] / ($0 == 20 ? 10 : 1) }
    let moved = try #require(RobustFit(wrong, made.right, noise: 0.03))
    for weight in 0..<3 { #expect(abs(moved.solution[weight] / fit.solution[weight] - 1) < 0.05) }
  }

  @Test("What rows do not tell stays as it was known, and what they tell does not")
  func prior() throws {
    let matrix = Matrix(rows: (0..<20).map { _ in [1, 0] })
    let prior = RobustFit.Prior(means: [1, 1], deviations: [0.3, 0.3])
    let fit = try #require(RobustFit(matrix, (0..<20).map { 2 + 0.01 * Double($0 % 3) }, prior: prior, noise: 0.03))
    #expect(abs(fit.solution[0] - 2) < 0.05 && abs(fit.solution[1] - 1) < 1e-9)
    #expect(abs(fit.covariance[1, 1].squareRoot() - 0.3) < 1e-6)
    // Without what was known, the second weight is not determined: it stays at zero.
    #expect(RobustFit(matrix, matrix.column(0), noise: 0.03)?.solution[1] == 0)
  }

  @Test(
    "Quantiles are those of Student's distribution",
    arguments: [(3, 3.182), (10, 2.228), (60, 2.000), (100_000, 1.960)])
  func quantiles(degrees: Int, expected: Double) {
    #expect(abs(RobustFit.quantile(degrees) / expected - 1) < 0.02)
  }
}
