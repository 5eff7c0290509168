/// The exact partition of a blueprint's vertices into cells of alike ones, without expansion.
///
/// Indices of an axis may be permuted independently in every instance of its scope without changing the wiring; these
/// permutations form a wreath product. A ring's indices may be moved on together: it stays whole, or is split into
/// single indices. A selection splits an axis only where its constraints on the enclosing axes hold, and the cells are the orbits of the permutations that keep every selection in place. So the partition is
/// equitable for every wiring rule, also after the exceptions, whose selections are among those that split: each pair
/// of cells lies wholly inside or outside of an exception. Cells grow additively with the selections.
package struct TriePartition: Sendable {
  /// The most cells, and blocks of axes, of a partition.
  static let cellLimit = 1_000_000
  /// The most arcs of a partition.
  static let arcLimit = 4_000_000
  /// The most entries in lists of selections, by block and by cell, and the most pairs of cells with exceptions met
  /// while joining: selections that overlap in most cells make the work grow with their number times that of the cells.
  static let entryLimit = 8_000_000

  /// The graph of cells and arcs.
  package let topology: Topology
  package let blueprint: Blueprint
  let selections: SelectionTable
  let blocks: Blocks
  let templates: [TemplateCells]
  /// By cell: the selections that it lies in, ascending.
  let memberships: [[Int]]

  /// Partitions a blueprint.
  /// - Parameter marks: Selections that cells must lie wholly inside or outside of.
  /// - Throws: `BlueprintError` when the blueprint or a mark is not valid, or the partition exceeds the limits.
  /// - Complexity: O(cells + arcs + size of the blueprint) on average.
  package init(_ blueprint: Blueprint, marking marks: [Blueprint.Selection]) throws(BlueprintError) {
    if let error = blueprint.validate().first { throw error }
    try self.init(valid: blueprint, marking: marks)
  }

  /// Partitions the same blueprint with further marks.
  package func marking(_ marks: [Blueprint.Selection]) throws(BlueprintError) -> TriePartition {
    try TriePartition(valid: blueprint, marking: marks)
  }

  private init(valid blueprint: Blueprint, marking marks: [Blueprint.Selection]) throws(BlueprintError) {
    if let error = marks.flatMap(blueprint.markErrors).first { throw error }
    var selections = SelectionTable()
    for selection in marks + blueprint.exceptions.flatMap(\.selections) {
      _ = selections.insert(selection, in: blueprint)
    }
    self.blueprint = blueprint
    self.selections = selections
    blocks = try Blocks(axes: blueprint.axes, selections: selections)
    var builder = CellBuilder(blueprint: blueprint, selections: selections, blocks: blocks)
    for template in blueprint.templates.indices { try builder.add(TemplateID(template)) }
    templates = builder.templates
    memberships = builder.memberships
    var wiring = ArcBuilder(blueprint: blueprint, selections: selections, blocks: blocks, cells: builder)
    for rule in blueprint.rules.indices { try wiring.add(RuleID(rule)) }
    topology = Topology(cells: builder.cells, arcs: wiring.arcs, linkTypes: wiring.linkTypes.all)
  }

  /// The cell that holds a vertex; nil where the vertex is absent.
  /// - Parameter indices: Its index on each axis of the template, each within the axis.
  /// - Complexity: O(axes · log blocks).
  package func cell(of template: TemplateID, at indices: [Int]) -> CellID? {
    templates[template.index].cell(at: indices, in: blocks)
  }

  /// Whether a cell lies in a selection that was marked or belongs to an exception.
  package func cell(_ cell: CellID, isIn selection: Blueprint.Selection) -> Bool {
    selections.place(of: selection).map { memberships[cell.index].contains($0) } ?? false
  }
}

extension Blueprint {
  /// The canonical graph: cells of alike vertices and arcs between them, never expanded.
  ///
  /// The cells are the orbits of the permutations that keep the blueprint, its exceptions and the marks (see
  /// `TriePartition`); a cell marked down to one vertex may serve as an exact source or destination.
  /// - Parameter marks: Selections that cells must lie wholly inside or outside of.
  /// - Throws: `BlueprintError` when the blueprint or a mark is not valid, or the partition exceeds a million cells or
  ///   four million arcs.
  /// - Complexity: O(cells + arcs + size of the blueprint) on average.
  public func topology(marking marks: [Selection] = []) throws(BlueprintError) -> Topology {
    try TriePartition(self, marking: marks).topology
  }
}

extension Blueprint.Exception {
  /// The selections that must be unions of cells for the exception to keep the partition equitable.
  package var selections: [Blueprint.Selection] {
    switch self {
    case .absent(_, let selection): [selection]
    case .failedLinks(_, let from, let to, _), .changedLinks(_, let from, let to, _): [from, to]
    }
  }
}
