/// One thing that is wrong with, or worth knowing of, a file or a question.
public struct Diagnostic: Hashable, Sendable {
  /// How grave it is.
  public enum Severity: String, Sendable, Hashable { case error, warning, note }

  /// A replacement that mends the mistake.
  public struct FixIt: Hashable, Sendable {
    /// What the replacement does, in the imperative: `write '900 GB/s'`.
    public var message: String
    /// The stretch to replace.
    public var range: SourceRange
    /// The text to put there.
    public var replacement: String

    /// A replacement of a stretch by a text.
    public init(message: String, range: SourceRange, replacement: String) {
      self.message = message
      self.range = range
      self.replacement = replacement
    }
  }

  /// Stable name of the kind of mistake, such as `quantity.missing-unit`.
  public var id: String
  /// How grave it is.
  public var severity: Severity
  /// One sentence without a full stop.
  public var message: String
  /// Where; nil where the mistake has no place in a file.
  public var range: SourceRange?
  /// Further sentences, each shown on a line of its own.
  public var notes: [String]
  /// Replacements that mend it; the first is what `check --fix` applies, if it is the only one.
  public var fixIts: [FixIt]

  /// A diagnostic with its parts.
  public init(
    _ severity: Severity = .error, id: String, _ message: String, at range: SourceRange? = nil, notes: [String] = [],
    fixIts: [FixIt] = []
  ) {
    self.severity = severity
    self.id = id
    self.message = message
    self.range = range
    self.notes = notes
    self.fixIts = fixIts
  }
}

/// An error that carries every diagnostic of what failed.
public struct DiagnosticsError: Error, Sendable {
  /// All that was found, sorted by place.
  public var diagnostics: [Diagnostic]

  /// Wraps what was found.
  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
