/// A symmetric description of a fabric that is never expanded: axes × vertex templates × wiring rules + exceptions.
///
/// A vertex is one template with one index on each of the template's axes. A wiring rule joins every vertex of one
/// template with those of another that have the same index on the rule's `same` axes. An axis has a scope: the chain
/// of its parents. Indices of an axis may be permuted, or turned round, independently in every instance of its scope,
/// which is what makes the trie partition exact (see `TriePartition`).
public struct Blueprint: Sendable {
  /// A dimension along which vertices repeat.
  public struct Axis: Sendable, Hashable {
    /// Which changes of an axis's indices leave the wiring as it is.
    public enum Symmetry: String, Sendable, Hashable, CaseIterable {
      /// Any two indices may be exchanged.
      case permutations
      /// All indices may be moved on by the same number, the last ones to the start: a ring, or one dimension of a
      /// torus.
      case rotations
      /// None: every index has a wiring of its own.
      case none
    }

    /// Its name, for people: `rack`.
    public var name: String
    /// How many indices it has; at least 1.
    public var size: Int
    /// The axis whose every index holds its own copy of this one; nil at the top.
    public var parent: AxisID?
    /// What may be done to its indices.
    public var symmetry: Symmetry

    /// An axis with its size and the axis that encloses it.
    public init(name: String, size: Int, parent: AxisID? = nil, symmetry: Symmetry = .permutations) {
      self.name = name
      self.size = size
      self.parent = parent
      self.symmetry = symmetry
    }
  }

  /// One step of a vertex's path, such as `rack[3]`: a name and the axes whose mixed-radix number is its index.
  public struct PathStep: Sendable, Hashable {
    /// The name of the block or device.
    public var name: String
    /// The axes of its own index, most significant first.
    ///
    /// A step's flat index in a path runs over its own axes and
    /// those of all steps before it that the path does not name.
    public var axes: [AxisID]

    /// A step by its name and axes.
    public init(name: String, axes: [AxisID]) {
      self.name = name
      self.axes = axes
    }
  }

  /// A kind of vertex.
  public struct Template: Sendable {
    /// The path from the outermost block to the device itself; its last step names the device.
    public var path: [PathStep]
    /// What it is.
    public var kind: DeviceKind
    /// The name of its part in the catalogue; empty where it has none.
    public var part: String
    /// Whether traffic of others may pass through.
    public var relays: Bool

    /// A kind of vertex.
    public init(path: [PathStep], kind: DeviceKind, part: String = "", relays: Bool) {
      self.path = path
      self.kind = kind
      self.part = part
      self.relays = relays
    }

    /// All its axes, outermost first.
    ///
    /// The parents of each are among them.
    public var axes: [AxisID] { path.flatMap(\.axes) }
    /// The device's own name, such as `gpu`.
    public var name: String { path.last?.name ?? "" }
  }

  /// Which vertex of the same template a rule joins to each: the one so many indices further round an axis.
  ///
  /// Where that leads back by going as far again and both ends have the same places, each pair is joined once: a ring
  /// of two is one link.
  public struct Shift: Sendable, Hashable {
    /// An axis without symmetry on which each end has one index.
    public struct Place: Sendable, Hashable {
      /// The axis.
      public var axis: AxisID
      /// The index of one end.
      public var from: Int
      /// The index of the end further round.
      public var to: Int

      /// A place by axis and indices.
      public init(axis: AxisID, from: Int, to: Int) {
        self.axis = axis
        self.from = from
        self.to = to
      }
    }

    /// The axis, whose symmetry is that of rotations.
    public var axis: AxisID
    /// How far, from 1 to the axis's size less 1.
    public var by: Int
    /// Where on axes without symmetry the links start and end; on all other axes the ends have the same index.
    public var places: [Place]

    /// A shift by axis and distance.
    public init(axis: AxisID, by: Int, places: [Place] = []) {
      self.axis = axis
      self.by = by
      self.places = places
    }
  }

  /// A rule that joins the vertices of two templates by links.
  public struct Rule: Sendable {
    /// One end; the rule makes links in both directions.
    public var from: TemplateID
    /// The other end.
    public var to: TemplateID
    /// Axes of both ends on which linked vertices have the same index.
    public var same: Set<AxisID>
    /// Axes of both ends on which linked vertices have different indices (a full mesh); other axes are free.
    public var different: Set<AxisID>
    /// For a ring: which vertex of the template is joined to which; no axis is free then.
    public var shift: Shift?
    /// Parallel links between each linked pair.
    public var linksPerPair: Int
    /// What kind of link.
    public var link: LinkType
    /// The tier that the link belongs to.
    public var tier: Tier

    /// A rule that joins two templates.
    public init(
      from: TemplateID, to: TemplateID, same: Set<AxisID>, different: Set<AxisID> = [], shift: Shift? = nil,
      linksPerPair: Int = 1, link: LinkType, tier: Tier
    ) {
      self.from = from
      self.to = to
      self.same = same
      self.different = different
      self.shift = shift
      self.linksPerPair = linksPerPair
      self.link = link
      self.tier = tier
    }
  }

  /// Which vertices: for each axis named, the indices selected; other axes are wholly selected.
  public struct Selection: Sendable, Hashable {
    /// Selected indices by axis, as half-open ranges, sorted and disjoint.
    public var ranges: [AxisID: [Range<Int>]]

    /// A selection by axis.
    public init(_ ranges: [AxisID: [Range<Int>]] = [:]) { self.ranges = ranges }
  }

  /// Something that is not as the rules say.
  public enum Exception: Sendable, Hashable {
    /// Vertices that do not exist or have failed: of one template, or (nil) of every template that has all the
    /// selection's axes.
    case absent(TemplateID?, Selection)
    /// Links of a rule of which `count` per linked pair (nil: all) have failed.
    case failedLinks(RuleID, from: Selection, to: Selection, count: Int?)
    /// Links of a rule that are of another kind, or degraded.
    case changedLinks(RuleID, from: Selection, to: Selection, link: LinkType)
  }

  /// The axes; a parent stands before its children.
  public var axes: [Axis]
  /// The kinds of vertices.
  public var templates: [Template]
  /// The wiring rules.
  public var rules: [Rule]
  /// What is not as the rules say, in the order applied.
  public var exceptions: [Exception]

  /// Whether a rule meets every linked pair in both orders: it joins a template with itself, and not round a ring.
  func meetsPairsTwice(_ rule: Rule) -> Bool {
    guard rule.from == rule.to else { return false }
    guard let shift = rule.shift else { return true }
    return 2 * shift.by == axes[shift.axis.index].size && shift.places.allSatisfy { $0.from == $0.to }
  }

  /// A blueprint of its parts; `validate` tells whether they fit.
  public init(axes: [Axis] = [], templates: [Template] = [], rules: [Rule] = [], exceptions: [Exception] = []) {
    self.axes = axes
    self.templates = templates
    self.rules = rules
    self.exceptions = exceptions
  }
}
