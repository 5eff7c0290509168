import ClusterModel
public import Diagnostics
import Foundation
import HardwareCatalog
import Quantities
import TopologyFiles

/// GraphML: wide-area maps of the Topology Zoo, and graphs that this project has written.
public struct GraphMLImporter: Importer {
  /// The name in commands.
  public let name = "graphml"
  /// What it is.
  public let about = "a graph in GraphML, such as a map of the Topology Zoo"

  /// An importer.
  public init() {}

  /// Whether the first element is `<graphml>`.
  public func recognises(_ text: SourceText) -> Bool { text.firstElement == "graphml" }

  /// Reads a graph.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard let root = XMLReader.root(of: text, &list) else { return nil }
    guard root.name == "graphml", let graph = root.children("graph").first else {
      list.error("import.format", "there is no <graphml> with a <graph> in it", at: root.range(in: text))
      return nil
    }
    var reader = GraphMLReader(text, options)
    return reader.read(root, graph, &list) ? reader.site : nil
  }
}

/// Reads a GraphML graph into a site.
struct GraphMLReader {
  private let source: SourceText
  private(set) var site: Site
  /// Names of data keys by their identity.
  private var keys: [String: String] = [:]
  private var devices: [String: Int] = [:]
  private var positions: [Int: (latitude: Double, longitude: Double)] = [:]
  private var hosts: [String: Int] = [:]

  init(_ source: SourceText, _ options: ImportOptions) {
    self.source = source
    site = Site(name: "graph", parts: OwnParts(catalog: options.catalog))
  }

  private func data(_ element: XMLElement) -> [String: String] {
    var result: [String: String] = [:]
    for child in element.children("data") {
      guard let key = child["key"] else { continue }
      let value = child.text.trimming
      result[(keys[key] ?? key).lowercased()] = String(value.prefix(400))
    }
    return result
  }

  mutating func read(_ root: XMLElement, _ graph: XMLElement, _ list: inout DiagnosticList) -> Bool {
    let before = list.count
    for key in root.children("key") { if let id = key["id"] { keys[id] = key["attr.name"] ?? key["name"] ?? id } }
    let about = data(graph)
    if let name = about["network"] ?? about["name"] ?? about["label"], !name.isEmpty { site.name = name }
    let nodes = graph.children("node")
    guard !nodes.isEmpty else {
      list.error("import.empty", "the graph has no node", at: graph.range(in: source))
      return false
    }
    let isOwn = nodes.contains { data($0)["kind"] != nil }
    for node in nodes { if isOwn { ownNode(node, &list) } else { place(node, &list) } }
    guard list.count == before else { return false }
    var seen: [[Int]: Int] = [:]
    for edge in graph.children("edge") {
      guard let from = end(edge, "source", &list), let to = end(edge, "target", &list) else { continue }
      guard from != to else {
        site.note(.leftOut, "links from a place to itself")
        continue
      }
      if isOwn { ownEdge(edge, from, to, &list) } else { fibre(edge, from, to, &seen) }
    }
    if isOwn, about["inswitchreduction"] == "true" { site.inSwitchReduction = true }
    return list.count == before
  }

  private func end(_ edge: XMLElement, _ name: String, _ list: inout DiagnosticList) -> Int? {
    guard let id = edge[name], let device = devices[id] else {
      list.error(
        "import.unknown", "the edge's \(name) '\((edge[name] ?? "").prefix(60))' is no node of the graph",
        at: edge.range(in: source))
      return nil
    }
    return device
  }

  private func identity(_ node: XMLElement, _ list: inout DiagnosticList) -> String? {
    guard let id = node["id"] else {
      list.error("import.record", "a node needs an 'id'", at: node.range(in: source))
      return nil
    }
    guard devices[id] == nil else {
      list.error("import.twice", "the node '\(id.prefix(60))' is described twice", at: node.range(in: source))
      return nil
    }
    return id
  }

  // MARK: Wide-area maps

  private mutating func place(_ node: XMLElement, _ list: inout DiagnosticList) {
    guard let id = identity(node, &list) else { return }
    let data = data(node)
    let label = data["label"] ?? ""
    let name = label.isEmpty ? "place-\(id)" : label
    site.note(.assumed, "one accelerator at each place, so that distances between them can be asked for")
    let host = site.add(Site.Host(name: name))
    let gateway = site.add(.init(name: name, kind: .gateway))
    let accelerator = site.add(.init(name: "\(name)-gpu", kind: .accelerator, host: host))
    site.link(accelerator, gateway, "NDR-400G")
    devices[id] = gateway
    if let latitude = data["latitude"].flatMap(Double.init), let longitude = data["longitude"].flatMap(Double.init),
      abs(latitude) <= 90, abs(longitude) <= 180
    {
      positions[gateway] = (latitude, longitude)
    } else {
      site.note(.unsaid, "where \(name) is")
    }
  }

