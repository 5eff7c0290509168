import Diagnostics

/// A stretch of a one-line text, without spaces around it.
struct Piece {
  var text: String
  var range: SourceRange

  /// All of a text of one line.
  init(_ source: SourceText) { self.init(text: source.text, range: source.whole) }

  private init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }

  /// What is left without the first so many characters.
  func dropping(_ count: Int) -> Piece {
    var rest = String.UnicodeScalarView()
    rest.append(contentsOf: text.unicodeScalars.dropFirst(count))
    let start = SourceLocation(line: range.start.line, column: range.start.column + count)
    return Piece(text: String(rest), range: SourceRange(file: range.file, start: start, length: rest.count))
  }

  /// The stretches between occurrences of a separator.
  func split(at separator: String) -> [Piece] {
    var pieces: [Piece] = []
    var column = range.start.column
    for part in text.split(separator: separator, omittingEmptySubsequences: false) {
      let scalars = part.unicodeScalars
      let leading = scalars.prefix { $0.properties.isWhitespace }.count
      let trimmed = scalars.dropFirst(leading).reversed().drop { $0.properties.isWhitespace }.reversed()
      var word = String.UnicodeScalarView()
      word.append(contentsOf: trimmed)
      let start = SourceLocation(line: 1, column: column + leading)
      pieces.append(Piece(text: String(word), range: SourceRange(file: range.file, start: start, length: word.count)))
      column += scalars.count + separator.unicodeScalars.count
    }
    return pieces
  }
}
