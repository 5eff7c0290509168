import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension CompositionReader {
  /// A device row with how many of it there are at each step of its path.
  struct Row {
    var device: Composition.Device
    /// Counts along the path, the device's own last.
    var counts: [Int]

    /// How many indices the last steps make up together.
    func span(depth: Int) -> Int { counts.suffix(depth).reduce(1, *) }
  }

  /// Links by rule between two rows below a block, or nil after an error.
  mutating func wiring(_ node: Node, in block: Composition.Block, at position: Position) -> Composition.Wiring? {
    guard let fields = Fields(node, Language.link, &list) else { return nil }
    let from = fields.text("from", &list)
    let to = fields.text("to", &list)
    let fromRow = from.flatMap { row($0, in: block) }
    let toRow = to.flatMap { row($0, in: block) }
    let match = match(fields)
    let link = fields.name("link", &list).flatMap { scope.link($0, &list) }
    let perPair = count(fields, "per-pair")
    let tier = fields.choice("tier", among: Language.tierNames, &list).flatMap { Tier(named: $0.value) }
    let depth = fields["depth"] == nil ? 1 : fields.integer("depth", in: 1...16, &list)?.value
    guard let from, let to, let fromRow, let toRow, let match, let link, let perPair, let depth else { return nil }
    guard fits(match, depth: depth, from: (from, fromRow), to: (to, toRow)) else { return nil }
    return Composition.Wiring(
      from: names(from.value), to: names(to.value), match: match, depth: depth, linksPerPair: perPair,
      link: link.linkType,
      tier: tier ?? .standard(fromRow.device.kind, toRow.device.kind, domain: position.domain ?? .board))
  }

  private func names(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  private mutating func match(_ fields: Fields) -> Composition.Match? {
    guard fields["match"] != nil else { return .all }
    switch fields.choice("match", among: ["all", "aligned", "mesh"], &list)?.value {
    case "all": return .all
    case "aligned": return .aligned
    case "mesh": return .mesh
    default: return nil
    }
  }

  /// Whether two rows can be matched as asked; an error if not.
  private mutating func fits(
    _ match: Composition.Match, depth: Int, from: (name: Located<String>, row: Row),
    to: (name: Located<String>, row: Row)
  ) -> Bool {
    let isSame = from.name.value == to.name.value
    switch match {
    case .mesh where !isSame:
      list.error(
        "link.match", "'mesh' joins the members of one row: 'from' and 'to' must be the same", at: to.name.range)
    case .all where isSame && from.row.counts.count == 1, .aligned where isSame:
      list.error("link.match", "a row is linked to itself by 'match: mesh'", at: to.name.range)
    case .aligned:
      let most = max(from.row.counts.count, to.row.counts.count)
      guard depth <= most else {
        list.error("link.match", "'depth' is at most \(most), the steps of the longer path", at: to.name.range)
        return false
      }
      let (left, right) = (from.row.span(depth: depth), to.row.span(depth: depth))
      if max(left, right) % min(left, right) == 0 { return true }
      list.error(
        "link.misaligned", "rows of \(left) and \(right) cannot be aligned: one must be a multiple of the other",
        at: to.name.range)
    default: return true
    }
    return false
  }

  /// The device row that a path names below a block, or nil after an error.
  private mutating func row(_ path: Located<String>, in block: Composition.Block) -> Row? {
    var inside = block
    var counts: [Int] = []
    let steps = names(path.value)
    for (index, step) in steps.enumerated() {
      if index == steps.count - 1, let device = inside.devices.first(where: { $0.name == step }) {
        return Row(device: device, counts: counts + [device.count])
      }
      guard let next = inside.blocks.first(where: { $0.name == step }) else {
        guard !broken.contains(step) else { return nil }
        let isLast = index == steps.count - 1
        let known = isLast ? inside.devices.map(\.name) : inside.blocks.map(\.name)
        list.error(
          "link.unknown-end", "no \(isLast ? "device" : "block") \(excerpt(step)) here in \(excerpt(path.value))",
          at: path.range,
          notes: [
            Suggestions.note(Suggestions.nearest(to: step, among: known))
              ?? (known.isEmpty ? "there are none" : "known here: \(known.joined(separator: ", "))")
          ])
        return nil
      }
      counts.append(next.count)
      inside = next
    }
    list.error(
      "link.unknown-end", "\(excerpt(path.value)) is a block: links join devices", at: path.range,
      notes: ["devices in it: \(inside.devices.map(\.name).joined(separator: ", "))"])
    return nil
  }
}
