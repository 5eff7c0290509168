public import Quantities

/// What a vertex of the graph is.
public enum DeviceKind: String, Sendable, Hashable, CaseIterable {
  case accelerator, cpu, numaNode = "numa-node", pcieSwitch = "pcie-switch", nic
  /// A switch inside a scale-up domain, such as an NVSwitch chip.
  case scaleUpSwitch = "scale-up-switch"
  /// A switch of the scale-out fabric.
  case networkSwitch = "switch"
  /// A router or gateway between datacenters.
  case gateway
}

/// A tier of the estate, from inside one device to links between continents.
public enum Tier: Hashable, Sendable {
  case device, board, rack, leaf, spine
  /// `core(1)` is `core`, `core(2)` is `core2`, and so on.
  case core(Int)
  case datacenter, wideArea
}

extension Tier: Comparable {
  private var order: (Int, Int) {
    switch self {
    case .device: (0, 0)
    case .board: (1, 0)
    case .rack: (2, 0)
    case .leaf: (3, 0)
    case .spine: (4, 0)
    case .core(let level): (5, level)
    case .datacenter: (6, 0)
    case .wideArea: (7, 0)
    }
  }

  /// Orders from the device outwards.
  public static func < (left: Tier, right: Tier) -> Bool { left.order < right.order }
}

extension Tier: CustomStringConvertible {
  /// The name in files and answers: `rack`, `leaf`, `core2`, `wide-area`.
  public var description: String {
    switch self {
    case .device: "device"
    case .board: "board"
    case .rack: "rack"
    case .leaf: "leaf"
    case .spine: "spine"
    case .core(let level): level <= 1 ? "core" : "core\(level)"
    case .datacenter: "datacenter"
    case .wideArea: "wide-area"
    }
  }
}

extension Tier {
  /// The tier of links between two kinds of devices where nothing else is said.
  /// - Parameter domain: The tier of the scale-up domain that they are in.
  package static func standard(_ left: DeviceKind, _ right: DeviceKind, domain: Tier = .board) -> Tier {
    let kinds: Set = [left, right]
    if kinds == [.gateway] { return .wideArea }
    if kinds.contains(.gateway) { return .datacenter }
    if kinds.contains(.scaleUpSwitch) || kinds == [.accelerator] { return domain }
    if kinds == [.networkSwitch] { return .spine }
    return kinds.contains(.networkSwitch) ? .leaf : .device
  }
}

/// The family of a link: what decides efficiencies and software latencies.
public enum LinkTechnology: String, Sendable, Hashable, CaseIterable {
  case nvlink, c2c, xgmi, pcie, infiniband, roce, ethernet, efa, tcpx, tcpxo, slingshot, ici, fibre, other

  /// Whether links of the family join accelerators into one scale-up domain.
  package var isScaleUp: Bool { [.nvlink, .xgmi, .ici].contains(self) }
}

/// A kind of link: one physical link, both directions alike.
public struct LinkType: Hashable, Sendable {
  /// Its name in the catalogue in lower case, such as `nvlink5` or `ndr-400g`.
  public var name: String
  /// Its family.
  public var technology: LinkTechnology
  /// What one link carries in one direction.
  public var bandwidth: Bandwidth
  /// The delay of the link with the port it ends in.
  public var latency: Latency

  /// A kind of link.
  public init(name: String, technology: LinkTechnology, bandwidth: Bandwidth, latency: Latency) {
    self.name = name
    self.technology = technology
    self.bandwidth = bandwidth
    self.latency = latency
  }
}
