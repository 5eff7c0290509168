import ClusterModel
import Quantities

/// What the links of each tier carry in one direction, summed over the estate.
struct TierCapacity {
  /// Capacity of the tier's links toward the outside, by tier.
  private(set) var byTier: [Tier: Bandwidth] = [:]
  /// Capacity between NICs and the first network switches.
  private(set) var network = Bandwidth.zero
  /// Capacity of one accelerator's scale-up links.
  private(set) var scaleUpPerAccelerator = Bandwidth.zero
  /// What one accelerator can send toward its host, at most what the NICs behind that carry.
  private(set) var hostPerAccelerator = Bandwidth.zero
  /// Accelerators present.
  private(set) var accelerators = 0

  /// Sums a graph's links.
  /// - Complexity: O(cells + arcs).
  init(_ topology: Topology) {
    for cell in topology.cells where cell.kind == .accelerator { accelerators += cell.size }
    var scaleUp = Bandwidth.zero
    var host = Bandwidth.zero
    let behind = TierCapacity.networkBehind(topology)
    for arc in topology.arcs {
      let from = topology.cells[arc.from.index]
      let to = topology.cells[arc.to.index]
      let rate = topology.link(of: arc).bandwidth * Double(arc.linksPerMember)
      let total = rate * Double(from.size)
      if from.kind == .accelerator {
        if to.kind == .scaleUpSwitch || to.kind == .accelerator {
          scaleUp = scaleUp + total
        } else {
          let each = arc.to.index < behind.count ? behind[arc.to.index] * Double(arc.linksPerMember) : rate
          host = host + min(rate, each) * Double(from.size)
        }
      }
      if to.kind == .networkSwitch, from.kind != .networkSwitch, from.kind != .gateway {
        network = network + total
      }
      if TierCapacity.leadsOutward(arc, from.kind, to.kind) {
        byTier[arc.tier, default: .zero] = byTier[arc.tier, default: .zero] + total
      }
    }
    let count = Double(max(accelerators, 1))
    scaleUpPerAccelerator = scaleUp * (1 / count)
    hostPerAccelerator = host * (1 / count)
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

  /// What each accelerator can send over a tier's links when all send; nil where the tier has none.
  func perAccelerator(_ tier: Tier) -> Bandwidth? {
    byTier[tier].map { $0 * (1 / Double(max(accelerators, 1))) }
  }
}
