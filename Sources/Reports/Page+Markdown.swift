extension Page {
  /// The page as Markdown, with tables as pipes; drawings are left to HTML.
  /// - Parameter command: What makes the page again; nil where nobody asked on a command line.
  func markdown(reproducedBy command: String?) -> String {
    var parts = ["# \(Page.literal(title))"]
    if !question.isEmpty { parts.append(Page.literal(question)) }
    parts += answer.enumerated().map { $0.offset == 0 ? "**\(Page.literal($0.element))**" : Page.literal($0.element) }
    for section in sections(for: .document) {
      let body = section.blocks.compactMap(Page.markdown(of:))
      guard !body.isEmpty else { continue }
      if let heading = section.heading { parts.append("## \(Page.literal(heading))") }
      parts += body
    }
    if let command { parts.append("Made by isochrone \(Release.version):\n\n    \(printable(command))") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func markdown(of block: Block) -> String? {
    switch block {
    case .sentences(let sentences): return sentences.map(literal).joined(separator: "\n\n")
    case .list(let points): return points.map { "- \(literal($0))" }.joined(separator: "\n")
    case .lines(let lines): return lines.map { "    \(printable($0))" }.joined(separator: "\n")
    case .table(let table): return table.rows.isEmpty ? nil : markdown(of: table)
    case .figure(let figure):
      guard let table = figure.table, !table.rows.isEmpty else { return nil }
      return "\(literal(figure.title)):\n\n\(markdown(of: table))"
    }
  }

  private static func markdown(of table: TextTable) -> String {
    let rules = table.columns.map { $0.isNumeric ? "---:" : "---" }
    return ([table.columns.map(\.title), rules] + table.rows).enumerated().map { index, fields in
      "| " + fields.map { index == 1 ? $0 : literal($0) }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  /// A text whose characters mean themselves in Markdown.
  private static func literal(_ text: String) -> String {
    var result = ""
    for character in printable(text) {
      if "\\`*_{}[]<>#|~&".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
