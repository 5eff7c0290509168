import Collectives
import Estimation
import Quantities

/// The rows of a comparison that belong to one collective.
struct ComparisonSection {
  var collective: Collective
  var rows: [Comparison.Row]

  /// Rows from the smallest size to the largest.
  private var ascending: [Comparison.Row] { rows.sorted { $0.bytes < $1.bytes } }

  /// What decides for each subject at the smallest and at the largest size, and where the ratio changes.
  func sentences(_ labels: [String]) -> [String] {
    guard let smallest = ascending.first, let largest = ascending.last else { return [] }
    var lines = [sentence(smallest, labels)]
    if smallest.bytes < largest.bytes { lines.append(sentence(largest, labels)) }
    return lines + labels.indices.dropFirst().compactMap { course(of: $0, labels) }
  }

  private func sentence(_ row: Comparison.Row, _ labels: [String]) -> String {
    let clauses = row.estimates.map(\.decider.clause)
    let times = labels.indices.map { index in
      let ratio = index == 0 ? "" : " (\(ratioText(row.ratiosToFirst[index])))"
      return "\(labels[index]) takes \(row.estimates[index].time)\(ratio) by \(row.estimates[index].method)"
    }
    if let shared = clauses.first, Set(clauses).count == 1 {
      return "At \(row.bytes) \(shared): \(times.joined(separator: ", "))."
    }
    return "At \(row.bytes) \(zip(times, clauses).map { "\($0): \($1)" }.joined(separator: "; "))."
  }

  /// How the ratio of one subject runs over the sizes; nil for a single size.
  private func course(of subject: Int, _ labels: [String]) -> String? {
    let ratios = ascending.map { $0.ratiosToFirst[subject] }
    guard ratios.count > 1, let first = ratios.first, let last = ratios.last else { return nil }
    let whose = "The time of \(labels[subject]) over that of \(labels[0])"
    let low = ratios.min() ?? first
    let high = ratios.max() ?? first
    if ratioText(low) == ratioText(high) { return "\(whose) is \(ratioText(low)) at every size." }
    var sentence = "\(whose) goes from \(ratioText(first)) at \(ascending[0].bytes) "
    sentence += "to \(ratioText(last)) at \(ascending[ascending.count - 1].bytes)"
    if low < min(first, last) || high > max(first, last) {
      sentence += ", between \(ratioText(low)) and \(ratioText(high)) on the way"
    }
    if let steepest = ratios.indices.dropFirst().max(by: { change(ratios, $0) < change(ratios, $1) }) {
      sentence += "; it changes most from \(ascending[steepest - 1].bytes) to \(ascending[steepest].bytes)"
    }
    return sentence + "."
  }

  private func change(_ ratios: [Double], _ index: Int) -> Double { abs(ratios[index] - ratios[index - 1]) }

  /// All sizes with the times side by side.
  func table(_ labels: [String]) -> TextTable {
    var table = TextTable(
      [.init("size", isNumeric: true), .init(labels.first ?? "", isNumeric: true)]
        + labels.dropFirst().flatMap { [.init($0, isNumeric: true), TextTable.Column("ratio", isNumeric: true)] }
        + labels.map { .init("\($0) decided by", rank: 1) })
    for row in rows {
      let times = row.estimates.indices.flatMap { index in
        let time = "\(row.estimates[index].time)"
        return index == 0 ? [time] : [time, ratioText(row.ratiosToFirst[index])]
      }
      table.append(["\(row.bytes)"] + times + row.estimates.map(\.decider.field))
    }
    return table
  }
}

extension Comparison.Row {
  /// The size that the row's estimates share.
  var bytes: Bytes { estimates.first?.bytes ?? Bytes(0) }
}
