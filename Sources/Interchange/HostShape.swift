import ClusterModel

/// The content of a host as rows of alike devices and links by rule, where it is that regular.
struct HostShape: Hashable {
  /// A row of alike devices.
  struct Row: Hashable {
    var name: String
    var kind: DeviceKind
    var part: String
    var count: Int
    /// Where it is not as usual for the kind.
    var relays: Bool?
  }

  /// How two rows are matched.
  enum Match: String, Hashable { case all, aligned, mesh }

  /// Links between two rows.
  struct Rule: Hashable {
    var from: Int
    var to: Int
    var match: Match
    var perPair: Int
    var link: String
    /// Where it is not the usual one.
    var tier: Tier?
  }

  var rows: [Row] = []
  var rules: [Rule] = []
  /// The shipped system that it is; empty for one of its own.
  var system = ""
}

/// A host with the place of each of its devices in its shape.
struct ShapedHost {
  var shape = HostShape()
  /// Row and index by device of the site.
  var places: [Int: (row: Int, index: Int)] = [:]

  /// The shape of some devices with the links among them; nil where rows and rules cannot say it.
  /// - Parameters:
  ///   - members: The devices in the order of the source.
  ///   - links: The links whose ends are both among them.
  init?(_ members: [Int], links: [Site.Link], of site: Site, system: String) {
    guard links.allSatisfy({ $0.degradedTo == nil }) else { return nil }
    let classes = ShapedHost.classes(members, links: links, of: site)
    var rows: [[Int]] = []
    var rowOfClass: [Int: Int] = [:]
    for member in members {
      guard let kind = classes[member] else { return nil }
      let row = rowOfClass[kind] ?? rows.count
      if row == rows.count {
        rowOfClass[kind] = row
        rows.append([])
      }
      rows[row].append(member)
    }
    rows.sort { left, right in
      (ShapedHost.order(site.devices[left[0]].kind), left[0]) < (
        ShapedHost.order(site.devices[right[0]].kind), right[0]
      )
    }
    guard rows.count(where: { site.devices[$0[0]].kind == .accelerator }) <= 1 else { return nil }
    rows = ShapedHost.ordered(rows, links: links)
    for (row, devices) in rows.enumerated() {
      for (index, device) in devices.enumerated() { places[device] = (row, index) }
    }
    shape.system = system
    shape.rows = ShapedHost.named(rows, of: site, isShipped: !system.isEmpty)
    guard addRules(links) else { return nil }
  }

  /// Devices as rows of one kind and part each, without rules.
  init(listing members: [Int], of site: Site) {
    var rows: [[Int]] = []
    for member in members {
      let device = site.devices[member]
      if let row = rows.firstIndex(where: {
        let first = site.devices[$0[0]]
        return first.kind == device.kind && first.part == device.part && first.relays == device.relays
      }) {
        rows[row].append(member)
      } else {
        rows.append([member])
      }
    }
    for (row, devices) in rows.enumerated() {
      for (index, device) in devices.enumerated() { places[device] = (row, index) }
    }
    shape.rows = ShapedHost.named(rows, of: site, isShipped: false)
  }

  private static func order(_ kind: DeviceKind) -> Int {
    let order: [DeviceKind] = [
      .accelerator, .cpu, .numaNode, .pcieSwitch, .nic, .scaleUpSwitch, .networkSwitch, .gateway,
    ]
    return order.firstIndex(of: kind) ?? order.count
  }

  private struct Neighbour: Hashable, Comparable {
    var link: String
    var count: Int
    var colour: Int

    static func < (left: Neighbour, right: Neighbour) -> Bool {
      (left.link, left.count, left.colour) < (right.link, right.count, right.colour)
    }
  }

  private struct Colour: Hashable {
    var own: Int
    var neighbours: [Neighbour]
  }

  /// Devices that no walk along links tells apart have the same class (colour refinement).
  private static func classes(_ members: [Int], links: [Site.Link], of site: Site) -> [Int: Int] {
    var numbers: [String: Int] = [:]
    var colours: [Int: Int] = [:]
    for member in members {
      let device = site.devices[member]
      let relays = device.relays.map { "\($0)" } ?? ""
      let key = "\(device.kind.rawValue)/\(device.part)/\(device.role)/\(relays)"
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      colours[member] = number
    }
    var count = numbers.count
    while count < members.count {
      var around: [Int: [Neighbour]] = [:]
      for link in links {
        for (one, other) in [(link.from, link.to), (link.to, link.from)] {
          around[one, default: []].append(Neighbour(link: link.kind, count: link.count, colour: colours[other] ?? 0))
        }
      }
      var next: [Colour: Int] = [:]
      var refined: [Int: Int] = [:]
      for member in members {
        let colour = Colour(own: colours[member] ?? 0, neighbours: (around[member] ?? []).sorted())
        let number = next[colour] ?? next.count
        next[colour] = number
        refined[member] = number
      }
      colours = refined
      if next.count == count { break }
      count = next.count
    }
    return colours
  }

