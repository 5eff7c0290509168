import Collectives
import Estimation
import Foundation
import Quantities
import TestSupport
import Testing

/// Estimates against public measurements of healthy clusters.
@Suite("Estimates against measured tables")
struct MeasurementTests {
  static let givenFolder = ProcessInfo.processInfo.environment["ISOCHRONE_MEASUREMENTS"].map {
    URL(fileURLWithPath: $0)
  }
  static let folder =
    givenFolder
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Cases/measurements")

  /// Median over a table's sizes of |estimated / measured − 1|, in one regime; nil without rows.
  static func error(of table: MeasuredTable, in regime: MessageRegime) throws -> Double? {
    let rows = table.rows.filter { MessageRegime($0.bytes) == regime }
    guard !rows.isEmpty, let topology = table.topology, let collective = table.collective else { return nil }
    var question = Question(collective, sizes: rows.map(\.bytes), ranks: table.ranks)
    question.harness = .init(gpusPerProcess: table.gpusPerProcess, graphLaunch: table.graphLaunch)
    let answer = try Shipped.estimator(topology).answer(question)
    return median(zip(answer.estimates, rows).map { abs($0.time / $1.time - 1) })
  }

  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The stated figure of each kind of hardware: the median over its all-reduce tables of the error from 64 MiB, as
  /// seen when the test was written, rounded up to the next per cent.
  static let statedLargeErrors = [
    "V100": 0.09, "A100": 0.13, "H100": 0.05, "H200": 0.19, "B200": 0.04, "B300": 0.08, "GB200": 0.04, "GB300": 0.03,
    "GH200": 0.05, "MI300X": 0.01, "MI355X": 0.06,
  ]

  @Test("Large all-reduces come out within the stated error on every kind of hardware", arguments: statedLargeErrors)
  func largeAllReduce(gpu: String, stated: Double) throws {
    let tables = try MeasuredTable.all(in: MeasurementTests.folder)
      .filter { $0.isHealthy && $0.collective == .allReduce && $0.gpu.hasPrefix(gpu) }
    let errors = try tables.compactMap { try MeasurementTests.error(of: $0, in: .large) }
    // Tables that others bring are held to what is promised of any; they need not have every kind of hardware.
    guard MeasurementTests.givenFolder == nil || !errors.isEmpty else { return }
    let median = try #require(MeasurementTests.median(errors), "no table of \(gpu)")
    let limit = MeasurementTests.givenFolder == nil ? stated : 0.2
    #expect(median <= limit, "\(gpu): median error \(median) over \(errors.count) tables")
  }

  @Test("Every measured table is compared or listed as unsupported")
  func everyTable() throws {
    var report = CaseReport()
    for table in try MeasuredTable.all(in: MeasurementTests.folder) where table.isHealthy {
      let errors = try MessageRegime.allCases.map { try MeasurementTests.error(of: table, in: $0) }
      guard errors.contains(where: { $0 != nil }) else {
        report.add("unsupported", id: table.id, kind: "measurement")
        continue
      }
      let isFinite = errors.allSatisfy { $0.map { $0.isFinite && $0 < 10 } ?? true }
      report.add(isFinite ? "passed" : "failed", id: table.id, kind: "measurement")
      #expect(isFinite, "\(table.id): \(errors)")
    }
    report.write()
    #expect(report.count > 0)
  }
}
