import ClusterModel
import Documents
import HardwareCatalog
import Quantities
import TopologyFiles

/// A kind of link as an infrastructure describes it: a name, perhaps with what it carries and how long that takes.
struct InfraGraphLink {
  private enum Rate {
    case rate(Bandwidth)
    case transfers(Double)
  }

  let name: String
  private let rate: Rate?
  private let picoseconds: Double?
  private let technology: LinkTechnology?
  /// The tier of the links, where the description says it.
  let tier: Tier?

  /// A link with a name; nil without one.
  init?(_ fields: Mapping) {
    guard let name = fields["name"]?.scalar?.text else { return nil }
    self.name = name
    let physical = fields["physical"]?.mapping
    rate = InfraGraphLink.rate((physical?["bandwidth"] ?? fields["bandwidth"])?.mapping)
    picoseconds = InfraGraphLink.picoseconds(physical?["latency"]?.mapping)
    technology = fields.about.lazy.compactMap(LinkTechnology.init).first
    tier = fields.about.lazy.compactMap { $0.hasPrefix("tier ") ? Tier(named: String($0.dropFirst(5))) : nil }.first
  }

  /// The positive numbers of a mapping by their unit.
  private static func numbers(_ fields: Mapping?) -> [(unit: String, value: Double)] {
    (fields?.entries ?? []).compactMap { entry in
      guard entry.key.value != "choice", let text = entry.value.scalar?.text, let value = Double(text), value.isFinite,
        value > 0, value < 1e7
      else { return nil }
      return (entry.key.value.lowercased(), value)
    }
  }

  private static func rate(_ fields: Mapping?) -> Rate? {
    for (unit, value) in numbers(fields) {
      if unit.contains("transfer") { return .transfers(value) }
      if unit.contains("byte") { return .rate(.gigabytesPerSecond(value)) }
      if unit.contains("bit") { return .rate(.gigabitsPerSecond(value)) }
    }
    return nil
  }

  private static func picoseconds(_ fields: Mapping?) -> Double? {
    let units = ["ms": 1e9, "us": 1e6, "ns": 1e3]
    return numbers(fields).lazy.compactMap { number in units[number.unit].map { $0 * number.value } }.first
  }

  /// The kind of link in the catalogue that it is between two devices, or one of the site's own.
  func kind(between from: Site.Device, _ to: Site.Device, _ site: inout Site) -> String {
    let technology = technology ?? guessed(from, to)
    let standard = InfraGraphLink.standard(technology)
    let rate: Bandwidth
    switch self.rate {
    case .rate(let own): rate = own
    case .transfers(let own): return site.parts.pcie(gigatransfers: own, lanes: 16)
    case nil:
      site.note(.unsaid, "the rate of the link '\(name)', of which \(standard) is assumed")
      return standard
    }
    func isFitting(_ link: Link) -> Bool {
      let said = picoseconds ?? Double(link.latency.value.picoseconds)
      return abs(link.bandwidth.value / rate - 1) < 0.001 && abs(Double(link.latency.value.picoseconds) - said) < 1
    }
    let own = tier.map { "-\($0)" }.flatMap { name.hasSuffix($0) ? String(name.dropLast($0.count)) : nil } ?? name
    if let known = site.parts.links.first(where: { $0.name == own }) {
      if isFitting(known) { return known.name }
      // A link of the catalogue that carries a part of what it could, as one port of several does.
      if let picoseconds {
        return site.parts.link(named: known.label, technology: technology, rate: rate, picoseconds: picoseconds)
      }
    }
    if let known = site.parts.links.first(where: { $0.technology == technology && isFitting($0) }) { return known.name }
    if let picoseconds {
      return site.parts.link(named: own, technology: technology, rate: rate, picoseconds: picoseconds)
    }
    return site.parts.add(
      OwnParts.name("\(own)-\(OwnParts.text(rate))"), to: .links,
      "{like: \(standard), label: \(TopologyText.quoted(OwnParts.name(own))), figures: {bandwidth: "
        + "\(OwnParts.figure(rate, note: "as the source says"))}}")
  }

  private func guessed(_ from: Site.Device, _ to: Site.Device) -> LinkTechnology {
    let name = name.lowercased()
    if name.contains("nvl") { return .nvlink }
    if name.contains("xgmi") { return .xgmi }
    if name.contains("pci") { return .pcie }
    if name.contains("ib") || name.contains("infiniband") { return .infiniband }
    if name.contains("eth") || name.contains("roce") { return .roce }
    let kinds: Set<DeviceKind> = [from.kind, to.kind]
    if kinds.contains(.scaleUpSwitch) || kinds == [.accelerator] { return .nvlink }
    return kinds.contains(.networkSwitch) ? .roce : .pcie
  }

  private static func standard(_ technology: LinkTechnology) -> String {
    switch technology {
    case .nvlink: "NVLink-3"
    case .xgmi: "xGMI-MI300X"
    case .infiniband: "NDR-400G"
    case .roce, .ethernet: "RoCE-400G"
    default: "PCIe-4-x16"
    }
  }
}

extension Mapping {
  /// The words of a `description`, which stand between commas.
  var about: [String] {
    (self["description"]?.scalar?.text ?? "").split(separator: ",").map { String($0.trimming) }
  }
}
