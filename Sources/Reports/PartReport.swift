public import HardwareCatalog

/// All that is said of one part, each figure with its source.
public struct PartReport: Report {
  /// What is reported.
  public var part: PartRecord

  /// A report of a part.
  public init(_ part: PartRecord) { self.part = part }

  /// What it is, then a line a figure.
  public var page: Page {
    let about = part.attributes["about"].map { ": \($0)" } ?? ""
    var sources = SourceList()
    var table = TextTable([.init("figure"), .init("value"), .init("source"), .init("note", rank: 1)])
    for entry in part.figures {
      let note = entry.figure.note ?? ""
      table.append([
        entry.name, entry.figure.value, sources.mark(entry.figure.source?.description ?? "none"),
        entry.figure.isAssumed ? "assumed: \(note)" : note,
      ])
    }
    let figures = table.rows.isEmpty ? [] : [Page.Block.table(table)]
    return Page(
      title: part.name,
      answer: ["\(part.name), \(part.family.singular)\(about)"] + attributes.map { "  \($0.key): \($0.value)" },
      sections: [.init(nil, figures), .init(nil, sources.lines.isEmpty ? [] : [.lines(sources.lines)])])
  }

  /// The statements, then the figures in order.
  public var json: JSON {
    .object([
      Release.member,
      ("name", .string(part.name)),
      ("family", .string(part.family.rawValue)),
      ("about", .optional(part.attributes["about"])),
      ("attributes", .object(attributes.map { ($0.key, .string($0.value)) })),
      (
        "figures",
        .array(part.figures) { entry in
          .object([
            ("name", .string(entry.name)),
            ("value", .string(entry.figure.value)),
            ("assumed", .boolean(entry.figure.isAssumed)),
            ("source", .optional(entry.figure.source?.description)),
            ("note", .optional(entry.figure.note)),
          ])
        }
      ),
    ])
  }

  /// A row a figure.
  public var csv: CSV? {
    CSV(
      header: ["figure", "value", "assumed", "source", "note"],
      rows: part.figures.map { entry in
        [
          entry.name, entry.figure.value, String(entry.figure.isAssumed), entry.figure.source?.description ?? "",
          entry.figure.note ?? "",
        ]
      })
  }

  private var attributes: [(key: String, value: String)] {
    part.attributes.filter { $0.key != "about" }.sorted { $0.key < $1.key }
  }
}
