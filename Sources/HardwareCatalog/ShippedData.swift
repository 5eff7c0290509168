import Diagnostics
import Documents

/// The data files that the binary carries.
enum ShippedData {
  private static let dataFolder = "Data"
  private static let topologyFolder = "Topologies"
  private static let measurementFolder = "Measurements"
  private static let systemPrefix = "system-"
  private static let libraryPrefix = "library-"
  private static let causesName = "causes"
  private static let siteFactorsName = "site-factors"

  // Lazily read, each when a part of its family is first asked for; reading one takes a few milliseconds.
  private static let accelerators = read(.accelerators)
  private static let cpus = read(.cpus)
  private static let nics = read(.nics)
  private static let switches = read(.switches)
  private static let links = read(.links)

  /// The parts of a family.
  static func table(of family: Family) -> PartTable {
    switch family {
    case .accelerators: accelerators
    case .cpus: cpus
    case .nics: nics
    case .switches: switches
    case .links: links
    }
  }

  private static func read(_ family: Family) -> PartTable {
    var list = DiagnosticList()
    return read(family, &list)
  }

  /// Reads the data file of a family anew.
  static func read(_ family: Family, _ list: inout DiagnosticList) -> PartTable {
    guard let text = text(folder: dataFolder, name: family.rawValue) else { return PartTable() }
    return PartTable.reading(text, of: family, &list)
  }

  /// The names of the systems.
  static var systemNames: [String] {
    names(in: dataFolder).filter { $0.hasPrefix(systemPrefix) }.map { String($0.dropFirst(systemPrefix.count)) }
  }

  /// The text of a system's file.
  static func system(_ name: String) -> SourceText? { text(folder: dataFolder, name: systemPrefix + name) }

  /// The names of the communication libraries' profiles.
  static var libraryNames: [String] {
    names(in: dataFolder).filter { $0.hasPrefix(libraryPrefix) }.map { String($0.dropFirst(libraryPrefix.count)) }
  }

  /// The text of a communication library's profile.
  static func library(_ name: String) -> SourceText? { text(folder: dataFolder, name: libraryPrefix + name) }

  /// The text of the causes of slow collectives.
  static var causes: SourceText? { text(folder: dataFolder, name: causesName) }

  /// The text of the factors that differ between sites.
  static var siteFactors: SourceText? { text(folder: dataFolder, name: siteFactorsName) }

  /// The names of the measured tables.
  static var measurementNames: [String] { names(in: measurementFolder) }

  /// The text of a measured table.
  static func measurement(_ name: String) -> SourceText? { text(folder: measurementFolder, name: name) }

  /// The names of the topologies.
  static var topologyNames: [String] { names(in: topologyFolder) }

  /// The text of a topology's file.
  static func topology(_ name: String) -> SourceText? { text(folder: topologyFolder, name: name) }

  private static func names(in folder: String) -> [String] {
    EmbeddedData.files.filter { $0.folder == folder }.map(\.name).sorted()
  }

  private static func text(folder: String, name: String) -> SourceText? {
    let wanted = name.lowercased()
    return EmbeddedData.files.first { $0.folder == folder && $0.name.lowercased() == wanted }.map {
      SourceText(name: "\($0.name).yaml", text: $0.text.description)
    }
  }
}

extension PartTable {
  /// Reads a data file: `family`, `sources` and `parts`.
  static func reading(_ text: SourceText, of family: Family, _ list: inout DiagnosticList) -> PartTable {
    let schema = Schema(
      "data file", "The parts of one family.",
      keys: [
        .required("family", .choice(Family.allCases.map(\.rawValue)), "The family of the parts."),
        .required("sources", .named(.mapping(Source.schema.name)), "Where the figures come from."),
        .required("parts", .named(.mapping(family.schema.name)), "The parts by their names."),
      ])
    guard let document = text.document(&list), let fields = Fields(document, schema, &list) else { return PartTable() }
    _ = fields.choice("family", among: [family.rawValue], &list)
    let sources = SourceList(fields["sources"]?.mapping, &list)
    let entries = PartEntry.reading(fields.named("parts", &list), of: family, sources: sources, &list)
    return Inheritance.table(of: entries, family: family, onto: PartTable(), &list)
  }
}
