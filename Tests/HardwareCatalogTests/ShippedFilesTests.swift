import ClusterModel
import Diagnostics
import Documents
import Foundation
import Testing

@testable import HardwareCatalog

@Suite("The shipped systems and topologies")
struct ShippedFilesTests {
  let catalog = HardwareCatalog()

  static let systems = HardwareCatalog().systemNames
  static let topologies = HardwareCatalog().topologyNames

  private func document(_ text: SourceText?) throws -> Mapping {
    var list = DiagnosticList()
    let document = try #require(text?.document(&list)?.mapping)
    #expect(list.diagnostics.isEmpty)
    return document
  }

  /// Facts name a source of the file, or are assumed with a reason; sources are used.
  private func checkFacts(_ document: Mapping) throws {
    let sources = Set(try #require(document["sources"]?.mapping).keys)
    var used: Set<String> = []
    for fact in try #require(document["facts"]?.sequence).compactMap(\.mapping) {
      #expect(fact["says"]?.scalar?.text.isEmpty == false)
      let source = fact["source"]?.scalar?.text
      let isAssumed = fact["assumed"]?.scalar?.text == "true"
      #expect(isAssumed ? fact["note"] != nil : source != nil)
      if let source { used.insert(source) }
    }
    #expect(used == sources)
  }

  /// The texts of all values of a key, at any depth.
  private func values(of key: String, in node: Node) -> [String] {
    switch node.content {
    case .scalar: []
    case .sequence(let members): members.flatMap { values(of: key, in: $0) }
    case .mapping(let mapping):
      mapping.entries.flatMap { entry in
        let own = entry.key.value == key ? entry.value.scalar.map { [$0.text] } ?? [] : []
        return own + values(of: key, in: entry.value)
      }
    }
  }

  /// The shipped topologies and their parameters: those of racks, of boxes, and further ones.
  static let racks = [
    "gb200-nvl72", "gb300-nvl72", "aws-p6e-gb200", "aws-p6e-gb300", "azure-nd-gb200-v6", "azure-nd-gb300-v6",
    "gcp-a4x", "gcp-a4x-max", "oci-gb200", "oci-gb200-v3", "oci-gb300", "coreweave-gb200", "coreweave-gb300",
    "helios-mi450",
  ]
  static let boxes = [
    "aws-p3dn", "dgx2", "dgx-a100", "aws-p4d", "aws-p4de", "azure-ndv4", "oci-a100", "dgx-h100", "aws-p5",
    "azure-ndv5", "gcp-a3-high", "gcp-a3-mega", "oci-h100", "dgx-h200", "aws-p5en", "gcp-a3-ultra", "dgx-b200",
    "aws-p6-b200", "gcp-a4", "dgx-b300", "oci-b300", "alps-gh200", "mi300x", "oci-mi300x", "mi355x", "oci-mi355x",
    "rtx-6000d",
  ]
  static let further: [String: Set<String>] = [
    "rtx-pro-6000-pcie": ["nodes", "gpus", "roots", "fabric", "oversubscription"],
    "dgx-superpod-gb200": ["units", "trays", "fabric", "oversubscription"],
    "dgx-superpod-gb300": ["units", "trays", "fabric", "oversubscription"],
    "mixed-gb200-gb300": ["gb200", "gb300", "trays", "fabric", "oversubscription"],
    "rail-only-h100": ["nodes", "gpus", "oversubscription"],
    "multiplane-131072": ["nodes", "gpus", "planes", "oversubscription"],
    "tpu-v5p-torus": ["x", "y", "z"],
    "slingshot-dragonfly": ["groups", "gpus"],
  ]

  @Test("The topologies of the contract and the further ones are there, and no others")
  func names() {
    #expect(Set(catalog.topologyNames) == Set(Self.racks + Self.boxes + Self.further.keys))
    #expect(catalog.topologyText(named: "GB200-nvl72")?.name == "gb200-nvl72.yaml")
    #expect(catalog.topologyText(named: "gb200") == nil)
    #expect(catalog.systemText(named: "dgx-h100") != nil)
  }

