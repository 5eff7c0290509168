public import Diagnostics
import Documents

/// The rows of a matrix of amounts, as a file has them, with their places.
public struct AmountTable: Sendable {
  private struct Entry: Sendable {
    let value: Int64
    let range: SourceRange
  }

  private struct Row: Sendable {
    var entries: [Entry]
    let range: SourceRange
  }

  private var rows: [Row] = []

  /// The amounts, row by row.
  public var values: [[Int64]] { rows.map { $0.entries.map(\.value) } }

  /// Reads lines of numbers with commas between them; empty lines and lines that begin with `#` are left out.
  /// - Complexity: O(bytes) up to the most ranks that amounts are taken for.
  public init(csv source: SourceText, _ list: inout DiagnosticList) {
    for (number, line) in source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
    {
      guard !list.isFull, rows.count <= UnequalAllToAll.rankLimit else { return }
      let content = line.drop(while: \.isWhitespace)
      if content.isEmpty || content.first == "#" { continue }
      var column = 1
      var row = Row(entries: [], range: source.range(line: number + 1, column: 1, length: line.unicodeScalars.count))
      for field in line.split(separator: ",", omittingEmptySubsequences: false) {
        let scalars = field.unicodeScalars
        let leading = scalars.prefix { $0.properties.isWhitespace }.count
        let text = field.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let place = source.range(line: number + 1, column: column + leading, length: max(1, text.unicodeScalars.count))
        row.entries.append(Entry(value: AmountTable.amount(text, at: place, &list), range: place))
        column += scalars.count + 1
        if row.entries.count > UnequalAllToAll.rankLimit { break }
      }
      rows.append(row)
    }
  }

  /// Reads a list of lists of numbers.
  public init(yaml source: SourceText, _ list: inout DiagnosticList) {
    guard let root = source.document(&list) else { return }
    guard let members = root.sequence else {
      list.error("matrix.form", "a list of rows is needed, each a list of bytes", at: root.range)
      return
    }
    for member in members where !list.isFull {
      guard let entries = member.sequence else {
        list.error("matrix.form", "a row is a list of bytes", at: member.range)
        continue
      }
      rows.append(
        Row(
          entries: entries.map { entry in
            guard let scalar = entry.scalar else {
              list.error("matrix.amount", "a number of bytes is needed", at: entry.range)
              return Entry(value: 0, range: entry.range)
            }
            return Entry(value: AmountTable.amount(scalar.text, at: scalar.range, &list), range: scalar.range)
          }, range: member.range))
    }
  }

  private static func amount(_ text: String, at place: SourceRange, _ list: inout DiagnosticList) -> Int64 {
    if let whole = Int64(text), whole >= 0 { return whole }
    if let real = Double(text), let whole = Int64(exactly: real), whole >= 0 { return whole }
    let message =
      switch Double(text) {
      case nil where text.isEmpty: "an amount is missing"
      case nil: "'\(text.prefix(40))' is not a number of bytes"
      case let real? where real < 0: "an amount below zero"
      case let real? where real.isFinite && real < 9e18: "an amount is a whole number of bytes"
      default: "'\(text.prefix(40))' cannot be counted in bytes"
      }
    list.error("matrix.amount", message, at: place)
    return 0
  }

  /// Finds rows that are longer or shorter than there are rows.
  public func checkSides(in source: SourceText, _ list: inout DiagnosticList) {
    guard !list.hasErrors else { return }
    guard let first = rows.first else {
      return list.error("matrix.form", "the file holds no row", at: source.range(line: 1, column: 1))
    }
    guard rows.count <= UnequalAllToAll.rankLimit, first.entries.count <= UnequalAllToAll.rankLimit else {
      return list.error(
        "matrix.side", "amounts are taken for at most \(UnequalAllToAll.rankLimit) ranks", at: first.range)
    }
    // The first row says how many ranks there are; without its length every other row would be wrong.
    let side = first.entries.count
    for row in rows where row.entries.count != side {
      let place = row.entries.count > side ? row.entries[side].range : row.entries.last?.range ?? row.range
      list.error("matrix.ragged", "\(row.entries.count) amounts in this row, but \(side) in the first", at: place)
    }
    if rows.count != side, let last = rows.last {
      let place = rows.count > side ? rows[side].range : last.range
      list.error("matrix.side", "\(rows.count) rows of \(side) amounts: as many rows as columns are needed", at: place)
    }
  }

  /// Where a fault of the amounts lies.
  public func place(of error: UnequalAllToAll.AmountError) -> SourceRange? {
    switch error {
    case .negative(_, let row, let column): rows[row].entries[column].range
    case .overflow(let row), .columns(_, let row, _): rows[row].range
    default: nil
    }
  }
}
