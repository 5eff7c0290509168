extension Page {
  private static let indent = "  "
  private static let chartWidth = 72

  /// The page as a terminal or a file shows it, in lines that end with a line break.
  func text(_ style: TextStyle) -> String {
    var lines = answer.enumerated().map { style.emphasised(printable($0.element), $0.offset == 0 ? .strong : .quiet) }
    for section in sections(for: .text) {
      let body = Page.lines(of: section, style)
      guard !body.isEmpty else { continue }
      if !lines.isEmpty { lines.append("") }
      if let heading = section.heading { lines.append(style.emphasised("\(printable(heading)):", .strong)) }
      lines += body
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func lines(of section: Section, _ style: TextStyle) -> [String] {
    let prefix = section.heading == nil ? "" : indent
    var style = style
    style.width = style.width.map { $0 - prefix.count }
    return section.blocks.flatMap { lines(of: $0, style) }.map { $0.isEmpty ? "" : prefix + $0 }
  }

  private static func lines(of block: Block, _ style: TextStyle) -> [String] {
    switch block {
    case .sentences(let sentences), .lines(let sentences): return sentences.map(printable)
    case .list(let points): return points.map { "- \(printable($0))" }
    case .table(let table):
      var lines = table.lines(width: style.width)
      if let header = lines.first { lines[0] = style.emphasised(header, .quiet) }
      return table.caption.map { ["\($0):"] + lines } ?? lines
    case .figure(let figure):
      guard style.charts != .none else { return [] }
      return figure.lines(width: min(style.width ?? chartWidth, chartWidth), characters: style.charts)
    }
  }
}
