import Quantities

/// Why a blueprint, or a mark on it, does not describe a fabric.
public enum BlueprintError: Error, Hashable, Sendable {
  /// An axis with fewer than one index.
  case axisSize(AxisID)
  /// An axis whose parent does not stand before it.
  case axisParent(AxisID)
  /// A template that names an axis that does not exist, or names one twice.
  case templateAxis(TemplateID, AxisID)
  /// A template with an axis whose parent is not among the axes before it.
  case templateScope(TemplateID, AxisID)
  /// A rule between templates that do not exist.
  case ruleTemplates(RuleID)
  /// A rule whose `same` or `different` names an axis that one of its ends lacks, or both name it.
  case ruleAxis(RuleID, AxisID)
  /// A rule with a `same` or `different` axis whose enclosing axes are not all `same`: its indices are permuted
  /// independently in every instance of its scope, so equal numbers mean nothing across instances.
  case ruleScope(RuleID, AxisID)
  /// A rule of a template with itself that has no `different` axis, and so would link a vertex with itself.
  case linkToItself(RuleID)
  /// A rule round an axis (or with places on one) whose symmetry it breaks, that is not in its template, by a number
  /// of indices that the axis lacks, or that also is among the rule's other axes.
  case shiftAxis(RuleID, AxisID)
  /// A rule round a ring that joins two templates, has `different` axes or leaves an axis free.
  case shiftEnds(RuleID)
  /// A rule with fewer than one link per pair.
  case linksPerPair(RuleID)
  /// A kind of link whose bandwidth is not a positive number.
  case bandwidth(LinkType)
  /// A kind of link whose latency is below zero.
  case latency(LinkType)
  /// An exception (its place in `exceptions`) about a template or a rule that does not exist.
  case exceptionSubject(exception: Int)
  /// An exception (its place in `exceptions`) that fails fewer than zero links.
  case failedLinkCount(exception: Int)
  /// A selection on an axis that does not exist or that its template lacks; nil: a mark.
  case selectionAxis(exception: Int?, AxisID)
  /// A selection whose ranges are empty, unsorted, overlapping or outside the axis; nil: a mark.
  case selectionRange(exception: Int?, AxisID)
  /// More vertices than 64 bits can count.
  case tooManyVertices(TemplateID)
  /// More links than 64 bits can count.
  case tooManyLinks(RuleID)
  /// More cells than the limit: too many selections on independent axes.
  case tooManyCells(limit: Int)
  /// More arcs between cells than the limit.
  case tooManyArcs(limit: Int)
  /// More vertices or linked pairs than an expansion may have.
  case expansionLimit(limit: Int)
}

extension Blueprint {
  /// Everything that keeps the blueprint from describing a fabric; empty when it may be partitioned.
  /// - Complexity: O(size of the blueprint), whatever the sizes of its axes.
  public func validate() -> [BlueprintError] {
    // Later checks index by identities, so each group runs only when the ones before it found nothing.
    for check in [axisErrors, templateErrors, ruleErrors, sizeErrors, exceptionErrors] {
      let errors = check()
      if !errors.isEmpty { return errors }
    }
    return []
  }

  /// What is wrong with a selection that splits axes, of any templates.
  func markErrors(_ selection: Selection) -> [BlueprintError] {
    selectionErrors(selection, among: nil, exception: nil)
  }

  /// How many vertices a template stands for, absent ones counted.
  func vertexCount(of template: TemplateID) -> Int {
    templates[template.index].axes.reduce(1) { $0 * axes[$1.index].size }
  }

  /// The axes that enclose an axis, from its parent outwards.
  func ancestors(of axis: AxisID) -> [AxisID] {
    Array(sequence(first: axis) { axes[$0.index].parent }.dropFirst())
  }

  private func axisErrors() -> [BlueprintError] {
    axes.enumerated().flatMap { index, axis in
      var errors: [BlueprintError] = []
      if axis.size < 1 { errors.append(.axisSize(AxisID(index))) }
      if let parent = axis.parent, !(0..<index).contains(parent.index) { errors.append(.axisParent(AxisID(index))) }
      return errors
    }
  }

  private func templateErrors() -> [BlueprintError] {
    templates.enumerated().flatMap { index, template in
      var errors: [BlueprintError] = []
      var seen: Set<AxisID> = []
      for axis in template.axes {
        guard axes.indices.contains(axis.index), seen.insert(axis).inserted else {
          errors.append(.templateAxis(TemplateID(index), axis))
          continue
        }
        if let parent = axes[axis.index].parent, !seen.contains(parent) {
          errors.append(.templateScope(TemplateID(index), axis))
        }
      }
      return errors
    }
  }

  private func ruleErrors() -> [BlueprintError] {
    rules.enumerated().flatMap { index, rule in
      let id = RuleID(index)
      guard templates.indices.contains(rule.from.index), templates.indices.contains(rule.to.index) else {
        return [BlueprintError.ruleTemplates(id)]
      }
      var errors: [BlueprintError] = []
      let common = Set(templates[rule.from.index].axes).intersection(templates[rule.to.index].axes)
      for axis in rule.same.union(rule.different).sorted() {
        if !common.contains(axis) || rule.same.contains(axis) && rule.different.contains(axis) {
          errors.append(.ruleAxis(id, axis))
        } else if !rule.same.isSuperset(of: ancestors(of: axis)) {
          errors.append(.ruleScope(id, axis))
        }
      }
      if let shift = rule.shift {
        errors += shiftErrors(shift, rule, id)
      } else if rule.from == rule.to, rule.different.isEmpty {
        errors.append(.linkToItself(id))
      }
      if rule.linksPerPair < 1 { errors.append(.linksPerPair(id)) }
      return errors + linkErrors(rule.link)
    }
  }

