import ClusterModel
public import Diagnostics
import Documents
import HardwareCatalog
import Quantities

/// Infrastructure files of InfraGraph: devices of components, instances of devices, edges.
public struct InfraGraphImporter: Importer {
  /// The name in commands.
  public let name = "infragraph"
  /// What it is.
  public let about = "an infrastructure in YAML of InfraGraph"

  /// An importer.
  public init() {}

  /// Whether there are devices and instances.
  public func recognises(_ text: SourceText) -> Bool {
    let keys = text.outermostKeys
    return keys.contains("infrastructure") || keys.contains("devices") && keys.contains("instances")
  }

  /// Reads an infrastructure: instances with accelerators are hosts, others stand between them.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard var root = text.document(&list)?.mapping("the file", &list) else { return nil }
    if let inner = root["infrastructure"]?.mapping { root = inner }
    var reader = InfraGraphReader(options)
    return reader.read(root, &list) ? reader.site : nil
  }
}

/// Reads devices, instances and edges into a site.
struct InfraGraphReader {
  private static let mostDevices = 200_000

  private(set) var site: Site
  private var kinds: [String: Kind] = [:]
  private var instances: [String: [Instance]] = [:]

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
  private struct Instance {
    var devices: [String: [Int]]
  }

  private struct Edge {
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

  // MARK: Edges

  private func edges(_ fields: Mapping, _ list: inout DiagnosticList) -> [Edge] {
    var result: [Edge] = []
    for node in fields["edges"]?.sequence("edges", &list) ?? [] {
      guard let own = node.mapping("an edge", &list) else { continue }
      let ends = ["ep1", "ep2"].map { key -> String? in
        guard let end = own[key]?.mapping, let component = end["component"]?.scalar?.text else { return nil }
        let outer = (end["instance"] ?? end["device"])?.scalar?.text ?? ""
        return "\(outer)|\(component)"
      }
      guard let from = ends[0], let to = ends[1], let link = own["link"]?.text("link", &list) else {
        list.error("import.record", "an edge needs 'ep1' and 'ep2' with a 'component', and a 'link'", at: node.range)
        continue
      }
      let scheme = (own["scheme"] ?? own["many2many"])?.scalar?.text ?? "one2one"
      result.append(Edge(from: from, to: to, isMany: scheme == "many2many" || scheme == "true", link: link))
    }
    for node in fields["connections"]?.sequence("connections", &list) ?? [] {
      guard let text = node.text("a connection", &list) else { continue }
      let steps = text.value.split(separator: ".").map(String.init)
      switch steps.count {
      case 5:
        result.append(
          Edge(
            from: "|\(steps[0])[\(steps[1])]", to: "|\(steps[3])[\(steps[4])]", isMany: false,
            link: Located(steps[2], at: text.range)))
      case 9:
        result.append(
          Edge(
            from: "\(steps[0])[\(steps[1])]|\(steps[2])[\(steps[3])]",
            to: "\(steps[5])[\(steps[6])]|\(steps[7])[\(steps[8])]", isMany: false,
            link: Located(steps[4], at: text.range)))
      default:
        list.error("import.record", "a connection has 5 or 9 steps between dots, not \(steps.count)", at: text.range)
      }
    }
    return result
  }

  /// The devices that one end of an edge names.
  private func ends(_ text: String, inside: Instance?) -> [Int]? {
    let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let (component, slice) = InfraGraphSlice.reading(halves[1]) else { return nil }
    func chosen(_ instance: Instance) -> [Int]? {
      guard let devices = instance.devices[component], let range = slice.within(devices.count) else { return nil }
      return range.map { devices[$0] }
    }
    if let inside { return chosen(inside) }
    guard let (name, outer) = InfraGraphSlice.reading(halves[0]), let own = instances[name],
      let range = outer.within(own.count)
    else { return nil }
    var result: [Int] = []
    for index in range {
      guard let devices = chosen(own[index]) else { return nil }
      result += devices
    }
    return result
  }

  private mutating func connect(
    _ edge: Edge, links: [String: InfraGraphLink], inside: Instance?, _ list: inout DiagnosticList
  ) {
    guard let from = ends(edge.from, inside: inside) else {
      return report(edge.from, edge, &list)
    }
    guard let to = ends(edge.to, inside: inside) else { return report(edge.to, edge, &list) }
    guard let link = links[edge.link.value] else {
      list.unknown(
        "import.unknown", "unknown link '\(edge.link.value.prefix(60))'", edge.link, among: links.keys.sorted())
      return
    }
    var pairs: [(Int, Int)] = []
    if edge.isMany {
      guard from.count.multipliedReportingOverflow(by: to.count).partialValue <= 1_000_000 else {
        list.error("import.too-many", "an edge of more than 1000000 links", at: edge.link.range)
        return
      }
      pairs = from.flatMap { one in to.map { (one, $0) } }
    } else {
      guard from.count == to.count else {
        list.error(
          "import.count",
          "the ends of the edge select \(from.count) and \(to.count) components: one to one needs as many",
          at: edge.link.range)
        return
      }
      pairs = Array(zip(from, to))
    }
    var counts: [[Int]: Int] = [:]
    var order: [[Int]] = []
    for (one, other) in pairs where one != other {
      let key = edge.isMany && from == to ? [min(one, other), max(one, other)] : [one, other]
      if counts[key] == nil { order.append(key) }
      // A full mesh of a row with itself lists each pair twice.
      counts[key, default: 0] += edge.isMany && from == to && one > other ? 0 : 1
    }
    for key in order {
      let kind = link.kind(between: site.devices[key[0]], site.devices[key[1]], &site)
      site.link(key[0], key[1], count: max(1, counts[key] ?? 1), kind, tier: link.tier)
      setRate(of: key, kind)
    }
  }

  private func report(_ end: String, _ edge: Edge, _ list: inout DiagnosticList) {
    let name = end.replacing("|", with: " ").trimming
    list.error("import.unknown", "'\(name.prefix(80))' selects components that are not described", at: edge.link.range)
  }

  /// An adapter carries what its cable does.
  private mutating func setRate(of ends: [Int], _ link: String) {
    guard let nic = ends.first(where: { site.devices[$0].kind == .nic }), site.devices[nic].part.isEmpty,
      ends.contains(where: { site.devices[$0].kind == .networkSwitch }),
      let found = site.parts.catalogWithOwn.link(link)
    else { return }
    site.devices[nic].part = site.parts.nic(found.technology, found.bandwidth.value)
  }
}
