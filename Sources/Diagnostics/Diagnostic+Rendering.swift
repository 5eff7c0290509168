extension Diagnostic {
  private static let widestExcerpt = 100

  /// The diagnostic as people read it: place, message, the line with a caret, fix-its and notes.
  ///
  /// ```
  /// cluster.yaml:14:16: error: bandwidth needs a unit [quantity.missing-unit]
  ///    14 |     bandwidth: 900
  ///       |                ^~~
  ///       = fix-it: write '900 GB/s' (bytes) or '900 Gb/s' (bits)
  /// ```
  /// - Parameter source: The file that the place is in; without it the line is not shown.
  /// - Returns: Lines without a final line break.
  public func rendered(in source: SourceText? = nil) -> String {
    let place = range.map { "\($0.file):\($0.start.line):\($0.start.column): " } ?? ""
    var lines = ["\(place)\(severity.rawValue): \(message) [\(id)]"]
    var gutter = 5
    if let range, let source, source.name == range.file, let line = source.line(range.start.line) {
      let number = String(range.start.line)
      gutter = max(gutter, number.count + 1)
      let excerpt = Excerpt(line: line, column: range.start.column, length: range.length, width: Self.widestExcerpt)
      lines.append("\(String(repeating: " ", count: gutter - number.count))\(number) | \(excerpt.text)")
      lines.append("\(String(repeating: " ", count: gutter)) | \(excerpt.underline)")
    }
    let indent = String(repeating: " ", count: gutter)
    if !fixIts.isEmpty { lines.append("\(indent) = fix-it: \(fixItSentence)") }
    lines += notes.map { "\(indent) = note: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// The fix-its as one sentence; a verb they share is said once.
  private var fixItSentence: String {
    let verbs = Set(fixIts.map { $0.message.prefix { $0 != " " } })
    let messages = fixIts.enumerated().map { index, fixIt in
      index > 0 && verbs.count == 1 ? String(fixIt.message.drop { $0 != " " }.dropFirst()) : fixIt.message
    }
    guard let last = messages.last, messages.count > 1 else { return messages.first ?? "" }
    return messages.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension Sequence<Diagnostic> {
  /// All diagnostics as people read them, a blank line between them.
  /// - Parameter sources: The files they lie in, by name.
  public func rendered(in sources: [String: SourceText]) -> String {
    map { diagnostic in diagnostic.rendered(in: diagnostic.range.flatMap { sources[$0.file] }) }
      .joined(separator: "\n\n")
  }
}

/// The part of a line around a stretch, with a line of carets beneath that stays aligned in a terminal.
struct Excerpt {
  private(set) var text = ""
  private(set) var underline = ""

  /// - Parameters:
  ///   - column: Where the stretch begins, in Unicode scalars from 1.
  ///   - width: How many scalars of the line are shown at most.
  init(line: Substring, column: Int, length: Int, width: Int) {
    let scalars = line.unicodeScalars
    let count = scalars.count
    let start = min(max(column - 1, 0), count)
    let shown = Excerpt.window(start: start, length: length, count: count, width: width)
    let ellipsis = "…"
    if shown.lowerBound > 0 {
      text += ellipsis
      underline += " "
    }
    let first = scalars.index(scalars.startIndex, offsetBy: shown.lowerBound)
    var marked = false
    for (offset, scalar) in scalars[first...].prefix(shown.count).enumerated() {
      let position = shown.lowerBound + offset
      text.unicodeScalars.append(Excerpt.isPrintable(scalar) ? scalar : "\u{FFFD}")
      let columns = Excerpt.columns(of: scalar)
      if position < start {
        underline += scalar == "\t" ? "\t" : String(repeating: " ", count: columns)
      } else if position < start + length {
        for _ in 0..<columns {
          underline += marked ? "~" : "^"
          marked = true
        }
      }
    }
    if shown.upperBound < count { text += ellipsis }
    if !marked { underline += "^" }
  }

  private static func window(start: Int, length: Int, count: Int, width: Int) -> Range<Int> {
    guard count > width else { return 0..<count }
    let before = length >= width ? 10 : max(10, (width - length) / 2)
    let low = max(0, min(start - before, count - width))
    return low..<min(count, low + width)
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar == "\t"
    // Marks that change the direction of text could make a line read as something else.
    case .format: scalar == "\u{200D}"
    default: true
    }
  }

  /// Terminal columns that a scalar takes: none for combining marks, two for wide East Asian ones and emoji.
  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    case .format: return scalar == "\u{200D}" ? 0 : 1
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
