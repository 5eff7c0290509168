import Collectives
import Estimation
import Quantities

extension DiagnosisReport {
  private static let mostTables = 6

  /// A chart for each table of the log: the measured points over what a healthy cluster should reach.
  var figures: [any Figure] {
    let tables = Dictionary(grouping: diagnosis.judged, by: \.table).sorted { $0.key < $1.key }
    return tables.prefix(Self.mostTables).compactMap { table, rows in
      guard let collective = rows.first?.collective else { return nil }
      let factor = collective.busBandwidthFactor(ranks: diagnosis.ranks)
      func bus(_ row: Diagnosis.Row, _ time: Seconds) -> Double { Double(row.bytes.count) / time.value * factor }
      let sorted = rows.sorted { $0.bytes < $1.bytes }
      let expected = sorted.compactMap { row -> LineChart.Point? in
        guard let expected = row.expected, expected > .zero else { return nil }
        let range = row.interval.map { bus(row, $0.upperBound)...max(bus(row, $0.lowerBound), bus(row, $0.upperBound)) }
        return .init(Double(row.bytes.count), bus(row, expected), range: range)
      }
      let measured = sorted.compactMap { row -> LineChart.Point? in
        guard let measured = row.measured, measured > .zero else { return nil }
        return .init(Double(row.bytes.count), bus(row, measured))
      }
      let which = tables.count > 1 ? ", table \(table + 1)" : ""
      return LineChart(
        title: "\(collective.capitalised)\(which): measured points over what 9 in 10 healthy clusters reach",
        horizontal: .sizes, vertical: .bandwidths,
        series: [
          .init(name: "expected", points: expected), .init(name: "measured", points: measured, style: .crosses),
        ])
    }
  }
}
