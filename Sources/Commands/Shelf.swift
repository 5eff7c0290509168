import Diagnostics
import Documents
import HardwareCatalog
import Quantities
import Reports
import Serving
import TopologyFiles

/// The catalogue together with the user's own folder of topologies.
struct Shelf {
  /// Something that has a name on it.
  enum Entry {
    case part(PartRecord)
    case file(ShippedFileReport)
  }

  private static let fileEnding = ".yaml"

  let catalog: HardwareCatalog
  private let environment: any Environment
  private let folder: String?

  init(_ catalog: HardwareCatalog, _ environment: any Environment) {
    self.catalog = catalog
    self.environment = environment
    folder = environment.topologyFolder
  }

  /// The names of topologies, the user's own and the shipped ones, each once and sorted.
  var topologyNames: [String] {
    let own = folder.map { environment.names(inFolder: $0) } ?? []
    let names = own.filter { $0.hasSuffix(Shelf.fileEnding) }.map { String($0.dropLast(Shelf.fileEnding.count)) }
    return Set(names + catalog.topologyNames).sorted()
  }

  /// All names of topologies, systems and parts.
  var names: [String] {
    topologyNames + catalog.systemNames + HardwareCatalog.libraryNames
      + EstateReader.shippedNames + Family.allCases.flatMap { catalog.names(of: $0) }
  }

  /// The file of a topology: the user's own before the shipped one; nil where there is none of the name.
  private func topologyText(named name: String) -> SourceText? {
    if let folder, !name.contains("/") {
      let path = "\(folder)/\(name)\(Shelf.fileEnding)"
      if let bytes = try? environment.files.read(path) {
        return SourceText(name: path, text: String(decoding: bytes, as: UTF8.self))
      }
    }
    return catalog.topologyText(named: name)
  }

  /// What has a name; one written exactly so comes before one that differs in case.
  func entry(named name: String) -> Entry? {
    if let topology = topologyNames.first(where: { $0 == name }) { return file(ofTopology: topology) }
    if let system = catalog.systemNames.first(where: { $0 == name }) { return file(ofSystem: system) }
    if let library = HardwareCatalog.libraryText(named: name) {
      return .file(ShippedFileReport(name: name, kind: "library", file: library.text))
    }
    if let estate = EstateReader.shippedText(named: name) {
      return .file(ShippedFileReport(name: name, kind: "estate", file: estate.text))
    }
    for family in Family.allCases {
      if let part = catalog.record(name, of: family) { return .part(part) }
    }
    return file(ofSystem: name) ?? file(ofTopology: name)
  }

  private func file(ofTopology name: String) -> Entry? {
    topologyText(named: name).map { .file(ShippedFileReport(name: name, kind: "topology", file: $0.text)) }
  }

  private func file(ofSystem name: String) -> Entry? {
    catalog.systemText(named: name).map { .file(ShippedFileReport(name: name, kind: "system", file: $0.text)) }
  }

  /// Every name with what it is.
  var overview: CatalogReport {
    CatalogReport(
      topologies: topologyNames.map { name in
        let header = Header(topologyText(named: name))
        return .init(name: name, title: header.title, parameters: header.parameters)
      },
      systems: catalog.systemNames.map { ($0, Header(catalog.systemText(named: $0)).about) },
      parts: Family.allCases.flatMap { family in
        catalog.names(of: family).compactMap { catalog.record($0, of: family) }
      },
      libraries: HardwareCatalog.libraryNames.map { ($0, Header(HardwareCatalog.libraryText(named: $0)).about) },
      estates: EstateReader.shippedNames.map { ($0, Header(EstateReader.shippedText(named: $0)).title) },
      models: (ModelCatalog.shipped?.models ?? []).map { ($0.name, Shelf.about($0)) })
  }

  private static func about(_ model: LanguageModel) -> String {
    let (all, active) = (model.parameters, model.active)
    let visited = active < all ? ", \(DecimalPrefix.format(active, unit: "")) visited by each token" : ""
    return "\(DecimalPrefix.format(all, unit: "")) parameters\(visited); \(model.source)"
  }

  /// Figures of parts, and facts of systems and topologies, that name no source.
  var unsourced: [UnsourcedReport.Entry] {
    let figures = catalog.unsourcedFigures().map { UnsourcedReport.Entry(subject: $0.part, figure: $0.figure) }
    let files =
      catalog.systemNames.map { ($0, catalog.systemText(named: $0)) }
      + catalog.topologyNames.map { ($0, catalog.topologyText(named: $0)) }
    return figures
      + files.flatMap { name, text in
        Header(text).unsourcedFacts.map { UnsourcedReport.Entry(subject: name, figure: $0) }
      }
  }
}

/// What the head of a shipped file says, without checking the rest of it.
private struct Header {
  private let root: Mapping?

  init(_ source: SourceText?) {
    var list = DiagnosticList()
    root = source?.document(&list)?.mapping
  }

  var title: String { root?["name"]?.scalar?.text ?? "" }
  var about: String { root?["about"]?.scalar?.text ?? "" }

  var parameters: [(name: String, standard: String)] {
    (root?["parameters"]?.mapping?.entries ?? []).map {
      ($0.key.value, $0.value.mapping?["default"]?.scalar?.text ?? "")
    }
  }

  /// Facts that neither name a source nor are marked assumed.
  var unsourcedFacts: [String] {
    (root?["facts"]?.sequence ?? []).compactMap(\.mapping)
      .filter { $0["source"] == nil && $0["assumed"]?.scalar?.text != "true" }
      .map { $0["says"]?.scalar?.text ?? "a fact" }
  }
}
