import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

/// Reads blocks, devices and links of a file into a composition, collecting every mistake.
struct CompositionReader {
  /// The greatest count of anything in one enclosing block.
  static let greatestCount = 10_000_000
  /// The greatest number of devices of one row in all.
  static let mostDevices = 1 << 31
  private static let deepestBlocks = 16

  var scope: Scope
  var list: DiagnosticList
  var origins: Origins
  /// Parts that stand in for those of device rows, by the row's name.
  var substitutes: [String: Located<String>] = [:]
  /// Substitutes that a device row has taken.
  var usedSubstitutes: Set<String> = []
  /// Whether the switches of every system read so far reduce; false while there is none.
  var reducesInSwitches = false
  var hasReadSystem = false
  /// How many racks or boxes a file counts in each row of a cluster; a fabric may leave room for more.
  var rows: [[String]: Int] = [:]
  /// Names of blocks and rows that could not be read; what refers to them is not wrong for that.
  var broken: Set<String> = []
  /// Exceptions beyond those of the file.
  var furtherExceptions: [Node] = []

  /// Where a block is being read: its names from the outermost block, how many of it there are in all, and the tier
  /// that its scale-up links belong to.
  struct Position {
    var path: [String] = []
    var instances = 1
    var domain: Tier?

    func entering(_ name: String, count: Int, domain: Tier? = nil) -> Position {
      Position(path: path + [name], instances: instances * count, domain: domain ?? self.domain)
    }
  }

  /// A count that may be arithmetic; `standard` where the key is absent, nil after an error.
  mutating func count(_ fields: Fields, _ key: String, standard: Int? = 1) -> Int? {
    guard let node = fields[key] else { return standard }
    guard let scalar = node.scalar(key, &list), let value = Arithmetic.value(of: scalar, scope.parameters, &list)
    else { return nil }
    return count(value, label: key)
  }

  /// A value as a count, or nil after an error.
  mutating func count(_ value: Located<Rational>, label: String) -> Int? {
    guard let whole = value.value.whole else {
      list.error("count.not-whole", "\(label) is \(value.value), not a whole number", at: value.range)
      return nil
    }
    guard whole >= 1, whole <= CompositionReader.greatestCount else {
      list.error(
        "count.range", "\(label) must be 1 to \(CompositionReader.greatestCount), not \(whole)", at: value.range)
      return nil
    }
    return whole
  }

  /// What is inside a block: `blocks`, `devices` and `links`.
  mutating func content(of fields: Fields, into block: inout Composition.Block, at position: Position) {
    guard position.path.count <= CompositionReader.deepestBlocks else {
      list.error(
        "block.too-deep", "blocks are nested too deeply: at most \(CompositionReader.deepestBlocks) levels are read",
        at: fields.mapping.range)
      return
    }
    for entry in fields.named("blocks", &list) {
      guard let inner = self.block(entry, at: position) else {
        broken.insert(entry.key.value)
        continue
      }
      if isNew(entry.key, in: block) { block.blocks.append(inner) }
    }
    for entry in fields.named("devices", &list) {
      guard let device = device(entry, at: position) else {
        broken.insert(entry.key.value)
        continue
      }
      if isNew(entry.key, in: block) { block.devices.append(device) }
    }
    for node in fields.sequence("links", &list) {
      guard let wiring = wiring(node, in: block, at: position) else { continue }
      block.wirings.append(wiring)
      origins.note(wiringIn: position.path, at: node.range)
    }
  }

  private mutating func isNew(_ name: Located<String>, in block: Composition.Block) -> Bool {
    let taken = block.blocks.map(\.name) + block.devices.map(\.name)
    guard taken.contains(name.value) else { return true }
    list.error("name.clash", "the name \(excerpt(name.value)) is taken by another block or device", at: name.range)
    return false
  }

  private mutating func block(_ entry: Mapping.Entry, at position: Position) -> Composition.Block? {
    guard let fields = Fields(entry.value, Language.block, &list) else { return nil }
    let name = entry.key.value
    let count = count(fields, "count")
    let tier = fields.choice("tier", among: Language.tierNames, &list).flatMap { Tier(named: $0.value) }
    let inner = position.entering(name, count: count ?? 1, domain: tier.flatMap { $0 <= .rack ? $0 : nil })
    origins.note(part: inner.path, at: entry.key.range)
    guard isCountable(inner.instances, at: entry.key.range) else { return nil }
    var block = Composition.Block(name: name, count: count ?? 1, tier: tier)
    if let named = fields.name("system", &list) {
      guard let system = system(named, at: inner) else { return nil }
      block.tier = block.tier ?? system.block.tier
      block.blocks = system.block.blocks
      block.devices = system.block.devices
      block.wirings = system.block.wirings
    }
    content(of: fields, into: &block, at: inner)
    return count == nil ? nil : block
  }

  private mutating func isCountable(_ instances: Int, at range: SourceRange) -> Bool {
    guard instances > CompositionReader.mostDevices else { return true }
    list.error(
      "count.too-many",
      "there would be \(instances) of these in all; at most \(CompositionReader.mostDevices) are read",
      at: range)
    return false
  }

  private mutating func device(_ entry: Mapping.Entry, at position: Position) -> Composition.Device? {
    guard let fields = Fields(entry.value, Language.device, &list) else { return nil }
    let name = entry.key.value
    origins.note(part: position.path + [name], at: entry.key.range)
    let count = count(fields, "count")
    let row = deviceRow(fields, name: entry.key)
    guard let count, var row, isCountable(position.instances * count, at: entry.key.range) else { return nil }
    row.count = count
    return row
  }

  /// A device's part, kind and whether it relays, without its count.
  mutating func deviceRow(_ fields: Fields, name: Located<String>) -> Composition.Device? {
    let relays = fields.boolean("relays", &list)?.value
    let kind = fields.choice("kind", as: DeviceKind.self, &list)
    var part = fields.name("part", &list).flatMap { scope.devicePart($0, &list) }
    if let substitute = substitutes[name.value], let own = part {
      usedSubstitutes.insert(name.value)
      guard let other = scope.devicePart(substitute, &list) else { return nil }
      guard other.kind == own.kind else {
        list.error(
          "part.wrong-kind", "\(other.name) cannot stand in for \(own.name): it is a \(other.kind.rawValue)",
          at: substitute.range)
        return nil
      }
      part = other
    }
    if let part, let kind, kind.value != part.kind {
      list.error(
        "part.wrong-kind", "\(part.name) is a \(part.kind.rawValue), not a \(kind.value.rawValue)", at: kind.range)
      return nil
    }
    guard let found = part?.kind ?? kind?.value else {
      if fields["part"] == nil, fields["kind"] == nil {
        list.error("device.no-kind", "the device \(excerpt(name.value)) needs a 'part' or a 'kind'", at: name.range)
      }
      return nil
    }
    return Composition.Device(name: name.value, kind: found, part: part?.name ?? "", relays: relays)
  }
}

extension Tier {
  /// The tier of a name in files: `rack`, `core2`.
  package init?(named name: String) {
    let named: [Tier] = [.device, .board, .rack, .leaf, .spine, .core(1), .core(2), .datacenter, .wideArea]
    guard let tier = named.first(where: { $0.description == name }) else { return nil }
    self = tier
  }
}
