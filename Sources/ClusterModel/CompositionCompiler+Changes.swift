extension CompositionCompiler {
  /// The most selections that one change may become.
  private static let mostSelections = 10_000

  /// The changes and unused accelerators as exceptions.
  func exceptions(_ blueprint: Blueprint) throws(CompositionError) -> [Blueprint.Exception] {
    var exceptions: [Blueprint.Exception] = []
    for change in composition.changes {
      switch change {
      case .absent(let steps):
        for match in try select(steps) {
          for row in rows where slots[row].path.contains(match.slot) {
            exceptions += match.selections.map { .absent(template(of: row), $0) }
          }
        }
      case .failedLinks(let from, let to, let count):
        exceptions += try links(from, to, blueprint) { .failedLinks($0, from: $1, to: $2, count: count) }
      case .changedLinks(let from, let to, let link):
        exceptions += try links(from, to, blueprint) { .changedLinks($0, from: $1, to: $2, link: link) }
      }
    }
    for (name, used) in composition.inUse.sorted(by: { $0.key < $1.key }) {
      exceptions += try unused(name, used: used)
    }
    return exceptions
  }

  /// Accelerators beyond the lowest indices in use, counted in the nearest block with a tier, take no part; the devices
  /// around them stay.
  private func unused(_ name: String, used: Int) throws(CompositionError) -> [Blueprint.Exception] {
    let named = slots.indices.filter { slots[$0].name == name }
    guard !named.isEmpty else { throw .unknownStep(name: name, known: names(of: slots.indices)) }
    var exceptions: [Blueprint.Exception] = []
    for slot in named {
      // Fabrics may deal a row out to blocks of their own, which have no tier: its indices run over all of them.
      let path = slots[slot].path
      let holder = path.dropLast().lastIndex { slots[$0].tier != nil }
      let own = path[(holder.map { $0 + 1 } ?? path.startIndex)...].flatMap { axes(of: $0) }.map { ($0, size(of: $0)) }
      let count = own.reduce(1) { $0 * $1.1 }
      guard used >= 1, used <= count else { throw .indexOutOfRange(step: name, index: used, count: count) }
      let boxes = selections(of: [used..<count], digits: own)
      for row in rows where slots[row].path.contains(slot) && slots[row].device?.kind == .accelerator {
        exceptions += boxes.map { .absent(template(of: row), $0) }
      }
    }
    return exceptions
  }

  private func links(
    _ from: [Composition.SelectorStep], _ to: [Composition.SelectorStep], _ blueprint: Blueprint,
    make: (RuleID, Blueprint.Selection, Blueprint.Selection) -> Blueprint.Exception
  ) throws(CompositionError) -> [Blueprint.Exception] {
    let sources = try select(from)
    let targets = try select(to)
    let rules = rulesOfJoints()
    var exceptions: [Blueprint.Exception] = []
    for source in sources {
      for target in targets {
        for (place, joint) in joints.enumerated() {
          // A selector may name a block: the links of all rows in it.
          let isForward = joint.from.contains(source.slot) && joint.to.contains(target.slot)
          let isBackward = joint.from.contains(target.slot) && joint.to.contains(source.slot)
          guard isForward || isBackward else { continue }
          let (first, second) = isForward ? (source, target) : (target, source)
          for one in first.selections {
            for other in second.selections where joins(joint, one, other, blueprint) {
              exceptions += rules[place].map { make(RuleID($0), one, other) }
            }
          }
          guard exceptions.count <= CompositionCompiler.mostSelections else { throw .tooMany("selected links") }
        }
      }
    }
    guard !exceptions.isEmpty else {
      throw .notLinked(from: from.last?.name ?? "", to: to.last?.name ?? "")
    }
    return exceptions
  }

  /// Whether a ring's wiring joins some vertex of a selection with one of another; of other wirings it is not asked.
  private func joins(
    _ joint: Joint, _ one: Blueprint.Selection, _ other: Blueprint.Selection, _ blueprint: Blueprint
  ) -> Bool {
    guard let shift = shift(of: joint) else { return true }
    func meet(_ from: Blueprint.Selection, _ to: Blueprint.Selection) -> Bool {
      Set(from.ranges.keys).union(to.ranges.keys).allSatisfy { axis in
        let size = blueprint.axes[axis.index].size
        let (first, second) = (from.ranges[axis] ?? [0..<size], to.ranges[axis] ?? [0..<size])
        if let place = shift.places.first(where: { $0.axis == axis }) {
          return first.contains { $0.contains(place.from) } && second.contains { $0.contains(place.to) }
        }
        let moved =
          axis == shift.axis
          ? first.flatMap { range in
            [range, range.lowerBound - size..<range.upperBound - size].map {
              $0.lowerBound + shift.by..<$0.upperBound + shift.by
            }
          } : first
        return moved.contains { range in second.contains { $0.overlaps(range) } }
      }
    }
    return meet(one, other) || meet(other, one)
  }

  private func template(of row: Int) -> TemplateID { TemplateID(rows.firstIndex(of: row) ?? 0) }

  private func size(of axis: AxisID) -> Int {
    axisOfDigit.first { $0.value == axis }.map { digits.size($0.key) } ?? 1
  }

  private func names(of slots: some Sequence<Int>) -> [String] {
    var seen: Set<String> = []
    return slots.map { self.slots[$0].name }.filter { seen.insert($0).inserted }
  }

  // MARK: Selecting paths

  /// The parts that a path's last step names, each with the selections of its axes.
  struct Match {
    var slot: Int
    var selections: [Blueprint.Selection]
  }

  /// Resolves a path: each step names a block or row inside the one before; its index is flat over its own axes and
  /// those of unnamed blocks between, and runs on over parts of the same name in document order.
  func select(_ steps: [Composition.SelectorStep]) throws(CompositionError) -> [Match] {
    var matches: [Match] = [Match(slot: -1, selections: [Blueprint.Selection()])]
    for step in steps {
      var next: [Match] = []
      var known: [Int] = []
      var counted = 0
      var missing: Int?
      for match in matches {
        let inside = slots.indices.filter {
          $0 != match.slot && (match.slot < 0 || slots[$0].path.contains(match.slot))
        }
        known += inside
        let above = match.slot < 0 ? 0 : slots[match.slot].path.count
        // Parts of one name inside each other: the outer one is meant.
        for slot in inside where slots[slot].name == step.name {
          let between = slots[slot].path.dropFirst(above)
          guard !between.dropLast().contains(where: { slots[$0].name == step.name }) else { continue }
          let own = between.flatMap { axes(of: $0) }.map { ($0, size(of: $0)) }
          let count = own.reduce(1) { $0.multipliedReportingOverflow(by: $1.1).partialValue }
          let offset = match.slot < 0 ? counted : 0
          counted += count
          let wanted = (step.indices ?? [0..<Int.max]).map { range in
            max(
              range.lowerBound - offset, 0)..<max(
                min(range.upperBound - offset, count), max(range.lowerBound - offset, 0))
          }.filter { !$0.isEmpty }
          for range in step.indices ?? [] where range.upperBound - offset > count { missing = range.upperBound - 1 }
          let boxes = selections(of: wanted.map { $0.clamped(to: 0..<count) }.filter { !$0.isEmpty }, digits: own)
          let combined = match.selections.flatMap { outer in
            boxes.map { Blueprint.Selection(outer.ranges.merging($0.ranges) { $1 }) }
          }
          guard combined.count <= CompositionCompiler.mostSelections else { throw .tooMany("selected parts") }
          if !combined.isEmpty { next.append(Match(slot: slot, selections: combined)) }
        }
      }
      guard counted > 0 else { throw .unknownStep(name: step.name, known: names(of: known)) }
      if let missing, missing >= counted { throw .indexOutOfRange(step: step.name, index: missing, count: counted) }
      guard !next.isEmpty else {
        throw .indexOutOfRange(step: step.name, index: step.indices?.first?.lowerBound ?? 0, count: counted)
      }
      matches = next
    }
    return matches
  }

  /// Flat ranges over mixed-radix digits as selections that are products of ranges of each digit.
  private func selections(
    of ranges: [Range<Int>], digits: [(axis: AxisID, size: Int)]
  ) -> [Blueprint.Selection] {
    ranges.flatMap { boxes($0, digits[...]) }.map { Blueprint.Selection($0) }
  }

  private func boxes(
    _ range: Range<Int>, _ digits: ArraySlice<(axis: AxisID, size: Int)>
  ) -> [[AxisID: [Range<Int>]]] {
    guard !range.isEmpty else { return [] }
    guard let first = digits.first else { return [[:]] }
    let rest = digits.dropFirst()
    let inner = rest.reduce(1) { $0 * $1.size }
    if range.count == first.size * inner { return [[:]] }
    var result: [[AxisID: [Range<Int>]]] = []
    let (low, high) = (range.lowerBound / inner, (range.upperBound - 1) / inner)
    func add(_ digit: Range<Int>, _ within: Range<Int>) {
      for box in boxes(within, rest) { result.append(box.merging([first.axis: [digit]]) { $1 }) }
    }
    if low == high {
      add(low..<low + 1, range.lowerBound - low * inner..<range.upperBound - low * inner)
      return result
    }
    let start = range.lowerBound - low * inner
    let end = range.upperBound - high * inner
    let whole = (start == 0 ? low : low + 1)..<(end == inner ? high + 1 : high)
    if start > 0 { add(low..<low + 1, start..<inner) }
    if !whole.isEmpty { add(whole, 0..<inner) }
    if end < inner { add(high..<high + 1, 0..<end) }
    return result
  }
}
