/// Collects diagnostics while a file is read, so that one mistake does not hide the next.
///
/// Keeps at most `limit` errors and counts the rest: a file with a million mistakes stays readable and quick.
public struct DiagnosticList: Sendable {
  /// How many errors are kept.
  public let limit: Int
  private var collected: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private var errorCount = 0
  private var dropped = 0

  /// An empty list.
  /// - Parameter limit: How many errors are kept; further ones are counted.
  public init(limit: Int = 100) { self.limit = limit }

  /// Whether an error was found.
  public var hasErrors: Bool { errorCount > 0 }

  /// How many errors were found; comparing before and after tells whether a step found one.
  public var count: Int { errorCount }

  /// Whether further errors are only counted; costly searches for suggestions may be left out then.
  public var isFull: Bool { errorCount >= limit }

  /// All that was found, sorted by file, place and id, each once.
  public var diagnostics: [Diagnostic] {
    var result = collected.enumerated().sorted {
      (Diagnostic.order($0.element), $0.offset) < (Diagnostic.order($1.element), $1.offset)
    }.map(\.element)
    if dropped > 0 {
      result.append(
        Diagnostic(.note, id: "diagnostics.more", "\(dropped) more mistake\(dropped == 1 ? "" : "s") not shown"))
    }
    return result
  }

  /// Adds a diagnostic, unless the same one is there already.
  public mutating func append(_ diagnostic: Diagnostic) {
    guard !isFull || diagnostic.severity != .error else {
      errorCount += 1
      dropped += 1
      return
    }
    guard seen.insert(diagnostic).inserted else { return }
    if diagnostic.severity == .error { errorCount += 1 }
    collected.append(diagnostic)
  }

  /// Adds diagnostics in order.
  public mutating func append(contentsOf diagnostics: some Sequence<Diagnostic>) {
    for diagnostic in diagnostics { append(diagnostic) }
  }

  /// Adds an error.
  public mutating func error(
    _ id: String, _ message: String, at range: SourceRange?, notes: [String] = [], fixIts: [Diagnostic.FixIt] = []
  ) {
    append(Diagnostic(.error, id: id, message, at: range, notes: notes, fixIts: fixIts))
  }

  /// Adds a warning.
  public mutating func warning(_ id: String, _ message: String, at range: SourceRange?, notes: [String] = []) {
    append(Diagnostic(.warning, id: id, message, at: range, notes: notes))
  }

  /// Throws all that was found if an error is among it.
  /// - Throws: `DiagnosticsError`.
  public func throwIfErrors() throws(DiagnosticsError) {
    if hasErrors { throw DiagnosticsError(diagnostics) }
  }
}

extension Diagnostic {
  fileprivate struct Order: Comparable {
    var file: String
    var place: SourceLocation
    var id: String

    static func < (left: Order, right: Order) -> Bool {
      (left.file, left.place, left.id) < (right.file, right.place, right.id)
    }
  }

  fileprivate static func order(_ diagnostic: Diagnostic) -> Order {
    Order(
      file: diagnostic.range?.file ?? "", place: diagnostic.range?.start ?? SourceLocation(line: 0, column: 0),
      id: diagnostic.id)
  }
}
