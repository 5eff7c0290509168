import Collectives
import Estimation
import Quantities
import Testing

/// The model is better than what one would use without it.
@Suite("Against other models")
struct ReferenceModelTests {
  /// The model, with the figures as they are shipped, against the rivals.
  static func comparisons() throws -> [Rivals.Comparison] {
    let tables = try MeasurementTable.shipped()
    let own = try Dictionary(
      uniqueKeysWithValues: tables.filter(\.isHealthy).map { table in
        (
          table.id,
          table.medianErrors(try Shipped.estimator(table.topology).answer(table.question).estimates.map(\.time))
        )
      })
    return try Rivals(tables).comparisons { own[$0.id]?[$1] }
  }

  /// Cells of single machines, mostly of one table, that the documentation explains.
  static let lost: Set<String> = [
    "GB300 small library", "GH200 small library", "RTX PRO 6000 small library", "RTX PRO 6000 medium library",
    "MI300X large constantBandwidth", "RTX 6000D large library",
  ]

  @Test(
    "Estimates beat NCCL's own model and a constant bus bandwidth in every regime, and in every family with a table")
  func rivals() throws {
    let comparisons = try ReferenceModelTests.comparisons()
    for rival in Rivals.Rival.allCases {
      let overall = comparisons.filter { $0.rival == rival && $0.family == nil }
      #expect(overall.map(\.regime) == MessageRegime.allCases)
      for one in overall { #expect(one.own < one.theirs && one.tables > 5, "\(one)") }
    }
    for one in comparisons {
      guard let family = one.family else { continue }
      let isLost = ReferenceModelTests.lost.contains("\(family) \(one.regime.rawValue) \(one.rival.rawValue)")
      #expect(one.own < one.theirs || isLost, "\(one)")
    }
  }
}
