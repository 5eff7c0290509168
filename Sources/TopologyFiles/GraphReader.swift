import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

/// Reads an explicit list of devices and links into a graph of single vertices.
struct GraphReader {
  private static let mostDevices = 100_000
  private static let mostLinks = 1_000_000

  /// A vertex with its name and the row of the file it comes from.
  struct Vertex {
    var name: String
    var row: Int
    var device: Composition.Device
    var place: SourceRange
    /// The name of the host that it stands in; empty where none is said.
    var host = ""
    var isAbsent = false
  }

  /// Alike links between two vertices.
  struct Edge {
    var from: Int
    var to: Int
    var count: Int
    var link: LinkType
    var tier: Tier
    var rule: Int
  }

  var reader: CompositionReader
  private(set) var vertices: [Vertex] = []
  private(set) var edges: [Edge] = []
  /// The rows of devices, as vertices name them.
  private(set) var rowNames: [Cluster.Row] = []
  private var rows: [String: [Int: Int]] = [:]
  private var linkCount = 0
  /// The index in `rows` of a device that is written without an index.
  private static let alone = -1

  init(reader: CompositionReader) { self.reader = reader }

  /// Reads devices and links; false after an error.
  mutating func read(_ fields: Fields) -> Bool {
    let before = reader.list.count
    for entry in fields["devices"]?.mapping("devices", &reader.list)?.entries ?? [] { device(entry) }
    for (rule, node) in fields.sequence("links", &reader.list).enumerated() { link(node, rule: rule) }
    guard reader.list.count == before else { return false }
    reportUnlinked()
    return reader.list.count == before
  }

  private mutating func device(_ entry: Mapping.Entry) {
    guard let path = entry.key.selector(&reader.list)?.value else { return }
    guard let step = path.first, path.count == 1 else {
      reader.list.error("graph.name", "a device of a graph has a name without '/'", at: entry.key.range)
      return
    }
    guard let fields = Fields(entry.value, Language.graphDevice, &reader.list),
      let device = reader.deviceRow(fields, name: Located(step.name, at: entry.key.range))
    else { return }
    let host = fields.text("host", &reader.list)?.value ?? ""
    rowNames.append(Cluster.Row(name: step.name, part: device.part))
    let indices = step.indices ?? [GraphReader.alone..<GraphReader.alone + 1]
    guard indices.reduce(vertices.count, { GraphReader.sum($0, $1.count) }) <= GraphReader.mostDevices else {
      reader.list.error(
        "graph.too-large", "a graph has at most \(GraphReader.mostDevices) devices", at: entry.key.range,
        notes: ["a regular fabric of any size is described by 'cluster' or 'estate'"])
      return
    }
    for index in indices.joined() {
      guard rows[step.name]?[index] == nil else {
        reader.list.error("name.clash", "\(excerpt(entry.key.value)) is described twice", at: entry.key.range)
        return
      }
      rows[step.name, default: [:]][index] = vertices.count
      let name = index == GraphReader.alone ? step.name : "\(step.name)[\(index)]"
      vertices.append(
        Vertex(name: name, row: rowNames.count - 1, device: device, place: entry.key.range, host: host))
    }
  }

  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  private mutating func link(_ node: Node, rule: Int) {
    guard let fields = Fields(node, Language.graphLink, &reader.list) else { return }
    let nodes = fields["between"]?.sequence("between", &reader.list)
    let ends = (nodes ?? []).map { selected($0, "between") }
    let link = fields.name("link", &reader.list).flatMap { reader.scope.link($0, &reader.list) }
    let count = reader.count(fields, "count")
    let tier = fields.choice("tier", among: Language.tierNames, &reader.list).flatMap { Tier(named: $0.value) }
    if let nodes, nodes.count != 2 {
      reader.list.error("graph.ends", "'between' names two ends", at: node.range)
      return
    }
    guard ends.count == 2, let from = ends[0], let to = ends[1], let link, let count else { return }
    let pairs = from.count.multipliedReportingOverflow(by: to.count)
    guard !pairs.overflow, linkCount + pairs.partialValue <= GraphReader.mostLinks else {
      reader.list.error(
        "graph.too-large", "a graph has at most \(GraphReader.mostLinks) links", at: node.range,
        notes: ["a regular fabric of any size is described by 'cluster' or 'estate'"])
      return
    }
    linkCount += pairs.partialValue
    for left in from {
      for right in to {
        guard left != right else {
          reader.list.error("graph.ends", "\(vertices[left].name) cannot be linked to itself", at: node.range)
          return
        }
        let standard = Tier.standard(vertices[left].device.kind, vertices[right].device.kind)
        edges.append(
          Edge(from: left, to: right, count: count, link: link.linkType, tier: tier ?? standard, rule: rule))
      }
    }
  }

