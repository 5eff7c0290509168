public import Collectives
import Foundation
public import Quantities

/// Errors of what people would use without the model, over the same tables.
public struct Rivals: Sendable {
  /// A model to be better than.
  public enum Rival: String, Sendable, Hashable, CaseIterable {
    /// What the library itself reckons with when it picks an algorithm, of the table's release where that is stated.
    case library
    /// A constant bus bandwidth over a floor, from other tables of the family and collective.
    case constantBandwidth
  }

  /// A rival and the model over the tables that both price.
  public struct Comparison: Sendable, Hashable {
    /// The rival.
    public var rival: Rival
    /// The family of hardware; nil: all of them.
    public var family: String?
    /// The sizes.
    public var regime: MessageRegime
    /// How many tables.
    public var tables: Int
    /// The median over the tables of the rival's median error.
    public var theirs: Double
    /// The same of the model.
    public var own: Double
  }

  private let tables: [MeasurementTable]
  private let errors: [[Rival: [MessageRegime: Double]]]

  /// Prices healthy tables with the rivals.
  /// - Parameter tables: All tables; those that are not known to be healthy are left aside.
  /// - Throws: `EvidenceError` for a table whose topology or question does not fit.
  public init(_ tables: [MeasurementTable]) throws(EvidenceError) {
    let healthy = tables.filter(\.isHealthy)
    self.tables = healthy
    var errors: [[Rival: [MessageRegime: Double]]] = []
    for table in healthy {
      do {
        let times: [Rival: [Seconds]?] = [
          .library: try Rivals.reckoning(table),
          .constantBandwidth: Rivals.constantBandwidth(table, others: healthy),
        ]
        errors.append(times.compactMapValues { $0 }.mapValues(table.medianErrors))
      } catch {
        throw EvidenceError(table: table.id, reason: "\(error)")
      }
    }
    self.errors = errors
  }

  /// Sets the rivals against the model: over all tables, then family by family.
  /// - Parameter own: The model's median error over a table's sizes of a regime; nil without such sizes.
  public func comparisons(_ own: (MeasurementTable, MessageRegime) -> Double?) -> [Comparison] {
    let families = [nil] + Set(tables.map(\.family)).sorted().map { Optional($0) }
    return families.flatMap { family in
      Rival.allCases.flatMap { rival in
        MessageRegime.allCases.compactMap { regime in
          let pairs = tables.indices.compactMap { index -> (theirs: Double, own: Double)? in
            guard family == nil || tables[index].family == family, let theirs = errors[index][rival]?[regime],
              let own = own(tables[index], regime)
            else { return nil }
            return (theirs, own)
          }
          guard let theirs = median(pairs.map(\.theirs)), let own = median(pairs.map(\.own)) else { return nil }
          return Comparison(
            rival: rival, family: family, regime: regime, tables: pairs.count, theirs: theirs, own: own)
        }
      }
    }
  }

  /// What NCCL reckons with; nil for collectives that it has one way to do of.
  private static func reckoning(_ table: MeasurementTable) throws -> [Seconds]? {
    guard [.allReduce, .allGather, .reduceScatter, .broadcast, .reduce].contains(table.collective) else { return nil }
    var question = table.question
    let release = table.release.map { "nccl@\($0)" }
    question.library = try release.flatMap { try LibraryProfiles.shipped(named: $0)?.name } ?? "nccl"
    return try table.estimator().reckoning(question)
  }

  private static func constantBandwidth(_ table: MeasurementTable, others: [MeasurementTable]) -> [Seconds]? {
    let alike = others.filter {
      $0.id != table.id && $0.family == table.family && $0.collective == table.collective
    }
    let floors = alike.filter { !$0.rows(in: .small).isEmpty }.compactMap { $0.rows.first?.time.value }
    let rates = alike.filter { !$0.rows(in: .large).isEmpty }.compactMap { other in
      other.rows.last.map {
        Double($0.bytes.count) / $0.time.value * other.collective.busBandwidthFactor(ranks: other.ranks)
      }
    }
    guard let rate = median(rates) else { return nil }
    let factor = table.collective.busBandwidthFactor(ranks: table.ranks)
    return table.rows.map { Seconds(max(median(floors) ?? 0, Double($0.bytes.count) * factor / rate)) }
  }
}

extension MeasurementTable {
  /// The median error of predicted times over the sizes of each regime.
  public func medianErrors(_ predicted: [Seconds]) -> [MessageRegime: Double] {
    var errors: [MessageRegime: Double] = [:]
    for regime in MessageRegime.allCases {
      errors[regime] = median(rows(in: regime).map { abs(predicted[$0] / rows[$0].time - 1) })
    }
    return errors
  }
}
