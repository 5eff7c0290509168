extension Blueprint {
  /// The fabric as an explicit graph whose cells all have size 1, for small fabrics and as the reference of the
  /// partition, with which it shares no code.
  /// - Parameter limit: The most vertices; 16 times as many arcs are allowed.
  /// - Returns: The graph in the order of templates and, within one, of the mixed-radix number of the indices on its
  ///   axes; and for each cell those indices.
  /// - Throws: `BlueprintError` when the blueprint is not valid or the graph would exceed the limit.
  /// - Complexity: O(vertices + linked pairs × exceptions).
  public func expanded(limit: Int = 200_000) throws(BlueprintError) -> (topology: Topology, indices: [[Int]]) {
    if let error = validate().first { throw error }
    guard templates.indices.allSatisfy({ vertexCount(of: TemplateID($0)) <= limit }) else {
      throw .expansionLimit(limit: limit)
    }
    var expansion = Expansion(blueprint: self)
    for template in templates.indices {
      expansion.addVertices(of: TemplateID(template))
      guard expansion.cells.count <= limit else { throw .expansionLimit(limit: limit) }
    }
    for rule in rules.indices {
      guard expansion.addArcs(of: RuleID(rule), limit: 16 * limit) else { throw .expansionLimit(limit: limit) }
    }
    let topology = Topology(cells: expansion.cells, arcs: expansion.arcs, linkTypes: expansion.linkTypes)
    return (topology, expansion.indices)
  }
}

extension Blueprint.Selection {
  /// Whether a vertex is selected: it has all the selection's axes and its index on each is in range.
  func contains(_ indices: [Int], on axes: [AxisID]) -> Bool {
    ranges.allSatisfy { axis, ranges in
      guard let place = axes.firstIndex(of: axis) else { return false }
      return ranges.contains { $0.contains(indices[place]) }
    }
  }
}

private struct Expansion {
  let blueprint: Blueprint
  var cells: [Topology.Cell] = []
  var arcs: [Topology.Arc] = []
  var linkTypes: [LinkType] = []
  var indices: [[Int]] = []
  var vertices: [Range<Int>] = []

  init(blueprint: Blueprint) { self.blueprint = blueprint }

  mutating func addVertices(of id: TemplateID) {
    let template = blueprint.templates[id.index]
    let axes = template.axes
    let start = cells.count
    for number in 0..<blueprint.vertexCount(of: id) {
      var rest = number
      var digits = axes.map { _ in 0 }
      for place in axes.indices.reversed() {
        (rest, digits[place]) = rest.quotientAndRemainder(dividingBy: blueprint.axes[axes[place].index].size)
      }
      if isAbsent(digits, id) { continue }
      indices.append(digits)
      cells.append(
        Topology.Cell(
          template: id, size: 1, blocks: digits.map { [$0..<$0 + 1] }, kind: template.kind, relays: template.relays))
    }
    vertices.append(start..<cells.count)
  }

  func isAbsent(_ digits: [Int], _ id: TemplateID) -> Bool {
    blueprint.exceptions.contains { exception in
      guard case .absent(let template, let selection) = exception, template ?? id == id else { return false }
      return selection.contains(digits, on: blueprint.templates[id.index].axes)
    }
  }

  /// Adds the links of a rule unless that would make more arcs than the limit.
  mutating func addArcs(of id: RuleID, limit: Int) -> Bool {
    let rule = blueprint.rules[id.index]
    if let shift = rule.shift { return addRing(shift, of: id, limit: limit) }
    let fromAxes = blueprint.templates[rule.from.index].axes
    let toAxes = blueprint.templates[rule.to.index].axes
    let same = rule.same.sorted()
    let different = rule.different.sorted()
    func digits(_ cell: Int, _ chosen: [AxisID], of axes: [AxisID]) -> [Int] {
      chosen.compactMap { axes.firstIndex(of: $0) }.map { indices[cell][$0] }
    }
    let partners = Dictionary(grouping: vertices[rule.to.index]) { digits($0, same, of: toAxes) }
    for from in vertices[rule.from.index] {
      let own = digits(from, different, of: fromAxes)
      for to in partners[digits(from, same, of: fromAxes)] ?? [] {
        guard zip(own, digits(to, different, of: toAxes)).allSatisfy({ $0 != $1 }) else { continue }
        append(from, to, id)
        if arcs.count > limit { return false }
      }
    }
    return true
  }

  private mutating func addRing(_ shift: Blueprint.Shift, of id: RuleID, limit: Int) -> Bool {
    let rule = blueprint.rules[id.index]
    let axes = blueprint.templates[rule.from.index].axes
    let vertices = self.vertices[rule.from.index]
    let cellAt = Dictionary(uniqueKeysWithValues: vertices.map { (indices[$0], $0) })
    for from in vertices {
      var digits = indices[from]
      var isEnd = true
      for (place, axis) in axes.enumerated() {
        if axis == shift.axis { digits[place] = (digits[place] + shift.by) % blueprint.axes[axis.index].size }
        guard let fixed = shift.places.first(where: { $0.axis == axis }) else { continue }
        isEnd = isEnd && digits[place] == fixed.from
        digits[place] = fixed.to
      }
      guard isEnd, let to = cellAt[digits] else { continue }
      append(from, to, id)
      if arcs.count > limit { return false }
    }
    return true
  }

  mutating func append(_ from: Int, _ to: Int, _ id: RuleID) {
    let rule = blueprint.rules[id.index]
    let (count, link) = links(between: indices[from], and: indices[to], of: id)
    guard count > 0 else { return }
    let index = linkTypes.firstIndex(of: link) ?? linkTypes.count
    if index == linkTypes.count { linkTypes.append(link) }
    arcs.append(
      Topology.Arc(
        from: CellID(from), to: CellID(to), linksPerMember: count, link: index, rule: id, forward: true,
        tier: rule.tier))
    // A mesh of a template with itself meets every pair in both orders.
    if !blueprint.meetsPairsTwice(rule) {
      arcs.append(
        Topology.Arc(
          from: CellID(to), to: CellID(from), linksPerMember: count, link: index, rule: id, forward: false,
          tier: rule.tier))
    }
  }

  func links(between from: [Int], and to: [Int], of id: RuleID) -> (count: Int, link: LinkType) {
    let rule = blueprint.rules[id.index]
    let fromAxes = blueprint.templates[rule.from.index].axes
    let toAxes = blueprint.templates[rule.to.index].axes
    func selected(_ one: Blueprint.Selection, _ other: Blueprint.Selection) -> Bool {
      one.contains(from, on: fromAxes) && other.contains(to, on: toAxes)
        || rule.from == rule.to && one.contains(to, on: toAxes) && other.contains(from, on: fromAxes)
    }
    var count = rule.linksPerPair
    var link = rule.link
    for exception in blueprint.exceptions {
      switch exception {
      case .failedLinks(id, let one, let other, let failed) where selected(one, other):
        count -= min(count, failed ?? count)
      case .changedLinks(id, let one, let other, let changed) where selected(one, other):
        link = changed
      default:
        break
      }
    }
    return (count, link)
  }
}
