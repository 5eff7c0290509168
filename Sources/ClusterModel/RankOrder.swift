/// The order of the accelerators and the nested groups they form.
///
/// Rank r is the r-th accelerator by (datacenter, block in file order, rack, tray or box, index on the board).
public struct RankOrder: Sendable {
  /// One kind of accelerator vertex, in rank order.
  public struct Segment: Sendable, Hashable {
    /// The accelerators' template.
    public var template: TemplateID
    /// Its axes from the slowest-running to the fastest: the mixed-radix digits of the rank within the segment.
    public var digits: [AxisID]
    /// The lowest indices in use on an axis (`trays: 16` of 18); other axes are wholly in use.
    public var inUse: [AxisID: Int]

    /// A run of ranks that come from one template.
    public init(template: TemplateID, digits: [AxisID], inUse: [AxisID: Int] = [:]) {
      self.template = template
      self.digits = digits
      self.inUse = inUse
    }
  }

  /// A level of nested groups of consecutive ranks.
  public struct Level: Sendable, Hashable {
    /// What joins the members of a group.
    public var tier: Tier
    /// For each segment, how many of its leading digits name the group (0: the whole segment is one group, and all
    /// segments are in it together).
    public var leadingDigits: [Int]

    /// A level by its tier.
    public init(tier: Tier, leadingDigits: [Int]) {
      self.tier = tier
      self.leadingDigits = leadingDigits
    }
  }

  /// The runs of ranks, in order.
  public var segments: [Segment]
  /// The levels from the innermost (`board`) outwards; the last one holds everything.
  public var levels: [Level]
  /// The index in `levels` of the scale-up (NVLink, xGMI) domain; nil where accelerators share no scale-up link.
  public var scaleUpLevel: Int?
  /// Trailing digits of each segment that name the rail: accelerators with the same ones share their first switch.
  public var railDigits: [Int]
  /// Axes of the only segment along which links join each accelerator to the next round a ring, as in a torus;
  /// innermost first.
  public var rings: [AxisID]
  /// The digits that differ within a group of ranks; nil: all ranks are one group.
  ///
  /// Every group runs a collective of its own, side by side with the others. Only an order of one segment has groups.
  public var groupDigits: Range<Int>?

  /// An order of its parts.
  public init(
    segments: [Segment], levels: [Level], scaleUpLevel: Int?, railDigits: [Int], rings: [AxisID] = [],
    groupDigits: Range<Int>? = nil
  ) {
    self.segments = segments
    self.levels = levels
    self.scaleUpLevel = scaleUpLevel
    self.railDigits = railDigits
    self.rings = rings
    self.groupDigits = groupDigits
  }
}
