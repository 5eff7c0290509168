import Diagnostics
import Documents
public import Quantities

/// Measured round trips between the regions of one provider.
public struct RoundTripTable: Sendable {
  /// The provider's key.
  public let provider: String
  /// What the figures are: `median over the year to 2025-05-29`.
  public let statistic: String
  /// Where they come from: title, address and date.
  public let source: String
  /// The codes of the regions.
  public let regions: [String]
  /// Nine in ten round trips lie between these multiples of the figure.
  let spread: ClosedRange<Double>
  private let rows: [String: [String: Double]]

  /// The shipped tables, sorted by provider.
  public static let shipped: [RoundTripTable] = {
    var list = DiagnosticList()
    return RoundTripTable.reading(&list)
  }()

  static func reading(_ list: inout DiagnosticList) -> [RoundTripTable] {
    ServingData.names(withPrefix: "round-trips-").compactMap { RoundTripTable($0, &list) }
  }

  private init?(_ name: String, _ list: inout DiagnosticList) {
    guard let data = ServingData.mapping(name, &list),
      let provider = data["round-trips-of"]?.text("round-trips-of", &list)?.value,
      let statistic = data["statistic"]?.text("statistic", &list)?.value,
      let source = data["source"]?.mapping("source", &list),
      let low = data["spread"]?.mapping?["low"]?.number("low", in: 0...1, &list)?.value,
      let high = data["spread"]?.mapping?["high"]?.number("high", in: 1...10, &list)?.value
    else {
      list.error("data.table", "the table \(name) lacks its head", at: nil)
      return nil
    }
    self.provider = provider
    self.statistic = statistic
    self.source = ["title", "url", "date"].compactMap { source[$0]?.scalar?.text }.joined(separator: ", ")
    spread = low...high
    let regions = (data["regions"]?.sequence ?? []).compactMap { $0.text("regions", &list)?.value }
    var rows: [String: [String: Double]] = [:]
    let lines = data["round-trips"]?.sequence ?? []
    guard lines.count == regions.count else {
      list.error("data.table", "the table \(name) has another number of rows than of regions", at: nil)
      return nil
    }
    for (region, line) in zip(regions, lines) {
      let fields = (line.scalar?.text ?? "").split(separator: " ")
      guard fields.count == regions.count else {
        list.error("data.table", "the row of \(region) has \(fields.count) fields", at: line.range)
        continue
      }
      for (other, field) in zip(regions, fields) where field != "-" {
        guard let milliseconds = Double(field), milliseconds > 0, milliseconds < 10_000 else {
          list.error("data.table", "'\(field)' in the row of \(region) is no round trip", at: line.range)
          continue
        }
        rows[region, default: [:]][other] = milliseconds / 1000
      }
    }
    self.regions = regions
    self.rows = rows
  }

  /// The round trip as published for the direction; nil where there is none.
  public func roundTrip(from: String, to: String) -> Seconds? {
    (rows[from]?[to] ?? rows[to]?[from]).map { Seconds($0) }
  }

  /// Every pair of different regions once, with the mean of its directions.
  public var pairs: [(from: String, to: String, roundTrip: Seconds)] {
    regions.indices.flatMap { first in
      regions.indices.dropFirst(first + 1).compactMap { second in
        let (from, to) = (regions[first], regions[second])
        let values = [rows[from]?[to], rows[to]?[from]].compactMap { $0 }
        return values.isEmpty ? nil : (from, to, Seconds(values.reduce(0, +) / Double(values.count)))
      }
    }
  }
}
