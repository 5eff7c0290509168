import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// What a file says of a fabric, before it is known what it joins.
  struct FabricRequest {
    var kind: any FabricKind.Type
    var networkSwitch: Switch
    /// The kind of all links, where the file names one.
    var link: Link?
    var spec: FabricSpec
    /// Whether its switches reduce.
    var reduces: Bool
    var fields: Fields
  }

  /// Reads a `fabric`; nil after an error.
  mutating func fabric(_ node: Node) -> FabricRequest? {
    guard let fields = Fields(node, Language.fabric, &list) else { return nil }
    let before = list.count
    let kind = fabricKind(fields)
    let networkSwitch = fields.name("switch", &list).flatMap { scope.fabricSwitch($0, &list) }
    let link = fields.name("link", &list).flatMap { scope.link($0, &list) }
    let oversubscription = oversubscription(fields)
    let planes = count(fields, "planes")
    let rails = count(fields, "rails", standard: nil)
    let racksPerLeaf = count(fields, "racks-per-leaf", standard: nil)
    let reduces = reduces(fields, networkSwitch)
    let globalLink = fields.name("global-link", &list).flatMap { scope.link($0, &list) }
    let ofDragonfly = ["switches-per-group", "endpoints-per-switch", "global-links", "global-link"]
    if let kind, kind != Dragonfly.self {
      for place in ofDragonfly.compactMap(fields.place(of:)) {
        list.error("fabric.other-kind", "this belongs to the kind 'dragonfly', not to '\(kind.name)'", at: place)
      }
    }
    let counts = ofDragonfly.dropLast().map { count(fields, $0, standard: nil) }
    guard list.count == before, let kind, let networkSwitch, let oversubscription, let planes else { return nil }
    guard let own = scope.catalog.portLink(of: networkSwitch) else { return nil }
    let trunk = link?.linkType ?? own
    if link == nil, let record = scope.catalog.link(networkSwitch.link)?.record {
      scope.use(record, figures: ["latency"])
    }
    var spec = FabricSpec(
      kind: kind.name, switchPart: networkSwitch.name, ports: networkSwitch.ports.value,
      portBandwidth: networkSwitch.portBandwidth.value, accessLink: trunk, trunkLink: trunk,
      oversubscription: oversubscription, planes: planes, rails: rails, racksPerLeaf: racksPerLeaf)
    spec.switchesPerGroup = counts[0]
    spec.endpointsPerSwitch = counts[1]
    spec.globalLinks = counts[2]
    spec.globalLink = globalLink?.linkType
    return FabricRequest(
      kind: kind, networkSwitch: networkSwitch, link: link, spec: spec, reduces: reduces, fields: fields)
  }

  private mutating func reduces(_ fields: Fields, _ networkSwitch: Switch?) -> Bool {
    guard let asked = fields.boolean("in-switch-reduction", &list), asked.value, let networkSwitch else { return false }
    guard networkSwitch.reductionGeneration != nil else {
      list.error(
        "fabric.no-reduction", "the catalogue does not say that \(networkSwitch.name) reduces", at: asked.range,
        notes: ["a part of one's own with the figure 'sharp' does"])
      return false
    }
    scope.use(networkSwitch.record, figures: ["sharp"])
    return true
  }

  private mutating func fabricKind(_ fields: Fields) -> (any FabricKind.Type)? {
    guard let word = fields.name("kind", &list).map(scope.resolved) else { return nil }
    if let kind = FabricKinds.named(word.value) { return kind }
    let names = FabricKinds.all.map { $0.name }
    list.unknown(
      "fabric.unknown-kind", "unknown kind of fabric \(excerpt(word.value))", word, among: names,
      otherwise: "kinds: \(names.joined(separator: ", "))")
    return nil
  }

  private mutating func oversubscription(_ fields: Fields) -> Double? {
    guard let node = fields["oversubscription"] else { return 1 }
    guard let scalar = node.scalar("oversubscription", &list),
      let value = Arithmetic.value(of: scalar, scope.parameters, &list)
    else { return nil }
    guard value.value.real >= 1 else {
      list.error("fabric.oversubscription", "oversubscription must be 1 or more, not \(value.value)", at: value.range)
      return nil
    }
    return value.value.real
  }

  /// Joins the racks or boxes of a draft by its fabric; false after an error.
  mutating func attachFabric(
    _ fields: Fields, systems: [System], to draft: inout Draft, at position: Position
  ) -> Bool {
    guard let node = fields["fabric"] else {
      let blocks = draft.composition.root.blocks
      guard blocks.count > 1 || blocks.contains(where: { $0.count > 1 }) else { return true }
      list.error(
        "cluster.no-fabric", "several racks or boxes need a 'fabric' between them", at: fields.mapping.range,
        notes: ["as in 'fabric: {kind: rail-optimised, switch: Quantum-2}'"])
      return false
    }
    guard var request = fabric(node) else { return false }
    guard let members = members(systems, blocks: draft.composition.root.blocks, request) else { return false }
    guard let fastest = members.map(\.link).max(by: { $0.bandwidth < $1.bandwidth }) else { return false }
    request.spec.accessLink = fastest
    draft.networkReduction = request.reduces
    draft.transport = members.first?.nic.transport
    draft.transportVersion = members.first?.nic.transportVersion ?? ""
    do throws(FabricError) {
      let result = try request.kind.attach(members.map(\.site), request.spec)
      draft.composition.root = result.root
      draft.composition.changes += result.changes
      draft.remarks += result.remarks
      draft.fabric += result.summary
    } catch {
      list.error("fabric.impossible", error.description, at: error.place(in: request.fields))
      return false
    }
    for member in members where member.link != fastest { slow(member, fastest: fastest, in: &draft) }
    return true
  }

  private struct Member {
    var site: FabricSite
    var nic: NIC
    var link: LinkType
  }

  /// The rows of racks or boxes with the links of their NICs; nil after an error.
  private mutating func members(
    _ systems: [System], blocks: [Composition.Block], _ request: FabricRequest
  ) -> [Member]? {
    var members: [Member] = []
    for (system, block) in zip(systems, blocks) {
      guard let row = system.block.device(at: system.networkPorts), let nic = scope.catalog.nic(row.part) else {
        list.error(
          "fabric.no-ports", "\(system.name) has no 'network-ports' that a fabric could be connected to",
          at: request.fields.mapping.range)
        return nil
      }
      scope.use(nic.record, figures: ["ports", "port-bandwidth"])
      guard let link = request.link?.linkType ?? scope.catalog.portLink(of: nic) else { return nil }
      if request.link == nil, let record = scope.catalog.link(nic.link)?.record {
        scope.use(record, figures: ["latency"])
      }
      let site = FabricSite(
        block: block, nicPath: system.networkPorts, portsPerNIC: system.portsPerNIC ?? nic.ports.value)
      members.append(Member(site: site, nic: nic, link: link))
    }
    return members
  }

  /// The links of a row whose NICs are slower than those the leaves are worked out for.
  private mutating func slow(_ member: Member, fastest: LinkType, in draft: inout Draft) {
    let name = member.site.block.name
    let ports = ([name] + member.site.nicPath).map { Composition.SelectorStep(name: $0, indices: nil) }
    let index = CompositionIndex(draft.composition.root)
    var leaves: [[String]] = []
    for wire in index.wires where wire.wiring.link == fastest {
      for (near, far) in [(wire.from, wire.to), (wire.to, wire.from)]
      where near.suffix(ports.count).elementsEqual(ports.map(\.name)) && !leaves.contains(far) {
        leaves.append(far)
      }
    }
    draft.composition.changes += leaves.map { leaf in
      .changedLinks(ports, leaf.map { .init(name: $0, indices: nil) }, link: member.link)
    }
    draft.remarks.append(
      "leaf ports are counted at \(fastest.bandwidth); '\(name)' uses \(member.link.bandwidth) of each")
  }
}

extension FabricError {
  /// The place of the key that the mistake is about, or of the whole fabric.
  fileprivate func place(in fields: Fields) -> SourceRange {
    let key: String? =
      switch self {
      case .railsDoNotDivide, .railsDiffer: "rails"
      case .tooManyRacksPerLeaf: "racks-per-leaf"
      case .invalidCount: "planes"
      case .radixTooSmall, .radixTooLarge, .invalidBandwidth: "switch"
      case .invalidOversubscription: "oversubscription"
      case .tooManyPorts: "endpoints-per-switch"
      case .tooManyGroups: "global-links"
      default: nil
      }
    return key.flatMap { fields[$0]?.range } ?? fields.mapping.range
  }
}
