import Foundation
import Matrices
import TestSupport
import Testing

@Suite("Reference cases of least squares") struct OracleTests {
  @Test("Every case of a kind known here agrees with its figures")
  func cases() throws {
    let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")
    let run = try OracleRun(own: own, runners: ["calibration_nnls_relative": runCalibration])
    #expect(run.failures.isEmpty, "\(run.failures.joined(separator: "\n"))")
    #expect(run.count > 0, "no cases found")
  }

  /// Minimises the sum of squared relative errors with weights of at least zero.
  private func runCalibration(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
    let rows = try oracle.input["X"].array.map { try $0.array.map { try $0.number } }
    let values = try oracle.input["y"].array.map { try $0.number }
    let matrix = Matrix(rows: rows.count, columns: rows.first?.count ?? 0) { rows[$0][$1] / values[$0] }
    let fit = NonNegativeLeastSquares(matrix, values.map { _ in 1 })
    try findings.compare("theta", .array(fit.solution.map { .number($0) }))
    try findings.compare("active", .array(fit.active.map { .number(Double($0)) }))
    // An exact fit leaves nothing but rounding, which no relative tolerance describes.
    try findings.require("objective", fit.residual) {
      let expected = try $0.number
      return abs(fit.residual - expected) <= oracle.tolerance * expected + 1e-24
    }
  }
}
