/// A cluster as people compose it: blocks inside blocks, devices in them, links between them by rule.
///
/// The topology language is read into this; fabric kinds add their switches to it; `Composition.blueprint()` turns it
/// into axes, templates and rules. Names and counts only: no expansion.
public struct Composition: Sendable {
  /// A named, repeated block with devices, links and further blocks in it.
  public struct Block: Sendable {
    /// Its name in paths: `rack`.
    public var name: String
    /// How many there are in each enclosing block; at least 1.
    public var count: Int
    /// The tier that joins what is inside one of it, if it is a tier of its own (`tray` is not, an NVL72 rack is).
    public var tier: Tier?
    /// Blocks inside.
    public var blocks: [Block]
    /// Devices directly inside.
    public var devices: [Device]
    /// Links between parts inside.
    public var wirings: [Wiring]

    /// A block of its parts.
    public init(
      name: String, count: Int = 1, tier: Tier? = nil, blocks: [Block] = [], devices: [Device] = [],
      wirings: [Wiring] = []
    ) {
      self.name = name
      self.count = count
      self.tier = tier
      self.blocks = blocks
      self.devices = devices
      self.wirings = wirings
    }
  }

  /// A row of alike devices in a block.
  public struct Device: Sendable {
    /// Its name in paths: `gpu`.
    public var name: String
    /// How many there are in each enclosing block; at least 1.
    public var count: Int
    /// What it is.
    public var kind: DeviceKind
    /// The name of its part in the catalogue; empty where it has none.
    public var part: String
    /// Whether traffic of others may pass through.
    public var relays: Bool

    /// A row of devices.
    public init(name: String, count: Int = 1, kind: DeviceKind, part: String = "", relays: Bool? = nil) {
      self.name = name
      self.count = count
      self.kind = kind
      self.part = part
      self.relays = relays ?? (kind != .accelerator)
    }
  }

  /// How the two ends of a wiring are matched, beyond the blocks they have in common.
  public enum Match: Sendable, Hashable {
    /// Every one with every one.
    case all
    /// Index i of one row with index i of the other. Rows of different length: the longer one is divided into equal
    /// runs of consecutive members, each run with one member of the shorter row (`gpu[0..1]` with `nic[0]`).
    case aligned
    /// Every one with every other one of the same row (a full mesh).
    case mesh
    /// Every one with the one so far further round a ring of blocks or devices.
    case ring(Ring)
  }

  /// Which members of a row are joined round a ring.
  public struct Ring: Sendable, Hashable {
    /// Where on blocks of which every one is wired in a way of its own the links start and end.
    public struct Place: Sendable, Hashable {
      /// The place of the block among the names of the wiring's end.
      public var step: Int
      /// The index of one end.
      public var from: Int
      /// The index of the end further round.
      public var to: Int

      /// A place by block and indices.
      public init(step: Int, from: Int, to: Int) {
        self.step = step
        self.from = from
        self.to = to
      }
    }

    /// The place among the names of the wiring's end of the block or device that closes into a ring.
    public var step: Int
    /// How many indices further; 1 for neighbours.
    public var by: Int
    /// Where else the ends have given indices; on all other blocks they have the same.
    public var places: [Place]

    /// A ring of blocks or devices.
    public init(step: Int, by: Int = 1, places: [Place] = []) {
      self.step = step
      self.by = by
      self.places = places
    }
  }

  /// Links between two rows of devices.
  public struct Wiring: Sendable {
    /// Names from the block that holds the wiring down to the device: `["rack", "tray", "gpu"]`.
    public var from: [String]
    /// The other end, written likewise.
    public var to: [String]
    /// How ends are matched.
    ///
    /// Blocks that both paths share at their start are the same block.
    public var match: Match
    /// For `aligned` and `mesh`: how many trailing path steps of each end make up its index (1: the device's own; 2: the
    /// device's within its block's, so that `tray` and `gpu` together number 72 rails).
    public var depth: Int
    /// Parallel links between each linked pair.
    public var linksPerPair: Int
    /// What kind of link.
    public var link: LinkType
    /// The tier that the link belongs to.
    public var tier: Tier

    /// A wiring of its parts.
    public init(
      from: [String], to: [String], match: Match, depth: Int = 1, linksPerPair: Int = 1, link: LinkType, tier: Tier
    ) {
      self.from = from
      self.to = to
      self.match = match
      self.depth = depth
      self.linksPerPair = linksPerPair
      self.link = link
      self.tier = tier
    }
  }

  /// One step of a selecting path: `rack[3]`, `tray[*]`, `gpu[2..5]`.
  public struct SelectorStep: Sendable, Hashable {
    /// The name of the block or device.
    public var name: String
    /// Selected flat indices as half-open ranges; nil selects all.
    public var indices: [Range<Int>]?

    /// A step by name and indices.
    public init(name: String, indices: [Range<Int>]?) {
      self.name = name
      self.indices = indices
    }
  }

  /// A change to parts that a path selects.
  public enum Change: Sendable, Hashable {
    /// The part is missing or has failed, with all that is in it.
    case absent([SelectorStep])
    /// Links between two selected rows have failed; `count` per pair, nil for all.
    case failedLinks([SelectorStep], [SelectorStep], count: Int?)
    /// Links between two selected rows are of another kind or degraded.
    case changedLinks([SelectorStep], [SelectorStep], link: LinkType)
  }

  /// The outermost block; its count is 1 and it is not named in paths.
  public var root: Block
  /// Changes, in file order.
  public var changes: [Change]
  /// Lowest indices in use, by block or device name (`tray: 16`, `gpu: 4`); the rest stays in place unused.
  public var inUse: [String: Int]

  /// A composition of its parts.
  public init(root: Block, changes: [Change] = [], inUse: [String: Int] = [:]) {
    self.root = root
    self.changes = changes
    self.inUse = inUse
  }
}