  private func shiftErrors(_ shift: Shift, _ rule: Rule, _ id: RuleID) -> [BlueprintError] {
    let own = templates[rule.from.index].axes
    let moved = [shift.axis] + shift.places.map(\.axis)
    guard rule.from == rule.to, rule.different.isEmpty, Set(moved).count == moved.count,
      Set(own) == rule.same.union(moved)
    else { return [.shiftEnds(id)] }
    guard rule.same.isDisjoint(with: moved) else { return [.shiftAxis(id, shift.axis)] }
    var errors: [BlueprintError] = []
    let size = axes[shift.axis.index].size
    if axes[shift.axis.index].symmetry == .permutations || !(1..<max(1, size)).contains(shift.by)
      || !rule.same.isSuperset(of: ancestors(of: shift.axis))
    {
      errors.append(.shiftAxis(id, shift.axis))
    }
    for place in shift.places {
      let indices = 0..<axes[place.axis.index].size
      if axes[place.axis.index].symmetry != .none || !indices.contains(place.from) || !indices.contains(place.to)
        || !rule.same.union(moved).isSuperset(of: ancestors(of: place.axis))
      {
        errors.append(.shiftAxis(id, place.axis))
      }
    }
    return errors
  }

  private func linkErrors(_ link: LinkType) -> [BlueprintError] {
    var errors: [BlueprintError] = []
    let rate = link.bandwidth.bytesPerSecond
    if !(rate > 0 && rate.isFinite) { errors.append(.bandwidth(link)) }
    if link.latency.picoseconds < 0 { errors.append(.latency(link)) }
    return errors
  }

  /// Once these pass, every count of vertices or links of any part of the fabric fits 64 bits.
  private func sizeErrors() -> [BlueprintError] {
    var errors: [BlueprintError] = []
    var counts: [Int?] = []
    var vertices: Int? = 0
    for (index, template) in templates.enumerated() {
      let count = product(template.axes.map { axes[$0.index].size })
      counts.append(count)
      vertices = sum(vertices, count)
      if vertices == nil { errors.append(.tooManyVertices(TemplateID(index))) }
      vertices = vertices ?? 0
    }
    guard errors.isEmpty else { return errors }
    var links: Int? = 0
    for (index, rule) in rules.enumerated() {
      let free = rule.shift == nil ? templates[rule.to.index].axes.filter { !rule.same.contains($0) } : []
      let factors = free.map { axes[$0.index].size } + [rule.linksPerPair, 2]
      links = sum(links, counts[rule.from.index].flatMap { product([$0] + factors) })
      if links == nil { errors.append(.tooManyLinks(RuleID(index))) }
      links = links ?? 0
    }
    return errors
  }

  private func product(_ factors: [Int]) -> Int? {
    factors.reduce(1 as Int?) { partial, factor in
      guard let partial else { return nil }
      let (result, overflow) = partial.multipliedReportingOverflow(by: factor)
      return overflow ? nil : result
    }
  }

  private func sum(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    let (result, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : result
  }

  private func exceptionErrors() -> [BlueprintError] {
    exceptions.enumerated().flatMap { index, exception -> [BlueprintError] in
      switch exception {
      case .absent(let template?, let selection):
        guard templates.indices.contains(template.index) else { return [.exceptionSubject(exception: index)] }
        return selectionErrors(selection, among: templates[template.index].axes, exception: index)
      case .absent(nil, let selection):
        return selectionErrors(selection, among: nil, exception: index)
      case .failedLinks(let rule, let from, let to, let count):
        let errors: [BlueprintError] = (count ?? 0) < 0 ? [.failedLinkCount(exception: index)] : []
        return errors + endErrors(rule, from, to, exception: index)
      case .changedLinks(let rule, let from, let to, let link):
        return linkErrors(link) + endErrors(rule, from, to, exception: index)
      }
    }
  }

  private func endErrors(_ rule: RuleID, _ from: Selection, _ to: Selection, exception: Int) -> [BlueprintError] {
    guard rules.indices.contains(rule.index) else { return [.exceptionSubject(exception: exception)] }
    let ends = rules[rule.index]
    return selectionErrors(from, among: templates[ends.from.index].axes, exception: exception)
      + selectionErrors(to, among: templates[ends.to.index].axes, exception: exception)
  }

  private func selectionErrors(_ selection: Selection, among allowed: [AxisID]?, exception: Int?) -> [BlueprintError] {
    selection.ranges.sorted { $0.key < $1.key }.compactMap { axis, ranges -> BlueprintError? in
      guard axes.indices.contains(axis.index), allowed?.contains(axis) ?? true else {
        return .selectionAxis(exception: exception, axis)
      }
      var end = 0
      for range in ranges {
        guard !range.isEmpty, range.lowerBound >= end, range.upperBound <= axes[axis.index].size else {
          return .selectionRange(exception: exception, axis)
        }
        end = range.upperBound
      }
      return ranges.isEmpty ? .selectionRange(exception: exception, axis) : nil
    }
  }
}
