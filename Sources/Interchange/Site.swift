public import ClusterModel
public import Quantities

/// What a file of another tool describes: hosts, the devices in and between them, and links.
///
/// Importers make it, the writer turns it into a topology file of the project; exporters read it from a cluster.
public struct Site: Sendable {
  /// A device.
  public struct Device: Sendable, Hashable {
    /// Its name in the source, or one made of its kind and number.
    public var name: String
    /// What it is.
    public var kind: DeviceKind
    /// The name of its part in the catalogue or among the site's own parts; empty where it has none.
    public var part: String
    /// The host that it stands in: an index into `hosts`; nil for what stands between hosts.
    public var host: Int?
    /// What tells devices of one kind apart beyond their part: NICs of different use, for instance.
    public var role: String
    /// Whether traffic of others may pass through, where it is not as usual for the kind.
    public var relays: Bool?

    /// A device of its parts.
    public init(
      name: String, kind: DeviceKind, part: String = "", host: Int? = nil, role: String = "", relays: Bool? = nil
    ) {
      self.name = name
      self.kind = kind
      self.part = part
      self.host = host
      self.role = role
      self.relays = relays
    }
  }

  /// Alike links between two devices.
  public struct Link: Sendable, Hashable {
    /// One end: an index into `devices`.
    public var from: Int
    /// The other end.
    public var to: Int
    /// How many there are.
    public var count: Int
    /// The name of their kind in the catalogue or among the site's own parts.
    public var kind: String
    /// What each carries where it carries less than its kind.
    public var degradedTo: Bandwidth?
    /// The tier that they belong to, where it is not the usual one between such devices.
    public var tier: Tier?

    /// Links of their parts.
    public init(
      from: Int, to: Int, count: Int = 1, kind: String, degradedTo: Bandwidth? = nil, tier: Tier? = nil
    ) {
      self.from = from
      self.to = to
      self.count = count
      self.kind = kind
      self.degradedTo = degradedTo
      self.tier = tier
    }
  }

  /// A host.
  public struct Host: Sendable, Hashable {
    /// Its name in the source.
    public var name: String
    /// The identities by which other files know it: GUIDs of its adapters, without `0x` and leading zeros.
    public var identities: Set<String>
    /// The shipped system that it is; empty where its devices are listed by the source.
    public var system: String

    /// A host of its parts.
    public init(name: String, identities: Set<String> = [], system: String = "") {
      self.name = name
      self.identities = identities
      self.system = system
    }
  }

  /// Something worth knowing of what was read.
  public struct Note: Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// A property of the source, in passing.
      case found
      /// Something the description rests on that the source does not say.
      case assumed
      /// Something the source does not say and the description leaves open.
      case unsaid
      /// Something of the source that the description does not hold.
      case leftOut = "left out"
      /// Parts of several sources that do not fit together.
      case unjoined
    }

    /// What it is.
    public var kind: Kind
    /// One sentence without a full stop.
    public var text: String
  }

  /// The name of the whole.
  public var name: String
  /// The hosts in rank order.
  public var hosts: [Host] = []
  /// The devices; accelerators in rank order.
  public var devices: [Device] = []
  /// The links.
  public var links: [Link] = []
  /// Parts that the catalogue does not hold.
  public var parts: OwnParts
  /// Whether the switches of the scale-up domain reduce.
  public var inSwitchReduction = false
  /// What is worth knowing, each once.
  public private(set) var notes: [Note] = []

  /// An empty site.
  public init(name: String, parts: OwnParts = OwnParts()) {
    self.name = name
    self.parts = parts
  }

  /// Adds a note unless it is there.
  public mutating func note(_ kind: Note.Kind, _ text: String) {
    let note = Note(kind: kind, text: text)
    if !notes.contains(note) { notes.append(note) }
  }

  /// Adds a host and gives its index.
  public mutating func add(_ host: Host) -> Int {
    hosts.append(host)
    return hosts.count - 1
  }

  /// Adds a device and gives its index.
  public mutating func add(_ device: Device) -> Int {
    devices.append(device)
    return devices.count - 1
  }

  /// Adds links between two devices.
  ///
  /// A tier is kept only where readers would not take the same without it.
  public mutating func link(
    _ from: Int, _ to: Int, count: Int = 1, _ kind: String, degradedTo: Bandwidth? = nil, tier: Tier? = nil
  ) {
    let isUsual = tier == .standard(devices[from].kind, devices[to].kind)
    links.append(
      Link(from: from, to: to, count: count, kind: kind, degradedTo: degradedTo, tier: isUsual ? nil : tier))
  }

  /// The devices of a kind.
  public func indices(of kind: DeviceKind) -> [Int] { devices.indices.filter { devices[$0].kind == kind } }

  /// Counts links of one kind between the same two devices together.
  mutating func mergeParallelLinks() {
    var places: [Link: Int] = [:]
    var merged: [Link] = []
    for link in links {
      var key = link
      key.count = 0
      if key.from > key.to { swap(&key.from, &key.to) }
      if let place = places[key] {
        merged[place].count += link.count
      } else {
        places[key] = merged.count
        merged.append(link)
      }
    }
    links = merged
  }

  /// Switches of a host that no accelerator shares stand on different boards; no tool sees the links between those.
  mutating func joinBoards(_ kind: String) {
    var members: [Int: Set<Int>] = [:]
    for link in links {
      for (hub, device) in [(link.from, link.to), (link.to, link.from)]
      where devices[hub].kind == .scaleUpSwitch && devices[hub].host != nil && devices[device].kind == .accelerator {
        members[hub, default: []].insert(device)
      }
    }
    for host in hosts.indices {
      var boards: [[Int]] = []
      for hub in members.keys.sorted() where devices[hub].host == host {
        if let place = boards.firstIndex(where: { members[$0[0]] == members[hub] }) {
          boards[place].append(hub)
        } else {
          boards.append([hub])
        }
      }
      guard boards.count == 2, boards[0].count == boards[1].count,
        let one = members[boards[0][0]], let other = members[boards[1][0]], one.isDisjoint(with: other)
      else { continue }
      note(.assumed, "each NVSwitch is joined to its partner on the other board by \(one.count) links")
      for (one, other) in zip(boards[0], boards[1]) { link(one, other, count: members[one]?.count ?? 1, kind) }
    }
  }
}