  /// Rows whose members stand in the order of what they are linked to, the first row's order given.
  private static func ordered(_ rows: [[Int]], links: [Site.Link]) -> [[Int]] {
    var around: [Int: [Int]] = [:]
    for link in links {
      around[link.from, default: []].append(link.to)
      around[link.to, default: []].append(link.from)
    }
    var rows = rows
    var position: [Int: Int] = [:]
    var waiting = Array(rows.indices)
    while !waiting.isEmpty {
      func isNear(_ row: Int) -> Bool { rows[row].contains { around[$0]?.contains { position[$0] != nil } ?? false } }
      let row = waiting.first(where: isNear) ?? waiting[0]
      waiting.removeAll { $0 == row }
      let keys = Dictionary(
        uniqueKeysWithValues: rows[row].enumerated().map { place, device in
          (device, ((around[device] ?? []).compactMap { position[$0] }.min() ?? .max, place))
        })
      rows[row].sort { (keys[$0] ?? (.max, 0)) < (keys[$1] ?? (.max, 0)) }
      // Positions count in shares of the row, so that rows of different length compare.
      for (index, device) in rows[row].enumerated() { position[device] = index * 1_000_000 / rows[row].count }
    }
    return rows
  }

  private static func named(_ rows: [[Int]], of site: Site, isShipped: Bool) -> [HostShape.Row] {
    var taken: [String: Int] = [:]
    return rows.map { row in
      let device = site.devices[row[0]]
      // A shipped system names its own rows.
      if isShipped {
        let name = device.role.split(separator: "/").dropFirst().joined(separator: "/")
        return HostShape.Row(name: name, kind: device.kind, part: device.part, count: row.count)
      }
      let base = device.kind.rowName
      let number = taken[base, default: 0]
      taken[base] = number + 1
      let name = number == 0 ? base : "\(base)-\(number < 25 ? String(UnicodeScalar(UInt8(97 + number))) : "\(number)")"
      return HostShape.Row(
        name: name, kind: device.kind, part: device.part, count: row.count, relays: device.relays)
    }
  }

  private struct Pair: Hashable {
    var from: Int
    var to: Int
  }

  private struct RowPair: Hashable, Comparable {
    var from: Int
    var to: Int
    var link: String
    var tier: Tier?

    static func < (left: RowPair, right: RowPair) -> Bool {
      (left.from, left.to, left.link, left.tier ?? .device) < (right.from, right.to, right.link, right.tier ?? .device)
    }
  }

  private mutating func addRules(_ links: [Site.Link]) -> Bool {
    var counts: [RowPair: [Pair: Int]] = [:]
    for link in links {
      guard var one = places[link.from], var other = places[link.to] else { return false }
      if (one.row, one.index) > (other.row, other.index) { swap(&one, &other) }
      let rows = RowPair(from: one.row, to: other.row, link: link.kind, tier: link.tier)
      counts[rows, default: [:]][Pair(from: one.index, to: other.index), default: 0] += link.count
    }
    for (rows, pairs) in counts.sorted(by: { $0.key < $1.key }) {
      guard let perPair = pairs.first?.value, pairs.values.allSatisfy({ $0 == perPair }),
        let match = match(Set(pairs.keys), shape.rows[rows.from].count, shape.rows[rows.to].count, rows.from == rows.to)
      else { return false }
      shape.rules.append(
        .init(from: rows.from, to: rows.to, match: match, perPair: perPair, link: rows.link, tier: rows.tier))
    }
    return true
  }

  private func match(_ pairs: Set<Pair>, _ from: Int, _ to: Int, _ isSame: Bool) -> HostShape.Match? {
    if isSame { return from > 1 && pairs.count == from * (from - 1) / 2 ? .mesh : nil }
    if pairs.count == from * to { return .all }
    guard max(from, to) % min(from, to) == 0, pairs.count == max(from, to) else { return nil }
    return pairs.allSatisfy { $0.from / max(1, from / to) == $0.to / max(1, to / from) } ? .aligned : nil
  }
}

extension DeviceKind {
  /// What a row of such devices is called in files.
  var rowName: String {
    switch self {
    case .accelerator: "gpu"
    case .cpu: "cpu"
    case .numaNode: "numa"
    case .pcieSwitch: "pcie-switch"
    case .nic: "nic"
    case .scaleUpSwitch: "nvswitch"
    case .networkSwitch: "switch"
    case .gateway: "gateway"
    }
  }
}
