/// How wide a text of a drawing can become: fonts differ, so it errs on the wide side.
enum TextMeasure {
  /// The size that texts of drawings have, as in the style sheet.
  static let size = 12.0

  /// The width of a text in the units of the drawing.
  static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + size * share(of: $1) }
  }

  /// A text cut to a width, the rest left to an ellipsis.
  static func fitted(_ text: String, to limit: Double) -> String {
    let text = printable(text)
    guard width(text) > limit else { return text }
    var kept = ""
    var used = width("…")
    for character in text {
      used += width(String(character))
      if used > limit { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// The share of the font's size that a character takes across.
  private static func share(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": 0.34
    case " ", "f", "r", "t", "(", ")", "[", "]", "/", "-": 0.42
    case "m", "w", "M", "W", "@", "%", "…", "—": 0.98
    case "0"..."9", "a"..."z": 0.62
    case "A"..."Z", "+", "=", "<", ">", "×", "≤", "→", "–", "µ": 0.76
    default: scalar.value < 0x250 ? 0.76 : 1.1
    }
  }
}
