extension RankOrder {
  /// A blueprint and an order of its ranks in which groups of ranks are whole digits, so that all of them are alike.
  ///
  /// Axes are split where the border of a group falls between their indices (groups of eight in trays of four).
  /// - Parameters:
  ///   - groups: Groups of the first ranks.
  ///   - blueprint: The fabric.
  /// - Returns: nil where the groups are not alike: they lie across the borders of racks or boxes in different ways, or
  ///   ranks are missing.
  public func grouped(_ groups: RankGroups, in blueprint: Blueprint) -> (blueprint: Blueprint, order: RankOrder)? {
    guard rings.isEmpty, let segment = segments.first, let rails = railDigits.first else { return nil }
    var digits = GroupDigits(
      blueprint: blueprint,
      order: RankOrder(
        segments: [segment],
        levels: levels.map { Level(tier: $0.tier, leadingDigits: Array($0.leadingDigits.prefix(1))) },
        scaleUpLevel: scaleUpLevel, railDigits: [rails]))
    digits.leaveOutAbsent()
    let sizes = digits.sizes
    guard let present = try? TierLadder(digits.order, in: blueprint).ranks, present == sizes.reduce(1, *),
      present >= groups.ranks, digits.limit(to: groups.ranks),
      let end = digits.cut(at: groups.stride)
    else { return nil }
    // Cutting further left moves what is right of the cut.
    let before = digits.sizes.count
    guard let start = digits.cut(at: groups.stride * groups.size) else { return nil }
    digits.order.groupDigits = start..<(end + digits.sizes.count - before)
    digits.tellLinksApart()
    return (digits.blueprint, digits.order)
  }
}

extension RankOrder {
  /// How many indices of each digit of the first segment have ranks, where those that have none come last.
  func presentSizes(in blueprint: Blueprint) -> [Int] {
    var digits = GroupDigits(blueprint: blueprint, order: self)
    digits.leaveOutAbsent()
    return digits.sizes
  }
}

/// The digits of the rank number, which are cut where groups of ranks begin and end.
private struct GroupDigits {
  var blueprint: Blueprint
  var order: RankOrder

  private var segment: RankOrder.Segment { order.segments[0] }

  /// How many indices of each digit's axis are in use.
  var sizes: [Int] { segment.digits.map { min(blueprint.axes[$0.index].size, segment.inUse[$0] ?? .max) } }

  /// Makes links that carry other loads than the rest links of other rules.
  ///
  /// A digit behind those that vary in a group is the same throughout the group, so links between vertices that agree in
  /// it carry what others do not.
  mutating func tellLinksApart() {
    guard let group = order.groupDigits else { return }
    for axis in segment.digits[group.upperBound...] { blueprint = blueprint.distinguishing(axis) }
  }

  /// Takes the last indices of an axis whose ranks all are absent out of use.
  mutating func leaveOutAbsent() {
    for exception in blueprint.exceptions {
      guard case .absent(let template, let selection) = exception, template ?? segment.template == segment.template,
        let (axis, ranges) = selection.ranges.first, selection.ranges.count == 1, segment.digits.contains(axis),
        let range = ranges.first, ranges.count == 1, range.upperBound == blueprint.axes[axis.index].size
      else { continue }
      order.segments[0].inUse[axis] = min(segment.inUse[axis] ?? .max, range.lowerBound)
    }
  }

  /// Leaves only the first ranks in use; false where these are no block of whole digits.
  mutating func limit(to ranks: Int) -> Bool {
    let sizes = sizes
    var inner = 1
    for digit in sizes.indices.reversed() {
      let next = inner * sizes[digit]
      if ranks <= next {
        guard ranks % inner == 0 else { return false }
        order.segments[0].inUse[segment.digits[digit]] = ranks / inner
        for outer in 0..<digit { order.segments[0].inUse[segment.digits[outer]] = 1 }
        return true
      }
      inner = next
    }
    return false
  }

  /// Makes so many consecutive ranks a block of trailing digits.
  /// - Returns: The first of these digits; nil where blocks of the size lie across borders in different ways.
  mutating func cut(at ranks: Int) -> Int? {
    let sizes = sizes
    var inner = 1
    for digit in sizes.indices.reversed() {
      if ranks == inner { return digit + 1 }
      guard ranks % inner == 0 else { return nil }
      let part = ranks / inner
      if part < sizes[digit] {
        return sizes[digit] % part == 0 && split(digit, inner: part) ? digit + 1 : nil
      }
      inner *= sizes[digit]
    }
    return ranks == inner ? 0 : nil
  }

  private mutating func split(_ digit: Int, inner: Int) -> Bool {
    let axis = segment.digits[digit]
    let sizes = sizes
    guard let split = blueprint.splitting(axis, inner: inner) else { return false }
    blueprint = split
    let parts = AxisSplit(axis: axis, inner: inner)
    var changed = RankOrder.Segment(template: segment.template, digits: segment.digits.flatMap(parts.parts))
    for (other, limit) in segment.inUse { changed.inUse[parts.moved(other)] = limit }
    changed.inUse[axis] = sizes[digit] / inner
    let trailing = segment.digits.count - digit
    order.segments = [changed]
    for level in order.levels.indices where order.levels[level].leadingDigits[0] > digit {
      order.levels[level].leadingDigits[0] += 1
    }
    if order.railDigits[0] >= trailing { order.railDigits[0] += 1 }
    return true
  }
}

extension TierLadder {
  /// The groups inside one group of ranks, which all are alike.
  /// - Parameters:
  ///   - order: An order with groups.
  ///   - blueprint: Its blueprint, in which every rank in use is present.
  /// - Returns: nil for an order without groups.
  public init?(groupOf order: RankOrder, in blueprint: Blueprint) {
    guard let digits = order.groupDigits, let segment = order.segments.first else { return nil }
    let sizes = segment.digits.map { min(blueprint.axes[$0.index].size, segment.inUse[$0] ?? .max) }
    let ranks = sizes[digits].reduce(1, *)
    self.init(
      ranks: ranks,
      levels: order.levels.map { level in
        let size = sizes[digits.clamped(to: level.leadingDigits[0]..<sizes.count)].reduce(1, *)
        return Level(tier: level.tier, groups: [Run(size: size, count: ranks / size)])
      }, scaleUpLevel: order.scaleUpLevel)
  }
}
