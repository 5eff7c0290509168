/// Rows as comma-separated values: a header, then one line a row, fields quoted where they need it.
public struct CSV: Sendable {
  /// The names of the columns.
  public var header: [String]
  /// The rows, each as long as the header.
  public var rows: [[String]]

  /// A table of its parts.
  public init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  /// The table as text; lines end with a line feed.
  public func encoded() -> String {
    ([header] + rows).map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
  }

  /// A real number with its shortest digits; empty where it is infinite or not a number.
  static func number(_ value: Double) -> String { value.isFinite ? JSON.shortest(value) : "" }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
