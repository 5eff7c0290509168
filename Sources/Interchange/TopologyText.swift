import ClusterModel
import Quantities

/// Writes a site as a topology file of the project: short where the site is regular, else device by device.
public struct TopologyText: Sendable {
  /// The text of the file.
  public let text: String
  /// Whether it is a blueprint rather than a list of devices.
  public let isBlueprint: Bool

  /// Writes a site.
  /// - Parameters:
  ///   - site: What a source describes.
  ///   - origin: Where it comes from, for the first line: `nccl-xml dump.xml`.
  public init(_ site: Site, origin: String) {
    let shape = FabricRecogniser.shape(of: site)
    var lines = ["# Imported from \(TopologyText.plain(origin))."]
    lines += TopologyText.comments(of: site, shape)
    lines += ["isochrone: 1", "name: \(TopologyText.quoted(site.name))"]
    lines += TopologyText.facts(of: site)
    lines += site.parts.yaml
    let order = shape?.hostOrder ?? Array(site.hosts.indices)
    if site.hosts.count > 1, shape != nil { lines += TopologyText.hosts(order.map { site.hosts[$0].name }) }
    lines += shape.map { TopologyText.body(of: site, $0) } ?? GraphText(site).lines
    text = lines.joined(separator: "\n") + "\n"
    isBlueprint = shape != nil
  }

  // MARK: Head

  /// A text without line breaks and control characters, for comments.
  static func plain(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }.prefix(300))
  }

  /// A text as a YAML scalar.
  static func quoted(_ text: String) -> String {
    let plain = plain(text)
    return "\"" + plain.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func comments(of site: Site, _ shape: FabricShape?) -> [String] {
    let titles: [(Site.Note.Kind, String)] = [
      (.found, "Found"), (.assumed, "Assumed"), (.unsaid, "Not said by the source"), (.leftOut, "Left out"),
      (.unjoined, "Not joined"),
    ]
    return titles.flatMap { kind, title in
      site.notes.filter { $0.kind == kind }.map { "# \(title): \(plain($0.text))." }
    }
  }

  private static func facts(of site: Site) -> [String] {
    let assumed = site.notes.filter { $0.kind == .assumed }
    guard !assumed.isEmpty else { return [] }
    return ["facts:"]
      + assumed.map { "  - {says: \(quoted($0.text)), assumed: true, note: the imported source does not say it}" }
  }

  private static func hosts(_ names: [String]) -> [String] {
    let ranges = HostList.compressed(names)
    return ["hosts:"] + ranges.map { "  - \(quoted($0))" }
  }

  // MARK: Blueprints

  private static func body(of site: Site, _ shape: FabricShape) -> [String] {
    var lines: [String] = []
    var system = shape.host.system
    if system.isEmpty {
      system = "imported-host"
      lines += ["systems:", "  \(system):"] + content(of: site, shape.host).map { "    " + $0 }
    }
    if shape.levels.isEmpty {
      lines += ["cluster:", "  boxes: 1 × \(system)"]
    } else {
      lines += ["estate:"]
      if site.inSwitchReduction { lines.append("  in-switch-reduction: true") }
      lines += ["  blocks:"]
      lines += block(shape, shape.levels.count - 1, system: system, count: 1).map { "    " + $0 }
    }
    guard !shape.exceptions.isEmpty else { return lines }
    return lines + ["exceptions:"] + shape.exceptions.map(line)
  }

  private static func content(of site: Site, _ host: HostShape) -> [String] {
    var lines = ["unit: box", "in-switch-reduction: \(site.inSwitchReduction)"]
    if let nic = networkRow(of: host) { lines.append("network-ports: \(nic)") }
    lines.append("devices:")
    lines += host.rows.map { row in
      let count = row.count > 1 ? "count: \(row.count), " : ""
      let part = row.part.isEmpty ? "kind: \(row.kind.rawValue)" : "part: \(row.part)"
      return "  \(row.name): {\(count)\(part)\(row.relays.map { ", relays: \($0)" } ?? "")}"
    }
    guard !host.rules.isEmpty else { return lines }
    lines.append("links:")
    return lines
      + host.rules.map { rule in
        let match = rule.match == .all ? "" : ", match: \(rule.match.rawValue)"
        let perPair = rule.perPair == 1 ? "" : ", per-pair: \(rule.perPair)"
        return "  - {from: \(host.rows[rule.from].name), to: \(host.rows[rule.to].name)\(match)\(perPair), "
          + "link: \(rule.link)\(TopologyText.suffix(rule.tier))}"
      }
  }

  /// The row of adapters that faces a fabric: the one with the most members.
  private static func networkRow(of host: HostShape) -> String? {
    host.rows.filter { $0.kind == .nic }.enumerated()
      .max { ($0.element.count, $1.offset) < ($1.element.count, $0.offset) }?.element.name
  }

  private static func block(_ shape: FabricShape, _ index: Int, system: String, count: Int) -> [String] {
    let level = shape.levels[index]
    var lines = ["\(level.block):", "  count: \(count)", "  tier: \(level.tier)", "  blocks:"]
    if index == 0 {
      lines.append("    host: {count: \(level.children), system: \(system)}")
    } else {
      lines += block(shape, index - 1, system: system, count: level.children).map { "    " + $0 }
    }
    let part = level.part.isEmpty ? "kind: \(level.kind.rawValue)" : "part: \(level.part)"
    lines += ["  devices:", "    \(level.row): {count: \(level.switches), \(part)}", "  links:"]
    let inner = shape.levels[..<index].reversed().map(\.block)
    lines += level.rules.map { rule in
      let from =
        rule.hostRow.isEmpty
        ? [shape.levels[index - 1].block, shape.levels[index - 1].row] : inner + ["host", rule.hostRow]
      let match = rule.depth > 0 ? ", match: aligned" + (rule.depth > 1 ? ", depth: \(rule.depth)" : "") : ""
      let perPair = rule.perPair == 1 ? "" : ", per-pair: \(rule.perPair)"
      let below = rule.hostRow.isEmpty ? shape.levels[index - 1].kind : .nic
      // Readers take the tier of a domain's switches from the block, that of other switches from their kinds.
      let isUsual = level.kind == .scaleUpSwitch || level.tier == .standard(below, level.kind)
      let tier = suffix(isUsual ? nil : level.tier)
      return
        "    - {from: \(from.joined(separator: "/")), to: \(level.row)\(match)\(perPair), link: \(rule.link)\(tier)}"
    }
    return lines
  }

  private static func suffix(_ tier: Tier?) -> String { tier.map { ", tier: \($0)" } ?? "" }

  private static func line(of exception: FabricShape.Exception) -> String {
    switch exception {
    case .absent(let path): "  - {absent: \"\(path)\"}"
    case .failed(let from, let to, let count):
      "  - failed: {from: \"\(from)\", to: \"\(to)\"\(count.map { ", count: \($0)" } ?? "")}"
    case .degraded(let from, let to, let rate):
      "  - degraded: {from: \"\(from)\", to: \"\(to)\", bandwidth: \(OwnParts.text(rate))}"
    }
  }
}
