/// The figures and facts of the catalogue that nobody can trace.
public struct UnsourcedReport: Report {
  /// One of them.
  public struct Entry: Sendable, Hashable {
    /// The part, system or topology it is about.
    public var subject: String
    /// The figure's name, or what the fact says.
    public var figure: String

    /// An entry of its parts.
    public init(subject: String, figure: String) {
      self.subject = subject
      self.figure = figure
    }
  }

  /// What is reported.
  public var entries: [Entry]

  /// A report of its entries.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// One line each.
  public var page: Page {
    let title = "Figures without a source"
    guard !entries.isEmpty else {
      return Page(title: title, answer: ["Every figure has a source or a reason for being assumed."], sections: [])
    }
    var table = TextTable([.init("subject"), .init("figure without a source")])
    for entry in entries { table.append([entry.subject, entry.figure]) }
    return Page(title: title, answer: [], sections: [.init(nil, [.table(table)])])
  }

  /// The entries as a list.
  public var json: JSON {
    .object([
      Release.member,
      (
        "unsourced",
        .array(entries) { .object([("subject", .string($0.subject)), ("figure", .string($0.figure))]) }
      ),
    ])
  }
}
