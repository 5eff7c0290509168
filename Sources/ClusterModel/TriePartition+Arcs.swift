extension TriePartition {
  /// The kinds of links, each once, in the order of the rules and then of the exceptions, so that partitions of one
  /// blueprint number them alike.
  struct LinkTypeTable {
    private(set) var all: [LinkType] = []
    private var places: [LinkType: Int] = [:]

    init(_ blueprint: Blueprint) {
      for rule in blueprint.rules { insert(rule.link) }
      for case .changedLinks(_, _, _, let link) in blueprint.exceptions { insert(link) }
    }

    private mutating func insert(_ link: LinkType) {
      guard places[link] == nil else { return }
      places[link] = all.count
      all.append(link)
    }

    func place(of link: LinkType) -> Int { places[link] ?? 0 }
  }

  /// Joins cells by the wiring rules.
  ///
  /// On a `same` axis two cells are joined when they have the same block; on a `different` axis a member of block P is
  /// joined to all of another block, and to all but itself of P; on a free axis to every index. All three are the same
  /// for every member, whatever the blocks.
  struct ArcBuilder {
    let blueprint: Blueprint
    let selections: SelectionTable
    let blocks: Blocks
    let cells: CellBuilder
    let linkTypes: LinkTypeTable
    var arcs: [Topology.Arc] = []

    init(blueprint: Blueprint, selections: SelectionTable, blocks: Blocks, cells: CellBuilder) {
      self.blueprint = blueprint
      self.selections = selections
      self.blocks = blocks
      self.cells = cells
      linkTypes = LinkTypeTable(blueprint)
    }

    mutating func add(_ id: RuleID) throws(BlueprintError) {
      let rule = blueprint.rules[id.index]
      let from = End(rule: rule, of: rule.from, in: self)
      let to = End(rule: rule, of: rule.to, in: self)
      let changes = Changes(of: id, in: self)
      // A block names the blocks that enclose it, so the innermost shared axes decide whether all are the same.
      let enclosing = Set(rule.same.flatMap { blueprint.ancestors(of: $0) })
      let innermost = rule.same.subtracting(enclosing).sorted()
      let partners = Dictionary(grouping: to.range) { to.path($0, on: innermost) }
      for one in from.range {
        let reachable = changes.reaching(cells.memberships[one], symmetric: rule.from == rule.to)
        for other in partners[from.path(one, on: innermost)] ?? [] {
          let (count, link) = changes.apply(reachable, to: cells.memberships[other], rule: rule)
          let (outward, inward) = partnerCounts(one, from, other, to, different: rule.different)
          guard count > 0, outward > 0 else { continue }
          guard arcs.count + 2 <= arcLimit else { throw .tooManyArcs(limit: arcLimit) }
          let place = linkTypes.place(of: link)
          arcs.append(
            Topology.Arc(
              from: CellID(one), to: CellID(other), linksPerMember: count * outward, link: place, rule: id,
              forward: true, tier: rule.tier))
          // A rule of a template with itself meets every pair of cells in both orders.
          if rule.from != rule.to {
            arcs.append(
              Topology.Arc(
                from: CellID(other), to: CellID(one), linksPerMember: count * inward, link: place, rule: id,
                forward: false, tier: rule.tier))
          }
        }
      }
    }

    /// How many members of each cell a member of the other one is joined to.
    private func partnerCounts(
      _ one: Int, _ from: End, _ other: Int, _ to: End, different: Set<AxisID>
    ) -> (outward: Int, inward: Int) {
      var outward = to.freeMembers(other)
      var inward = from.freeMembers(one)
      for axis in different {
        guard let left = from.path(one, on: [axis]).first, let right = to.path(other, on: [axis]).first else {
          continue
        }
        outward *= blocks.all[right].size - (left == right ? 1 : 0)
        inward *= blocks.all[left].size - (left == right ? 1 : 0)
      }
      return (outward, inward)
    }
  }

  /// One end of a rule: the cells of its template and where the rule's axes stand in their paths.
  struct End {
    let range: Range<Int>
    private let axes: [AxisID]
    private let free: [Int]
    private let builder: ArcBuilder

    init(rule: Blueprint.Rule, of template: TemplateID, in builder: ArcBuilder) {
      let cells = builder.cells.templates[template.index]
      range = cells.range
      axes = cells.axes
      free = cells.axes.indices.filter {
        !rule.same.contains(cells.axes[$0]) && !rule.different.contains(cells.axes[$0])
      }
      self.builder = builder
    }

    /// The cell's blocks on axes of the template.
    func path(_ cell: Int, on chosen: [AxisID]) -> [Int] {
      chosen.compactMap { axes.firstIndex(of: $0) }.map { builder.cells.paths[cell][$0] }
    }

    /// How many members of the cell have the same index on all but the free axes.
    func freeMembers(_ cell: Int) -> Int {
      free.reduce(1) { $0 * builder.blocks.all[builder.cells.paths[cell][$1]].size }
    }
  }
}
