import Foundation

/// A shipped topology or system as its file: what it consists of, and the sources of its facts.
public struct ShippedFileReport: Report {
  /// Its name.
  public var name: String
  /// What it is: `topology` or `system`.
  public var kind: String
  /// The text of its file.
  public var file: String

  /// A report of a file.
  public init(name: String, kind: String, file: String) {
    self.name = name
    self.kind = kind
    self.file = file
  }

  /// The file itself, ready to be saved and changed.
  public var page: Page {
    var lines = file.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return Page(title: name, answer: [], sections: [.init(nil, [.lines(lines)])])
  }

  /// The file as a text.
  public var json: JSON {
    .object([Release.member, ("name", .string(name)), ("kind", .string(kind)), ("file", .string(file))])
  }
}
