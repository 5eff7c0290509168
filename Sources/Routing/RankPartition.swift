import ClusterModel

/// The first ranks of a rank order as whole cells of a partition.
struct RankPartition: Sendable {
  let order: RankOrder
  /// The partition in which every accelerator cell is wholly in use or not.
  var base: TriePartition
  /// By cell of `base`: the segment that its members are ranks of; nil where they are not in use.
  var segments: [Int?]
  /// By segment: the place of each digit's axis among the template's axes.
  let places: [[Int]]
  var marks: [Blueprint.Selection]
  /// By segment: trailing digits whose index means the same in every instance of its axis's scope.
  private let coupledDigits: [Int]
  /// By segment and number of leading digits that two of its ranks have in common: the level of their smallest common
  /// group.
  private let levelsInCommon: [[Int?]]
  /// By two segments: the level of the smallest group that holds all their ranks.
  private let sharedLevels: [[Int?]]

  /// Finds the cells of the first ranks.
  /// - Parameters:
  ///   - ranks: How many; nil: all in use.
  ///   - separatingRails: Whether cells must tell rails apart everywhere: then an index of a rail's axis means the same
  ///     in every instance of its scope, as aligned traffic asks.
  init(
    _ blueprint: Blueprint, order: RankOrder, ranks: Int?, separatingRails: Bool
  ) throws(RoutingError) {
    self.order = order
    places = try RankPartition.places(blueprint, order)
    let whole = try RoutingError.wrapping { () throws(BlueprintError) in
      try TriePartition(blueprint, marking: order.segments.compactMap { $0.restriction(in: blueprint) })
    }
    let inUse = try RanksInUse(blueprint, order: order, ranks: ranks, partition: whole, places: places)
    var marks = inUse.selections.flatMap { $0 ?? [] }
    coupledDigits = order.segments.indices.map { segment in
      let digits = order.segments[segment].digits.count
      return max(
        separatingRails ? order.railDigits[segment] : 0, order.groupDigits.map { digits - $0.upperBound } ?? 0)
    }
    marks += RankPartition.coupledMarks(blueprint, order, coupledDigits, marks)
    self.marks = marks
    levelsInCommon = order.segments.indices.map { segment in
      (0...order.segments[segment].digits.count).map { common in
        order.levels.firstIndex { $0.leadingDigits[segment] <= common }
      }
    }
    sharedLevels = order.segments.indices.map { segment in
      order.segments.indices.map { other in
        order.levels.firstIndex { $0.leadingDigits[segment] == 0 && $0.leadingDigits[other] == 0 }
      }
    }
    base = try RoutingError.wrapping { [marks] () throws(BlueprintError) in try whole.marking(marks) }
    segments = base.topology.cells.indices.map { [base] cell in
      inUse.selections.indices.first { segment in
        order.segments[segment].template == base.topology.cells[cell].template
          && inUse.selections[segment].map { $0.contains { base.cell(CellID(cell), isIn: $0) } } ?? false
      }
    }
  }

  /// The cells of ranks in use.
  var orbits: [CellID] { segments.indices.filter { segments[$0] != nil }.map { CellID($0) } }

  /// How many ranks are in use.
  var ranks: Int { orbits.reduce(0) { $0 + base.topology.cells[$1.index].size } }

  static func places(_ blueprint: Blueprint, _ order: RankOrder) throws(RoutingError) -> [[Int]] {
    var places: [[Int]] = []
    var templates: Set<TemplateID> = []
    for (index, segment) in order.segments.enumerated() {
      guard blueprint.templates.indices.contains(segment.template.index), templates.insert(segment.template).inserted,
        order.railDigits.indices.contains(index), (0...segment.digits.count).contains(order.railDigits[index]),
        segment.inUse.values.allSatisfy({ $0 >= 1 })
      else { throw .segment(index) }
      let axes = blueprint.templates[segment.template.index].axes
      let own = segment.digits.compactMap { axes.firstIndex(of: $0) }
      guard own.count == segment.digits.count, Set(own).count == axes.count, own.count == axes.count,
        segment.digits.enumerated().allSatisfy({ place, axis in
          guard blueprint.axes.indices.contains(axis.index) else { return false }
          return blueprint.axes[axis.index].parent.map { segment.digits[..<place].contains($0) } ?? true
        })
      else { throw .segment(index) }
      places.append(own)
    }
    for (index, level) in order.levels.enumerated() {
      guard level.leadingDigits.count == order.segments.count else { throw .level(index) }
      for (segment, leading) in level.leadingDigits.enumerated() {
        let most = index == 0 ? order.segments[segment].digits.count : order.levels[index - 1].leadingDigits[segment]
        guard (0...most).contains(leading) else { throw .level(index) }
      }
    }
    if let group = order.groupDigits, order.segments.count != 1 || group.upperBound > order.segments[0].digits.count {
      throw .segment(0)
    }
    if let outermost = order.levels.last, outermost.leadingDigits.contains(where: { $0 != 0 }) {
      throw .level(order.levels.count - 1)
    }
    return places
  }

