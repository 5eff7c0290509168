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
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/HardwareCatalog/Data/Measurements").standardizedFileURL

  /// Median over a table's sizes of |estimated / measured − 1|, in one regime; nil without rows.
  static func error(of table: MeasuredTable, in regime: MessageRegime) throws -> Double? {
    let rows = table.rows.filter { MessageRegime($0.bytes) == regime }
    guard !rows.isEmpty, let topology = table.topology, let collective = table.collective else { return nil }
    var question = Question(collective, sizes: rows.map(\.bytes), ranks: table.ranks, algorithm: table.algorithm)
    question.harness = .init(gpusPerProcess: table.gpusPerProcess, graphLaunch: table.graphLaunch)
    question.library = table.library
    let estimator = try Shipped.estimator(topology)
    let answer = try (table.isNetworkOnly ? estimator.networkOnly() : estimator).answer(question)
    return median(zip(answer.estimates, rows).map { abs($0.time / $1.time - 1) })
  }

  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// What the documentation states: the most that the median over the tables of their median errors comes to.
  static let statedErrors: [MessageRegime: Double] = [.small: 0.11, .medium: 0.16, .large: 0.05]

  /// What is promised of tables that the fit has not seen.
  static let promisedErrors: [MessageRegime: Double] = [.small: 0.2, .medium: 0.17, .large: 0.07]

  @Test("The median table comes out within the stated error in every regime", arguments: MessageRegime.allCases)
  func medianError(regime: MessageRegime) throws {
    let errors = try MeasuredTable.all(in: MeasurementTests.folder).filter(\.isHealthy)
      .compactMap { try MeasurementTests.error(of: $0, in: regime) }
    // Tables that others bring are held to what is promised of any; they need not have every regime.
    guard MeasurementTests.givenFolder == nil || !errors.isEmpty else { return }
    let median = try #require(MeasurementTests.median(errors), "no table has \(regime) sizes")
    let limits = MeasurementTests.givenFolder == nil ? MeasurementTests.statedErrors : MeasurementTests.promisedErrors
    #expect(median <= limits[regime] ?? 0, "median error \(median) over \(errors.count) tables")
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
