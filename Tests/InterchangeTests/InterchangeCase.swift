import Diagnostics
import Foundation
import Interchange
import TopologyFiles

/// A site that tests make of a text.
func site(_ format: String, _ text: String, system: String? = nil) throws -> Site {
  var list = DiagnosticList()
  let source = SourceText(name: "case", text: text)
  guard let importer = Importers.named(format),
    let site = importer.site(source, ImportOptions(system: system), &list)
  else { throw DiagnosticsError(list.diagnostics) }
  return site
}

/// What is wrong with a text, as `LINE: message`.
func mistakes(_ format: String, _ text: String) -> [String] {
  var list = DiagnosticList()
  let site = Importers.named(format)?.site(SourceText(name: "case", text: text), ImportOptions(), &list)
  guard site == nil || list.hasErrors else { return [] }
  return list.diagnostics.map { "\($0.range?.start.line ?? 0): \($0.message)" }
}

/// A case of the project's own.
func own(_ path: String) throws -> String {
  try String(
    contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Cases/\(path)"),
    encoding: .utf8)
}

/// The cluster of a text of the project's own language.
func reading(_ text: String) -> TopologyReading { TopologyReader().read(SourceText(name: "own.yaml", text: text)) }

/// A shipped topology.
func shipped(_ name: String) throws -> TopologyReading {
  TopologyReader().read(try TopologyReference(parsing: name))
}
