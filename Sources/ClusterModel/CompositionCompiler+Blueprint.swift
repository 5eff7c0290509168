extension CompositionCompiler {
  /// The axes: every undivided digit of a device row's path, parents before children, in document order.
  mutating func axes() -> [Blueprint.Axis] {
    let constraints = scopeConstraints()
    let symmetries = symmetries()
    var axes: [Blueprint.Axis] = []
    var chains: [Int: [Int]] = [:]

    // The longest chain of enclosing digits each of which is allowed; memoised, and finite because an enclosing digit
    // stands before the digit in every row that has both.
    func chain(_ digit: Int) -> [Int] {
      if let known = chains[digit] { return known }
      let allowed = constraints[digit] ?? []
      var best: [Int] = []
      for candidate in allowed.sorted() {
        let whole = chain(candidate) + [candidate]
        if whole.count > best.count, whole.allSatisfy(allowed.contains) { best = whole }
      }
      chains[digit] = best
      return best
    }

    for row in rows {
      for (slot, digit) in slots[row].path.flatMap({ slot in digits.flattened(slots[slot].digit).map { (slot, $0) } }) {
        for member in chain(digit) + [digit] where axisOfDigit[member] == nil {
          axisOfDigit[member] = AxisID(axes.count)
          axes.append(
            Blueprint.Axis(
              name: slots[slot].name, size: digits.size(member), parent: chain(member).last.flatMap { axisOfDigit[$0] },
              symmetry: symmetries[member] ?? .permutations))
        }
      }
    }
    return axes
  }

  /// For each digit the digits that may enclose it: those before it in every row that has it, and kept equal by every
  /// wiring that keeps it equal or distinguishes it.
  private func scopeConstraints() -> [Int: Set<Int>] {
    var allowed: [Int: Set<Int>] = [:]
    for row in rows {
      var before: Set<Int> = []
      for digit in digitsOfPath(slots[row].path) {
        allowed[digit] = allowed[digit].map { $0.intersection(before) } ?? before
        before.insert(digit)
      }
    }
    for relation in joints.flatMap(relations) {
      for digit in relation.same.union(relation.different) { allowed[digit]?.formIntersection(relation.same) }
    }
    return allowed
  }

  private func sameDigits(_ joint: Joint) -> Set<Int> {
    if case .ring(let ring) = joint.wiring.match {
      let moved = ([ring.step] + ring.places.map(\.step)).map { slot($0, of: joint) }
      return Set(digitsOfPath(joint.from.filter { !moved.contains($0) }))
    }
    // A mesh's device row is shared by both paths but distinguished.
    let shared = joint.from == joint.to ? joint.shared - meshSlots(joint).count : joint.shared
    var same = Set(digitsOfPath(joint.from.prefix(shared)))
    if joint.wiring.match == .aligned {
      same.formUnion(Set(alignedDigits(joint.from, joint)).intersection(alignedDigits(joint.to, joint)))
    }
    return same
  }

  /// What the two ends of a link have the same and what different, by rule.
  ///
  /// A mesh of a row with several digits becomes one rule for each: two members differ first in exactly one of them.
  private func relations(_ joint: Joint) -> [(same: Set<Int>, different: Set<Int>)] {
    let same = sameDigits(joint)
    guard joint.wiring.match == .mesh else { return [(same, [])] }
    let own = digitsOfPath(meshSlots(joint))
    return own.indices.map { (same.union(own[..<$0]), [own[$0]]) }
  }

  /// The rules that each wiring has become.
  func rulesOfJoints() -> [Range<Int>] {
    var start = 0
    return joints.map { joint in
      let range = start..<start + relations(joint).count
      start = range.upperBound
      return range
    }
  }

  /// Links may be counted in 64 bits.
  func checkLinks(_ blueprint: Blueprint) throws(CompositionError) {
    for case .tooManyLinks(let rule) in blueprint.validate() {
      throw .tooManyLinks(wiring: rulesOfJoints().firstIndex { $0.contains(rule.index) } ?? 0)
    }
  }

  func axes(of slot: Int) -> [AxisID] { digits.flattened(slots[slot].digit).compactMap { axisOfDigit[$0] } }

  func templates() -> [Blueprint.Template] {
    rows.map { row in
      let device = slots[row].device
      return Blueprint.Template(
        path: slots[row].path.map { Blueprint.PathStep(name: slots[$0].name, axes: axes(of: $0)) },
        kind: device?.kind ?? .networkSwitch, part: device?.part ?? "", relays: device?.relays ?? true)
    }
  }

  func rules() -> [Blueprint.Rule] {
    let template = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, TemplateID($0)) })
    return joints.flatMap { joint in
      let ends = [joint.from, joint.to].map { template[$0.last ?? -1] ?? TemplateID(0) }
      let shift = shift(of: joint)
      return relations(joint).map { relation in
        Blueprint.Rule(
          from: ends[0], to: ends[1], same: Set(relation.same.compactMap { axisOfDigit[$0] }),
          different: Set(relation.different.compactMap { axisOfDigit[$0] }), shift: shift,
          linksPerPair: joint.wiring.linksPerPair, link: joint.wiring.link, tier: joint.wiring.tier)
      }
    }
  }
}
