import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

/// A rack or box as the catalogue or the user describes it.
struct System {
  /// What one of it is.
  enum Unit: String, CaseIterable, Sendable { case rack, box }

  var name: String
  var unit: Unit
  /// Its content in a block named after the unit.
  var block: Composition.Block
  var inSwitchReduction: Bool
  /// Names down to the device row that faces the fabric; empty where it has none.
  var networkPorts: [String]
  /// Ports in use of each of them; nil: what the part has.
  var portsPerNIC: Int?
}

extension CompositionReader {
  /// A system by its name, read as the content of a block at a position; nil after an error.
  mutating func system(_ name: Located<String>, at position: Position) -> System? {
    let name = scope.resolved(name)
    if let own = scope.systems[name.value] {
      return Fields(own.node, Language.system, &list).flatMap {
        system(name.value, $0, sources: own.sources, at: position)
      }
    }
    guard let text = scope.catalog.systemText(named: name.value) else {
      list.unknown(
        "system.unknown", "unknown system \(excerpt(name.value))", name,
        among: scope.catalog.systemNames + scope.systems.keys.sorted(),
        otherwise: "known: \((scope.catalog.systemNames + scope.systems.keys.sorted()).joined(separator: ", "))")
      return nil
    }
    guard let node = text.document(&list), let fields = Fields(node, Language.system, &list) else { return nil }
    let ownName = fields.name("system", &list)?.value ?? name.value
    return system(ownName, fields, sources: fields["sources"]?.mapping, at: position)
  }

  private mutating func system(
    _ name: String, _ fields: Fields, sources: Mapping?, at position: Position
  ) -> System? {
    let unit = fields.choice("unit", as: System.Unit.self, &list)?.value
    let reduces = fields.boolean("in-switch-reduction", &list)?.value ?? false
    let ports = fields.text("network-ports", &list)
    let portsPerNIC = count(fields, "nic-ports", standard: nil)
    scope.useFacts(fields.sequence("facts", &list), of: name, sources: fields["sources"]?.mapping ?? sources, &list)
    let tier: Tier = unit == .box ? .board : .rack
    var block = Composition.Block(name: unit?.rawValue ?? "", tier: tier)
    var inner = position
    inner.domain = tier
    content(of: fields, into: &block, at: inner)
    guard let unit else { return nil }
    reducesInSwitches = reduces && (reducesInSwitches || !hasReadSystem)
    hasReadSystem = true
    var system = System(
      name: name, unit: unit, block: block, inSwitchReduction: reduces, networkPorts: [], portsPerNIC: portsPerNIC)
    if let ports {
      system.networkPorts = ports.value.split(separator: "/").map(String.init)
      guard block.device(at: system.networkPorts)?.kind == .nic else {
        guard broken.isDisjoint(with: system.networkPorts) else { return nil }
        list.error(
          "system.network-ports", "\(excerpt(ports.value)) is not a row of NICs of the system", at: ports.range)
        return nil
      }
    }
    return system
  }
}

extension Composition.Block {
  /// The device row that names lead to, from the block inside this one down.
  func device(at names: [String]) -> Composition.Device? {
    guard let first = names.first else { return nil }
    guard names.count > 1 else { return devices.first { $0.name == first } }
    return blocks.first { $0.name == first }?.device(at: Array(names.dropFirst()))
  }
}
