public import Diagnostics
import Documents

/// The cluster model in YAML of topograph.
public struct TopographImporter: Importer {
  /// The name in commands.
  public let name = "topograph"
  /// What it is.
  public let about = "a cluster model in YAML of topograph"

  /// An importer.
  public init() {}

  /// Whether there are both `switches:` and `blocks:` at the outermost level.
  public func recognises(_ text: SourceText) -> Bool {
    let keys = text.outermostKeys
    return keys.contains("blocks") && (keys.contains("switches") || keys.contains("nodes"))
      && !keys.contains("isochrone")
  }

  /// Reads a model: switches, and blocks of nodes with their NVLink domain.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard let root = text.document(&list)?.mapping("the file", &list) else { return nil }
    let before = list.count
    var tree = HostTree()
    for entry in root["switches"]?.mapping("switches", &list)?.entries ?? [] {
      let children = entry.value.mapping?["switches"]?.sequence("switches", &list) ?? []
      tree.switches.append(
        .init(
          name: entry.key.value,
          children: children.compactMap { $0.text("a switch", &list) }.map { .init(name: $0.value, place: $0.range) },
          place: entry.key.range))
    }
    // Leaves are named by blocks and by the switches above them only.
    for own in tree.switches {
      for child in own.children where !tree.switches.contains(where: { $0.name == child.name }) {
        tree.switches.append(.init(name: child.name, place: child.place))
      }
    }
    for node in root["blocks"]?.sequence("blocks", &list) ?? [] { block(node, into: &tree, &list) }
    guard list.count == before else { return nil }
    return tree.site(named: "topograph model", options, at: text.range(line: text.lastInkLine, column: 1), &list)
  }

  private func block(_ node: Node, into tree: inout HostTree, _ list: inout DiagnosticList) {
    guard let block = node.mapping("a block", &list) else { return }
    let hosts = (block["nodes"]?.sequence("nodes", &list) ?? []).flatMap { node -> [HostTree.Located] in
      guard let text = node.text("a node", &list) else { return [] }
      return HostTree.names(text.value, at: text.range, &list)
    }
    if let name = block["switch"]?.text("switch", &list) {
      if let place = tree.switches.firstIndex(where: { $0.name == name.value }) {
        tree.switches[place].hosts += hosts
      } else {
        tree.switches.append(.init(name: name.value, hosts: hosts, place: name.range))
      }
    }
    let domain =
      block["annotations"]?.mapping?.entries.first { $0.key.value.hasSuffix("/domain") }?.value
      ?? block["nvlink"] ?? block["nvl_domain"]
    guard let name = domain?.scalar?.text, !name.isEmpty else { return }
    if let place = tree.domains.firstIndex(where: { $0.name == name }) {
      tree.domains[place].hosts += hosts
    } else {
      tree.domains.append(.init(name: name, hosts: hosts))
    }
  }
}

extension SourceText {
  /// The keys at the outermost level of a YAML text, by their looks.
  var outermostKeys: Set<String> {
    Set(
      text.split(whereSeparator: \.isNewline).compactMap { line in
        guard let first = line.first, first.isLetter, let colon = line.firstIndex(of: ":") else { return nil }
        return String(line[..<colon])
      })
  }
}