  /// Every selection's constraint on the axis of a coupled digit, for all instances of its scope.
  private static func coupledMarks(
    _ blueprint: Blueprint, _ order: RankOrder, _ coupled: [Int], _ marks: [Blueprint.Selection]
  ) -> [Blueprint.Selection] {
    let axes = Set(order.segments.indices.flatMap { order.segments[$0].digits.suffix(coupled[$0]) })
    let selections = marks + blueprint.exceptions.flatMap(\.selections)
    return axes.sorted().flatMap { axis in
      Set(selections.compactMap { $0.ranges[axis] }).map { Blueprint.Selection([axis: $0]) }
    }
  }
}

extension RankPartition {
  /// How another rank of the same group stands to a given one.
  struct Relation: Hashable {
    /// The level of their smallest common group.
    var level: Int
    /// Whether they are on the same rail.
    var aligned: Bool

    func isIn(_ traffic: TrafficClass) -> Bool {
      guard case .peers(let level, let aligned) = traffic else { return false }
      return level == self.level && (!aligned || self.aligned)
    }
  }

  /// The partition with one rank singled out.
  struct Refinement {
    var topology: Topology
    /// The cell of the rank singled out.
    var destination: CellID
    /// By cell: the cell of the base partition that it is part of.
    var baseCells: [CellID]
    /// By cell: how its members stand to the rank; nil where they are not ranks of its group, and for the rank itself.
    var relations: [Relation?]
  }

  /// Singles out one rank of an orbit; by symmetry it does not matter which.
  func refinement(of orbit: CellID) throws(RoutingError) -> Refinement? {
    guard let segment = segments[orbit.index] else { return nil }
    let template = order.segments[segment].template
    let indices = firstIndices(base.topology.cells[orbit.index])
    let digits = places[segment].map { indices[$0] }
    let axes = base.blueprint.templates[template.index].axes
    var marks = self.marks
    marks.append(Blueprint.Selection(Dictionary(uniqueKeysWithValues: zip(axes, indices.map { [$0..<$0 + 1] }))))
    marks += coupledMarks(digits, of: segment)
    let partition = try RoutingError.wrapping { [marks] () throws(BlueprintError) in try base.marking(marks) }
    guard let destination = partition.cell(of: template, at: indices) else { return nil }
    let cells = partition.topology.cells
    let baseCells = cells.compactMap { base.cell(of: $0.template, at: firstIndices($0)) }
    let relations = cells.indices.map { cell -> Relation? in
      guard cell != destination.index, let other = segments[baseCells[cell].index] else { return nil }
      return relation(of: cells[cell], in: other, to: digits, in: segment)
    }
    return Refinement(
      topology: partition.topology, destination: destination, baseCells: baseCells, relations: relations)
  }

  func firstIndices(_ cell: Topology.Cell) -> [Int] { cell.blocks.map { $0.first?.lowerBound ?? 0 } }

  /// The index that a rank has on the axis of each coupled digit, for all instances of its scope.
  func coupledMarks(_ digits: [Int], of segment: Int) -> [Blueprint.Selection] {
    let coupled = digits.suffix(coupledDigits[segment])
    return order.segments.indices.filter { coupledDigits[$0] == coupled.count }.flatMap { other in
      zip(order.segments[other].digits.suffix(coupled.count), coupled).compactMap { axis, index in
        index < base.blueprint.axes[axis.index].size ? Blueprint.Selection([axis: [index..<index + 1]]) : nil
      }
    }
  }

  private func relation(of cell: Topology.Cell, in other: Int, to digits: [Int], in segment: Int) -> Relation? {
    relation(in: other, to: digits, in: segment) { holds(cell, other, digit: $0, $1) }
  }

