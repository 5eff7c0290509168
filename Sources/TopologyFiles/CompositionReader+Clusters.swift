import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// Racks or boxes with the fabric between them, as the content of a block at a position; nil after an error.
  mutating func cluster(_ node: Node, at position: Position) -> Draft? {
    guard let fields = Fields(node, Language.cluster, &list) else { return nil }
    if let torus = fields["torus"] { return self.torus(torus, of: fields, at: position) }
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
        keys.isEmpty
          ? "a cluster needs 'racks', 'boxes' or a 'torus'" : "racks and boxes together are written as 'blocks'",
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
    rows[inner.path] = count
    limit(fields, in: system.block, at: [name], of: &draft)
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
        among: CompositionIndex(system.block).parts.filter { $0.device?.part.isEmpty == false }.compactMap(\.path.last))
    }
  }

  /// Reads `in-use`: accelerators beyond the lowest indices of the named blocks or rows take no part.
  /// - Parameters:
  ///   - block: What the names are looked for in.
  ///   - path: Its names from the outermost block of the draft.
  mutating func limit(_ fields: Fields, in block: Composition.Block, at path: [String], of draft: inout Draft) {
    let parts = CompositionIndex(block).parts
    for entry in fields.named("in-use", &list) {
      let name = entry.key.value
      guard let scalar = entry.value.scalar(name, &list),
        let value = Arithmetic.value(of: scalar, scope.parameters, &list),
        let number = count(value, label: "the number of '\(name)' in use")
      else { continue }
      let named = parts.filter { $0.path.last == name }
      guard let most = named.compactMap(\.counts.last).min() else {
        list.unknown(
          "in-use.unknown", "there is no block or device row \(excerpt(name)) here", entry.key,
          among: parts.compactMap(\.path.last))
        continue
      }
      guard number <= most else {
        list.error(
          "in-use.range", "there are \(most) of '\(name)', so \(number) cannot be in use", at: entry.value.range)
        continue
      }
      for part in named {
        let rest = number..<(part.counts.last ?? number)
        guard !rest.isEmpty else { continue }
        for row in parts where row.device?.kind == .accelerator && row.path.starts(with: part.path) {
          var steps = (path + row.path).map { Composition.SelectorStep(name: $0, indices: nil) }
          steps[path.count + part.path.count - 1].indices = [rest]
          draft.composition.changes.append(.absent(steps))
        }
      }
    }
  }
}
