public import Diagnostics
import Foundation

/// The mistakes of files as a list.
public struct DiagnosticsReport: Report {
  /// What is reported.
  public var diagnostics: [Diagnostic]

  /// A report of diagnostics.
  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// A line each, without the lines of the files.
  public var page: Page {
    let lines = diagnostics.flatMap { $0.rendered().components(separatedBy: "\n") }
    return Page(title: "Mistakes", answer: [], sections: [.init(nil, lines.isEmpty ? [] : [.lines(lines)])])
  }

  /// The list, each with its place, notes and fix-its.
  public var json: JSON {
    .object([Release.member, ("diagnostics", .array(diagnostics, \.json))])
  }
}

extension Diagnostic {
  var json: JSON {
    .object(
      (range?.members ?? SourceRange.noMembers) + [
        ("severity", .string(severity.rawValue)),
        ("id", .string(id)),
        ("message", .string(message)),
        ("notes", .array(notes, JSON.string)),
        (
          "fixIts",
          .array(fixIts) { fixIt in
            .object(
              [("message", .string(fixIt.message)), ("replacement", .string(fixIt.replacement))] + fixIt.range.members)
          }
        ),
      ])
  }
}

extension SourceRange {
  fileprivate var members: [(key: String, value: JSON)] {
    [
      ("file", .string(file)), ("line", .count(start.line)), ("column", .count(start.column)),
      ("length", .count(length)),
    ]
  }

  fileprivate static var noMembers: [(key: String, value: JSON)] {
    ["file", "line", "column", "length"].map { ($0, .null) }
  }
}
