public import ClusterModel
public import Quantities

/// What is in a topology.
public struct Description: Sendable {
  /// So many devices of one kind and part.
  public struct DeviceCount: Sendable, Hashable {
    /// The row's name in paths.
    public var name: String
    /// What they are.
    public var kind: DeviceKind
    /// Their part's name; empty where they have none.
    public var part: String
    /// How many there are.
    public var count: Int
    /// How many more there would be without the exceptions of the description: failed, or not built.
    public var missing = 0
  }

  /// So many physical links of one kind between two rows of devices.
  public struct LinkCount: Sendable, Hashable {
    /// The kind of link.
    public var link: LinkType
    /// The tier.
    public var tier: Tier
    /// The names of the two rows of devices.
    public var between: [String]
    /// How many there are, each with two directions.
    public var count: Int
    /// How many more there would be without the exceptions of the description, those to missing devices among them.
    public var missing = 0
    /// Links at each member of the first row.
    public var perMember: Double
  }

  /// One tier of nested groups.
  public struct TierRow: Sendable, Hashable {
    /// What joins the members of a group.
    public var tier: Tier
    /// How many groups there are.
    public var groups: Int
    /// Accelerators in each; of the largest where they differ.
    public var acceleratorsPerGroup: Int
    /// What each accelerator can send to others of its group over this tier's links, when all send.
    public var bandwidthPerAccelerator: Bandwidth
    /// The longest shortest path between two accelerators of a group; nil where one cannot reach the other.
    public var latency: Latency?
    /// Switches passed on that path.
    public var switchHops: Int?
    /// Capacity into the group's members over capacity out of the tier below; 1 is non-blocking.
    public var oversubscription: Double
  }

  /// What was described.
  public var subject: Subject
  /// Accelerators in use.
  public var acceleratorCount: Int
  /// Accelerators present.
  public var acceleratorsPresent: Int
  /// Vertices that the graph stands for.
  public var vertexCount: Int
  /// Physical links, each with two directions.
  public var linkCount: Int
  /// Cells that the graph consists of.
  public var cellCount: Int
  /// Devices by row.
  public var devices: [DeviceCount]
  /// Links by rule.
  public var links: [LinkCount]
  /// The tiers from the inside out.
  public var tiers: [TierRow]
  /// What half of the accelerators can send to the other half, by the narrowest tier that divides them.
  public var bisection: Bandwidth
  /// The longest shortest path between two accelerators.
  public var diameter: Latency?
  /// Links on that path.
  public var diameterHops: Int?
  /// Things worth knowing: unused ports, uneven groups.
  public var remarks: [String]
  /// The figures the description rests on.
  public var assumptions: [Cluster.Assumption]
}
