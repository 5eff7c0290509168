import ClusterModel
public import Diagnostics
import Documents
public import HardwareCatalog

/// Reads topology files into clusters, with every mistake of the files located.
public struct TopologyReader: Sendable {
  /// The parts that files may name.
  public var catalog: HardwareCatalog
  /// How files are read.
  public var files: FileAccess
  /// Folders whose files come before the shipped topologies of the same name.
  public var folders: [String]
  /// Exceptions beyond those of the file, each the text of one entry of `exceptions`.
  public var furtherExceptions: [SourceText]

  /// A reader.
  public init(
    catalog: HardwareCatalog = HardwareCatalog(), files: FileAccess = .disk, folders: [String] = [],
    furtherExceptions: [SourceText] = []
  ) {
    self.catalog = catalog
    self.files = files
    self.folders = folders
    self.furtherExceptions = furtherExceptions
  }

  /// Reads the topology that a user names.
  ///
  /// A name with `/` or ending in `.yaml` or `.yml` is a file; any other is looked for in `folders`, among the shipped
  /// topologies, and as a file.
  public func read(_ reference: TopologyReference) -> TopologyReading {
    read(reference, mayBeLibrary: false)
  }

  /// Reads a topology for its mistakes, or a file of parts and systems that others import.
  public func check(_ reference: TopologyReference) -> TopologyReading { read(reference, mayBeLibrary: true) }

  private func read(_ reference: TopologyReference, mayBeLibrary: Bool) -> TopologyReading {
    var list = DiagnosticList()
    var set = FileSet(access: files)
    guard let source = source(of: reference, in: &set, &list) else {
      return TopologyReading(cluster: nil, diagnostics: list.diagnostics, sources: set.sources)
    }
    return read(
      source, named: reference.shortName, overrides: reference.overrides, mayBeLibrary: mayBeLibrary, set: &set, &list)
  }

  /// Reads a topology from a text.
  public func read(_ source: SourceText, overrides: [TopologyReference.Override] = []) -> TopologyReading {
    var list = DiagnosticList()
    var set = FileSet(access: files)
    set.add(source)
    let name = TopologyReference(name: source.name).shortName
    return read(source, named: name, overrides: overrides, mayBeLibrary: false, set: &set, &list)
  }

  private func source(
    of reference: TopologyReference, in set: inout FileSet, _ list: inout DiagnosticList
  ) -> SourceText? {
    let name = reference.name
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      return set.text(name, at: nil, &list)
    }
    for folder in folders {
      var attempt = DiagnosticList()
      let path = "\(folder)/\(name).yaml"
      if let text = set.text(path, at: nil, &attempt) { return text }
      guard attempt.diagnostics.first?.id == "file.not-found" else {
        list.append(contentsOf: attempt.diagnostics)
        return nil
      }
    }
    if let shipped = catalog.topologyText(named: name) {
      set.add(shipped)
      return shipped
    }
    var attempt = DiagnosticList()
    if let text = set.text(name, at: nil, &attempt) { return text }
    guard attempt.diagnostics.first?.id == "file.not-found" else {
      list.append(contentsOf: attempt.diagnostics)
      return nil
    }
    list.unknown(
      "file.not-found", "no such file or shipped topology: \(excerpt(name))", name, at: nil,
      among: catalog.topologyNames, otherwise: "shipped: \(catalog.topologyNames.joined(separator: ", "))")
    return nil
  }

  private func read(
    _ source: SourceText, named name: String, overrides: [TopologyReference.Override], mayBeLibrary: Bool,
    set: inout FileSet, _ list: inout DiagnosticList
  ) -> TopologyReading {
    let cluster = cluster(
      source, named: name, overrides: overrides, mayBeLibrary: mayBeLibrary, set: &set, &list)
    return TopologyReading(
      cluster: list.hasErrors ? nil : cluster, diagnostics: list.diagnostics, sources: set.sources)
  }

  private func cluster(
    _ source: SourceText, named shortName: String, overrides: [TopologyReference.Override], mayBeLibrary: Bool,
    set: inout FileSet, _ list: inout DiagnosticList
  ) -> Cluster? {
    guard let node = source.document(&list), let mapping = node.mapping("the file", &list),
      FileSet.hasKnownVersion(mapping, &list)
    else { return nil }
    let fields = Fields(mapping, Language.file, &list)
    let name = fields.text("name", &list)?.value ?? shortName
    _ = fields.text("description", &list)
    let libraries = set.imports(of: fields, in: source.name, chain: [source.name], &list)
    var scope = Scope(
      catalog: catalog, parameters: Parameters(fields.named("parameters", &list), overrides: overrides, &list))
    for library in libraries + [fields] { scope.add(library, &list) }
    scope.useFacts(fields.sequence("facts", &list), of: name, sources: fields["sources"]?.mapping, &list)
    var reader = CompositionReader(
      scope: scope, list: list, origins: Origins(whole: node.range))
    for text in furtherExceptions {
      set.add(text)
      if let node = text.document(&reader.list) { reader.furtherExceptions.append(node) }
    }
    let cluster = reader.cluster(of: fields, named: name, mayBeLibrary: mayBeLibrary)
    list = reader.list
    return cluster
  }
}

extension Scope {
  /// Takes up the parts and systems of a file.
  fileprivate mutating func add(_ fields: Fields, _ list: inout DiagnosticList) {
    let sources = fields["sources"]?.mapping("sources", &list)
    for entry in sources?.entries ?? [] {
      guard let source = Fields(entry.value, Source.schema, &list) else { continue }
      for key in source.mapping.keys { _ = source.text(key, &list) }
    }
    if let parts = fields["parts"]?.mapping("parts", &list) {
      catalog = catalog.adding(parts: parts, sources: sources, &list)
    }
    for entry in fields.named("systems", &list) {
      systems[entry.key.value] = OwnSystem(node: entry.value, sources: sources)
    }
  }
}
