public import ClusterModel
public import Quantities
import Routing

/// A cut of a cluster in words: one of its two sides, and the links that traffic must cross.
public struct CutDescription: Sendable, Hashable {
  /// Alike links that cross.
  public struct Links: Sendable, Hashable {
    /// The kind of link.
    public var link: LinkType
    /// The tier they belong to.
    public var tier: Tier
    /// How many there are.
    public var count: Int
  }

  /// The side with fewer ranks, as paths: `rack[0]/tray[0]/gpu[0]`.
  public var side: String
  /// How many ranks it holds.
  public var ranks: Int
  /// How many ranks the other side holds.
  public var others: Int
  /// Whether the traffic enters the side; otherwise it leaves it.
  public var enters: Bool
  /// The links that cross in that direction, those with the largest share first.
  public var links: [Links]
  /// What they carry together.
  public var capacity: Bandwidth

  /// The links with their numbers: `18 nvlink5 and 1 ndr-400g`.
  public var linkNames: String {
    let names = links.map { "\($0.count) \($0.link.name)" }
    return names.count < 3
      ? names.joined(separator: " and ") : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}

extension CutDescription {
  /// Describes a cut.
  /// - Parameter name: The name of a cell of the cut's graph.
  init(_ cut: CapacityBound.Cut, isReversed: Bool, name: (CellID) -> String) {
    let outsideIsSmaller = cut.ranksOutside <= cut.ranksInside
    ranks = min(cut.ranksInside, cut.ranksOutside)
    others = max(cut.ranksInside, cut.ranksOutside)
    enters = outsideIsSmaller != isReversed
    capacity = Bandwidth(bytesPerSecond: cut.capacity.value)
    let cells = cut.topology.cells.indices.filter { cut.isInside[$0] != outsideIsSmaller && cut.isRank[$0] }
    side = CutDescription.side(cells.map { name(CellID($0)) })
    var links: [Links] = []
    for index in cut.arcs {
      let arc = cut.topology.arcs[index]
      let link = cut.topology.link(of: arc)
      let count = arc.linksPerMember * cut.topology.cells[arc.from.index].size
      if let place = links.firstIndex(where: { $0.link == link && $0.tier == arc.tier }) {
        links[place].count += count
      } else {
        links.append(Links(link: link, tier: arc.tier, count: count))
      }
    }
    self.links = links.sorted {
      ($1.link.bandwidth * Double($1.count), $0.tier, $0.link.name)
        < ($0.link.bandwidth * Double($0.count), $1.tier, $1.link.name)
    }
  }

  private static let mostNames = 3

  /// Names of cells as one: their common blocks where these say it, else the first few.
  private static func side(_ names: [String]) -> String {
    guard names.count > 1 else { return names.first ?? "" }
    let paths = names.map { $0.split(separator: "/") }
    let common = (paths.map(\.count).min() ?? 0)
    var prefix: [Substring] = []
    for place in 0..<common {
      let step = paths[0][place]
      guard paths.allSatisfy({ $0[place] == step }), !step.hasSuffix("[*]") else { break }
      prefix.append(step)
    }
    if !prefix.isEmpty { return prefix.joined(separator: "/") }
    let rest = names.count - mostNames
    return names.prefix(mostNames).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
