import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

/// What names mean while a topology is read, and which figures and facts it has come to rest on.
struct Scope {
  /// A system of the user's own: its description, and the sources of its file.
  struct OwnSystem {
    var node: Node
    var sources: Mapping?
  }

  var catalog: HardwareCatalog
  var parameters: Parameters
  var systems: [String: OwnSystem] = [:]
  /// The facts and figures used, each once, in the order of first use.
  private(set) var assumptions: [Cluster.Assumption] = []
  private var assumed: Set<Cluster.Assumption> = []

  init(catalog: HardwareCatalog, parameters: Parameters) {
    self.catalog = catalog
    self.parameters = parameters
  }

  /// The name, or the word of the parameter that it names.
  func resolved(_ name: Located<String>) -> Located<String> {
    guard case .word(let word) = parameters.values[name.value] else { return name }
    return Located(word, at: name.range)
  }

  /// Notes something that the answer rests on.
  mutating func assume(_ assumption: Cluster.Assumption) {
    if assumed.insert(assumption).inserted { assumptions.append(assumption) }
  }

  /// Notes figures of a part that the answer rests on.
  mutating func use(_ record: PartRecord, figures names: [String]) {
    for name in names {
      guard let figure = record.figure(name) else { continue }
      assume(.init(name: "\(name) of \(record.name)", value: figure.value, source: figure.origin))
    }
  }

  /// Reads the facts of a file or system and notes them.
  mutating func useFacts(
    _ facts: [Node], of name: String, sources: Mapping?, _ list: inout DiagnosticList
  ) {
    for node in facts {
      guard let fields = Fields(node, Language.fact, &list) else { continue }
      let says = fields.text("says", &list)
      let key = fields.name("source", &list)
      let isAssumed = fields.boolean("assumed", &list)?.value ?? false
      let note = fields.text("note", &list)?.value
      let source = key.flatMap { Scope.source($0, in: sources, &list) }
      guard let says else { continue }
      let origin = isAssumed ? note.map { "assumed: \($0)" } ?? "assumed" : source ?? "no source stated"
      assume(.init(name: name, value: says.value, source: origin))
    }
  }

  /// The title, address and date of a source in one line.
  private static func source(_ key: Located<String>, in sources: Mapping?, _ list: inout DiagnosticList) -> String? {
    guard let entry = sources?[key.value]?.mapping else {
      list.unknown(
        "source.unknown", "unknown source \(excerpt(key.value))", key, among: sources?.keys ?? [],
        otherwise: "a source is an entry of the file's 'sources' with a title, an address and a date")
      return nil
    }
    return ["title", "url", "date"].compactMap { entry[$0]?.scalar?.text }.joined(separator: ", ")
  }
}

extension Scope {
  /// What a device row needs to know of its part.
  struct DevicePart {
    var name: String
    var kind: DeviceKind
  }

  /// The part of a device row, or nil after an error.
  func devicePart(_ name: Located<String>, _ list: inout DiagnosticList) -> DevicePart? {
    let name = resolved(name)
    if let part = catalog.accelerator(name.value) { return DevicePart(name: part.name, kind: .accelerator) }
    if let part = catalog.cpu(name.value) { return DevicePart(name: part.name, kind: .cpu) }
    if let part = catalog.nic(name.value) { return DevicePart(name: part.name, kind: .nic) }
    if let part = catalog.networkSwitch(name.value) { return DevicePart(name: part.name, kind: part.kind) }
    list.unknown(
      "part.unknown", "unknown part \(excerpt(name.value))", name,
      among: [Family.accelerators, .cpus, .nics, .switches].flatMap(catalog.names),
      otherwise: "a part of one's own is described under 'parts'")
    return nil
  }

  /// A kind of link, its figures noted; nil after an error.
  mutating func link(_ name: Located<String>, _ list: inout DiagnosticList) -> Link? {
    let name = resolved(name)
    guard let link = catalog.link(name.value) else {
      list.unknown(
        "link.unknown", "unknown link \(excerpt(name.value))", name, among: catalog.names(of: .links),
        otherwise: "a link of one's own is described under 'parts: {links: …}'")
      return nil
    }
    use(link.record, figures: ["bandwidth", "latency"])
    return link
  }

  /// A switch of the fabric, its figures noted; nil after an error.
  mutating func fabricSwitch(_ name: Located<String>, _ list: inout DiagnosticList) -> Switch? {
    let name = resolved(name)
    let networkSwitches = catalog.names(of: .switches).filter { catalog.networkSwitch($0)?.kind == .networkSwitch }
    guard let found = catalog.networkSwitch(name.value) else {
      list.unknown(
        "part.unknown", "unknown switch \(excerpt(name.value))", name, among: networkSwitches,
        otherwise: "known: \(networkSwitches.joined(separator: ", "))")
      return nil
    }
    guard found.kind == .networkSwitch else {
      list.error(
        "part.wrong-kind", "\(found.name) is a switch inside a scale-up domain, not one of a fabric", at: name.range)
      return nil
    }
    use(found.record, figures: ["ports", "port-bandwidth"])
    return found
  }
}
