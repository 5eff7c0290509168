public import Quantities

/// What a user says of the network between racks or boxes; a `FabricKind` turns it into switches and links.
public struct FabricSpec: Sendable {
  /// The name of the kind: `rail-optimised`, `fat-tree`, `rail-only`, `single-switch`, `dragonfly`.
  public var kind: String
  /// The switch's name in the catalogue.
  public var switchPart: String
  /// Its ports.
  public var ports: Int
  /// What each port carries in one direction.
  public var portBandwidth: Bandwidth
  /// The link between NIC and leaf; its bandwidth is that of one NIC port.
  public var accessLink: LinkType
  /// The link between switches; its bandwidth is that of one switch port.
  public var trunkLink: LinkType
  /// Downlink over uplink capacity at the leaf; at least 1.
  public var oversubscription: Double
  /// Independent copies of the fabric that every NIC is striped over; at least 1.
  public var planes: Int
  /// Rails: the NICs of a rack or box in index order, numbered modulo this; nil: NICs of one tray or box.
  public var rails: Int?
  /// Racks or boxes that share leaf switches; nil: as many as fit.
  public var racksPerLeaf: Int?
  /// For a dragonfly: switches of a group; nil: half as many as a switch has ports.
  public var switchesPerGroup: Int?
  /// For a dragonfly: ports of each switch that serve NICs; nil: a quarter of them.
  public var endpointsPerSwitch: Int?
  /// For a dragonfly: ports of each switch that lead to other groups; nil: what the oversubscription asks.
  public var globalLinks: Int?
  /// For a dragonfly: the link between groups; nil: as between the switches of one.
  public var globalLink: LinkType?

  /// A fabric of its parts.
  public init(
    kind: String, switchPart: String, ports: Int, portBandwidth: Bandwidth, accessLink: LinkType,
    trunkLink: LinkType, oversubscription: Double = 1, planes: Int = 1, rails: Int? = nil, racksPerLeaf: Int? = nil
  ) {
    self.kind = kind
    self.switchPart = switchPart
    self.ports = ports
    self.portBandwidth = portBandwidth
    self.accessLink = accessLink
    self.trunkLink = trunkLink
    self.oversubscription = oversubscription
    self.planes = planes
    self.rails = rails
    self.racksPerLeaf = racksPerLeaf
  }
}
