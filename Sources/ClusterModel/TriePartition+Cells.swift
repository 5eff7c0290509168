extension TriePartition {
  /// The cells of one template: products of blocks along its axes.
  struct TemplateCells: Sendable {
    /// The template's axes.
    var axes: [AxisID]
    /// For each axis the place of its parent among the axes.
    var parents: [Int?]
    /// For each axis and each choice of blocks on the axes before it: the number of the first choice that includes this
    /// axis's blocks, which follow in order.
    var offsets: [[Int]]
    /// By choice of blocks on all axes: its cell; nil where absent.
    var cells: [CellID?]
    /// The cells' places in the topology.
    var range: Range<Int>

    /// The cell that holds a vertex; nil where the vertex is absent.
    /// - Complexity: O(axes · log blocks).
    func cell(at indices: [Int], in blocks: Blocks) -> CellID? {
      var prefix = 0
      var path: [Int] = []
      for (place, axis) in axes.enumerated() {
        let family = blocks.family(of: axis, inside: parents[place].map { path[$0] })
        let block = family.block(holding: indices[place])
        prefix = offsets[place][prefix] + block - family.blocks.lowerBound
        path.append(block)
      }
      return cells[prefix]
    }
  }

  /// Collects the cells of all templates.
  struct CellBuilder {
    let blueprint: Blueprint
    let selections: SelectionTable
    let blocks: Blocks
    var templates: [TemplateCells] = []
    var cells: [Topology.Cell] = []
    /// By cell: its block on each axis.
    var paths: [[Int]] = []
    var memberships: [[Int]] = []
    private let everywhere: [Int]
    private var entries = 0

    init(blueprint: Blueprint, selections: SelectionTable, blocks: Blocks) {
      self.blueprint = blueprint
      self.selections = selections
      self.blocks = blocks
      everywhere = selections.all.indices.filter { selections.innermost[$0].isEmpty }
    }

    mutating func add(_ id: TemplateID) throws(BlueprintError) {
      let template = blueprint.templates[id.index]
      let axes = template.axes
      let parents = axes.map { axis in blueprint.axes[axis.index].parent.flatMap { axes.firstIndex(of: $0) } }
      var offsets: [[Int]] = []
      var choices: [[Int]] = [[]]
      for (place, axis) in axes.enumerated() {
        var starts: [Int] = []
        var longer: [[Int]] = []
        for choice in choices {
          let family = blocks.family(of: axis, inside: parents[place].map { choice[$0] })
          guard longer.count + family.blocks.count <= cellLimit - cells.count else {
            throw .tooManyCells(limit: cellLimit)
          }
          starts.append(longer.count)
          for block in family.blocks { longer.append(choice + [block]) }
        }
        offsets.append(starts)
        choices = longer
      }
      let start = cells.count
      let absences = self.absences(of: id)
      var numbered: [CellID?] = []
      for path in choices {
        numbered.append(add(path, of: id, absences: absences))
        guard entries <= entryLimit else { throw .tooManyCells(limit: cellLimit) }
      }
      templates.append(
        TemplateCells(axes: axes, parents: parents, offsets: offsets, cells: numbered, range: start..<cells.count))
    }

    private mutating func add(_ path: [Int], of id: TemplateID, absences: Set<Int>) -> CellID? {
      let template = blueprint.templates[id.index]
      let membership = selectionsHolding(path)
      entries += membership.count
      if membership.contains(where: absences.contains) { return nil }
      cells.append(
        Topology.Cell(
          template: id, size: path.reduce(1) { $0 * blocks.all[$1].size }, blocks: path.map { blocks.all[$0].ranges },
          kind: template.kind, relays: template.relays))
      paths.append(path)
      memberships.append(membership)
      return CellID(cells.count - 1)
    }

    private func absences(of id: TemplateID) -> Set<Int> {
      let absent = blueprint.exceptions.compactMap { exception -> Blueprint.Selection? in
        guard case .absent(let template, let selection) = exception, template ?? id == id else { return nil }
        return selection
      }
      return Set(absent.compactMap { selections.place(of: $0) })
    }

    /// The selections that hold for every vertex of a product of blocks, ascending.
    private func selectionsHolding(_ path: [Int]) -> [Int] {
      var holding = everywhere
      for (place, block) in path.enumerated() {
        for selection in blocks.all[block].settled {
          let innermost = selections.innermost[selection].count
          // With several innermost axes the last of the blocks that list it decides.
          if innermost == 1
            || innermost == path[...place].count(where: { blocks.all[$0].settled.contains(selection) })
          {
            holding.append(selection)
          }
        }
      }
      return holding.sorted()
    }
  }
}
