import ClusterModel
public import Diagnostics
import Documents

/// Slurm's `topology.conf` (tree and block) and `topology.yaml`, told apart by what is in them.
public struct SlurmImporter: Importer {
  /// The name in commands.
  public let name = "slurm"
  /// What it is.
  public let about = "Slurm topology.conf (tree or block) or topology.yaml"

  /// An importer.
  public init() {}

  /// Whether a line begins with `SwitchName=` or `BlockName=`, or a list holds `topology:` entries.
  public func recognises(_ text: SourceText) -> Bool {
    for line in text.text.split(whereSeparator: \.isNewline).prefix(2000) {
      let start = line.trimming.prefix(40).lowercased()
      if start.isEmpty || start.hasPrefix("#") || start == "---" { continue }
      if ["switchname=", "blockname=", "blocksizes="].contains(where: start.hasPrefix) { return true }
      return start.hasPrefix("- topology:") || start.hasPrefix("-topology:")
    }
    return false
  }

  /// Reads a file.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    let isYAML = text.text.split(whereSeparator: \.isNewline).contains { line in
      let line = line.trimming
      return line.hasPrefix("- topology:") || line.hasPrefix("topology:")
    }
    var tree = HostTree()
    let before = list.count
    if isYAML { readYAML(text, into: &tree, &list) } else { readLines(text, into: &tree, &list) }
    guard list.count == before else { return nil }
    return tree.site(named: "Slurm cluster", options, at: text.range(line: text.lastInkLine, column: 1), &list)
  }

  // MARK: topology.conf

  private struct Value {
    /// As it is written.
    var key: String
    var text: String
    var place: SourceRange
  }

  private func readLines(_ text: SourceText, into tree: inout HostTree, _ list: inout DiagnosticList) {
    var number = 0
    var joined = ""
    for raw in text.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let content = raw.prefix { $0 != "#" }
      if content.trimming.hasSuffix("\\") {
        joined += content.trimming.dropLast() + " "
        continue
      }
      let line = joined + content
      joined = ""
      var values: [String: Value] = [:]
      for word in Substring(line).split(whereSeparator: \.isWhitespace) {
        let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let column = raw.range(of: word).map {
          raw.unicodeScalars.distance(from: raw.startIndex, to: $0.lowerBound) + 1
        }
        let place = text.range(line: number, column: column ?? 1, length: word.unicodeScalars.count)
        guard sides.count == 2, !sides[1].isEmpty else {
          list.error("import.record", "'\(word.prefix(60))' is not of the form KEY=VALUE", at: place)
          return
        }
        values[sides[0].lowercased()] = Value(key: String(sides[0]), text: String(sides[1]), place: place)
      }
      guard !values.isEmpty else { continue }
      record(values, at: text.range(line: number, column: 1, length: max(1, raw.count)), into: &tree, &list)
    }
  }

  private func record(
    _ values: [String: Value], at place: SourceRange, into tree: inout HostTree,
    _ list: inout DiagnosticList
  ) {
    let known = ["switchname", "switches", "nodes", "linkspeed", "blockname", "blocksizes"]
    for (key, value) in values.sorted(by: { $0.value.place.start < $1.value.place.start }) where !known.contains(key) {
      list.unknown(
        "import.key", "unknown key '\(value.key.prefix(40))'", key, at: value.place,
        among: ["SwitchName", "Switches", "Nodes", "LinkSpeed", "BlockName", "BlockSizes"])
    }
    if let name = values["switchname"] {
      let children = hosts(values["switches"], &list)
      let nodes = hosts(values["nodes"], &list)
      if values["switches"] == nil, values["nodes"] == nil {
        list.error("import.record", "the switch '\(name.text)' needs Switches= or Nodes=", at: place)
      }
      tree.switches.append(.init(name: name.text, children: children, hosts: nodes, place: name.place))
    } else if let name = values["blockname"] {
      if values["nodes"] == nil { list.error("import.record", "the block '\(name.text)' needs Nodes=", at: place) }
      tree.domains.append(.init(name: name.text, hosts: hosts(values["nodes"], &list)))
    } else if let sizes = values["blocksizes"] {
      let numbers = sizes.text.split(separator: ",").map { Int($0) ?? 0 }
      if numbers.isEmpty || numbers.contains(where: { $0 < 1 }) {
        list.error("import.number", "BlockSizes must be numbers from 1", at: sizes.place)
      }
    } else if !values.keys.contains(where: { !known.contains($0) }) {
      list.error("import.record", "a line begins with SwitchName=, BlockName= or BlockSizes=", at: place)
    }
  }

  private func hosts(
    _ value: Value?, _ list: inout DiagnosticList
  ) -> [HostTree.Located] {
    guard let value, value.text.uppercased() != "ALL" else { return [] }
    return HostTree.names(value.text, at: value.place, &list)
  }

  // MARK: topology.yaml

  private func readYAML(_ text: SourceText, into tree: inout HostTree, _ list: inout DiagnosticList) {
    guard let items = text.document(&list)?.sequence("the file", &list) else { return }
    for item in items {
      guard let mapping = item.mapping("an entry", &list) else { continue }
      if let own = mapping["tree"]?.mapping?["switches"] {
        guard tree.switches.isEmpty else { continue }
        for node in own.sequence("switches", &list) ?? [] {
          guard let entry = node.mapping("a switch", &list) else { continue }
          guard let name = entry["switch"]?.text("switch", &list) else {
            list.error("import.record", "a switch needs its name: 'switch'", at: node.range)
            continue
          }
          tree.switches.append(
            .init(
              name: name.value, children: names(entry["children"], &list), hosts: names(entry["nodes"], &list),
              place: name.range))
        }
      } else if let own = mapping["block"]?.mapping?["blocks"] {
        guard tree.domains.isEmpty else { continue }
        for node in own.sequence("blocks", &list) ?? [] {
          guard let entry = node.mapping("a block", &list), let name = entry["block"]?.text("block", &list) else {
            list.error("import.record", "a block needs its name: 'block'", at: node.range)
            continue
          }
          tree.domains.append(.init(name: name.value, hosts: names(entry["nodes"], &list)))
        }
      }
    }
    if tree.switches.isEmpty, tree.domains.isEmpty, !list.hasErrors {
      list.error("import.empty", "no entry holds a tree or blocks", at: text.range(line: 1, column: 1))
    }
  }

  private func names(_ node: Node?, _ list: inout DiagnosticList) -> [HostTree.Located] {
    guard let text = node?.text("a list of names", &list) else { return [] }
    return HostTree.names(text.value, at: text.range, &list)
  }
}

extension HostTree {
  /// The names of a list of hosts; none after an error.
  static func names(_ text: String, at place: SourceRange, _ list: inout DiagnosticList) -> [Located] {
    do throws(HostList.Mistake) {
      return try HostList.expanded(text).map { Located(name: $0, place: place) }
    } catch {
      switch error {
      case .bracket: list.error("import.host-list", "a bracket of the list of names is not closed", at: place)
      case .range(let range, _):
        list.error("import.host-list", "'\(range.prefix(40))' is no range of numbers such as 01-18", at: place)
      case .tooMany(let limit):
        list.error("import.too-many", "the list stands for too many names: at most \(limit) are read", at: place)
      }
      return []
    }
  }
}

extension Substring {
  /// Where another piece of the same text stands, if it is one.
  fileprivate func range(of piece: Substring) -> Range<Index>? { firstRange(of: String(piece)) }
}
