/// A JSON value whose members keep their order, so that the same answer always gives the same bytes.
public enum JSON: Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// A real number; written as null where it is infinite or not a number.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])
}

extension JSON {
  /// How many there are.
  static func count(_ value: Int) -> JSON { .integer(Int64(value)) }

  /// A text, or null where there is none.
  static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  /// An array of what a sequence's elements become.
  static func array<Element>(_ elements: some Sequence<Element>, _ transform: (Element) -> JSON) -> JSON {
    .array(elements.map(transform))
  }

  /// A parameter's value: a number where it reads as one.
  static func parameter(_ text: String) -> JSON {
    if let whole = Int64(text) { return .integer(whole) }
    if let real = Double(text), real.isFinite { return .number(real) }
    return .string(text)
  }
}

extension JSON {
  private static let indent = 2
  private static let lineWidth = 118

  /// The value as text with a final line break.
  ///
  /// What fits on a line stands on one; everything else is indented by two spaces a level.
  /// - Complexity: O(length of the text · depth).
  public func encoded() -> String {
    var text = ""
    write(to: &text, depth: 0, column: 0)
    return text + "\n"
  }

  private func write(to text: inout String, depth: Int, column: Int) {
    let open: String
    let close: String
    let members: [(key: String?, value: JSON)]
    switch self {
    case .array(let elements):
      (open, close) = ("[", "]")
      members = elements.map { (nil, $0) }
    case .object(let entries):
      (open, close) = ("{", "}")
      members = entries.map { ($0.key, $0.value) }
    default:
      text += scalar
      return
    }
    if let line = oneLine(limit: JSON.lineWidth - column) {
      text += line
      return
    }
    guard !members.isEmpty else {
      text += open + close
      return
    }
    let margin = String(repeating: " ", count: (depth + 1) * JSON.indent)
    text += open
    for (index, member) in members.enumerated() {
      text += (index == 0 ? "\n" : ",\n") + margin
      let key = member.key.map { JSON.quoted($0) + ": " } ?? ""
      text += key
      member.value.write(to: &text, depth: depth + 1, column: margin.count + key.count)
    }
    text += "\n" + String(repeating: " ", count: depth * JSON.indent) + close
  }

  /// The value on one line, if it has at most `limit` characters.
  private func oneLine(limit: Int) -> String? {
    var line = ""
    switch self {
    case .array(let elements):
      line = "["
      for (index, element) in elements.enumerated() {
        guard let part = element.oneLine(limit: limit - line.utf8.count) else { return nil }
        line += (index == 0 ? "" : ", ") + part
      }
      line += "]"
    case .object(let entries):
      line = "{"
      for (index, entry) in entries.enumerated() {
        guard let part = entry.value.oneLine(limit: limit - line.utf8.count) else { return nil }
        line += (index == 0 ? "" : ", ") + JSON.quoted(entry.key) + ": " + part
      }
      line += "}"
    default:
      line = scalar
    }
    return line.utf8.count <= limit ? line : nil
  }

  private var scalar: String {
    switch self {
    case .null, .array, .object: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): JSON.shortest(value)
    case .string(let value): JSON.quoted(value)
    }
  }

  /// The shortest digits that read back as the same number, without a fraction of `.0`; null where it is not finite.
  static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    let digits = value == 0 ? "0" : "\(value)"
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
