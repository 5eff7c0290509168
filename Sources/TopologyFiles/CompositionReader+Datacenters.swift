import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog
import Quantities

extension CompositionReader {
  private static let gateway = "gateway"

  /// Several clusters at a distance: a block for each, with a gateway that its top switches are linked to.
  mutating func datacenters(_ nodes: [Node], links: [Node]) -> Draft? {
    var draft = Draft(composition: Composition(root: .init(name: "")), inSwitchReduction: true, transport: nil)
    let before = list.count
    for node in nodes {
      guard let fields = Fields(node, Language.datacenter, &list) else { continue }
      guard let name = fields.name("name", &list) else { continue }
      guard !draft.composition.root.blocks.contains(where: { $0.name == name.value }) else {
        list.error("name.clash", "there is another datacenter \(excerpt(name.value))", at: name.range)
        continue
      }
      let position = Position(path: [name.value])
      origins.note(part: position.path, at: name.range)
      guard let node = fields["cluster"], let cluster = cluster(node, at: position) else { continue }
      add(cluster, named: name, to: &draft)
    }
    for node in links { connect(node, in: &draft, known: nodes.compactMap { $0.mapping?["name"]?.scalar?.text }) }
    return list.count == before ? draft : nil
  }

  private mutating func add(_ cluster: Draft, named name: Located<String>, to draft: inout Draft) {
    var block = cluster.composition.root
    block.name = name.value
    block.tier = .datacenter
    guard let top = block.topSwitches() else {
      list.error(
        "datacenter.no-switch", "a datacenter needs a 'fabric', whose top switches its gateway is linked to",
        at: name.range)
      return
    }
    block.devices.append(Composition.Device(name: CompositionReader.gateway, kind: .gateway))
    block.wirings.append(
      Composition.Wiring(
        from: top.path, to: [CompositionReader.gateway], match: .all, link: top.link, tier: .datacenter))
    scope.assume(
      .init(
        name: "gateway of \(name.value)", value: "one link \(top.link.name) from each \(top.path.last ?? "")",
        source: "assumed: the file does not describe what leads out of the datacenter"))
    draft.composition.changes += cluster.composition.changes.map { $0.inside(name.value) }
    draft.fabric += cluster.fabric
    draft.composition.root.blocks.append(block)
    draft.inSwitchReduction = draft.inSwitchReduction && cluster.inSwitchReduction
    draft.transport = draft.transport ?? cluster.transport
    draft.transportVersion = draft.transportVersion.isEmpty ? cluster.transportVersion : draft.transportVersion
    draft.remarks += cluster.remarks.map { "\(name.value): \($0)" }
  }

  private mutating func connect(_ node: Node, in draft: inout Draft, known: [String]) {
    guard let fields = Fields(node, Language.datacenterLink, &list) else { return }
    let ends = fields.sequence("between", &list).compactMap { $0.name("between", &list) }
    let link = fields.name("link", &list).flatMap { scope.link($0, &list) }
    let channels = count(fields, "count")
    let latency = fields.quantity("latency", as: Latency.self, &list)
    let distance = fields.quantity("distance", as: Distance.self, &list)
    guard ends.count == 2, ends[0].value != ends[1].value else {
      if fields["between"]?.sequence?.count != 2 || ends.count == 2 {
        list.error("datacenter.ends", "'between' names two different datacenters", at: node.range)
      }
      return
    }
    for end in ends where !known.contains(end.value) {
      list.unknown(
        "datacenter.unknown", "unknown datacenter \(excerpt(end.value))", end, among: known,
        otherwise: "datacenters: \(known.joined(separator: ", "))")
    }
    guard (fields["latency"] == nil) != (fields["distance"] == nil) else {
      list.error(
        "datacenter.latency", "a link between datacenters needs either 'latency' or 'distance'", at: node.range)
      return
    }
    guard let link, let channels, ends.allSatisfy({ known.contains($0.value) }) else { return }
    var type = link.linkType
    if let latency { type.latency = latency.value }
    if let distance {
      guard link.delayPerKilometre != nil else {
        list.error(
          "datacenter.latency", "\(link.name) has no delay-per-kilometre: write 'latency'", at: distance.range)
        return
      }
      scope.use(link.record, figures: ["delay-per-kilometre"])
      type = link.linkType(kilometres: distance.value.kilometres)
    }
    // Links of different lengths are different kinds of links.
    type.name = "\(link.linkType.name)-\(ends[0].value)-\(ends[1].value)"
    draft.composition.root.wirings.append(
      Composition.Wiring(
        from: [ends[0].value, CompositionReader.gateway], to: [ends[1].value, CompositionReader.gateway], match: .all,
        linksPerPair: channels, link: type, tier: .wideArea))
    origins.note(wiringIn: [], at: node.range)
  }
}

extension Composition.Block {
  /// The switches of the outermost tier: those that links of the highest tier join, at the end away from the members.
  fileprivate func topSwitches() -> (path: [String], link: LinkType)? {
    let index = CompositionIndex(self)
    let isSwitch: ([String]) -> Bool = { path in
      index.parts.contains { $0.path == path && $0.device?.kind == .networkSwitch }
    }
    let wires = index.wires.filter { isSwitch($0.from) || isSwitch($0.to) }
    guard let top = wires.max(by: { $0.wiring.tier < $1.wiring.tier }) else { return nil }
    return (isSwitch(top.to) ? top.to : top.from, top.wiring.link)
  }
}

extension Composition.Change {
  /// The same change where everything has come to stand inside a block.
  fileprivate func inside(_ block: String) -> Composition.Change {
    let step = Composition.SelectorStep(name: block, indices: nil)
    return switch self {
    case .absent(let path): .absent([step] + path)
    case .failedLinks(let from, let to, let count): .failedLinks([step] + from, [step] + to, count: count)
    case .changedLinks(let from, let to, let link): .changedLinks([step] + from, [step] + to, link: link)
    }
  }
}
