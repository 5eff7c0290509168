import ClusterModel
import Diagnostics
import Documents
import Foundation
public import HardwareCatalog
public import Quantities

/// The parts that a site's devices and links name: those of the catalogue where they fit, else parts of its own.
public struct OwnParts: Sendable {
  /// The parts that come with the project.
  public let catalog: HardwareCatalog
  /// The links, adapters and switches of the catalogue, read once.
  let links: [Link]
  let nics: [NIC]
  let switches: [Switch]
  /// Own parts by family, each as its name and its mapping in YAML, in the order of first use.
  public private(set) var entries: [Family: [(name: String, text: String)]] = [:]

  /// No own parts beside a catalogue.
  public init(catalog: HardwareCatalog = HardwareCatalog()) {
    self.catalog = catalog
    links = catalog.names(of: .links).compactMap(catalog.link)
    nics = catalog.names(of: .nics).compactMap(catalog.nic)
    switches = catalog.names(of: .switches).compactMap(catalog.networkSwitch)
  }

  /// Names a part of its own, once.
  public mutating func add(_ name: String, to family: Family, _ text: String) -> String {
    if entries[family, default: []].contains(where: { $0.name == name }) { return name }
    entries[family, default: []].append((name, text))
    return name
  }

  /// Takes up the own parts of another site.
  public mutating func add(_ other: OwnParts) {
    for family in Family.allCases {
      for entry in other.entries[family] ?? [] { _ = add(entry.name, to: family, entry.text) }
    }
  }

  /// What a kind of link carries in one direction; nil for one that is not known.
  public func bandwidth(of link: String) -> Bandwidth? {
    links.first { $0.name == link }?.bandwidth.value ?? catalogWithOwn.link(link)?.bandwidth.value
  }

  /// The catalogue with the own parts in it.
  public var catalogWithOwn: HardwareCatalog {
    guard !entries.isEmpty else { return catalog }
    var list = DiagnosticList()
    let text = yaml.joined(separator: "\n")
    guard let node = SourceText(name: "parts", text: text).document(&list), let parts = node.mapping?["parts"]?.mapping
    else { return catalog }
    return catalog.adding(parts: parts, sources: nil, &list)
  }

  /// The own parts as the lines of a topology file.
  var yaml: [String] {
    guard !entries.isEmpty else { return [] }
    var lines = ["parts:"]
    for family in Family.allCases {
      guard let own = entries[family], !own.isEmpty else { continue }
      lines.append("  \(family.rawValue):")
      lines += own.map { "    \($0.name): \($0.text)" }
    }
    return lines
  }
}

// MARK: Choosing parts by what sources say of them

extension OwnParts {
  /// Figures of a rate as files write it.
  static func figure(_ rate: Bandwidth, note: String) -> String {
    "{value: \(OwnParts.text(rate)), assumed: true, note: \(TopologyText.quoted(note))}"
  }

  /// A rate with its unit, exactly.
  static func text(_ rate: Bandwidth) -> String {
    let gigabits = (rate.gigabitsPerSecond * 1e6).rounded() / 1e6
    if gigabits >= 1e-3, gigabits < 1e9 {
      return gigabits == gigabits.rounded() ? "\(Int(gigabits)) Gb/s" : "\(gigabits) Gb/s"
    }
    return "\(Int(max(1, min(rate.bytesPerSecond, 1e18)))) B/s"
  }

  private static func isNear(_ left: Bandwidth, _ right: Bandwidth) -> Bool {
    abs(left.bytesPerSecond - right.bytesPerSecond) <= 0.001 * right.bytesPerSecond
  }

  /// The kind of network link of a technology and rate.
  mutating func networkLink(_ technology: LinkTechnology, _ rate: Bandwidth, label: String? = nil) -> String {
    let links = links.filter { $0.technology == technology }
    if let link = links.first(where: { OwnParts.isNear($0.bandwidth.value, rate) }) { return link.name }
    let name = OwnParts.name("\(technology.rawValue)-\(OwnParts.text(rate))")
    // What the source does not say is taken from the kind of nearest rate.
    func distance(_ link: Link) -> Double { abs(log(link.bandwidth.value / rate)) }
    guard let like = links.min(by: { distance($0) < distance($1) }) else {
      return add(
        name, to: .links,
        "{technology: \(technology.rawValue), figures: {bandwidth: "
          + "\(OwnParts.figure(rate, note: "as the source says")), latency: "
          + "{value: 500 ns, assumed: true, note: \"the source does not say it\"}}}")
    }
    return add(
      name, to: .links,
      "{like: \(like.name), label: \(name.lowercased()), figures: {bandwidth: "
        + "\(OwnParts.figure(rate, note: label.map { "the source says \($0)" } ?? "as the source says"))}}")
  }

