public import HardwareCatalog

/// The shipped parts, systems and topologies, a line each.
public struct CatalogReport: Report {
  /// A topology with its parameters.
  public struct Topology: Sendable {
    /// Its name on the command line.
    public var name: String
    /// Its title.
    public var title: String
    /// Its parameters with their defaults, in file order.
    public var parameters: [(name: String, standard: String)]

    /// A topology of its parts.
    public init(name: String, title: String, parameters: [(name: String, standard: String)]) {
      self.name = name
      self.title = title
      self.parameters = parameters
    }
  }

  /// The topologies.
  public var topologies: [Topology]
  /// The racks and boxes by name, with a sentence on each.
  public var systems: [(name: String, about: String)]
  /// The parts.
  public var parts: [PartRecord]
  /// The profiles of communication libraries by name, with a sentence on each.
  public var libraries: [(name: String, about: String)]
  /// The estates by name, with their titles.
  public var estates: [(name: String, about: String)]
  /// The language models by name, with a sentence on each.
  public var models: [(name: String, about: String)]

  /// A report of its parts.
  public init(
    topologies: [Topology], systems: [(name: String, about: String)], parts: [PartRecord],
    libraries: [(name: String, about: String)] = [], estates: [(name: String, about: String)] = [],
    models: [(name: String, about: String)] = []
  ) {
    self.topologies = topologies
    self.systems = systems
    self.parts = parts
    self.libraries = libraries
    self.estates = estates
    self.models = models
  }

  /// Tables of names; what to do with them first.
  public var page: Page {
    var table = TextTable([.init("name"), .init("what it is"), .init("parameters", rank: 1)])
    for topology in topologies {
      let parameters = topology.parameters.map { "\($0.name)=\($0.standard)" }
      table.append([topology.name, topology.title, parameters.joined(separator: " ")])
    }
    var sections = [section("Topologies (isochrone describe NAME, or NAME:racks=8)", table)]
    sections.append(section("Systems (in a file: racks: 8 × NAME, or boxes: 8 × NAME)", systems))
    for family in Family.allCases {
      let members = parts.filter { $0.family == family }.map { ($0.name, $0.attributes["about"] ?? "") }
      sections.append(section(CatalogReport.heading(family), members))
    }
    sections.append(section("Library profiles (isochrone estimate … --library NAME)", libraries))
    sections.append(section("Estates (isochrone request NAME)", estates))
    sections.append(section("Language models (isochrone request ESTATE --model NAME)", models))
    return Page(
      title: "Catalogue",
      answer: [
        "\(counted(topologies.count, "topology", "topologies")), \(counted(systems.count, "system")) and "
          + "\(counted(parts.count, "part")); 'isochrone catalog NAME' shows every figure with its source."
      ], sections: sections)
  }

  private func section(_ title: String, _ entries: [(name: String, about: String)]) -> Page.Section {
    var table = TextTable([.init("name"), .init("what it is", rank: 1)])
    for entry in entries { table.append([entry.name, entry.about]) }
    return section(title, table)
  }

  private func section(_ title: String, _ table: TextTable) -> Page.Section {
    .init(title, table.rows.isEmpty ? [] : [.table(table)])
  }

  private static func heading(_ family: Family) -> String {
    switch family {
    case .accelerators: "Accelerators"
    case .cpus: "Processors"
    case .nics: "Network adapters"
    case .switches: "Switches"
    case .links: "Links"
    }
  }

  /// The names with what they are.
  public var json: JSON {
    .object([
      Release.member,
      (
        "topologies",
        .array(topologies) { topology in
          .object([
            ("name", .string(topology.name)), ("title", .string(topology.title)),
            ("parameters", .object(topology.parameters.map { ($0.name, .parameter($0.standard)) })),
          ])
        }
      ),
      ("systems", json(systems)),
      (
        "parts",
        .array(parts) { part in
          .object([
            ("family", .string(part.family.rawValue)), ("name", .string(part.name)),
            ("about", .optional(part.attributes["about"])),
          ])
        }
      ),
      ("libraries", json(libraries)), ("estates", json(estates)), ("models", json(models)),
    ])
  }

  private func json(_ entries: [(name: String, about: String)]) -> JSON {
    .array(entries) { .object([("name", .string($0.name)), ("about", .string($0.about))]) }
  }
}
