import ClusterModel
import HardwareCatalog
import Quantities

extension TopologyMatrixReader {
  /// Makes the host that the matrix describes.
  mutating func build() {
    let names = columns
    let gpus = names.filter(TopologyMatrixReader.isGPU)
    let host = site.add(Site.Host(name: "host"))
    let most = gpus.flatMap { one in gpus.compactMap { relation(one, $0).flatMap(TopologyMatrixReader.linkCount) } }
      .max()
    let part = accelerator(links: most)
    var devices: [String: Int] = [:]
    for name in gpus {
      devices[name] = site.add(.init(name: name, kind: .accelerator, part: part, host: host))
    }
    if gpus.contains(where: { cells[$0] == nil }) {
      site.note(.unsaid, "the rows of some GPUs: their relations are taken from the columns of others")
    }
    linkAccelerators(gpus, devices, part, host: host)
    buildTree(names, &devices, host: host)
  }

  private mutating func accelerator(links: Int?) -> String {
    site.note(.unsaid, "the model of the GPUs and the speed of PCIe and of the adapters")
    let model =
      switch links {
      case 6: "V100"
      case 12: "A100"
      case 18: hasGrace ? "GB200" : "H100"
      default: ""
      }
    guard !model.isEmpty else { return "" }
    let how = hasGrace ? ", whose memory is a NUMA node of its own," : ""
    site.note(.assumed, "GPUs with \(links ?? 0) NVLinks\(how) are \(model)")
    return model
  }

  /// Whether the processors are Grace: the memory of GPUs behind others is no NUMA node.
  private var hasGrace: Bool {
    !hasOwnNode.isEmpty && columns.filter(TopologyMatrixReader.isGPU).allSatisfy(hasOwnNode.contains)
  }

  private mutating func linkAccelerators(_ gpus: [String], _ devices: [String: Int], _ part: String, host: Int) {
    let pairs = gpus.indices.flatMap { left in
      gpus.indices.dropFirst(left + 1).compactMap { right -> (Int, Int, Int)? in
        relation(gpus[left], gpus[right]).flatMap(TopologyMatrixReader.linkCount).map { (left, right, $0) }
      }
    }
    guard let first = pairs.first else { return }
    let (link, _) = site.parts.scaleUpLink(of: part)
    if part.isEmpty { site.note(.assumed, "an NVLink carries what \(link) does") }
    let known = gpus.indices.reduce(0) { sum, left in
      sum + gpus[(left + 1)...].count { relation(gpus[left], $0) != nil }
    }
    // In a part of a matrix not every pair is there.
    let isUniform = pairs.count == known && pairs.allSatisfy { $0.2 == first.2 }
    // More links to each of several peers than a GPU has in all can only be those to switches.
    if isUniform, gpus.count > 2, first.2 * (gpus.count - 1) > (part.isEmpty ? 18 : first.2) {
      let device = site.add(
        .init(
          name: "nvswitch", kind: .scaleUpSwitch, part: site.parts.scaleUpSwitch(portsOf: link), host: host))
      for name in gpus { if let gpu = devices[name] { site.link(gpu, device, count: first.2, link) } }
      site.note(.unsaid, "how many NVSwitch chips there are: the links of each GPU end in one")
      site.inSwitchReduction = site.parts.reducesInSwitches(part)
    } else {
      for (left, right, count) in pairs {
        if let one = devices[gpus[left]], let other = devices[gpus[right]] { site.link(one, other, count: count, link) }
      }
    }
  }

  /// PCIe switches for what is PIX or PXB apart, processors for what is PHB or NODE apart.
  private mutating func buildTree(_ names: [String], _ devices: inout [String: Int], host: Int) {
    let pcie = "PCIe-5-x16"
    site.note(.assumed, "all PCIe links are \(pcie) and an adapter carries 400 Gb/s")
    let places = MatrixPlaces(
      names.map { MatrixPlaces.Device(isGPU: TopologyMatrixReader.isGPU($0), affinity: affinity[$0]) },
      names.map { one in names.map { relation(one, $0) } })
    if places.isDealt {
      site.note(.assumed, "devices whose place the matrix does not show are dealt to the processors in order")
    }
    let (part, socketLink, _) = site.parts.processor(
      architecture: hasGrace ? "arm64" : "", vendor: hasGrace ? "" : "GenuineIntel", family: hasGrace ? nil : 6,
      model: hasGrace ? nil : 143)
    var processors: [Int: Int] = [:]
    var bridges: [Int: Int] = [:]
    for (index, name) in names.enumerated() {
      let number = places.processors[index]
      let processor =
        processors[number]
        ?? site.add(.init(name: "cpu\(processors.count)", kind: .cpu, part: hasGrace ? part : "", host: host))
      processors[number] = processor
      if TopologyMatrixReader.isAdapter(name) {
        let part = site.parts.nic(.infiniband, .gigabitsPerSecond(400))
        devices[name] = site.add(.init(name: name, kind: .nic, part: part, host: host))
      }
      guard let device = devices[name] else { continue }
      guard let own = places.bridges[index] else {
        site.link(device, processor, pcie)
        continue
      }
      let bridge = bridges[own] ?? site.add(.init(name: "pcie\(own)", kind: .pcieSwitch, host: host))
      if bridges.updateValue(bridge, forKey: own) == nil { site.link(bridge, processor, pcie) }
      site.link(device, bridge, pcie)
    }
    let own = site.indices(of: .cpu)
    guard own.count > 1 else { return }
    site.note(.assumed, "processors are joined pair by pair by \(socketLink)")
    for (index, one) in own.enumerated() {
      for other in own[(index + 1)...] { site.link(one, other, socketLink) }
    }
  }
}
