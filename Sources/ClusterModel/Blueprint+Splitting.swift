extension Blueprint {
  /// The same fabric with an axis written as two: an outer one in place of it, and an inner one next to it that runs
  /// faster.
  ///
  /// An inner index means the same in every outer one, so that groups of ranks may run along either. Where the size does
  /// not divide, vertices that only fill up the last outer index are absent. Identities of axes behind the split one
  /// grow by one; those of templates and rules remain, new rules stand at the end.
  /// - Parameters:
  ///   - axis: An axis of a valid blueprint.
  ///   - inner: The size of the inner axis, from 1 to the size of the axis.
  /// - Returns: nil where the axis is a ring, or an exception of links between vertices of one template cannot be
  ///   written so.
  /// - Complexity: O(size of the blueprint).
  func splitting(_ axis: AxisID, inner: Int) -> Blueprint? {
    // The indices of a ring have neighbours, which an outer and an inner one have not.
    guard axes[axis.index].symmetry == .permutations else { return nil }
    let split = AxisSplit(axis: axis, inner: inner)
    let size = axes[axis.index].size
    let outer = (size - 1) / inner + 1
    var result = self
    result.axes = axes.map { one in
      var one = one
      // What the axis enclosed is enclosed by its inner part.
      one.parent = one.parent.map { $0 == axis ? split.innerAxis : split.moved($0) }
      return one
    }
    result.axes[axis.index].size = outer
    result.axes.insert(
      Axis(name: axes[axis.index].name, size: inner, parent: result.axes[axis.index].parent), at: split.innerAxis.index)
    for template in templates.indices {
      for step in templates[template].path.indices {
        result.templates[template].path[step].axes = templates[template].path[step].axes.flatMap(split.parts)
      }
    }
    var twins: [RuleID: [RuleID]] = [:]
    for (index, rule) in rules.enumerated() {
      result.rules[index].same = Set(rule.same.flatMap(split.parts))
      result.rules[index].different = Set(rule.different.map(split.moved))
      result.rules[index].shift = rule.shift.map(split.moved)
      guard rule.different.contains(axis) else { continue }
      // Different indices differ in both parts, in the inner one only, or in the outer one only.
      var (inOuter, inInner) = (result.rules[index], result.rules[index])
      inOuter.same.insert(split.innerAxis)
      inInner.same.insert(axis)
      inInner.different.remove(axis)
      inInner.different.insert(split.innerAxis)
      result.rules[index].different.insert(split.innerAxis)
      twins[RuleID(index)] = [RuleID(result.rules.count), RuleID(result.rules.count + 1)]
      result.rules += [inOuter, inInner]
    }
    result.exceptions = []
    for exception in exceptions {
      guard let parts = split.parts(of: exception, rules: rules, twins: twins) else { return nil }
      result.exceptions += parts
    }
    if size % inner != 0 {
      result.exceptions.append(
        .absent(nil, Selection([axis: [outer - 1..<outer], split.innerAxis: [size % inner..<inner]])))
    }
    return result
  }
}

extension Blueprint {
  /// The same fabric with every rule that joins vertices on an axis saying whether they agree on it.
  ///
  /// An index of the axis then means the same everywhere. Identities remain, new rules stand at the end.
  /// - Complexity: O(size of the blueprint).
  func distinguishing(_ axis: AxisID) -> Blueprint {
    var result = self
    var twins: [RuleID: RuleID] = [:]
    for (index, rule) in rules.enumerated() {
      let ends = [rule.from, rule.to]
      guard rule.shift == nil, !rule.same.contains(axis), !rule.different.contains(axis),
        ends.allSatisfy({ templates[$0.index].axes.contains(axis) })
      else { continue }
      var twin = rule
      twin.different.insert(axis)
      result.rules[index].same.insert(axis)
      twins[RuleID(index)] = RuleID(result.rules.count)
      result.rules.append(twin)
    }
    guard !twins.isEmpty else { return self }
    result.axes[axis.index].parent = nil
    for exception in exceptions {
      switch exception {
      case .absent: break
      case .failedLinks(let rule, let from, let to, let count):
        if let twin = twins[rule] { result.exceptions.append(.failedLinks(twin, from: from, to: to, count: count)) }
      case .changedLinks(let rule, let from, let to, let link):
        if let twin = twins[rule] { result.exceptions.append(.changedLinks(twin, from: from, to: to, link: link)) }
      }
    }
    return result
  }
}

