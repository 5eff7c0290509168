/// What one tier of switches of a derived fabric consists of.
public struct FabricSummary: Sendable, Hashable {
  /// The tier of the switches.
  public var tier: Tier
  /// The name of their row, without the letter of the plane: `leaf`.
  public var name: String
  /// How many switches serve something, over all planes.
  public var switches: Int
  /// Ports of one switch at the speed of its downward links.
  public var radix: Int
  /// Links towards the NICs of a switch in a full group.
  public var down: Int
  /// Links to the tier above.
  public var up: Int
  /// Ports left over, at the speed of the downward links.
  public var unused: Int
  /// Downlink over uplink capacity of a switch in a full group; 1 at the top, which has no uplinks.
  public var oversubscription: Double

  /// A tier of its parts.
  public init(
    tier: Tier, name: String, switches: Int, radix: Int, down: Int, up: Int, unused: Int, oversubscription: Double
  ) {
    self.tier = tier
    self.name = name
    self.switches = switches
    self.radix = radix
    self.down = down
    self.up = up
    self.unused = unused
    self.oversubscription = oversubscription
  }
}
