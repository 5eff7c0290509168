import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog
import Quantities

/// Reads devices, instances and edges into a site.
struct InfraGraphReader {
  private static let mostDevices = 200_000

  var site: Site
  private var kinds: [String: Kind] = [:]
  var instances: [String: [Instance]] = [:]

  private struct Component {
    var name: String
    var count: Int
    var kind: DeviceKind
    var isPort: Bool
    /// Its part, where the description names one of the catalogue.
    var part: String
    /// Whether it passes on what is for others, where the description says so.
    var relays: Bool?
  }

  private struct Kind {
    /// What the description of a switch names.
    var part: String
    var components: [Component]
    var links: [String: InfraGraphLink]
    var edges: [Edge]
    var range: SourceRange
  }

  /// An instance: its devices by component and index.
  struct Instance {
    var devices: [String: [Int]]
  }

  struct Edge {
    var from: String
    var to: String
    var isMany: Bool
    var link: Located<String>
  }

  init(_ options: ImportOptions) {
    site = Site(name: "InfraGraph infrastructure", parts: OwnParts(catalog: options.catalog))
  }

  mutating func read(_ root: Mapping, _ list: inout DiagnosticList) -> Bool {
    let before = list.count
    if let name = root["name"]?.scalar?.text, !name.isEmpty { site.name = name }
    for node in root["devices"]?.sequence("devices", &list) ?? [] { device(node, &list) }
    guard list.count == before else { return false }
    for node in root["instances"]?.sequence("instances", &list) ?? [] { instance(node, &list) }
    guard list.count == before else { return false }
    let links = self.links(root)
    for edge in edges(root, &list) { connect(edge, links: links, inside: nil, &list) }
    guard list.count == before else { return false }
    guard !site.indices(of: .accelerator).isEmpty else {
      list.error(
        "import.no-accelerator", "no instance has an accelerator (a component 'xpu', 'npu' or 'gpu')", at: root.range)
      return false
    }
    return true
  }

  // MARK: Devices

  private mutating func device(_ node: Node, _ list: inout DiagnosticList) {
    guard let fields = node.mapping("a device", &list), let name = fields["name"]?.text("name", &list) else {
      list.error("import.record", "a device needs a 'name'", at: node.range)
      return
    }
    var components: [Component] = []
    for node in fields["components"]?.sequence("components", &list) ?? [] {
      guard let own = node.mapping("a component", &list), let name = own["name"]?.text("name", &list) else { continue }
      let count = own["count"] == nil ? 1 : own["count"]?.integer("count", in: 1...100_000, &list)?.value
      let word = (own["choice"] ?? own["type"])?.scalar?.text ?? ""
      guard let count else { continue }
      let (kind, isPort) = InfraGraphReader.kind(word, named: name.value)
      components.append(
        Component(
          name: name.value, count: count, kind: DeviceKind(rawValue: own.about.first ?? "") ?? kind,
          isPort: isPort, part: part(own), relays: InfraGraphReader.relays(own)))
    }
    kinds[name.value] = Kind(
      part: part(fields), components: components, links: links(fields), edges: edges(fields, &list),
      range: name.range)
  }

  private func part(_ fields: Mapping) -> String {
    guard let text = fields.about.first, site.parts.catalog.knows(text) else { return "" }
    return text
  }

  private static func relays(_ fields: Mapping) -> Bool? {
    fields.about.contains("relays") ? true : fields.about.contains("does not relay") ? false : nil
  }

  private static func kind(_ word: String, named name: String) -> (DeviceKind, isPort: Bool) {
    switch word.lowercased() {
    case "xpu", "npu", "gpu": return (.accelerator, false)
    case "cpu": return (.cpu, false)
    case "nic": return (.nic, name.lowercased().hasPrefix("port"))
    case "port": return (.nic, true)
    case "switch": return (name.lowercased().contains("pci") ? .pcieSwitch : .scaleUpSwitch, false)
    default: break
    }
    let name = name.lowercased()
    if ["xpu", "npu", "gpu", "a100", "h100"].contains(where: name.contains) { return (.accelerator, false) }
    if name.contains("pci") { return (.pcieSwitch, false) }
    if name.contains("nvl") || name.contains("nvs") || name.contains("xgmi") { return (.scaleUpSwitch, false) }
    if name.contains("port") { return (.nic, true) }
    if name.contains("nic") || name.contains("hca") { return (.nic, false) }
    if name.contains("cpu") { return (.cpu, false) }
    if name.contains("mem") { return (.numaNode, false) }
    return (.networkSwitch, false)
  }

  private func links(_ fields: Mapping) -> [String: InfraGraphLink] {
    let all = (fields["links"]?.sequence ?? []).compactMap { $0.mapping.flatMap(InfraGraphLink.init) }
    return Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
  }

  // MARK: Instances

  private mutating func instance(_ node: Node, _ list: inout DiagnosticList) {
    guard let fields = node.mapping("an instance", &list), let name = fields["name"]?.text("name", &list),
      let device = fields["device"]?.text("device", &list)
    else {
      list.error("import.record", "an instance needs a 'name' and a 'device'", at: node.range)
      return
    }
    let count = fields["count"] == nil ? 1 : fields["count"]?.integer("count", in: 1...100_000, &list)?.value
    guard let count else { return }
    guard let kind = kinds[device.value] else {
      list.unknown("import.unknown", "unknown device '\(device.value.prefix(60))'", device, among: kinds.keys.sorted())
      return
    }
    let isHost = kind.components.contains { $0.kind == .accelerator }
    let size = kind.components.reduce(0) { $0 + $1.count }
    guard size.multipliedReportingOverflow(by: count).partialValue <= InfraGraphReader.mostDevices - site.devices.count,
      !size.multipliedReportingOverflow(by: count).overflow
    else {
      list.error(
        "import.too-many", "too many devices: at most \(InfraGraphReader.mostDevices) are read", at: node.range)
      return
    }
    for number in 0..<count {
      let own = count > 1 ? "\(name.value)-\(number)" : name.value
      instances[name.value, default: []].append(
        isHost ? host(own, kind, &list) : fabricSwitch(own, kind))
    }
  }

  private mutating func host(_ name: String, _ kind: Kind, _ list: inout DiagnosticList) -> Instance {
    let host = site.add(Site.Host(name: name))
    var instance = Instance(devices: [:])
    for component in kind.components {
      for number in 0..<component.count {
        instance.devices[component.name, default: []].append(
          site.add(
            .init(
              name: "\(component.name)\(number)", kind: component.kind, part: component.part, host: host,
              role: component.name, relays: component.relays)))
      }
    }
    for edge in kind.edges { connect(edge, links: kind.links, inside: instance, &list) }
    return instance
  }

  /// A device without accelerators is one switch: its ports and chips are the same vertex.
  private mutating func fabricSwitch(_ name: String, _ kind: Kind) -> Instance {
    let isDomain = site.parts.catalog.networkSwitch(kind.part)?.kind == .scaleUpSwitch
    let device = site.add(.init(name: name, kind: isDomain ? .scaleUpSwitch : .networkSwitch, part: kind.part))
    return Instance(
      devices: Dictionary(
        kind.components.map { ($0.name, [Int](repeating: device, count: $0.count)) },
        uniquingKeysWith: { first, _ in first }))
  }
}
