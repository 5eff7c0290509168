import ClusterModel
import Quantities

/// What the links of each tier carry in one direction, summed over the estate.
struct TierCapacity {
  /// Capacity of the tier's links toward the outside, by tier.
  private(set) var byTier: [Tier: Bandwidth] = [:]
  /// Capacity of one accelerator's scale-up links, on average.
  private(set) var scaleUpPerAccelerator = Bandwidth.zero
  /// What the best-connected accelerator can send over its scale-up links and toward its host.
  private(set) var mostPerAccelerator = Bandwidth.zero
  /// The rate of the fastest link toward the outside over the average one, by tier.
  private(set) var unevenness: [Tier: Double] = [:]
  /// Accelerators present.
  private(set) var accelerators = 0
  /// Accelerators that take no part, whose NICs and links are in place.
  private let unused: Int
  /// Tiers whose links leave accelerators themselves, so that those of unused ones do not count.
  private let startingAtAccelerators: Set<Tier>

  /// Sums a graph's links.
  /// - Parameter rings: Rules whose links lead from each group to others in both directions.
  /// - Complexity: O(cells + arcs).
  init(_ topology: Topology, unused: Int, rings: Set<RuleID> = []) {
    self.unused = unused
    for cell in topology.cells where cell.kind == .accelerator { accelerators += cell.size }
    startingAtAccelerators = Set(
      topology.arcs.filter { topology.cells[$0.from.index].kind == .accelerator }.map(\.tier))
    var scaleUp = Bandwidth.zero
    let behind = TierCapacity.networkBehind(topology)
    var most = [Bandwidth](repeating: .zero, count: topology.cells.count)
    var fastest: [Tier: Bandwidth] = [:]
    var links: [Tier: Int] = [:]
    for arc in topology.arcs {
      let from = topology.cells[arc.from.index]
      let to = topology.cells[arc.to.index]
      let rate = topology.link(of: arc).bandwidth * Double(arc.linksPerMember)
      let total = rate * Double(from.size)
      if from.kind == .accelerator {
        if to.kind == .scaleUpSwitch || to.kind == .accelerator {
          scaleUp = scaleUp + total
          most[arc.from.index] = most[arc.from.index] + rate
        } else {
          let each = to.kind == .networkSwitch ? rate : behind[arc.to.index] * Double(arc.linksPerMember)
          most[arc.from.index] = most[arc.from.index] + min(rate, each)
        }
      }
      // Between the switches of a tier goes on what its accelerators have sent into them.
      let isInside = from.kind == .scaleUpSwitch && to.kind == .scaleUpSwitch
      if isInside, startingAtAccelerators.contains(arc.tier) { continue }
      if TierCapacity.leadsOutward(arc, from.kind, to.kind) || rings.contains(arc.rule) {
        byTier[arc.tier, default: .zero] = byTier[arc.tier, default: .zero] + total
        fastest[arc.tier] = max(fastest[arc.tier] ?? .zero, topology.link(of: arc).bandwidth)
        links[arc.tier, default: 0] += arc.linksPerMember * from.size
      }
    }
    for (tier, total) in byTier {
      unevenness[tier] = (fastest[tier] ?? .zero) * Double(links[tier] ?? 0) / total
    }
    mostPerAccelerator = most.max() ?? .zero
    let count = Double(max(accelerators, 1))
    scaleUpPerAccelerator = scaleUp * (1 / count)
  }

  /// By cell: at most what a member sends into the network through hosts, PCIe switches and NICs.
  ///
  /// Where a processor
  /// joins several PCIe switches, a member may reach the NICs of all of them, and nothing is bounded here.
  private static func networkBehind(_ topology: Topology) -> [Bandwidth] {
    let unbounded = Bandwidth(bytesPerSecond: .infinity)
    func direct(_ cell: Int) -> Bandwidth {
      topology.arcs[topology.outgoing[cell]..<topology.outgoing[cell + 1]].reduce(.zero) { sum, arc in
        topology.cells[arc.to.index].kind == .networkSwitch
          ? sum + topology.link(of: arc).bandwidth * Double(arc.linksPerMember) : sum
      }
    }
    return topology.cells.indices.map { cell in
      guard topology.cells[cell].kind != .nic else { return direct(cell) }
      return topology.arcs[topology.outgoing[cell]..<topology.outgoing[cell + 1]].reduce(direct(cell)) { sum, arc in
        switch topology.cells[arc.to.index].kind {
        case .nic: sum + direct(arc.to.index) * Double(arc.linksPerMember)
        case .cpu, .numaNode, .pcieSwitch: unbounded
        default: sum
        }
      }
    }
  }

  /// Whether an arc leads from the inside of its tier's groups toward the switches that join them.
  ///
  /// Rules between
  /// switches are written from the lower to the upper one; meshes count whole.
  private static func leadsOutward(_ arc: Topology.Arc, _ from: DeviceKind, _ to: DeviceKind) -> Bool {
    switch (from, to) {
    case (.accelerator, _): true
    case (_, .accelerator): false
    default: arc.forward
    }
  }

  /// What each accelerator can send over a tier's links when all send, the unused ones too; nil where the tier has none.
  func perAccelerator(_ tier: Tier) -> Bandwidth? {
    let sharing = accelerators + (startingAtAccelerators.contains(tier) ? 0 : unused)
    return byTier[tier].map { $0 * (1 / Double(max(sharing, 1))) }
  }
}
