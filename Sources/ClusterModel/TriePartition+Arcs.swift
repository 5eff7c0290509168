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
    private var entries = 0
    /// Cells by their indices on axes without symmetry.
    private var placed: [PlacedTemplate: [[Int]: [Int]]] = [:]

    init(blueprint: Blueprint, selections: SelectionTable, blocks: Blocks, cells: CellBuilder) {
      self.blueprint = blueprint
      self.selections = selections
      self.blocks = blocks
      self.cells = cells
      linkTypes = LinkTypeTable(blueprint)
    }

    mutating func add(_ id: RuleID) throws(BlueprintError) {
      let rule = blueprint.rules[id.index]
      if let shift = rule.shift { return try add(id, shift) }
      let isMesh = rule.from == rule.to
      // A block names the blocks that enclose it, so the innermost shared axes decide whether all are the same.
      let enclosing = Set(rule.same.flatMap { blueprint.ancestors(of: $0) })
      let shared = rule.same.subtracting(enclosing).sorted()
      let different = rule.different.sorted()
      let sources = ends(of: rule.from, rule: rule, shared: shared, different: different)
      let targets = isMesh ? sources : ends(of: rule.to, rule: rule, shared: shared, different: different)
      let partners = Dictionary(grouping: targets.indices) { targets[$0].shared }
      let changes = Changes(of: id, blueprint: blueprint, selections: selections, linkTypes: linkTypes)
      for source in sources {
        let reaching = changes.reaching(cells.memberships[source.cell], symmetric: isMesh)
        for target in partners[source.shared] ?? [] {
          let target = targets[target]
          entries += 1 + reaching.count
          guard arcs.count + 2 <= arcLimit, entries <= entryLimit else { throw .tooManyArcs(limit: arcLimit) }
          let (count, link) = changes.apply(reaching, to: cells.memberships[target.cell])
          let outward = count * partnerCount(from: source, to: target)
          guard outward > 0 else { continue }
          arcs.append(
            Topology.Arc(
              from: CellID(source.cell), to: CellID(target.cell), linksPerMember: outward, link: link, rule: id,
              forward: true, tier: rule.tier))
          // A rule of a template with itself meets every pair of cells in both orders.
          if isMesh { continue }
          let inward = count * partnerCount(from: target, to: source)
          arcs.append(
            Topology.Arc(
              from: CellID(target.cell), to: CellID(source.cell), linksPerMember: inward, link: link, rule: id,
              forward: false, tier: rule.tier))
        }
      }
    }

    /// Joins each cell to the one so far round an axis: as the axis is split wholly or not at all, there is one.
    private mutating func add(_ id: RuleID, _ shift: Blueprint.Shift) throws(BlueprintError) {
      let rule = blueprint.rules[id.index]
      let template = cells.templates[rule.from.index]
      let changes = Changes(of: id, blueprint: blueprint, selections: selections, linkTypes: linkTypes)
      let meetsTwice = blueprint.meetsPairsTwice(rule)
      for source in sources(of: rule.from, at: shift.places) {
        guard let target = neighbour(of: source, shift, in: template) else { continue }
        let reaching = changes.reaching(cells.memberships[source], symmetric: true)
        entries += 1 + reaching.count
        guard arcs.count + 2 <= arcLimit, entries <= entryLimit else { throw .tooManyArcs(limit: arcLimit) }
        let (count, link) = changes.apply(reaching, to: cells.memberships[target.index])
        guard count > 0 else { continue }
        arcs.append(
          Topology.Arc(
            from: CellID(source), to: target, linksPerMember: count, link: link, rule: id, forward: true,
            tier: rule.tier))
        if meetsTwice { continue }
        arcs.append(
          Topology.Arc(
            from: target, to: CellID(source), linksPerMember: count, link: link, rule: id, forward: false,
            tier: rule.tier))
      }
    }

    /// The cells of a template that have the places' first indices.
    private mutating func sources(of id: TemplateID, at places: [Blueprint.Shift.Place]) -> [Int] {
      let template = cells.templates[id.index]
      guard !places.isEmpty else { return Array(template.range) }
      let axes = places.map(\.axis)
      let key = PlacedTemplate(template: id, axes: axes)
      if placed[key] == nil {
        let own = axes.compactMap { axis in template.axes.firstIndex(of: axis) }
        placed[key] = Dictionary(grouping: template.range) { cell in
          own.map { blocks.all[cells.paths[cell][$0]].ranges.first?.lowerBound ?? 0 }
        }
      }
      return placed[key]?[places.map(\.from)] ?? []
    }

    private func neighbour(of cell: Int, _ shift: Blueprint.Shift, in template: TemplateCells) -> CellID? {
      let path = cells.paths[cell]
      let indices = template.axes.enumerated().map { place, axis in
        if let fixed = shift.places.first(where: { $0.axis == axis }) { return fixed.to }
        let index = blocks.all[path[place]].ranges.first?.lowerBound ?? 0
        return axis == shift.axis ? (index + shift.by) % blueprint.axes[axis.index].size : index
      }
      return template.cell(at: indices, in: blocks)
    }

    /// A template with axes by which its cells have been sorted.
    private struct PlacedTemplate: Hashable {
      var template: TemplateID
      var axes: [AxisID]
    }

    /// What a rule sees of a cell at one of its ends.
    private struct End {
      var cell: Int
      /// Its blocks on the innermost axes that both ends share.
      var shared: [Int]
      /// Its blocks on the axes on which the ends differ.
      var different: [Int]
      /// How many members have the same index on all but the free axes.
      var freeMembers: Int
    }

    private func ends(
      of template: TemplateID, rule: Blueprint.Rule, shared: [AxisID], different: [AxisID]
    ) -> [End] {
      let axes = cells.templates[template.index].axes
      let sharedPlaces = shared.compactMap { axes.firstIndex(of: $0) }
      let differentPlaces = different.compactMap { axes.firstIndex(of: $0) }
      let free = axes.indices.filter { !rule.same.contains(axes[$0]) && !rule.different.contains(axes[$0]) }
      return cells.templates[template.index].range.map { cell in
        let path = cells.paths[cell]
        return End(
          cell: cell, shared: sharedPlaces.map { path[$0] }, different: differentPlaces.map { path[$0] },
          freeMembers: free.reduce(1) { $0 * blocks.all[path[$1]].size })
      }
    }

    /// How many members of a cell each member of another one is joined to.
    private func partnerCount(from: End, to: End) -> Int {
      zip(from.different, to.different).reduce(to.freeMembers) { product, pair in
        product * (blocks.all[pair.1].size - (pair.0 == pair.1 ? 1 : 0))
      }
    }
  }
}
