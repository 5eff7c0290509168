import ClusterModel
import HardwareCatalog

/// Names of accelerators and processors by what drivers say of them.
extension OwnParts {
  /// The accelerator of an NVIDIA compute capability.
  /// - Parameters:
  ///   - capability: 80 for 8.0.
  ///   - hasGrace: Whether its host is a Grace processor.
  mutating func accelerator(capability: Int, links: Int, hasGrace: Bool) -> String {
    switch (capability, hasGrace) {
    case (70, _) where links > 0: return "V100"
    case (80, _) where links > 0: return "A100"
    case (90, false) where links > 0: return "H100"
    case (90, true): return "GH200"
    case (100, false) where links > 0: return "B200"
    case (100, true): return "GB200"
    case (103, false) where links > 0: return "B300"
    case (103, true): return "GB300"
    case (120, _): return "RTX-PRO-6000"
    default: break
    }
    let generation =
      switch capability {
      case ..<75: "volta"
      case ..<90: "ampere"
      case ..<100: "hopper"
      default: "blackwell"
      }
    return add(
      "NVIDIA-sm\(capability)", to: .accelerators,
      "{vendor: nvidia, generation: \(generation), about: \"an accelerator of compute capability \(capability)\"}")
  }

  /// The accelerator of an AMD architecture: `942` or `gfx942`.
  mutating func accelerator(architecture: String) -> String {
    let number = architecture.lowercased().hasPrefix("gfx") ? String(architecture.dropFirst(3)) : architecture
    switch number.lowercased() {
    case "940", "941", "942": return "MI300X"
    case "950": return "MI355X"
    default:
      return add(
        OwnParts.name("AMD-gfx\(number)"), to: .accelerators,
        "{vendor: amd, generation: cdna, about: \"an accelerator of architecture gfx\(OwnParts.name(number))\"}")
    }
  }

  /// The scale-up link of an accelerator; the one of the nearest generation where it has none of its own.
  /// - Returns: Its name and whether it is assumed.
  func scaleUpLink(of accelerator: String) -> (name: String, isAssumed: Bool) {
    let part = catalogWithOwn.accelerator(accelerator)
    if let link = part?.link { return (link, false) }
    if part?.vendor == "amd" { return ("xGMI-MI300X", true) }
    switch part?.generation {
    case "volta": return ("NVLink-2", true)
    case "hopper": return ("NVLink-4", true)
    case "blackwell": return ("NVLink-5", true)
    default: return ("NVLink-3", true)
    }
  }

  /// The processor of a host and its link to the next socket; the part is empty where the catalogue has none.
  /// - Parameters:
  ///   - vendor: `GenuineIntel` or `AuthenticAMD`, or empty.
  func processor(
    architecture: String, vendor: String, family: Int?, model: Int?
  ) -> (part: String, socketLink: String, isAssumed: Bool) {
    if architecture.hasPrefix("arm") || architecture == "aarch64" { return ("Grace", "NVLink-C2C", true) }
    if vendor == "AuthenticAMD" {
      // Some tools add the extended family to the base family only in part; the model decides then.
      switch (family, model) {
      case (26, _): return ("EPYC-Turin", "Infinity-Fabric-Turin", false)
      case (25, .some(0...15)), (175, .some(0...15)): return ("EPYC-Milan", "Infinity-Fabric-Milan", false)
      case (25, _), (175, _): return ("EPYC-Genoa", "Infinity-Fabric-Milan", false)
      case (_, 49), (23, _): return ("EPYC-Rome", "Infinity-Fabric-Rome", false)
      default: return ("", "Infinity-Fabric-Rome", true)
      }
    }
    if vendor == "GenuineIntel" {
      switch (family, model) {
      case (6, .some(let model)) where model >= 207: return ("Xeon-Emerald-Rapids", "UPI-Emerald-Rapids", false)
      case (6, .some(let model)) where model >= 143: return ("Xeon-Sapphire-Rapids", "UPI-Sapphire-Rapids", false)
      case (6, .some(let model)) where model >= 85: return ("Xeon-Skylake", "UPI-Skylake", model != 85)
      default: return ("", "UPI-Skylake", true)
      }
    }
    return ("", "UPI-Skylake", true)
  }

  /// The switch of a scale-up domain whose ports are of a kind of link; empty where the catalogue has none.
  func scaleUpSwitch(portsOf link: String) -> String {
    catalog.names(of: .switches).compactMap(catalog.networkSwitch)
      .first { $0.kind == .scaleUpSwitch && $0.link == link }?.name ?? ""
  }

  /// Whether the switches of a scale-up domain of such accelerators reduce: those of Hopper and later do.
  func reducesInSwitches(_ accelerator: String) -> Bool {
    let part = catalogWithOwn.accelerator(accelerator)
    return part?.vendor == "nvidia" && ["hopper", "blackwell"].contains(part?.generation ?? "")
  }
}
