import ClusterModel
import Diagnostics
import Documents

extension Located<String> {
  private static let longestPath = 4096

  /// The text as a path that selects parts, such as `rack[3]/tray[*]`; nil after an error.
  func selector(_ list: inout DiagnosticList) -> Located<[Composition.SelectorStep]>? {
    guard value.utf8.count <= Self.longestPath else {
      list.error("selector.syntax", "the path is longer than \(Self.longestPath) characters", at: range)
      return nil
    }
    do throws(DevicePath.ParsingError) {
      return Located<[Composition.SelectorStep]>(try DevicePath.parse(value), at: range)
    } catch {
      let (message, offset) = error.explained
      var place = range
      // Where the path stands in the file as it is, the mistake itself is pointed at.
      if range.length == value.unicodeScalars.count, offset < range.length {
        place = SourceRange(
          file: range.file, start: SourceLocation(line: range.start.line, column: range.start.column + offset))
      }
      list.error(
        "selector.syntax", "\(excerpt(value)) is not a path of parts: \(message)", at: place,
        notes: ["a path is written 'rack[3]/tray[2..5]/gpu[*]', indices from zero"])
      return nil
    }
  }
}

extension DevicePath.ParsingError {
  fileprivate var explained: (message: String, offset: Int) {
    switch self {
    case .missingName(let offset): ("a name is missing", offset)
    case .name(let name, let offset): ("\(excerpt(name)) is not a name", offset)
    case .bracket(let offset): ("a bracket is not closed", offset)
    case .index(let text, let offset): ("\(excerpt(text)) is not an index or a range of them", offset)
    }
  }
}
