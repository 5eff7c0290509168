import Diagnostics
import Documents

/// The sources that a file names, by their keys.
struct SourceList: Sendable {
  private(set) var sources: [String: Source] = [:]

  /// Reads the `sources` of a file.
  init(_ mapping: Mapping?, _ list: inout DiagnosticList) {
    for entry in mapping?.entries ?? [] {
      guard let fields = Fields(entry.value, Source.schema, &list) else { continue }
      let title = fields.text("title", &list)
      let url = fields.text("url", &list)
      let date = fields.text("date", &list)
      guard let title else { continue }
      sources[entry.key.value] = Source(
        key: entry.key.value, title: title.value, url: url?.value, date: date?.value)
    }
  }

  /// The source of a key, or nil after an error.
  func source(_ key: Located<String>, _ list: inout DiagnosticList) -> Source? {
    if let source = sources[key.value] { return source }
    list.unknown(
      "source.unknown", "unknown source \(excerpt(key.value))", key, among: sources.keys.sorted(),
      otherwise: "a source is an entry of the file's 'sources' with a title, an address and a date")
    return nil
  }
}
