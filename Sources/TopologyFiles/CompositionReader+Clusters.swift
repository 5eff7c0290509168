import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// Racks or boxes with the fabric between them, as the content of a block at a position; nil after an error.
  mutating func cluster(_ node: Node, at position: Position) -> Draft? {
    guard let fields = Fields(node, Language.cluster, &list) else { return nil }
    let before = list.count
    var draft = Draft(composition: Composition(root: .init(name: "")), inSwitchReduction: true, transport: nil)
    var systems: [System] = []
    if let blocks = fields["blocks"] {
      let own = ["racks", "boxes", "with", "in-use"].compactMap(fields.place(of:))
      for place in own {
        list.error("cluster.blocks", "write this inside of 'blocks' or leave 'blocks' out", at: place)
      }
      let members = blocks.sequence("blocks", &list) ?? []
      if members.isEmpty, blocks.sequence != nil {
        list.error("cluster.empty", "'blocks' lists no racks or boxes", at: blocks.range)
      }
      for node in members {
        guard let member = Fields(node, Language.clusterBlock, &list) else { continue }
        if let system = block(member, into: &draft, at: position) { systems.append(system) }
      }
    } else if let system = block(fields, into: &draft, at: position) {
      systems.append(system)
    }
    draft.inSwitchReduction = systems.allSatisfy(\.inSwitchReduction)
    guard list.count == before else {
      // The fabric's own mistakes are worth knowing in the same run.
      if let fabric = fields["fabric"] { _ = self.fabric(fabric) }
      return nil
    }
    return attachFabric(fields, systems: systems, to: &draft, at: position) ? draft : nil
  }

  /// One kind of racks or boxes of a cluster.
  private mutating func block(_ fields: Fields, into draft: inout Draft, at position: Position) -> System? {
    let keys = ["racks", "boxes"].filter { fields[$0] != nil }
    guard let key = keys.first, keys.count == 1, let node = fields[key] else {
      let places = keys.compactMap(fields.place(of:))
      list.error(
        keys.isEmpty ? "cluster.empty" : "cluster.blocks",
        keys.isEmpty ? "a cluster needs 'racks' or 'boxes'" : "racks and boxes together are written as 'blocks'",
        at: places.last ?? fields.mapping.range,
        notes: ["as in 'racks: 8 × GB200-NVL72'; systems: \(scope.catalog.systemNames.joined(separator: ", "))"])
      return nil
    }
    guard let counted = node.countedName(key, &list) else { return nil }
    let unit: System.Unit = key == "racks" ? .rack : .box
    let count = Arithmetic.value(of: counted.count, scope.parameters, &list)
      .flatMap { self.count($0, label: "the number of \(key)") }
    let name = fields.name("name", &list)?.value ?? standardName(unit.rawValue, taken: draft.composition.root.blocks)
    guard !draft.composition.root.blocks.contains(where: { $0.name == name }) else {
      list.error(
        "name.clash", "the name \(excerpt(name)) is taken by another block", at: fields["name"]?.range ?? node.range)
      return nil
    }
    substitutes = Dictionary(
      uniqueKeysWithValues: fields.named("with", &list).compactMap { entry in
        entry.value.name("with", &list).map { (entry.key.value, $0) }
      })
    usedSubstitutes = []
    let inner = position.entering(name, count: count ?? 1)
    origins.note(part: inner.path, at: node.range)
    let system = system(counted.name, at: inner)
    reportUnusedSubstitutes(fields["with"]?.mapping, of: system)
    substitutes = [:]
    guard let count, var system else { return nil }
    guard system.unit == unit else {
      let right = system.unit == .rack ? "racks" : "boxes"
      list.error(
        "cluster.unit", "\(system.name) is a \(system.unit.rawValue): write '\(right)'",
        at: fields.place(of: key) ?? node.range,
        fixIts: fields.place(of: key).map { [.init(message: "write '\(right)'", range: $0, replacement: right)] } ?? [])
      return nil
    }
    system.block.name = name
    system.block.count = count
    draft.composition.root.blocks.append(system.block)
    limit(fields, system: system, in: &draft)
    return system
  }

  private func standardName(_ unit: String, taken blocks: [Composition.Block]) -> String {
    var name = unit
    var number = 1
    while blocks.contains(where: { $0.name == name }) {
      number += 1
      name = "\(unit)\(number)"
    }
    return name
  }

  private mutating func reportUnusedSubstitutes(_ with: Mapping?, of system: System?) {
    guard let with, let system else { return }
    for entry in with.entries where !usedSubstitutes.contains(entry.key.value) {
      list.unknown(
        "with.unknown", "\(system.name) has no device row \(excerpt(entry.key.value)) with a part", entry.key,
        among: system.block.parts.map(\.name))
    }
  }

  /// Reads `in-use`: the lowest indices in use of blocks and devices.
  private mutating func limit(_ fields: Fields, system: System, in draft: inout Draft) {
    inUse(fields, among: system.block.parts, in: &draft)
  }

  mutating func inUse(_ fields: Fields, among parts: [(name: String, count: Int)], in draft: inout Draft) {
    for entry in fields.named("in-use", &list) {
      let name = entry.key.value
      guard let scalar = entry.value.scalar(name, &list),
        let value = Arithmetic.value(of: scalar, scope.parameters, &list),
        let number = count(value, label: "the number of '\(name)' in use")
      else { continue }
      guard let part = parts.first(where: { $0.name == name }) else {
        list.unknown(
          "in-use.unknown", "there is no block or device row \(excerpt(name)) here", entry.key,
          among: parts.map(\.name))
        continue
      }
      guard number <= part.count else {
        list.error(
          "in-use.range", "there are \(part.count) of '\(name)', so \(number) cannot be in use", at: entry.value.range)
        continue
      }
      if let other = draft.composition.inUse[name], other != number {
        list.error("in-use.conflict", "'\(name)' is in use \(other) times elsewhere", at: entry.value.range)
      }
      draft.composition.inUse[name] = number
    }
  }
}

extension Composition.Block {
  /// The names and counts of all blocks and device rows inside, and, first, of those directly inside.
  var parts: [(name: String, count: Int)] {
    devices.map { ($0.name, $0.count) } + blocks.map { ($0.name, $0.count) } + blocks.flatMap(\.parts)
  }
}
