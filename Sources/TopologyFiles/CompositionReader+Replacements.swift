import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// Racks or boxes that are of another system with the same rows of devices.
  ///
  /// Links that both systems have take the other's kind; links of one alone are failed where they do not belong.
  mutating func replaced(
    _ fields: Fields, in draft: inout Draft, _ index: CompositionIndex
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
    let found = system(name, at: Position(path: part.path, domain: block.tier))
    origins = places
    guard let other = found else { return [] }
    let comparison = BlockComparison(block, other.block)
    guard comparison.haveSameRows else {
      list.error(
        "exception.other-layout",
        "\(other.name) has other rows of devices than '\(block.name)': write it as one of several 'blocks'",
        at: name.range)
      return []
    }
    draft.remarks.append(
      "\(DevicePath.format(path.value)) counts as \(other.name) in its links; its devices keep the names of '\(block.name)'"
    )
    var changes = comparison.changed.map { wire in
      Composition.Change.changedLinks(path.value + all(wire.from), path.value + all(wire.to), link: wire.wiring.link)
    }
    changes += comparison.removed.map { wire in
      .failedLinks(path.value + all(wire.from), path.value + all(wire.to), count: nil)
    }
    for wire in comparison.added {
      let holder = part.path + wire.holder
      draft.composition.root.update(at: holder) { $0.wirings.append(wire.wiring) }
      origins.note(wiringIn: holder, at: fields.mapping.range)
      changes += complement(of: path.value, in: part).map { rest in
        .failedLinks(rest + all(wire.from), rest + all(wire.to), count: nil)
      }
    }
    return changes + changedPorts(other, of: path.value, at: part, index)
  }

  private func all(_ names: [String]) -> [Composition.SelectorStep] {
    names.map { Composition.SelectorStep(name: $0, indices: nil) }
  }

  /// Paths that together select what a path does not.
  private func complement(
    of path: [Composition.SelectorStep], in part: CompositionIndex.Part
  ) -> [[Composition.SelectorStep]] {
    let spans = CompositionIndex.spans(path.map(\.name), in: part)
    var result: [[Composition.SelectorStep]] = []
    for (place, step) in path.enumerated() {
      guard let indices = step.indices, place < spans.count else { continue }
      var rest: [Range<Int>] = []
      var start = 0
      for range in indices {
        if start < range.lowerBound { rest.append(start..<range.lowerBound) }
        start = range.upperBound
      }
      if start < spans[place] { rest.append(start..<spans[place]) }
      guard !rest.isEmpty else { continue }
      result.append(path[..<place] + [.init(name: step.name, indices: rest)] + all(path[(place + 1)...].map(\.name)))
    }
    return result
  }

  /// The links into the fabric that differ because the other system has other NICs.
  private mutating func changedPorts(
    _ system: System, of path: [Composition.SelectorStep], at part: CompositionIndex.Part, _ index: CompositionIndex
  ) -> [Composition.Change] {
    guard let row = system.block.device(at: system.networkPorts), let nic = scope.catalog.nic(row.part),
      let link = scope.catalog.portLink(of: nic)
    else { return [] }
    scope.use(nic.record, figures: ["port-bandwidth"])
    let inner = path + all(system.networkPorts)
    let ports = part.path + system.networkPorts
    return index.wires.filter { $0.wiring.link != link }.flatMap { wire -> [Composition.Change] in
      if CompositionIndex.ends(wire.from, with: ports), !wire.to.starts(with: part.path) {
        return [.changedLinks(inner, all(wire.to), link: link)]
      }
      if CompositionIndex.ends(wire.to, with: ports), !wire.from.starts(with: part.path) {
        return [.changedLinks(all(wire.from), inner, link: link)]
      }
      return []
    }
  }
}

/// What differs between the links of two blocks with the same rows.
private struct BlockComparison {
  /// A wiring with the block inside of the two that holds it, and its ends from there.
  struct Wire {
    var holder: [String]
    var wiring: Composition.Wiring

    var from: [String] { holder + wiring.from }
    var to: [String] { holder + wiring.to }

    func joinsLike(_ other: Wire) -> Bool {
      from == other.from && to == other.to && wiring.match == other.wiring.match && wiring.depth == other.wiring.depth
        && wiring.linksPerPair == other.wiring.linksPerPair
    }
  }

  /// Whether blocks and rows have the same names, counts and kinds.
  private(set) var haveSameRows: Bool
  /// Links of both, with the second block's kind.
  private(set) var changed: [Wire] = []
  /// Links that the second block lacks.
  private(set) var removed: [Wire] = []
  /// Links that the first block lacks.
  private(set) var added: [Wire] = []

  init(_ own: Composition.Block, _ other: Composition.Block) {
    haveSameRows = BlockComparison.rows(own, []) == BlockComparison.rows(other, [])
    guard haveSameRows else { return }
    let wires = BlockComparison.wires(own, [])
    let others = BlockComparison.wires(other, [])
    for wire in wires {
      guard let match = others.first(where: wire.joinsLike) else {
        removed.append(wire)
        continue
      }
      if match.wiring.link != wire.wiring.link { changed.append(match) }
    }
    added = others.filter { wire in !wires.contains(where: wire.joinsLike) }
  }

  private struct Row: Hashable {
    var path: [String]
    var count: Int
    var kind: DeviceKind?
  }

  private static func rows(_ block: Composition.Block, _ path: [String]) -> Set<Row> {
    var rows = Set(block.devices.map { Row(path: path + [$0.name], count: $0.count, kind: $0.kind) })
    for inner in block.blocks {
      rows.insert(Row(path: path + [inner.name], count: inner.count, kind: nil))
      rows.formUnion(self.rows(inner, path + [inner.name]))
    }
    return rows
  }

  private static func wires(_ block: Composition.Block, _ path: [String]) -> [Wire] {
    block.wirings.map { Wire(holder: path, wiring: $0) }
      + block.blocks.flatMap { wires($0, path + [$0.name]) }
  }
}

extension Composition.Block {
  /// The block that names lead to from this one down.
  func block(at names: [String]) -> Composition.Block? {
    guard let first = names.first else { return self }
    return blocks.first { $0.name == first }?.block(at: Array(names.dropFirst()))
  }

  /// Changes the block that names lead to.
  mutating func update(at names: [String], _ change: (inout Composition.Block) -> Void) {
    guard let first = names.first else {
      change(&self)
      return
    }
    guard let place = blocks.firstIndex(where: { $0.name == first }) else { return }
    blocks[place].update(at: Array(names.dropFirst()), change)
  }
}
