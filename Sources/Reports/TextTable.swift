/// Rows of text in aligned columns, fitted to a width by leaving out the columns that matter least.
struct TextTable: Sendable {
  /// One column.
  struct Column: Sendable {
    /// What stands above it.
    var title: String
    /// Whether its fields end at the same place, as numbers do.
    var isNumeric: Bool
    /// The columns with the highest rank are left out first where the width does not do; rank 0 always stays.
    var rank: Int

    /// A column by its title.
    init(_ title: String, isNumeric: Bool = false, rank: Int = 0) {
      self.title = title
      self.isNumeric = isNumeric
      self.rank = rank
    }
  }

  private static let gap = 2

  let columns: [Column]
  /// What the rows are, where a heading does not say it.
  let caption: String?
  private(set) var rows: [[String]] = []

  /// A table without rows.
  init(_ columns: [Column], caption: String? = nil) {
    self.columns = columns
    self.caption = caption
  }

  /// Adds a row of as many fields as there are columns.
  mutating func append(_ fields: [String]) { rows.append(fields.map(printable)) }

  /// The header and the rows, each as a line without trailing spaces.
  /// - Parameter width: How many characters a line may have; nil: any number.
  func lines(width: Int? = nil) -> [String] {
    let widths = columns.indices.map { column in
      (rows.map { $0[column].count } + [columns[column].title.count]).max() ?? 0
    }
    let shown = shownColumns(widths: widths, width: width)
    return ([columns.map(\.title)] + rows).map { fields in
      let padded = shown.map { column in
        let space = String(repeating: " ", count: widths[column] - fields[column].count)
        return columns[column].isNumeric ? space + fields[column] : fields[column] + space
      }
      return trimmingEnd(padded.joined(separator: String(repeating: " ", count: TextTable.gap)))
    }
  }

  private func shownColumns(widths: [Int], width: Int?) -> [Int] {
    var shown = Array(columns.indices)
    guard let width else { return shown }
    while shown.reduce(-TextTable.gap, { $0 + widths[$1] + TextTable.gap }) > width,
      let least = shown.filter({ columns[$0].rank > 0 }).max(by: { columns[$0].rank < columns[$1].rank })
    {
      shown.removeAll { $0 == least }
    }
    return shown
  }

  private func trimmingEnd(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// A text from a file without characters that move a terminal's cursor or turn the direction of text.
func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: result += "\u{FFFD}"
    case .format where scalar != "\u{200D}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
