import ClusterModel
import Diagnostics
import Quantities

/// Adapters, those too of which a file says no more than their place.
extension NCCLTopologyReader {
  mutating func adapter(
    _ net: XMLElement, pci: XMLElement?, parent: Int, host: Int, _ list: inout DiagnosticList
  ) {
    let name = net["name"] ?? "net"
    guard adapters.insert(Adapter(host: host, name: name, port: net["port"] ?? "")).inserted else { return }
    let speed = net.integer("speed", in: Int(Int32.min)...1_000_000_000, source, &list) ?? 0
    if speed <= 0 { site.note(.assumed, "adapters of unknown speed carry 10 Gb/s, as NCCL takes them") }
    let rate = Bandwidth.gigabitsPerSecond(speed <= 0 ? 10 : Double(speed) / 1000)
    if net["coll"] == "1" { site.note(.found, "adapters with switches that reduce (SHARP)") }
    let guid = (net["guid"] ?? "").lowercased().replacing("0x", with: "").drop { $0 == "0" }
    if !guid.isEmpty { site.hosts[host].identities.insert(String(guid)) }
    let technology = technology(name, pci: pci)
    let isPlain = pci == nil || technology == .ethernet
    let part = site.parts.nic(technology, rate)
    let device = site.add(.init(name: name, kind: .nic, part: part, host: host, role: isPlain ? "other" : ""))
    let link: String
    if let pci {
      link = pcie(pci, &list)
    } else {
      link = site.parts.pcie(gigatransfers: 8, lanes: 16)
      site.note(.assumed, "\(name) has no place in the PCIe tree and is at the first processor that names it")
    }
    site.link(device, parent, link)
  }

  private func technology(_ name: String, pci: XMLElement?) -> LinkTechnology {
    let name = name.lowercased()
    if name.hasPrefix("rdmap") || name.hasPrefix("efa") || pci?["vendor"] == "0x1d0f" { return .efa }
    if name.hasPrefix("mlx") || name.hasPrefix("ib") || name.hasPrefix("bnxt") || name.hasPrefix("ionic") {
      return pci?["class"]?.hasPrefix("0x0200") == true ? .roce : .infiniband
    }
    if name.hasPrefix("hsi") || name.hasPrefix("cxi") { return .slingshot }
    return pci?["class"]?.hasPrefix("0x0207") == true ? .infiniband : .ethernet
  }

  /// An adapter of which the file gives the PCIe place only.
  mutating func silentAdapter(
    _ element: XMLElement, parent: Int, host: Int, _ list: inout DiagnosticList
  ) {
    let link = pcie(element, &list)
    let rate = standardRate(below: link)
    site.note(.unsaid, "the speed of the adapters")
    site.note(.assumed, "an adapter carries \(OwnParts.text(rate)), the standard rate that its PCIe place allows")
    let isEthernet = element["class"]?.hasPrefix("0x0200") == true || element["class"] == nil
    let part = site.parts.nic(isEthernet ? .roce : .infiniband, rate)
    let device = site.add(.init(name: element["busid"] ?? "nic", kind: .nic, part: part, host: host))
    site.link(device, parent, link)
  }

  private func standardRate(below link: String) -> Bandwidth {
    let most = site.parts.bandwidth(of: link)?.gigabitsPerSecond ?? 0
    return .gigabitsPerSecond([800.0, 400, 200, 100, 50, 25].first { $0 <= most } ?? 10)
  }

  /// Functions without a class are adapters; a GPU is assumed at each bridge that has adapters where none is named.
  mutating func addHidden(_ list: inout DiagnosticList) {
    if !hidden.isEmpty {
      site.note(.assumed, "PCIe functions of which the file says no class are network adapters")
      for function in hidden { silentAdapter(function.element, parent: function.parent, host: function.host, &list) }
    }
    guard accelerators.isEmpty else { return }
    var bridges: [(device: Int, host: Int)] = []
    for link in site.links where site.devices[link.from].kind == .nic {
      let bridge = link.to
      if !bridges.contains(where: { $0.device == bridge }) {
        bridges.append((bridge, site.devices[link.from].host ?? 0))
      }
    }
    guard !bridges.isEmpty else { return }
    site.note(.unsaid, "the GPUs: the file leaves them to be detected")
    site.note(.assumed, "one GPU beside each group of adapters")
    for (bridge, host) in bridges {
      let device = site.add(.init(name: "gpu", kind: .accelerator, host: host))
      let above = site.links.first { $0.to == bridge }?.kind ?? "PCIe-4-x16"
      site.link(device, bridge, above)
      let cpu = cpus.first { $0.host == host }?.device ?? 0
      accelerators.append(Accelerator(device: device, host: host, order: -1, cpu: cpu))
    }
  }
}
