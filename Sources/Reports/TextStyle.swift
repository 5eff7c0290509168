/// What a terminal or a file takes.
public struct TextStyle: Sendable, Hashable {
  /// The characters that charts are made of.
  public enum Characters: Sendable, Hashable { case none, ascii, unicode }

  /// How many characters a line of a table may have; nil: any number.
  public var width: Int?
  /// Whether headings and marks are coloured.
  public var isColoured: Bool
  /// What charts are made of; without characters there are none.
  public var charts: Characters

  /// A style of its parts.
  public init(width: Int? = nil, isColoured: Bool = false, charts: Characters = .none) {
    self.width = width
    self.isColoured = isColoured
    self.charts = charts
  }

  /// Without a limit, colour or charts, as files and pipes take it.
  public static let plain = TextStyle()
}

extension TextStyle {
  /// How a piece of text stands out; the numbers are those of ANSI's select graphic rendition.
  enum Emphasis: Int { case strong = 1, quiet = 2, mark = 33 }

  /// A text that stands out where colours are shown.
  func emphasised(_ text: String, _ emphasis: Emphasis) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(emphasis.rawValue)m\(text)\u{1B}[0m" : text
  }
}
