public import ClusterModel

/// The links of one fabric, told apart by all of several sets of ranks that use it at the same time.
///
/// Each set has a graph of its own, whose arcs are the rows of its load operator: a partition, or single vertices. The
/// links here are the arcs of the coarsest partition that keeps the marks of all sets, or single links where one of the
/// sets asks for them; so each lies wholly inside one row of every set.
public struct CommonLinks: Sendable {
  /// One set of ranks.
  public struct Party: Sendable {
    /// What the rows of its load operator are.
    public enum Rows: Sendable {
      /// The arcs of the partition that the first ranks of an order make.
      case ranks(RankOrder, count: Int)
      /// The arcs of a graph of single vertices.
      case single(Topology)
    }

    /// The fabric as the set has it: the common one, perhaps without accelerators that take no part.
    public var blueprint: Blueprint
    /// Its rows.
    public var rows: Rows
    /// What takes its ranks to where they are; nil: they are there.
    public var turn: AxisTurn?

    /// A set of ranks.
    public init(blueprint: Blueprint, rows: Rows, turn: AxisTurn? = nil) {
      self.blueprint = blueprint
      self.rows = rows
      self.turn = turn
    }
  }

  /// The largest fabric that is looked at link by link, by vertices.
  private static let mostVertices = 20_000

  /// The common graph; its arcs are the links.
  public let topology: Topology
  /// By common link and set: the row of the set's load operator; nil where the set has no such link.
  public let rows: [[Int?]]

  /// - Parameters:
  ///   - blueprint: The fabric with everything in place that some set has.
  ///   - parties: The sets; their blueprints have the same axes, templates and rules.
  /// - Throws: `RoutingError` when a partition does not fit or becomes too large.
  /// - Complexity: O(common links · sets).
  public init(_ blueprint: Blueprint, parties: [Party]) throws(RoutingError) {
    var graphs: [Graph] = []
    var marks: [Blueprint.Selection] = []
    var isSingle = false
    for party in parties {
      switch party.rows {
      case .single(let topology):
        isSingle = true
        graphs.append(Graph(single: topology))
      case .ranks(let order, let count):
        let partition = try RankPartition(party.blueprint, order: order, ranks: count, separatingRails: true)
        let own = partition.marks + party.blueprint.exceptions.flatMap(\.selections)
        marks += party.turn.map { turn in own.map(turn.turned) } ?? own
        graphs.append(Graph(partition.base))
      }
    }
    let topology = try RoutingError.wrapping { [marks, isSingle] () throws(BlueprintError) in
      isSingle
        ? try blueprint.expanded(limit: CommonLinks.mostVertices).topology
        : try TriePartition(blueprint, marking: marks).topology
    }
    let owners = zip(parties, graphs).map { party, graph in
      Owner(graph, turn: party.turn, common: topology, blueprint)
    }
    rows = topology.arcs.map { arc in owners.map { $0.row(of: arc) } }
    self.topology = topology
    for (place, owner) in owners.enumerated() {
      var links = [Int](repeating: 0, count: owner.links.count)
      for (arc, rows) in zip(topology.arcs, rows) {
        if let row = rows[place] { links[row] += arc.linksPerMember * topology.cells[arc.from.index].size }
      }
      guard links == owner.links else { throw .partitionsDiffer }
    }
  }

  /// A set's own graph, and where in it a vertex is.
  private struct Graph {
    let topology: Topology
    let cell: (TemplateID, [Int]) -> CellID?

    init(_ partition: TriePartition) {
      topology = partition.topology
      cell = { partition.cell(of: $0, at: $1) }
    }

    init(single topology: Topology) {
      self.topology = topology
      let places = Dictionary(
        topology.cells.enumerated().map { place, cell in
          ([cell.template.index] + cell.blocks.map { $0.first?.lowerBound ?? 0 }, CellID(place))
        }, uniquingKeysWith: { first, _ in first })
      cell = { places[[$0.index] + $1] }
    }
  }

  /// What a set's graph says of the common one.
  private struct Owner {
    private struct Key: Hashable {
      var from: Int
      var to: Int
      var rule: RuleID
      var forward: Bool
      var link: LinkType
    }

    /// By row: how many links it stands for.
    let links: [Int]
    private let rowOf: [Key: Int]
    /// By common cell: the own one that it is part of; nil where the set lacks it.
    private let cells: [Int?]
    private let linkTypes: [LinkType]

    init(_ own: Graph, turn: AxisTurn?, common: Topology, _ blueprint: Blueprint) {
      let topology = own.topology
      links = topology.arcs.map { $0.linksPerMember * topology.cells[$0.from.index].size }
      rowOf = Dictionary(
        topology.arcs.enumerated().map { row, arc in
          let link = topology.link(of: arc)
          return (Key(from: arc.from.index, to: arc.to.index, rule: arc.rule, forward: arc.forward, link: link), row)
        }, uniquingKeysWith: { first, _ in first })
      linkTypes = common.linkTypes
      cells = common.cells.map { cell in
        let axes = blueprint.templates[cell.template.index].axes
        let indices = zip(axes, cell.blocks).map { axis, block in
          let index = block.first?.lowerBound ?? 0
          return turn.map { $0.axis == axis ? $0.origin(of: index) : index } ?? index
        }
        return own.cell(cell.template, indices)?.index
      }
    }

    func row(of arc: Topology.Arc) -> Int? {
      guard let from = cells[arc.from.index], let to = cells[arc.to.index] else { return nil }
      return rowOf[Key(from: from, to: to, rule: arc.rule, forward: arc.forward, link: linkTypes[arc.link])]
    }
  }
}