  private mutating func fibre(_ edge: XMLElement, _ from: Int, _ to: Int, _ seen: inout [[Int]: Int]) {
    let data = data(edge)
    let said = data["linkspeedraw"].flatMap(Double.init).flatMap { $0 > 0 && $0 < 1e18 ? $0 : nil }
    let rate = said ?? opticalCarrier(data["linktype"] ?? data["linklabel"] ?? "")
    if rate == nil { site.note(.unsaid, "the rates of some links, of which 10 Gb/s are assumed") }
    let kilometres = distance(from, to)
    if kilometres == nil { site.note(.assumed, "1000 km between places of which one has no position") }
    site.note(.assumed, "fibres as long as the great circle between their ends")
    let length = Int((kilometres ?? 1000).rounded(.up))
    let bits = Bandwidth.gigabitsPerSecond((rate ?? 10e9) / 1e9)
    let delay = site.parts.catalog.link("Fibre")?.linkType(kilometres: Double(length)).latency ?? .zero
    let link = site.parts.add(
      OwnParts.name("Fibre-\(OwnParts.text(bits))-\(length)km"), to: .links,
      "{like: Fibre, label: fibre-\(length)km, figures: {bandwidth: \(OwnParts.figure(bits, note: "as the source says")), "
        + "latency: {value: \(delay.picoseconds) ps, assumed: true, note: \"\(length) km of fibre\"}}}")
    site.link(from, to, link)
  }

  /// `OC-192c` is 192 times 51.84 Mb/s.
  private func opticalCarrier(_ text: String) -> Double? {
    guard text.uppercased().hasPrefix("OC") else { return nil }
    let digits = text.dropFirst(2).drop { !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
    return digits.count < 6 ? Double(digits).map { $0 * 51.84e6 } : nil
  }

  private func distance(_ from: Int, _ to: Int) -> Double? {
    guard let one = positions[from], let other = positions[to] else { return nil }
    func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
    let latitude = sin(radians(other.latitude - one.latitude) / 2)
    let longitude = sin(radians(other.longitude - one.longitude) / 2)
    let haversine =
      latitude * latitude + cos(radians(one.latitude)) * cos(radians(other.latitude)) * longitude * longitude
    return 2 * 6371.0088 * asin(min(1, haversine.squareRoot()))
  }

  // MARK: Graphs of our own

  private mutating func ownNode(_ node: XMLElement, _ list: inout DiagnosticList) {
    guard let id = identity(node, &list) else { return }
    let data = data(node)
    guard let kind = data["kind"].flatMap(DeviceKind.init) else {
      list.error(
        "import.unknown", "'\((data["kind"] ?? "").prefix(40))' is no kind of device", at: node.range(in: source),
        notes: ["kinds: \(DeviceKind.allCases.map(\.rawValue).joined(separator: ", "))"])
      return
    }
    var host: Int?
    if let name = data["host"], !name.isEmpty {
      host = hosts[name] ?? site.add(Site.Host(name: name))
      hosts[name] = host
    }
    let part = data["part"] ?? ""
    let known = part.isEmpty || site.parts.catalog.knows(part)
    if !known { site.note(.leftOut, "the part \(part), which the catalogue does not hold") }
    devices[id] = site.add(
      .init(
        name: data["label"] ?? id, kind: kind, part: known ? part : "", host: host,
        relays: data["relays"].map { $0 == "true" }.flatMap { $0 == (kind != .accelerator) ? nil : $0 }))
  }

  private mutating func ownEdge(_ edge: XMLElement, _ from: Int, _ to: Int, _ list: inout DiagnosticList) {
    let data = data(edge)
    let count = Int(data["count"] ?? "1") ?? 0
    let rate = Double(data["bandwidth"] ?? "") ?? 0
    let latency = Double(data["latencyseconds"] ?? "0") ?? -1
    guard count > 0, count <= 1_000_000, rate > 0, rate < 1e18, latency >= 0, latency < 1e6 else {
      list.error(
        "import.number", "an edge needs a count from 1, a bandwidth in bytes per second and a latency in seconds",
        at: edge.range(in: source))
      return
    }
    let link = site.parts.link(
      named: data["link"] ?? "link", technology: data["technology"].flatMap(LinkTechnology.init) ?? .other,
      rate: Bandwidth(bytesPerSecond: rate), picoseconds: (latency * 1e12).rounded())
    site.link(from, to, count: count, link, tier: data["tier"].flatMap(Tier.init(named:)))
  }
}
