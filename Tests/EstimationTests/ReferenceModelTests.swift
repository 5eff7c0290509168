import Collectives
import Estimation
import Quantities
import Testing

/// The model is better than what one would use without it.
@Suite("Against other models")
struct ReferenceModelTests {
  /// Median errors of a model and of the estimates over the tables that both price, by regime.
  static func errors(
    of reference: (MeasurementTable) throws -> [Seconds]?
  ) throws -> [MessageRegime: (reference: Double, own: Double, tables: Int)] {
    var found: [MessageRegime: [(reference: Double, own: Double)]] = [:]
    for table in try MeasurementTable.shipped() where table.isHealthy {
      guard let times = try reference(table) else { continue }
      let estimates = try Shipped.estimator(table.topology).answer(table.question).estimates
      for regime in MessageRegime.allCases {
        let rows = table.rows(in: regime)
        let error = { (predicted: (Int) -> Seconds) in
          MeasurementTests.median(rows.map { abs(predicted($0) / table.rows[$0].time - 1) })
        }
        guard let theirs = error({ times[$0] }), let own = error({ estimates[$0].time }) else { continue }
        found[regime, default: []].append((theirs, own))
      }
    }
    return try found.mapValues { pairs in
      (
        try #require(MeasurementTests.median(pairs.map(\.reference))),
        try #require(MeasurementTests.median(pairs.map(\.own))), pairs.count
      )
    }
  }

  @Test("Estimates beat a constant bus bandwidth over a floor, taken from other tables of the family")
  func constantBusBandwidth() throws {
    let tables = try MeasurementTable.shipped().filter(\.isHealthy)
    let errors = try ReferenceModelTests.errors { ReferenceModels.constantBusBandwidth($0, others: tables) }
    #expect(errors.count == MessageRegime.allCases.count)
    for (regime, error) in errors { #expect(error.own < error.reference, "\(regime): \(error)") }
  }

  @Test("Estimates beat NCCL's own tuning model")
  func ncclTuning() throws {
    let errors = try ReferenceModelTests.errors { table in
      ReferenceModels.ncclTuning(table, domains: table.topology.contains("racks=2") ? 2 : table.topology.nodes)
    }
    #expect(errors.count == MessageRegime.allCases.count)
    for (regime, error) in errors { #expect(error.own < error.reference, "\(regime): \(error)") }
  }
}

extension String {
  /// The value of `nodes=` in a reference to a topology; 1 where it has none.
  fileprivate var nodes: Int {
    split(whereSeparator: { ":,".contains($0) }).first { $0.hasPrefix("nodes=") }.flatMap { Int($0.dropFirst(6)) } ?? 1
  }
}
