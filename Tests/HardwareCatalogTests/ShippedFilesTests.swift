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

  @Test("The topologies of the contract are there")
  func names() {
    let wanted: Set = [
      "gb200-nvl72", "gb300-nvl72", "aws-p6e-gb200", "aws-p6e-gb300", "coreweave-gb200", "oci-gb200", "oci-gb300",
      "dgx-a100", "dgx-h100", "dgx-b200",
    ]
    #expect(wanted.isSubset(of: catalog.topologyNames))
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

  @Test("The links between accelerators and their switches use every link and no port twice", arguments: systems)
  func scaleUpLinks(name: String) throws {
    let document = try document(catalog.systemText(named: name))
    var devices: [String: (part: String, count: Int)] = [:]
    func count(_ node: Node?) throws -> Int { try #require(node?.scalar.flatMap { Int($0.text) }) }
    func take(_ rows: Mapping?, times: Int) throws {
      for entry in rows?.entries ?? [] {
        let row = try #require(entry.value.mapping)
        devices[entry.key.value] = (row["part"]?.scalar?.text ?? "", try count(row["count"]) * times)
      }
    }
    try take(document["devices"]?.mapping, times: 1)
    for block in document["blocks"]?.mapping?.entries ?? [] {
      let fields = try #require(block.value.mapping)
      try take(fields["devices"]?.mapping, times: try count(fields["count"]))
    }
    let gpus = try #require(devices["gpu"])
    let accelerator = try #require(catalog.accelerator(gpus.part))
    var used = 0
    for link in try #require(document["links"]?.sequence).compactMap(\.mapping) {
      guard let kind = link["link"]?.scalar?.text, kind == accelerator.link,
        let row = link["to"]?.scalar.flatMap({ devices[$0.text] })
      else { continue }
      let perPair = link["per-pair"] == nil ? 1 : try count(link["per-pair"])
      used += row.count * perPair
      let chip = try #require(catalog.networkSwitch(row.part))
      #expect(chip.kind == .scaleUpSwitch)
      #expect(chip.link == kind)
      #expect(gpus.count * perPair <= chip.ports.value)
    }
    #expect(used == accelerator.links?.value)
  }

  @Test("A topology names systems and parts that exist, and the origin of what it says", arguments: topologies)
  func topology(name: String) throws {
    let document = try document(catalog.topologyText(named: name))
    #expect(document["isochrone"]?.scalar?.text == "1")
    #expect(document["name"] != nil && document["description"] != nil)
    try checkFacts(document)
    let cluster = try #require(document["cluster"]?.mapping)
    var list = DiagnosticList()
    let counted = try #require((cluster["racks"] ?? cluster["boxes"])?.countedName("racks", &list))
    #expect(list.diagnostics.isEmpty)
    let system = try self.document(catalog.systemText(named: counted.name.value))
    #expect(system["unit"]?.scalar?.text == (cluster["racks"] == nil ? "box" : "rack"))
    let fabric = try #require(cluster["fabric"]?.mapping)
    let leaf = try #require(fabric["switch"]?.scalar.flatMap { catalog.networkSwitch($0.text) })
    #expect(leaf.kind == .networkSwitch)
    let root = Node(.mapping(system), at: system.range)
    let own = values(of: "part", in: root).compactMap(catalog.nic)
    let nics = try cluster["with"]?.mapping.map { [try #require($0["nic"]?.scalar.flatMap { catalog.nic($0.text) })] }
    for nic in nics ?? own {
      #expect(nic.transport == catalog.link(leaf.link)?.technology)
      #expect(nic.portBandwidth.value == leaf.portBandwidth.value)
    }
  }

  @Test("A topology's parameters have a default among their choices, and each is used", arguments: topologies)
  func parameters(name: String) throws {
    let document = try document(catalog.topologyText(named: name))
    let parameters = try #require(document["parameters"]?.mapping)
    let cluster = try #require(document["cluster"])
    let text = Set(allTexts(in: cluster).flatMap { $0.split(separator: " ").map(String.init) })
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
    let expected: Set = name.hasPrefix("dgx") ? ["nodes", "gpus"] : ["racks", "trays"]
    #expect(expected.union(["fabric", "oversubscription"]) == Set(parameters.keys))
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
