import ClusterModel
public import Diagnostics
public import Documents

extension HardwareCatalog {
  /// What `parts` of a file may hold: a mapping of names to parts for each family.
  public static let partsSchema = Schema(
    "parts", "Parts of one's own and corrections to shipped ones, by family.",
    keys: Family.allCases.map { family in
      .optional(
        family.rawValue, .named(.mapping(family.schema.name)), "Parts of the family \(family.rawValue) by name.")
    })

  /// The catalogue with the parts of a file on top.
  ///
  /// A part takes over the one that its `like` names. Without `like`, a part with the name of a known one corrects it:
  /// what it states replaces single statements and figures.
  /// - Parameters:
  ///   - parts: The `parts` of the file: families, each with parts by name.
  ///   - sources: The `sources` of the file.
  ///   - list: Takes up every mistake; a part with one may be left out of the result.
  public func adding(parts: Mapping, sources: Mapping?, _ list: inout DiagnosticList) -> HardwareCatalog {
    let fields = Fields(parts, HardwareCatalog.partsSchema, &list)
    let sources = SourceList(sources, &list)
    var result = self
    var links: [Located<String>] = []
    for family in Family.allCases {
      let entries = PartEntry.reading(fields.named(family.rawValue, &list), of: family, sources: sources, &list)
      guard !entries.isEmpty else { continue }
      result[family] = Inheritance.table(of: entries, family: family, onto: self[family], &list)
      links += entries.compactMap(\.link)
    }
    for name in links where result[.links][name.value] == nil {
      let known = result.names(of: .links)
      list.unknown(
        "part.unknown", "unknown link \(excerpt(name.value))", name, among: known,
        otherwise: "known: \(known.joined(separator: ", "))")
    }
    return result
  }
}

extension PartEntry {
  /// Reads the parts of a family.
  static func reading(
    _ entries: [Mapping.Entry], of family: Family, sources: SourceList, _ list: inout DiagnosticList
  ) -> [PartEntry] {
    let schema = family.schema
    return entries.compactMap { PartEntry($0, of: family, schema: schema, sources: sources, &list) }
  }
}