  @Test("A system names parts that exist, and the origin of its layout", arguments: systems)
  func system(name: String) throws {
    let document = try document(catalog.systemText(named: name))
    #expect(document["system"]?.scalar?.text == name)
    #expect(["rack", "box"].contains(document["unit"]?.scalar?.text))
    try checkFacts(document)
    let root = Node(.mapping(document), at: document.range)
    let parts = values(of: "part", in: root)
    #expect(!parts.isEmpty)
    for part in parts {
      let known = Family.allCases.filter { catalog.record(part, of: $0) != nil && $0 != .links }
      #expect(!known.isEmpty, "\(part)")
    }
    for link in values(of: "link", in: root) { #expect(catalog.link(link) != nil, "\(link)") }
  }

  @Test("A topology names systems and parts that exist, and the origin of what it says", arguments: topologies)
  func topology(name: String) throws {
    let document = try document(catalog.topologyText(named: name))
    #expect(document["isochrone"]?.scalar?.text == "1")
    #expect(document["name"] != nil && document["description"] != nil)
    try checkFacts(document)
    let cluster = try #require(document["cluster"]?.mapping)
    if let torus = cluster["torus"]?.mapping {
      #expect(torus["chip"]?.scalar.flatMap { catalog.accelerator($0.text) } != nil)
      return
    }
    let fabric = try #require(cluster["fabric"]?.mapping)
    let leaf = try #require(fabric["switch"]?.scalar.flatMap { catalog.networkSwitch($0.text) })
    #expect(leaf.kind == .networkSwitch)
    let nics = try (cluster["blocks"]?.sequence?.compactMap(\.mapping) ?? [cluster]).flatMap {
      try self.nics($0, systems: document["systems"]?.mapping)
    }
    #expect(!nics.isEmpty)
    for nic in nics {
      let link = try #require(catalog.link(leaf.link))
      #expect(nic.transport == link.technology)
      // Slower adapters may share a fabric with faster ones, and one that is split over planes is faster than a port.
      #expect(nic.portBandwidth.value <= leaf.portBandwidth.value || fabric["planes"] != nil)
    }
    #expect(nics.contains { $0.portBandwidth.value == leaf.portBandwidth.value } || fabric["planes"] != nil)
  }

  /// The adapters of a row of racks or boxes.
  private func nics(_ row: Mapping, systems: Mapping?) throws -> [NIC] {
    var list = DiagnosticList()
    let counted = try #require((row["racks"] ?? row["boxes"])?.countedName("racks", &list))
    #expect(list.diagnostics.isEmpty)
    let system =
      try systems?[counted.name.value]?.mapping ?? document(catalog.systemText(named: counted.name.value))
    #expect(system["unit"]?.scalar?.text == (row["racks"] == nil ? "box" : "rack"))
    if let own = row["with"]?.mapping?["nic"]?.scalar { return [try #require(catalog.nic(own.text))] }
    return values(of: "part", in: Node(.mapping(system), at: system.range)).compactMap(catalog.nic)
  }

  @Test("A topology's parameters have a default among their choices, and each is used", arguments: topologies)
  func parameters(name: String) throws {
    let document = try document(catalog.topologyText(named: name))
    let parameters = try #require(document["parameters"]?.mapping)
    let described = ["cluster", "systems"].compactMap { document[$0] }
    let text = Set(described.flatMap(allTexts).flatMap { $0.split { " *".contains($0) }.map(String.init) })
    for entry in parameters.entries {
      let fields = try #require(entry.value.mapping)
      let value = try #require(fields["default"]?.scalar?.text)
      if let choices = fields["choices"]?.sequence?.compactMap({ $0.scalar?.text }) {
        #expect(choices.contains(value))
      } else {
        let bounds = try #require(fields["range"]?.scalar?.text.split(separator: ".").compactMap { Int($0) })
        #expect(bounds.count == 2 && bounds[0] <= bounds[1])
        #expect(try (bounds[0]...bounds[1]).contains(#require(Int(value))))
      }
      #expect(fields["about"] != nil)
      #expect(text.contains(entry.key.value), "\(entry.key.value)")
    }
    let unit: Set = Self.racks.contains(name) ? ["racks", "trays"] : ["nodes", "gpus"]
    #expect(Set(parameters.keys) == Self.further[name] ?? unit.union(["fabric", "oversubscription"]))
  }

  private func allTexts(in node: Node) -> [String] {
    switch node.content {
    case .scalar(let scalar): [scalar.text]
    case .sequence(let members): members.flatMap(allTexts)
    case .mapping(let mapping): mapping.entries.flatMap { allTexts(in: $0.value) }
    }
  }

  @Test("Every topology has its line in the folder's README, and every data file in NOTICE")
  func documents() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "Topologies/README.md"), encoding: .utf8)
    for name in catalog.topologyNames { #expect(readme.contains("| `\(name)` |"), "\(name)") }
    let notice = try String(contentsOf: root.appending(path: "NOTICE"), encoding: .utf8)
    for family in Family.allCases { #expect(notice.contains("Data/\(family.rawValue).yaml")) }
  }
}
