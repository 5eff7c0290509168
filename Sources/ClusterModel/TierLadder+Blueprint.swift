extension TierLadder {
  /// Why ranks form no ladder.
  public enum LadderError: Error, Hashable, Sendable {
    /// Fewer than one rank, or more than there are accelerators.
    case ranks(asked: Int, available: Int)
    /// Too many groups of different size to list.
    case tooManyRuns
  }

  /// The most runs of groups that are listed for one level.
  private static let mostRuns = 1_000_000

  /// The groups that the first ranks of a blueprint form.
  /// - Parameters:
  ///   - order: The order of ranks.
  ///   - blueprint: The blueprint; its absent accelerators leave gaps.
  ///   - count: How many ranks take part; nil: all.
  /// - Throws: `LadderError` when there are not so many, or the groups differ too much.
  /// - Complexity: O(levels × runs); nothing is expanded.
  public init(_ order: RankOrder, in blueprint: Blueprint, count: Int? = nil) throws(LadderError) {
    let segments = order.segments.map { SegmentCount($0, in: blueprint) }
    let available = segments.reduce(0) { $0 + $1.present }
    let ranks = count ?? available
    guard ranks >= 1, ranks <= available else { throw .ranks(asked: ranks, available: available) }
    var levels: [Level] = []
    for level in order.levels {
      var runs: [Run] = []
      if level.leadingDigits.allSatisfy({ $0 == 0 }) {
        runs = [Run(size: available, count: 1)]
      } else {
        for (segment, digits) in zip(segments, level.leadingDigits) {
          try segment.appendGroups(leadingDigits: digits, to: &runs, most: TierLadder.mostRuns)
        }
      }
      levels.append(Level(tier: level.tier, groups: TierLadder.first(ranks, of: runs)))
    }
    self.init(
      ranks: ranks, levels: levels, scaleUpLevel: order.scaleUpLevel,
      torus: Torus(order, in: blueprint, ranks: ranks, available: available))
  }

  /// The groups that the first ranks fill, the last one perhaps in part.
  private static func first(_ ranks: Int, of runs: [Run]) -> [Run] {
    var rest = ranks
    var result: [Run] = []
    for run in runs where rest > 0 {
      let whole = min(run.count, rest / run.size)
      if whole > 0 { result.append(Run(size: run.size, count: whole)) }
      rest -= whole * run.size
      if whole < run.count, rest > 0 {
        result.append(Run(size: rest, count: 1))
        rest = 0
      }
    }
    return result
  }

  /// The accelerators of one segment, counted by digits.
  private struct SegmentCount {
    let axes: [AxisID]
    let sizes: [Int]
    /// Selections of accelerators that are absent.
    let absent: [[AxisID: [Range<Int>]]]

    init(_ segment: RankOrder.Segment, in blueprint: Blueprint) {
      axes = segment.digits
      sizes = segment.digits.map { min(blueprint.axes[$0.index].size, segment.inUse[$0] ?? .max) }
      absent = blueprint.exceptions.compactMap { exception in
        guard case .absent(let template, let selection) = exception else { return nil }
        if let template { return template == segment.template ? selection.ranges : nil }
        let own = blueprint.templates[segment.template.index].axes
        return selection.ranges.keys.allSatisfy(own.contains) ? selection.ranges : nil
      }
    }

    var present: Int { present(from: 0, absent) }

    private func present(from digit: Int, _ absent: [[AxisID: [Range<Int>]]]) -> Int {
      if absent.isEmpty { return sizes[digit...].reduce(1, *) }
      if absent.contains(where: { selection in !axes[digit...].contains { selection[$0] != nil } }) { return 0 }
      return intervals(of: digit, absent).reduce(0) {
        $0 + $1.count * present(from: digit + 1, active(absent, digit, $1))
      }
    }

    /// The indices of a digit cut where a selection begins or ends.
    private func intervals(of digit: Int, _ absent: [[AxisID: [Range<Int>]]]) -> [Range<Int>] {
      var cuts: Set<Int> = [0, sizes[digit]]
      for selection in absent {
        for range in selection[axes[digit]] ?? [] { cuts.formUnion([range.lowerBound, range.upperBound]) }
      }
      let sorted = cuts.filter { $0 <= sizes[digit] }.sorted()
      return zip(sorted, sorted.dropFirst()).map { $0..<$1 }
    }

    private func active(
      _ absent: [[AxisID: [Range<Int>]]], _ digit: Int, _ interval: Range<Int>
    ) -> [[AxisID: [Range<Int>]]] {
      absent.filter { selection in
        selection[axes[digit]].map { $0.contains { $0.contains(interval.lowerBound) } } ?? true
      }
    }

    func appendGroups(leadingDigits: Int, to runs: inout [Run], most: Int) throws(LadderError) {
      for run in try groups(digit: 0, leadingDigits: leadingDigits, absent, most: most) { append(run, to: &runs) }
    }

    private func groups(
      digit: Int, leadingDigits: Int, _ absent: [[AxisID: [Range<Int>]]], most: Int
    ) throws(LadderError) -> [Run] {
      if digit == leadingDigits {
        let size = present(from: digit, absent)
        return size > 0 ? [Run(size: size, count: 1)] : []
      }
      var result: [Run] = []
      for interval in intervals(of: digit, absent) {
        let inner = try groups(
          digit: digit + 1, leadingDigits: leadingDigits, active(absent, digit, interval), most: most)
        if inner.count == 1 {
          append(Run(size: inner[0].size, count: inner[0].count * interval.count), to: &result)
        } else {
          guard inner.isEmpty || interval.count <= most / max(inner.count, 1) else { throw .tooManyRuns }
          for _ in interval { for run in inner { append(run, to: &result) } }
        }
        guard result.count <= most else { throw .tooManyRuns }
      }
      return result
    }

    private func append(_ run: Run, to runs: inout [Run]) {
      if let last = runs.last, last.size == run.size {
        runs[runs.count - 1].count += run.count
      } else {
        runs.append(run)
      }
    }
  }
}

extension TierLadder.Torus {
  /// The torus of an order whose every digit is that of a ring; nil for others.
  fileprivate init?(_ order: RankOrder, in blueprint: Blueprint, ranks: Int, available: Int) {
    guard !order.rings.isEmpty, order.segments.count == 1, order.rings == order.segments[0].digits.reversed() else {
      return nil
    }
    machine = order.rings.map { blueprint.axes[$0.index].size }
    guard wholeCounts.last == available, let filled = wholeCounts.firstIndex(of: ranks) else { return }
    sizes = Array(machine[...filled])
  }
}