  /// An adapter of one port of a technology and rate.
  mutating func nic(_ technology: LinkTechnology, _ rate: Bandwidth, label: String? = nil) -> String {
    let link = networkLink(technology, rate, label: label)
    let fitting = nics.first {
      $0.transport == technology && $0.ports.value == 1 && $0.link == link
        && OwnParts.isNear($0.portBandwidth.value, rate)
    }
    if let fitting { return fitting.name }
    return add(
      OwnParts.name("NIC-\(technology.rawValue)-\(OwnParts.text(rate))"), to: .nics,
      "{transport: \(technology.rawValue), link: \(link), figures: {ports: 1, port-bandwidth: \(OwnParts.text(rate))}}")
  }

  /// A switch of the network whose ports are of a kind of link; empty where the catalogue has none.
  func networkSwitch(portsOf link: String) -> String {
    switches.first { $0.kind == .networkSwitch && $0.link == link }?.name ?? ""
  }

  /// The kind of a PCIe link by its rate per lane and its width.
  mutating func pcie(gigatransfers: Double, lanes: Int) -> String {
    let generations: [(rate: Double, link: String)] = [
      (8, "PCIe-3-x16"), (16, "PCIe-4-x16"), (32, "PCIe-5-x16"), (64, "PCIe-6-x16"),
    ]
    if let whole = generations.first(where: { $0.rate == gigatransfers }), lanes == 16 { return whole.link }
    let base = generations.first { $0.rate == gigatransfers } ?? generations[0]
    guard let wide = catalog.link(base.link) else { return base.link }
    // The first two generations send ten bits for eight; later ones nearly none more.
    let encoding = gigatransfers < 8 ? 0.8 / (128.0 / 130.0) : 1
    let rate = wide.bandwidth.value * (gigatransfers / base.rate * Double(lanes) / 16 * encoding)
    let speed = gigatransfers == gigatransfers.rounded() ? "\(Int(gigatransfers))" : "\(gigatransfers)"
    return add(
      "PCIe-\(speed)GT-x\(lanes)", to: .links,
      "{like: \(base.link), label: pcie-\(speed)gt-x\(lanes), figures: {bandwidth: "
        + "\(OwnParts.figure(rate, note: "\(lanes) lanes of \(speed) GT/s, in proportion to \(base.link)"))}}")
  }

  /// A name that files allow, made of any text.
  public static func name(_ text: String) -> String {
    var result = ""
    for character in text {
      let isAllowed = character.isASCII && (character.isLetter || character.isNumber) || "._+-".contains(character)
      if isAllowed {
        result.append(character)
      } else if !result.hasSuffix("-"), !result.isEmpty {
        result.append("-")
      }
    }
    while let last = result.last, last == "-" { result.removeLast() }
    if let first = result.first, !(first.isLetter || first.isNumber) { result = "n" + result }
    return result.isEmpty ? "unnamed" : String(result.prefix(90))
  }
}

extension HardwareCatalog {
  /// Whether a device may be of a part of this name.
  func knows(_ part: String) -> Bool {
    accelerator(part) != nil || cpu(part) != nil || nic(part) != nil || networkSwitch(part) != nil
  }
}

extension OwnParts {
  /// The kind of link of a label: the catalogue's where all of it agrees, else one of its own.
  mutating func link(
    named label: String, technology: LinkTechnology, rate: Bandwidth, picoseconds: Double
  ) -> String {
    let latency = Int64(exactly: min(max(picoseconds, 0), 1e18).rounded()) ?? 0
    let known = links.first { link in
      link.label == label && link.technology == technology && OwnParts.isNear(link.bandwidth.value, rate)
        && link.latency.value.picoseconds == latency
    }
    if let known { return known.name }
    let base = OwnParts.name(label)
    let bytes = Int(min(max(rate.bytesPerSecond, 1), 1e18).rounded())
    let text =
      "{technology: \(technology.rawValue), label: \(TopologyText.quoted(base)), figures: {bandwidth: \(bytes) B/s, "
      + "latency: \(latency) ps}}"
    var name = base
    var number = 2
    while catalog.link(name) != nil || entries[.links]?.contains(where: { $0.name == name && $0.text != text }) ?? false
    {
      name = "\(base)-\(number)"
      number += 1
    }
    return add(name, to: .links, text)
  }
}
