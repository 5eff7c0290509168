/// A chart or a drawing.
protocol Figure: Sendable {
  /// What it shows, also for those who cannot see it.
  var title: String { get }

  /// The drawing; nil where there is nothing to draw.
  func svg() -> Markup?

  /// The drawing in characters, in lines; none where characters cannot show it.
  /// - Parameters:
  ///   - width: How many characters a line may have.
  ///   - characters: What the terminal can show.
  func lines(width: Int, characters: TextStyle.Characters) -> [String]

  /// The figures behind it, for those who cannot see it; nil where a table beside it has them.
  var table: TextTable? { get }
}

extension Figure {
  func lines(width: Int, characters: TextStyle.Characters) -> [String] { [] }
  var table: TextTable? { nil }
}
