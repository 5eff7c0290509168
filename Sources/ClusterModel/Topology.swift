/// The canonical graph: cells of alike vertices, and arcs that say how many links leave each member of a cell.
///
/// An irregular fabric is the case where every cell has size 1. The partition is exact in the sense of `TriePartition`.
/// Frozen after construction; arcs are stored by source cell (compressed sparse rows) and by target cell.
public struct Topology: Sendable {
  /// A set of alike vertices.
  public struct Cell: Sendable, Hashable {
    /// The template its members come from.
    public var template: TemplateID
    /// How many vertices it holds; at least 1.
    public var size: Int
    /// The indices that its members take on each axis of the template, in the order of the template's axes.
    public var blocks: [[Range<Int>]]
    /// What its members are.
    public var kind: DeviceKind
    /// Whether traffic of others may pass through.
    public var relays: Bool

    /// A cell of its parts.
    public init(template: TemplateID, size: Int, blocks: [[Range<Int>]], kind: DeviceKind, relays: Bool) {
      self.template = template
      self.size = size
      self.blocks = blocks
      self.kind = kind
      self.relays = relays
    }
  }

  /// Alike directed links from the members of one cell into another.
  public struct Arc: Sendable, Hashable {
    /// The cell that the links leave.
    public var from: CellID
    /// The cell that the links enter.
    public var to: CellID
    /// Links that leave each member of `from` into `to`; `count × size of from = reverse count × size of to`.
    public var linksPerMember: Int
    /// The kind of link: an index into `linkTypes`.
    public var link: Int
    /// The rule it comes from.
    public var rule: RuleID
    /// Whether it runs from the rule's `from` to its `to`.
    public var forward: Bool
    /// The tier that the link belongs to.
    public var tier: Tier

    /// An arc of its parts.
    public init(
      from: CellID, to: CellID, linksPerMember: Int, link: Int, rule: RuleID, forward: Bool, tier: Tier
    ) {
      self.from = from
      self.to = to
      self.linksPerMember = linksPerMember
      self.link = link
      self.rule = rule
      self.forward = forward
      self.tier = tier
    }
  }

  /// The cells.
  public let cells: [Cell]
  /// The arcs, sorted by source cell.
  public let arcs: [Arc]
  /// The kinds of links.
  public let linkTypes: [LinkType]
  /// `outgoing[c]..<outgoing[c + 1]` are the arcs that leave cell `c`.
  public let outgoing: [Int]
  /// Arc indices sorted by target cell.
  public let arcsByTarget: [Int]
  /// `incoming[c]..<incoming[c + 1]` are the places in `arcsByTarget` of the arcs that enter cell `c`.
  public let incoming: [Int]

  /// A graph of cells and arcs; the arcs may come in any order.
  /// - Complexity: O(cells + arcs · log arcs).
  public init(cells: [Cell], arcs unsorted: [Arc], linkTypes: [LinkType]) {
    self.cells = cells
    self.linkTypes = linkTypes
    outgoing = Topology.starts(unsorted.map(\.from), cells: cells.count)
    let arcs = Topology.sorted(unsorted, starts: outgoing)
    self.arcs = arcs
    incoming = Topology.starts(arcs.map(\.to), cells: cells.count)
    var next = incoming
    var byTarget = [Int](repeating: 0, count: arcs.count)
    for (index, arc) in arcs.enumerated() {
      byTarget[next[arc.to.index]] = index
      next[arc.to.index] += 1
    }
    arcsByTarget = byTarget
  }

  /// Sorted by source, target, rule, link and direction: dealt out by source, then each source's few by themselves.
  private static func sorted(_ arcs: [Arc], starts: [Int]) -> [Arc] {
    var places = [Int](repeating: 0, count: arcs.count)
    var next = starts
    for (index, arc) in arcs.enumerated() {
      places[next[arc.from.index]] = index
      next[arc.from.index] += 1
    }
    for cell in starts.indices.dropLast() where starts[cell + 1] - starts[cell] > 1 {
      places[starts[cell]..<starts[cell + 1]].sort { arcs[$0].precedes(arcs[$1]) }
    }
    return places.map { arcs[$0] }
  }

  private static func starts(_ ends: [CellID], cells: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: cells + 1)
    for cell in ends { starts[cell.index + 1] += 1 }
    for index in 0..<cells { starts[index + 1] += starts[index] }
    return starts
  }

  /// How many vertices the graph stands for.
  public var vertexCount: Int { cells.reduce(0) { $0 + $1.size } }
  /// How many directed links the graph stands for.
  public var directedLinkCount: Int { arcs.reduce(0) { $0 + $1.linksPerMember * cells[$1.from.index].size } }
  /// The kind of link that an arc consists of.
  public func link(of arc: Arc) -> LinkType { linkTypes[arc.link] }
}

extension Topology.Arc {
  /// Whether it stands before another one of the same source.
  fileprivate func precedes(_ other: Self) -> Bool {
    if to != other.to { return to < other.to }
    if rule != other.rule { return rule < other.rule }
    if link != other.link { return link < other.link }
    return forward && !other.forward
  }
}
