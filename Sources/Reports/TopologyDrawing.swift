import ClusterModel
import Estimation
import Quantities

/// A topology as a person draws it on a whiteboard: a card for each kind of device with how many there are, the tiers
/// of the fabric above, what one NVLink domain or box holds below, and the links between them.
struct TopologyDrawing: Figure {
  /// Alike rows of devices: one row, or the same row of several planes.
  struct Card: Sendable {
    /// The names of the rows.
    var names: [String]
    /// The name that stands on the card.
    var name: String
    var part: String
    var kind: DeviceKind
    /// All devices of the rows.
    var count: Int
    /// Devices that are not there: failed, or not built.
    var missing: Int
  }

  /// Alike links between two cards.
  struct Wire: Sendable {
    var ends: (Int, Int)
    /// The kind of link with its rate.
    var label: String
    /// Links that are not there.
    var missing: Int
    var link: String
    var tier: Tier
  }

  let title: String
  let cards: [Card]
  let wires: [Wire]
  /// How many domains or boxes there are, and what one is called.
  let domains: (count: Int, name: String)
  /// What the links of a kind and tier decide, to be marked.
  let decisions: [Decision]

  /// Links that decide something.
  struct Decision: Sendable, Hashable {
    var link: String
    var tier: Tier
    /// What they decide: `all-reduce at 16 GiB`.
    var what: String
  }

  /// The share of the time that the busiest link of a kind carries bytes.
  struct Heat: Sendable, Hashable {
    var link: String
    var tier: Tier
    var share: Double
  }

  /// How busy the kinds of links are; empty: nothing is said of it.
  private(set) var heat: [Heat] = []

  /// The layout with how busy one collective keeps its links.
  init(_ description: Description, uses estimate: Estimate) {
    self.init(
      description,
      decisions: estimate.bottleneck.map { [Decision(link: $0.link, tier: $0.tier, what: "at \(estimate.bytes)")] }
        ?? [])
    guard estimate.time > .zero else { return }
    heat = estimate.links.map { Heat(link: $0.link, tier: $0.tier, share: min(1, $0.time / estimate.time)) }
  }

  init(_ description: Description, decisions: [Decision] = []) {
    let gpus = counted(description.acceleratorCount, "GPU")
    title = "\(shortened(printable(description.subject.title), to: 60)): \(gpus)"
    self.decisions = decisions
    let cards = TopologyDrawing.cards(of: description)
    self.cards = cards
    wires = TopologyDrawing.wires(of: description, between: cards)
    let inner = description.tiers.last { $0.tier == .rack } ?? description.tiers.last { $0.tier == .board }
    domains = (inner?.groups ?? 1, inner?.tier == .rack ? "rack" : "box")
  }

  /// Rows of one kind and part whose names differ in a last part only, as those of planes and rails do.
  private static func cards(of description: Description) -> [Card] {
    var cards: [Card] = []
    for row in description.devices {
      let stem = row.name.split(separator: "-").dropLast().joined(separator: "-")
      let plain = stem.isEmpty ? row.name : stem
      let isSibling: (Card) -> Bool = {
        $0.kind == row.kind && $0.part == row.part && ($0.name == plain || $0.name == row.name)
      }
      if let card = cards.firstIndex(where: isSibling), row.name.contains("-") {
        cards[card].names.append(row.name)
        cards[card].count += row.count
        cards[card].missing += row.missing
        cards[card].name = plain
      } else {
        cards.append(
          Card(
            names: [row.name], name: row.name, part: row.part, kind: row.kind, count: row.count, missing: row.missing))
      }
    }
    return cards
  }

  private static func wires(of description: Description, between cards: [Card]) -> [Wire] {
    var wires: [Wire] = []
    for row in description.links where row.between.count == 2 {
      guard let first = cards.firstIndex(where: { $0.names.contains(row.between[0]) }),
        let second = cards.firstIndex(where: { $0.names.contains(row.between[1]) })
      else { continue }
      let ends = (min(first, second), max(first, second))
      guard !wires.contains(where: { $0.ends == ends && $0.link == row.link.name && $0.tier == row.tier }) else {
        continue
      }
      let each = row.perMember > 1 ? "\(DecimalPrefix.significant(row.perMember, digits: 2)) × " : ""
      wires.append(
        Wire(
          ends: ends, label: "\(each)\(row.link.name), \(row.link.bandwidth)", missing: row.missing,
          link: row.link.name, tier: row.tier))
    }
    return wires
  }

  /// Cards in rows from the outermost switches inwards: a card stands one row below the nearest that it is linked to.
  var rows: [[Int]] {
    var depths = [Int?](repeating: nil, count: cards.count)
    let fabric = cards.indices.filter { cards[$0].kind == .networkSwitch }
    let start = fabric.first ?? cards.indices.first { cards[$0].kind == .accelerator } ?? 0
    var frontier = cards.isEmpty ? [] : [start]
    var depth = 0
    var remaining = Set(cards.indices)
    while !remaining.isEmpty {
      if frontier.isEmpty { frontier = [remaining.min() ?? 0] }
      for card in frontier { depths[card] = depth }
      remaining.subtract(frontier)
      let reached = wires.flatMap { wire in
        [(wire.ends.0, wire.ends.1), (wire.ends.1, wire.ends.0)].filter { frontier.contains($0.0) }.map(\.1)
      }
      frontier = Set(reached).intersection(remaining).sorted()
      depth += 1
    }
    return (0..<depth).map { row in cards.indices.filter { depths[$0] == row } }
  }

  /// Whether a card belongs to one domain or box rather than to the fabric.
  func isInside(_ card: Int) -> Bool { cards[card].kind != .networkSwitch }
}
