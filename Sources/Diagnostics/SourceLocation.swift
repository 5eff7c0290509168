/// A place in a source file: line and column from 1, columns counted in characters.
public struct SourceLocation: Hashable, Sendable, Comparable {
  /// The line, from 1.
  public var line: Int
  /// The column, from 1.
  public var column: Int

  /// A place by its line and column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Orders by line, then by column.
  public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A stretch of one line of a source file.
public struct SourceRange: Hashable, Sendable {
  /// The name of the file as the user gave it.
  public var file: String
  /// Where the stretch begins.
  public var start: SourceLocation
  /// How many characters it covers; at least 1.
  public var length: Int

  /// A stretch of `length` characters from `start`.
  public init(file: String, start: SourceLocation, length: Int = 1) {
    self.file = file
    self.start = start
    self.length = max(1, length)
  }
}