  /// The axes whose indices mean the same in every instance of their scopes.
  var coupledAxes: Set<AxisID> {
    Set(order.segments.indices.flatMap { order.segments[$0].digits.suffix(coupledDigits[$0]) })
  }

  /// How the members of a part of a cell of one segment stand to a rank of another.
  /// - Parameter holds: Whether a digit of the part's members is an index.
  @inline(__always)
  func relation(
    in other: Int, to digits: [Int], in segment: Int, holds: (_ digit: Int, _ index: Int) -> Bool
  ) -> Relation? {
    if let group = order.groupDigits {
      guard segment == other, digits.indices.allSatisfy({ group.contains($0) || holds($0, digits[$0]) }) else {
        return nil
      }
    }
    let level: Int?
    if segment == other {
      var common = 0
      while common < digits.count, holds(common, digits[common]) { common += 1 }
      level = levelsInCommon[segment][common]
    } else {
      level = sharedLevels[segment][other]
    }
    let rails = order.railDigits[segment]
    let aligned =
      rails == order.railDigits[other]
      && (1...max(1, rails)).allSatisfy { back in
        rails == 0 || holds(places[other].count - back, digits[digits.count - back])
      }
    return level.map { Relation(level: $0, aligned: aligned) }
  }

  private func holds(_ cell: Topology.Cell, _ segment: Int, digit: Int, _ index: Int) -> Bool {
    cell.blocks[places[segment][digit]].contains { $0.contains(index) }
  }

  /// How many peers in a class each rank of an orbit has, counted on the base partition alone.
  /// - Parameter known: Sizes of groups that have been counted, which later calls use again.
  func peerCount(of orbit: CellID, in traffic: TrafficClass, known: inout [Group: Int]) -> Int {
    guard let segment = segments[orbit.index] else { return 0 }
    guard case .peers(let level, let aligned) = traffic else { return traffic == .inSwitch ? 0 : 1 }
    let indices = firstIndices(base.topology.cells[orbit.index])
    let digits = places[segment].map { indices[$0] }
    func size(_ level: Int) -> Int {
      let rails = aligned ? order.railDigits[segment] : 0
      let group = Group(
        level: level, segment: segment, aligned: aligned,
        digits: Array(digits.prefix(order.levels[level].leadingDigits[segment]) + digits.suffix(rails))
          + (order.groupDigits.map { group in digits.indices.filter { !group.contains($0) }.map { digits[$0] } } ?? []))
      if let size = known[group] { return size }
      let size = groupSize(level, around: digits, in: segment, aligned: aligned)
      known[group] = size
      return size
    }
    return size(level) - (level == 0 ? 1 : size(level - 1))
  }

  /// A group of ranks, or those of its ranks that are on one rail.
  struct Group: Hashable {
    var level: Int
    var segment: Int
    var aligned: Bool
    /// The digits that name it, and those of the rail.
    var digits: [Int]
  }

  private func groupSize(_ level: Int, around digits: [Int], in segment: Int, aligned: Bool) -> Int {
    let leading = order.levels[level].leadingDigits
    return orbits.reduce(0) { sum, cell in
      guard let other = segments[cell.index] else { return sum }
      let isOwn = other == segment
      guard isOwn || leading[segment] == 0 && leading[other] == 0 && order.groupDigits == nil else { return sum }
      guard !aligned || order.railDigits[other] == order.railDigits[segment] else { return sum }
      let blocks = base.topology.cells[cell.index].blocks
      let rails = aligned ? order.railDigits[other] : 0
      var members = 1
      for (digit, place) in places[other].enumerated() {
        let back = places[other].count - digit
        let isOutsideGroup = order.groupDigits.map { !$0.contains(digit) } ?? false
        if isOwn && digit < leading[other] || back <= rails || isOutsideGroup {
          guard holds(base.topology.cells[cell.index], other, digit: digit, digits[digits.count - back]) else {
            return sum
          }
        } else {
          members *= blocks[place].reduce(0) { $0 + $1.count }
        }
      }
      return sum + members
    }
  }
}

extension RoutingError {
  /// Runs what may find fault with a blueprint.
  static func wrapping<Result>(_ body: () throws(BlueprintError) -> Result) throws(RoutingError) -> Result {
    do {
      return try body()
    } catch {
      throw .blueprint(error)
    }
  }
}
