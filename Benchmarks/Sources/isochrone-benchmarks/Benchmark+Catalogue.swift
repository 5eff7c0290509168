import Diagnostics
import Documents
import HardwareCatalog
import Yams

extension Benchmark {
  /// Reading of shipped files.
  static let catalogue = Benchmark(
    name: "catalogue",
    about: """
      Shipped files read as documents (screened, every value with its place, every mistake collected), against the \
      YAML library's own tree of the same text.
      """
  ) { report in
    let catalog = HardwareCatalog()
    let texts =
      catalog.systemNames.compactMap(catalog.systemText) + catalog.topologyNames.compactMap(catalog.topologyText)
      + HardwareCatalog.libraryNames.compactMap(HardwareCatalog.libraryText)
    let bytes = texts.reduce(0) { $0 + $1.text.utf8.count }
    report(
      try Contest(
        "\(texts.count) files, \(grouped(bytes)) bytes", against: "Yams.compose", runs: 11,
        ours: { Run.timing { read(texts) } },
        theirs: { try Run.timing { try texts.map { try Yams.compose(yaml: $0.text) } } }))
  }

  private static func read(_ texts: [SourceText]) -> Int {
    var list = DiagnosticList()
    return texts.reduce(0) { $0 + ($1.document(&list) == nil ? 0 : 1) }
  }
}