/// An axis that becomes an outer and an inner one.
struct AxisSplit {
  let axis: AxisID
  let inner: Int

  var innerAxis: AxisID { AxisID(axis.index + 1) }

  /// Another axis's identity afterwards, and that of the outer part.
  func moved(_ other: AxisID) -> AxisID { other > axis ? AxisID(other.index + 1) : other }

  func moved(_ shift: Blueprint.Shift) -> Blueprint.Shift {
    Blueprint.Shift(
      axis: moved(shift.axis), by: shift.by,
      places: shift.places.map { .init(axis: moved($0.axis), from: $0.from, to: $0.to) })
  }

  /// What stands for an axis afterwards.
  func parts(_ other: AxisID) -> [AxisID] { other == axis ? [axis, innerAxis] : [moved(other)] }

  /// A selection as disjoint ones.
  func parts(_ selection: Blueprint.Selection) -> [Blueprint.Selection] {
    var others = Blueprint.Selection()
    for (other, ranges) in selection.ranges where other != axis { others.ranges[moved(other)] = ranges }
    guard let ranges = selection.ranges[axis] else { return [others] }
    return ranges.flatMap(parts).map { outer, within in
      var part = others
      part.ranges[axis] = [outer]
      if within != 0..<inner { part.ranges[innerAxis] = [within] }
      return part
    }
  }

  /// A range of indices by outer and inner index: what is left of the first outer one, whole ones, the rest.
  private func parts(_ range: Range<Int>) -> [(outer: Range<Int>, inner: Range<Int>)] {
    let (first, last) = (range.lowerBound / inner, range.upperBound / inner)
    let (head, tail) = (range.lowerBound % inner, range.upperBound % inner)
    if first == last { return [(first..<first + 1, head..<tail)] }
    let whole = (head == 0 ? first : first + 1)..<last
    return (head == 0 ? [] : [(first..<first + 1, head..<inner)])
      + (whole.isEmpty ? [] : [(whole, 0..<inner)])
      + (tail == 0 ? [] : [(last..<last + 1, 0..<tail)])
  }

  func parts(
    of exception: Blueprint.Exception, rules: [Blueprint.Rule], twins: [RuleID: [RuleID]]
  ) -> [Blueprint.Exception]? {
    switch exception {
    case .absent(let template, let selection):
      return parts(selection).map { .absent(template, $0) }
    case .failedLinks(let rule, let from, let to, let count):
      return ends(rule, from, to, rules, twins)?.map { .failedLinks($0, from: $1, to: $2, count: count) }
    case .changedLinks(let rule, let from, let to, let link):
      return ends(rule, from, to, rules, twins)?.map { .changedLinks($0, from: $1, to: $2, link: link) }
    }
  }

  private func ends(
    _ rule: RuleID, _ from: Blueprint.Selection, _ to: Blueprint.Selection, _ rules: [Blueprint.Rule],
    _ twins: [RuleID: [RuleID]]
  ) -> [(RuleID, Blueprint.Selection, Blueprint.Selection)]? {
    let (fromParts, toParts) = (parts(from), parts(to))
    // A link inside one template meets a pair of selections in both orders, and would count twice for two pairs.
    let isMesh = rules[rule.index].from == rules[rule.index].to
    if isMesh, fromParts.count > 1 || toParts.count > 1 { return nil }
    return ([rule] + (twins[rule] ?? [])).flatMap { rule in
      fromParts.flatMap { from in toParts.map { (rule, from, $0) } }
    }
  }
}
