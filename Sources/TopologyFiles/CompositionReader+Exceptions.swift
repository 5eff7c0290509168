import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog
import Quantities

extension CompositionReader {
  /// Reads `exceptions` into changes of a composition that is otherwise complete.
  mutating func exceptions(_ nodes: [Node], in draft: inout Draft) {
    let index = CompositionIndex(draft.composition.root)
    for node in nodes {
      guard let fields = Fields(node, Language.exception, &list) else { continue }
      let known = Set(Language.exception.keys.map(\.name))
      guard let entry = fields.mapping.entries.first(where: { known.contains($0.key.value) }),
        fields.mapping.entries.count == 1
      else {
        if fields.mapping.entries.count != 1 {
          list.error(
            "exception.shape", "each exception is one of absent, failed, degraded and replaced", at: node.range)
        }
        continue
      }
      let changes = exception(entry, in: draft, index)
      if entry.key.value == "replaced", let part = entry.value.mapping?["part"]?.scalar?.text {
        draft.remarks.append("\(part) is of another system in its links alone; its devices count as those of its block")
      }
      for change in changes {
        draft.composition.changes.append(change)
        origins.note(changeAt: node.range)
      }
    }
  }

  private mutating func exception(
    _ entry: Mapping.Entry, in draft: Draft, _ index: CompositionIndex
  ) -> [Composition.Change] {
    switch (entry.key.value, entry.value.content) {
    case ("absent", _), ("failed", .scalar):
      guard let path = selector(entry.value, entry.key.value) else { return [] }
      return [.absent(path.value)]
    case ("failed", _):
      guard let fault = fault(entry.value, index) else { return [] }
      if let place = fault.fields.place(of: "bandwidth") ?? fault.fields.place(of: "share") {
        list.error("exception.shape", "a link that carries less is written as 'degraded'", at: place)
        return []
      }
      let number = count(fault.fields, "count", standard: nil)
      guard fault.fields["count"] == nil || number != nil else { return [] }
      return [.failedLinks(fault.from, fault.to, count: number)]
    case ("degraded", _):
      return fault(entry.value, index).map { degraded($0) } ?? []
    default:
      return Fields(entry.value, Language.replacement, &list).map { replaced($0, in: draft, index) } ?? []
    }
  }

  private struct Fault {
    var fields: Fields
    var from: [Composition.SelectorStep]
    var to: [Composition.SelectorStep]
    var links: [LinkType]
  }

  private mutating func fault(_ node: Node, _ index: CompositionIndex) -> Fault? {
    guard let fields = Fields(node, Language.linkFault, &list) else { return nil }
    let from = fields["from"].flatMap { selector($0, "from") }
    let to = fields["to"].flatMap { selector($0, "to") }
    guard let from, let to else { return nil }
    var links: [LinkType] = []
    for wire in index.wires(from: from.value.map(\.name), to: to.value.map(\.name))
    where !links.contains(wire.wiring.link) { links.append(wire.wiring.link) }
    return Fault(fields: fields, from: from.value, to: to.value, links: links)
  }

  private mutating func degraded(_ fault: Fault) -> [Composition.Change] {
    if let place = fault.fields.place(of: "count") {
      list.error("exception.shape", "'degraded' holds for all links of a pair: leave 'count' out", at: place)
      return []
    }
    let bandwidth = fault.fields.quantity("bandwidth", as: Bandwidth.self, isPositive: true, &list)
    let share = fault.fields.number("share", in: 0.000_001...1, &list)
    guard var link = fault.links.first else {
      list.error("exception.no-link", "there are no links between these", at: fault.fields.mapping.range)
      return []
    }
    guard fault.links.count == 1 else {
      list.error(
        "exception.several-links",
        "links of several kinds run there: \(fault.links.map(\.name).joined(separator: ", "))",
        at: fault.fields.mapping.range)
      return []
    }
    switch (bandwidth, share) {
    case (let bandwidth?, nil):
      guard bandwidth.value <= link.bandwidth else {
        list.error(
          "exception.faster", "a degraded link cannot carry more than the \(link.bandwidth) of \(link.name)",
          at: bandwidth.range)
        return []
      }
      link.bandwidth = bandwidth.value
    case (nil, let share?): link.bandwidth = link.bandwidth * share.value
    default:
      let wasWrong =
        bandwidth == nil && fault.fields["bandwidth"] != nil || share == nil && fault.fields["share"] != nil
      if !wasWrong {
        list.error(
          "exception.shape", "'degraded' needs either 'bandwidth' or 'share'", at: fault.fields.mapping.range)
      }
      return []
    }
    link.name += "-degraded"
    return [.changedLinks(fault.from, fault.to, link: link)]
  }

