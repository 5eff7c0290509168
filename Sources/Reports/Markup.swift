/// A piece of HTML or SVG.
///
/// Text and attributes are escaped on the way in, so that no name from a file can become markup.
struct Markup {
  private(set) var source: String

  private init(source: String) { self.source = source }

  /// An element with its attributes and what it holds.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []) {
    source = "<\(name)\(Markup.written(attributes))>\(children.map(\.source).joined())</\(name)>"
  }

  /// An element that holds a text.
  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.init(name, attributes, [.text(text)])
  }

  /// A text.
  static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// A style sheet; it is ours and stands as it is.
  static func style(_ sheet: StaticString) -> Markup { Markup(source: "<style>\n\(sheet)\n</style>") }

  /// A `meta` element, which has no end tag.
  static func meta(_ attributes: KeyValuePairs<String, String>) -> Markup {
    Markup(source: "<meta\(written(attributes))>")
  }

  /// A line break in the source, so that long files stay readable.
  static let newline = Markup(source: "\n")

  private static func written(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in printable(text).unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

/// A text that fits a number of characters, the rest cut off with an ellipsis.
func shortened(_ text: String, to limit: Int) -> String {
  text.count <= limit ? text : text.prefix(max(limit - 1, 0)) + "…"
}
