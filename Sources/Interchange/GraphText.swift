import ClusterModel

/// Writes a site device by device, numbered rows together.
struct GraphText {
  private let site: Site
  /// The row and index of each device in the file.
  private var places: [(row: String, index: Int)] = []
  private var counts: [String: Int] = [:]
  private(set) var lines: [String] = []

  init(_ site: Site) {
    self.site = site
    nameDevices()
    lines = ["graph:"]
    if site.inSwitchReduction { lines.append("  in-switch-reduction: true") }
    lines += ["  devices:"] + deviceLines + ["  links:"] + linkLines
    let degraded = site.links.filter { $0.degradedTo != nil }
    if !degraded.isEmpty {
      lines.append("exceptions:")
      lines += degraded.compactMap { link in
        link.degradedTo.map {
          "  - degraded: {from: \"\(name(link.from))\", to: \"\(name(link.to))\", bandwidth: \(OwnParts.text($0))}"
        }
      }
    }
  }

  private struct Row: Hashable {
    var host: Int?
    var kind: DeviceKind
    var part: String
    var relays: Bool?
  }

  /// Devices of hosts are numbered by host and kind; what stands between hosts keeps its name.
  private mutating func nameDevices() {
    var hostNames = site.hosts.map { OwnParts.name($0.name) }
    var seen: [String: Int] = [:]
    for index in hostNames.indices {
      let repeated = seen[hostNames[index], default: 0]
      seen[hostNames[index]] = repeated + 1
      if repeated > 0 { hostNames[index] += "-\(repeated + 1)" }
    }
    var rows: [Row: String] = [:]
    var taken: Set<String> = []
    func free(_ name: String) -> String {
      var result = name
      var number = 2
      while !taken.insert(result).inserted {
        result = "\(name)-\(number)"
        number += 1
      }
      return result
    }
    for device in site.devices {
      guard device.host != nil || site.hosts.isEmpty else {
        places.append((free(OwnParts.name(device.name)), -1))
        continue
      }
      let key = Row(host: device.host, kind: device.kind, part: device.part, relays: device.relays)
      let base = device.kind.rowName
      let name =
        rows[key]
        ?? free(site.hosts.count > 1 ? "\(device.host.map { hostNames[$0] } ?? "")-\(base)" : base)
      rows[key] = name
      places.append((name, counts[name, default: 0]))
      counts[name, default: 0] += 1
    }
  }

  private func name(_ device: Int) -> String {
    let (row, index) = places[device]
    return index < 0 || counts[row] == 1 ? row : "\(row)[\(index)]"
  }

  private var deviceLines: [String] {
    var written: Set<String> = []
    return site.devices.indices.compactMap { index in
      let (row, _) = places[index]
      guard written.insert(row).inserted else { return nil }
      let device = site.devices[index]
      let count = counts[row] ?? 1
      let host = device.host.map { site.hosts.count > 1 ? ", host: \(TopologyText.quoted(site.hosts[$0].name))" : "" }
      let part = device.part.isEmpty ? "kind: \(device.kind.rawValue)" : "part: \(device.part)"
      let relays = device.relays.map { ", relays: \($0)" } ?? ""
      return "    \"\(row)\(count > 1 ? "[0..\(count - 1)]" : "")\": {\(part)\(relays)\(host ?? "")}"
    }
  }

  private struct Bundle: Hashable {
    var row: String
    var to: Int
    var kind: String
    var count: Int
    var tier: Tier?
  }

  /// Switches that stand in no host join the accelerators of several: of racks, not of boards.
  private func tier(of link: Site.Link) -> Tier? {
    let isDomain = [link.from, link.to].contains {
      site.devices[$0].kind == .scaleUpSwitch && site.devices[$0].host == nil
    }
    return link.tier ?? (isDomain && site.hosts.count > 1 ? .rack : nil)
  }

  /// Links from neighbouring members of a row to one device stand on one line.
  private var linkLines: [String] {
    var lines: [String] = []
    var open: (bundle: Bundle, first: Int, last: Int)?
    func close() {
      guard let (bundle, first, last) = open else { return }
      let from = first < 0 || counts[bundle.row] == 1 ? bundle.row : "\(bundle.row)[\(first)"
      let ending = first < 0 || counts[bundle.row] == 1 ? "" : first == last ? "]" : "..\(last)]"
      let count = bundle.count == 1 ? "" : ", count: \(bundle.count)"
      let tier = bundle.tier.map { ", tier: \($0)" } ?? ""
      lines.append(
        "    - {between: [\"\(from)\(ending)\", \"\(name(bundle.to))\"], link: \(bundle.kind)\(count)\(tier)}")
    }
    let order = site.links.indices.sorted { left, right in
      let (one, other) = (site.links[left], site.links[right])
      return (one.to, places[one.from].row, places[one.from].index, left)
        < (other.to, places[other.from].row, places[other.from].index, right)
    }
    for index in order {
      let link = site.links[index]
      let (row, place) = places[link.from]
      let bundle = Bundle(row: row, to: link.to, kind: link.kind, count: link.count, tier: tier(of: link))
      if let current = open, current.bundle == bundle, place == current.last + 1, place > 0 {
        open = (bundle, current.first, place)
      } else {
        close()
        open = (bundle, place, place)
      }
    }
    close()
    return lines
  }
}
