/// The nested groups that a number of ranks form: what schedules need to know of a topology.
///
/// Level 0 is the innermost; the last level holds all ranks in one group. Groups are runs of consecutive ranks.
public struct TierLadder: Sendable, Hashable {
  /// So many consecutive groups of one size.
  public struct Run: Sendable, Hashable {
    /// Ranks in each group.
    public var size: Int
    /// How many such groups follow each other.
    public var count: Int

    /// A run of alike groups.
    public init(size: Int, count: Int) {
      self.size = size
      self.count = count
    }
  }

  /// One level of groups.
  public struct Level: Sendable, Hashable {
    /// What joins the members of a group.
    public var tier: Tier
    /// The groups in rank order, run-length coded; sizes times counts sum to the ranks.
    public var groups: [Run]

    /// A level by its tier and groups.
    public init(tier: Tier, groups: [Run]) {
      self.tier = tier
      self.groups = groups
    }

    /// How many groups there are.
    public var groupCount: Int { groups.reduce(0) { $0 + $1.count } }
    /// The size of all groups, if they are alike.
    public var uniformSize: Int? { Set(groups.map(\.size)).count == 1 ? groups.first?.size : nil }
    /// The size of the largest group.
    public var largestSize: Int { groups.map(\.size).max() ?? 0 }
    /// The size of the smallest group.
    public var smallestSize: Int { groups.map(\.size).min() ?? 0 }
  }

  /// Rings of direct links between accelerators along each digit of the rank.
  public struct Torus: Sendable, Hashable {
    /// The sizes of the machine's rings, that of the fastest-running digit first.
    public var machine: [Int]
    /// The sizes of the rings that the ranks fill, likewise; nil where they are not whole rings.
    public var sizes: [Int]?

    /// A torus by the sizes of its rings.
    public init(machine: [Int], sizes: [Int]?) {
      self.machine = machine
      self.sizes = sizes
    }

    /// The numbers of ranks that fill whole rings, ascending.
    public var wholeCounts: [Int] {
      machine.reduce(into: []) { counts, size in counts.append((counts.last ?? 1) * size) }
    }
  }

  /// How many ranks there are.
  public var ranks: Int
  /// The levels from the innermost outwards; groups of a level are unions of groups of the one before.
  public var levels: [Level]
  /// The index of the scale-up (NVLink, xGMI) domain's level; nil where accelerators share no scale-up link.
  public var scaleUpLevel: Int?
  /// The torus that the accelerators form; nil where they do not.
  public var torus: Torus?

  /// A ladder of its parts.
  public init(ranks: Int, levels: [Level], scaleUpLevel: Int?, torus: Torus? = nil) {
    self.ranks = ranks
    self.levels = levels
    self.scaleUpLevel = scaleUpLevel
    self.torus = torus
  }
}
