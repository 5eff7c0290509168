import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// Names of the blocks of a torus, outermost dimension first; the innermost dimension is a row of chips.
  private static let dimensionNames = ["x", "y", "z", "w"]

  /// Accelerators in a torus; nil after an error.
  mutating func torus(_ node: Node, of cluster: Fields, at position: Position) -> Draft? {
    let before = list.count
    for place in cluster.schema.keys.map(\.name).filter({ $0 != "torus" }).compactMap(cluster.place(of:)) {
      list.error("torus.other", "a torus stands alone: neither racks and boxes nor a fabric go with it", at: place)
    }
    guard let fields = Fields(node, Language.torus, &list) else { return nil }
    let chip = fields.name("chip", &list).flatMap { torusChip($0) }
    let sizes = dimensions(fields, at: position)
    let perNeighbour = count(fields, "links-per-neighbour")
    guard let chip, let sizes, let perNeighbour else { return nil }
    guard let link = torusLink(fields, of: chip) else { return nil }
    checkLinks(of: chip, sizes: sizes, perNeighbour: perNeighbour, at: fields["dimensions"]?.range ?? node.range)
    guard list.count == before else { return nil }
    let draft = Draft(
      composition: Composition(root: root(chip, sizes, link: link.linkType, perNeighbour: perNeighbour)),
      inSwitchReduction: false, transport: nil)
    for _ in draft.composition.root.wirings { origins.note(wiringIn: position.path, at: node.range) }
    return draft
  }

  private mutating func torusChip(_ name: Located<String>) -> Accelerator? {
    let name = scope.resolved(name)
    guard let part = scope.devicePart(name, &list) else { return nil }
    guard let chip = scope.catalog.accelerator(part.name) else {
      list.error(
        "part.wrong-kind", "\(part.name) is a \(part.kind.rawValue); a torus is made of accelerators", at: name.range)
      return nil
    }
    return chip
  }

  private mutating func dimensions(_ fields: Fields, at position: Position) -> [Int]? {
    guard let node = fields["dimensions"] else { return nil }
    let nodes = node.sequence("dimensions", &list) ?? []
    let most = CompositionReader.dimensionNames.count
    guard (1...most).contains(nodes.count) else {
      if node.sequence != nil {
        list.error("torus.dimensions", "a torus has 1 to \(most) dimensions, not \(nodes.count)", at: node.range)
      }
      return nil
    }
    var sizes: [Int] = []
    for (place, node) in nodes.enumerated() {
      guard let scalar = node.scalar("dimensions", &list),
        let value = Arithmetic.value(of: scalar, scope.parameters, &list),
        let size = count(value, label: "dimension \(CompositionReader.dimensionNames[place])")
      else { continue }
      sizes.append(size)
    }
    guard sizes.count == nodes.count else { return nil }
    var chips = 1
    for size in sizes {
      let (product, overflow) = chips.multipliedReportingOverflow(by: size)
      guard !overflow, product <= CompositionReader.mostDevices else {
        list.error(
          "count.too-many", "there would be more than \(CompositionReader.mostDevices) accelerators", at: node.range)
        return nil
      }
      chips = product
    }
    return sizes
  }

  private mutating func torusLink(_ fields: Fields, of chip: Accelerator) -> Link? {
    if let named = fields.name("link", &list) { return scope.link(named, &list) }
    guard fields["link"] == nil else { return nil }
    guard let name = chip.link else {
      list.error(
        "torus.no-link", "the catalogue names no link of \(chip.name): write 'link'", at: fields.mapping.range)
      return nil
    }
    return scope.link(Located(name, at: fields["chip"]?.range ?? fields.mapping.range), &list)
  }

  private mutating func checkLinks(of chip: Accelerator, sizes: [Int], perNeighbour: Int, at range: SourceRange) {
    scope.use(chip.record, figures: ["links"])
    let neighbours = sizes.reduce(0) { $0 + min(2, $1 - 1) }
    let (needed, overflow) = neighbours.multipliedReportingOverflow(by: perNeighbour)
    guard let links = chip.links?.value, overflow || needed > links else { return }
    list.error(
      "torus.links",
      "\(chip.name) has \(links) links, too few for \(perNeighbour) to each of \(neighbours) neighbours", at: range)
  }

  /// Blocks in blocks, the innermost dimension as a row of devices, and a ring along each dimension.
  private func root(_ chip: Accelerator, _ sizes: [Int], link: LinkType, perNeighbour: Int) -> Composition.Block {
    let last = sizes.count - 1
    let device = Composition.Device(
      name: "chip", count: sizes[last], kind: .accelerator, part: chip.name, relays: true)
    let names = CompositionReader.dimensionNames
    var root = Composition.Block(name: "", devices: [device])
    for place in (0..<last).reversed() {
      root.name = names[place]
      root.count = sizes[place]
      root = Composition.Block(name: "", blocks: [root])
    }
    root.tier = .rack
    let path = names.prefix(last) + [device.name]
    for (place, size) in sizes.enumerated() where size > 1 {
      root.wirings.append(
        Composition.Wiring(
          from: Array(path), to: Array(path), match: .ring(.init(step: place)), linksPerPair: perNeighbour, link: link,
          tier: .rack))
    }
    return root
  }
}
