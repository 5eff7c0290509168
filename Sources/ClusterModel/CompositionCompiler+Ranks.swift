extension CompositionCompiler {
  /// The accelerators in document order, and the groups that blocks with a tier make of them.
  func rankOrder(_ blueprint: Blueprint) throws(CompositionError) -> RankOrder {
    let accelerators = rows.filter { slots[$0].device?.kind == .accelerator }
    let segments = accelerators.map { row in
      RankOrder.Segment(
        template: TemplateID(rows.firstIndex(of: row) ?? 0), digits: slots[row].path.flatMap { axes(of: $0) })
    }
    let domain = scaleUpHolder()
    var named: [(tier: Tier, leading: [Int])] = []
    for tier in tiers(accelerators, domain: domain) {
      named.append((tier, accelerators.map { leadingDigits($0, tier: tier, domain: domain) }))
    }
    if named.last?.leading.allSatisfy({ $0 == 0 }) != true {
      named.append((topTier(above: named.last?.tier), accelerators.map { _ in 0 }))
    }
    let levels = named.map { RankOrder.Level(tier: $0.tier, leadingDigits: $0.leading) }
    let scaleUpTier = domain.map { tier(ofHolder: $0) }
    return RankOrder(
      segments: segments, levels: levels,
      scaleUpLevel: scaleUpTier.flatMap { tier in levels.firstIndex { $0.tier == tier } },
      railDigits: segments.indices.map { railDigits(of: accelerators[$0], blueprint) },
      rings: accelerators.count == 1 ? ringAxes(ofAccelerators: accelerators[0]) : [])
  }

  /// The block inside which accelerators reach each other over scale-up links: the one that holds their wirings.
  ///
  /// Without such links those that share PCIe switches or processors form the domain, as communication libraries see it.
  private func scaleUpHolder() -> [Int]? {
    func holder(_ isDomain: (Set<DeviceKind>) -> Bool) -> [Int]? {
      joints.filter { joint in
        let kinds = Set([joint.from, joint.to].compactMap { $0.last.flatMap { slots[$0].device?.kind } })
        return kinds.contains(.accelerator) && isDomain(kinds)
      }.map(\.holder).min { $0.count < $1.count }
    }
    return holder { $0.contains(.scaleUpSwitch) || $0 == [.accelerator] }
      ?? holder { !$0.isDisjoint(with: [.pcieSwitch, .cpu, .numaNode]) }
  }

  private func tier(ofHolder holder: [Int]) -> Tier {
    guard let block = holder.last else { return composition.root.tier ?? .board }
    return slots[block].tier ?? .board
  }

  private func tiers(_ accelerators: [Int], domain: [Int]?) -> [Tier] {
    var tiers = Set(accelerators.flatMap { slots[$0].path.compactMap { slots[$0].tier } })
    if let domain { tiers.insert(tier(ofHolder: domain)) }
    if let root = composition.root.tier { tiers.insert(root) }
    return tiers.sorted()
  }

  /// How many leading digits of an accelerator's path name its group of a tier: those down to its outermost block of
  /// that tier, or of the next lower one that it has.
  private func leadingDigits(_ accelerator: Int, tier wanted: Tier, domain: [Int]?) -> Int {
    let path = slots[accelerator].path
    if wanted == composition.root.tier { return 0 }
    for (place, slot) in path.enumerated() {
      let isDomain = domain.map { $0.last == slot && tier(ofHolder: $0) <= wanted } ?? false
      guard slots[slot].device == nil, isDomain || slots[slot].tier.map({ $0 <= wanted }) ?? false else { continue }
      return path[...place].reduce(0) { $0 + axes(of: $1).count }
    }
    if let domain, domain.isEmpty, tier(ofHolder: domain) <= wanted { return 0 }
    return path.reduce(0) { $0 + axes(of: $1).count }
  }

  /// What joins everything when no block says so: the highest tier of a link, or a datacenter.
  private func topTier(above last: Tier?) -> Tier {
    let highest = joints.map(\.wiring.tier).max() ?? .datacenter
    return last.map { highest > $0 ? highest : max(.datacenter, $0) } ?? highest
  }

  /// Trailing digits of an accelerator from the first one that its first network switch shares, inside the block that
  /// holds the switch.
  ///
  /// Two accelerators behind one processor share its NICs, so a digit below the shared one counts too.
  private func railDigits(of accelerator: Int, _ blueprint: Blueprint) -> Int {
    var reached: Set<Int> = [accelerator]
    var frontier = [accelerator]
    var switches: [Int] = []
    while let row = frontier.popLast() {
      for joint in joints {
        guard let from = joint.from.last, let to = joint.to.last, from == row || to == row else { continue }
        let next = from == row ? to : from
        guard reached.insert(next).inserted, let kind = slots[next].device?.kind else { continue }
        if kind == .networkSwitch {
          switches.append(next)
        } else if kind != .accelerator, kind != .scaleUpSwitch, kind != .gateway {
          frontier.append(next)
        }
      }
    }
    guard let first = switches.first else { return 0 }
    let holder = slots[first].path.dropLast()
    let shared = Set(axes(of: first))
    let inner = slots[accelerator].path.filter { !holder.contains($0) }.flatMap { axes(of: $0) }
    return inner.firstIndex(where: shared.contains).map { inner.count - $0 } ?? 0
  }
}