  private mutating func selector(_ node: Node, _ label: String) -> Located<[Composition.SelectorStep]>? {
    node.text(label, &list)?.selector(&list)
  }

  /// The links that differ when racks or boxes are of another system with the same layout.
  private mutating func replaced(
    _ fields: Fields, in draft: Draft, _ index: CompositionIndex
  ) -> [Composition.Change] {
    let path = fields["part"].flatMap { selector($0, "part") }
    let name = fields.name("with", &list)
    guard let path, let name else { return [] }
    guard let part = index.part(named: path.value.map(\.name)), part.device == nil,
      let block = draft.composition.root.block(at: part.path)
    else {
      list.error(
        "exception.not-a-system", "\(excerpt(DevicePath.format(path.value))) is not a rack or box", at: path.range)
      return []
    }
    // The places of what is inside stay those of the block that is replaced.
    let places = origins
    let found = system(name, at: Position(path: part.path))
    origins = places
    guard let other = found else { return [] }
    guard let pairs = block.wirings(pairedWith: other.block) else {
      list.error(
        "exception.other-layout",
        "\(other.name) has another layout than '\(block.name)': describe it as a block of its own",
        at: name.range)
      return []
    }
    var changes: [Composition.Change] = []
    func steps(_ names: [String]) -> [Composition.SelectorStep] {
      path.value + names.map { Composition.SelectorStep(name: $0, indices: nil) }
    }
    for pair in pairs where pair.own.link != pair.other.link {
      changes.append(
        .changedLinks(steps(pair.path + pair.own.from), steps(pair.path + pair.own.to), link: pair.other.link))
    }
    return changes + changedPorts(other, at: part, steps: steps, index)
  }

  /// The links into the fabric that differ because the other system has other NICs.
  private mutating func changedPorts(
    _ system: System, at part: CompositionIndex.Part, steps: ([String]) -> [Composition.SelectorStep],
    _ index: CompositionIndex
  ) -> [Composition.Change] {
    guard let row = system.block.device(at: system.networkPorts), let nic = scope.catalog.nic(row.part),
      let link = scope.catalog.portLink(of: nic)
    else { return [] }
    scope.use(nic.record, figures: ["port-bandwidth"])
    let ports = part.path + system.networkPorts
    var changes: [Composition.Change] = []
    for wire in index.wires where wire.wiring.link != link {
      if wire.from == ports, !wire.to.starts(with: part.path) {
        changes.append(
          .changedLinks(
            steps(system.networkPorts), wire.to.map { .init(name: $0, indices: nil) }, link: link))
      } else if wire.to == ports, !wire.from.starts(with: part.path) {
        changes.append(
          .changedLinks(
            wire.from.map { .init(name: $0, indices: nil) }, steps(system.networkPorts), link: link))
      }
    }
    return changes
  }
}

extension Composition.Block {
  /// The block that names lead to from this one down.
  func block(at names: [String]) -> Composition.Block? {
    guard let first = names.first else { return self }
    return blocks.first { $0.name == first }?.block(at: Array(names.dropFirst()))
  }

  typealias WiringPair = (path: [String], own: Composition.Wiring, other: Composition.Wiring)

  /// The wirings of this block and of one with the same layout, pair by pair; nil where the layouts differ.
  func wirings(pairedWith other: Composition.Block, path: [String] = []) -> [WiringPair]? {
    guard devices.map(\.name) == other.devices.map(\.name), devices.map(\.count) == other.devices.map(\.count),
      devices.map(\.kind) == other.devices.map(\.kind), blocks.map(\.name) == other.blocks.map(\.name),
      blocks.map(\.count) == other.blocks.map(\.count), wirings.count == other.wirings.count
    else { return nil }
    var pairs: [WiringPair] = []
    for (own, other) in zip(wirings, other.wirings) {
      guard own.from == other.from, own.to == other.to, own.match == other.match,
        own.linksPerPair == other.linksPerPair
      else { return nil }
      pairs.append((path, own, other))
    }
    for (own, other) in zip(blocks, other.blocks) {
      guard let inner = own.wirings(pairedWith: other, path: path + [own.name]) else { return nil }
      pairs += inner
    }
    return pairs
  }
}
