import Collectives
import Estimation
import Foundation
import Quantities
import Testing

/// The documentation states the errors that there are.
@Suite("How sure the numbers are")
struct DocumentedErrorsTests {
  static let page = try? String(
    contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Estimation/Documentation.docc/HowSureAreTheNumbers.md"), encoding: .utf8)

  /// The fields of the row of a table.
  static func fields(of id: String) throws -> [String] {
    let line = try #require(page).split(separator: "\n").first { line in
      ["| \(id) |", "| \(id) \\* |"].contains { line.hasPrefix($0) }
    }
    return try #require(line, "no row of \(id)").split(separator: "|").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test("Every measured table has its row, with the system it is compared with")
  func rows() throws {
    for table in try MeasurementTable.shipped() {
      #expect(try DocumentedErrorsTests.fields(of: table.id).count == 11, "\(table.id)")
      #expect(try DocumentedErrorsTests.fields(of: table.id)[1] == table.topology)
    }
  }

  @Test("The stated errors of named algorithms over the network alone are those of the shipped figures")
  func namedAlgorithms() throws {
    var errors: [MessageRegime: [Double]] = [:]
    for table in try MeasurementTable.shipped(of: "nccl-ctran") {
      let times = try Shipped.estimator(table.topology).networkOnly().answer(table.question).estimates.map(\.time)
      for (regime, error) in table.medianErrors(times) { errors[regime, default: []].append(error) }
    }
    let part = try #require(DocumentedErrorsTests.page?.components(separatedBy: "## Named algorithms").last)
    let line = try #require(part.split(separator: "\n").first { $0.hasPrefix("| all tables |") })
    let stated = line.split(separator: "|").compactMap { Double($0.dropLast(3).trimmingCharacters(in: .whitespaces)) }
    for (regime, stated) in zip(MessageRegime.allCases, stated) {
      let median = try #require(MeasurementTests.median(errors[regime] ?? []))
      #expect(abs(median * 100 - stated) < 0.1, "\(regime): \(median)")
    }
    #expect(stated.count == 3)
  }

  @Test("The stated errors of the fit are those of the shipped figures")
  func errors() throws {
    for table in try MeasurementTable.shipped() {
      let stated = try DocumentedErrorsTests.fields(of: table.id)
      let estimates = try Shipped.estimator(table.topology).answer(table.question).estimates
      for (column, regime) in MessageRegime.allCases.enumerated() {
        let error = MeasurementTests.median(
          table.rows(in: regime).map { abs(estimates[$0].time / table.rows[$0].time - 1) })
        let field = stated[2 + column]
        guard let error else {
          #expect(field == "–")
          continue
        }
        let number = try #require(Double(field.dropLast(2)), "\(table.id): \(field)")
        #expect(abs(number - error * 100) < 0.06, "\(table.id), \(regime): \(error)")
      }
    }
  }
}