  /// The vertices that a name with or without indices selects; nil after an error.
  private mutating func selected(_ node: Node, _ label: String) -> [Int]? {
    guard let text = node.text(label, &reader.list), let path = text.selector(&reader.list)?.value else { return nil }
    guard let step = path.first, path.count == 1, let row = rows[step.name] else {
      reader.list.unknown(
        "graph.unknown-device", "unknown device \(excerpt(text.value))", text, among: rows.keys.sorted())
      return nil
    }
    guard let ranges = step.indices else { return row.values.sorted() }
    var found: [Int] = []
    for range in ranges {
      let members =
        range.count <= row.count ? range.compactMap { row[$0] } : row.filter { range.contains($0.key) }.map(\.value)
      guard members.count == range.count else {
        reader.list.error(
          "graph.unknown-device", "\(excerpt(text.value)) selects devices that are not described", at: text.range)
        return nil
      }
      found += members.sorted()
    }
    return found
  }

  private mutating func reportUnlinked() {
    var isLinked = [Bool](repeating: false, count: vertices.count)
    for edge in edges {
      isLinked[edge.from] = true
      isLinked[edge.to] = true
    }
    for (vertex, isLinked) in zip(vertices, isLinked) where !isLinked {
      reader.list.error("graph.unlinked", "\(vertex.name) has no link to anything", at: vertex.place)
    }
  }

  /// Applies `exceptions` to the list.
  mutating func exceptions(_ nodes: [Node]) {
    for node in nodes {
      guard let fields = Fields(node, Language.exception, &reader.list), let entry = fields.mapping.entries.first else {
        continue
      }
      switch (entry.key.value, entry.value.content) {
      case ("absent", _), ("failed", .scalar):
        for index in selected(entry.value, entry.key.value) ?? [] { vertices[index].isAbsent = true }
      case ("failed", _), ("degraded", _): fault(entry.value, isDegraded: entry.key.value == "degraded")
      case ("replaced", _):
        reader.list.error("exception.not-a-system", "a graph has no racks or boxes to replace", at: entry.key.range)
      default: break
      }
    }
  }

  private mutating func fault(_ node: Node, isDegraded: Bool) {
    guard let fields = Fields(node, Language.linkFault, &reader.list) else { return }
    let from = fields["from"].flatMap { selected($0, "from") }
    let to = fields["to"].flatMap { selected($0, "to") }
    let failed = reader.count(fields, "count", standard: nil)
    let reduction = isDegraded ? reader.reduction(fields) : nil
    guard let from = from.map(Set.init), let to = to.map(Set.init), isDegraded == (reduction != nil) else { return }
    var isFound = false
    for index in edges.indices {
      let edge = edges[index]
      guard (from.contains(edge.from) && to.contains(edge.to)) || (from.contains(edge.to) && to.contains(edge.from))
      else { continue }
      isFound = true
      if let reduction {
        guard let link = reader.reduced(edge.link, by: reduction) else { return }
        edges[index].link = link
      } else {
        edges[index].count = max(0, edge.count - (failed ?? edge.count))
      }
    }
    if !isFound { reader.list.error("exception.no-link", "there are no links between these", at: node.range) }
  }
}
