extension TriePartition {
  /// The selections that split axes, each once, with what the walk over the axes asks of them.
  struct SelectionTable: Sendable {
    /// The selections.
    private(set) var all: [Blueprint.Selection] = []
    /// By selection: the axes that it constrains while it constrains none inside them.
    private(set) var innermost: [Set<AxisID>] = []
    private var places: [Blueprint.Selection: Int] = [:]
    /// By selection: the axes that enclose one that it constrains.
    private var enclosing: [Set<AxisID>] = []

    /// The place of a selection, added if it is new.
    mutating func insert(_ selection: Blueprint.Selection, in blueprint: Blueprint) -> Int {
      if let place = places[selection] { return place }
      let constrained = Set(selection.ranges.keys)
      let around = Set(constrained.flatMap { blueprint.ancestors(of: $0) })
      places[selection] = all.count
      all.append(selection)
      innermost.append(constrained.subtracting(around))
      enclosing.append(around)
      return all.count - 1
    }

    /// The place of a selection that is in the table.
    func place(of selection: Blueprint.Selection) -> Int? { places[selection] }

    /// The indices of an axis that a selection is constrained to; nil: all.
    func ranges(of selection: Int, on axis: AxisID) -> [Range<Int>]? { all[selection].ranges[axis] }

    /// Whether a selection constrains an axis inside this one.
    func constrains(_ selection: Int, inside axis: AxisID) -> Bool { enclosing[selection].contains(axis) }

    /// Whether a selection has an innermost constraint on an axis.
    func settles(_ selection: Int, on axis: AxisID) -> Bool { innermost[selection].contains(axis) }
  }
}
