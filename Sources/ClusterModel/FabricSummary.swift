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
  /// Links of a switch in a full group, down, up, and ports left over at the speed of the downward links.
  public var down: Int
  public var up: Int
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

/// A fabric worked out: blocks with their switches, what is missing of full groups, and what to tell of it.
public struct FabricResult: Sendable {
  /// The outermost block; its count is 1.
  public var root: Composition.Block
  /// Parts of partly filled groups that do not exist.
  public var changes: [Composition.Change]
  /// What a reader should know: unused ports, partly filled groups, rules that did not apply.
  public var remarks: [String]
  /// The switch tiers from the leaf upwards.
  public var summary: [FabricSummary]

  /// A result of its parts.
  public init(
    root: Composition.Block, changes: [Composition.Change] = [], remarks: [String] = [], summary: [FabricSummary] = []
  ) {
    self.root = root
    self.changes = changes
    self.remarks = remarks
    self.summary = summary
  }
}
