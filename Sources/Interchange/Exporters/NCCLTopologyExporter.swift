import ClusterModel
import HardwareCatalog
import Quantities

/// NCCL's topology XML of one node, for `NCCL_TOPO_FILE`.
public struct NCCLTopologyExporter: Exporter {
  /// The name in commands.
  public let name = "nccl-xml"
  /// What it is.
  public let about = "NCCL topology XML of the first host"

  /// An exporter.
  public init() {}

  /// Writes the first host; others must be like it.
  public func text(of cluster: ExportedCluster) throws(ExportRefusal) -> String {
    var writer = NCCLTopologyWriter(cluster, host: 0)
    return try writer.text()
  }
}

/// Writes the PCIe trees of one host.
struct NCCLTopologyWriter {
  private let cluster: ExportedCluster
  private let host: Int
  private let graph: ExplicitGraph
  private var around: [[Int]]
  private var buses: [Int: String] = [:]
  private var written: Set<Int> = []
  private var adapters = 0
  private var lines: [String] = []

  init(_ cluster: ExportedCluster, host: Int) {
    self.cluster = cluster
    self.host = host
    graph = cluster.graph
    around = [[Int]](repeating: [], count: cluster.graph.devices.count)
    for (index, link) in cluster.graph.links.enumerated() {
      around[link.from].append(index)
      around[link.to].append(index)
    }
  }

  private func other(_ link: Int, from device: Int) -> Int {
    graph.links[link].from == device ? graph.links[link].to : graph.links[link].from
  }

  private func isInside(_ device: Int) -> Bool { cluster.hostOf[device] == host }

  mutating func text() throws(ExportRefusal) -> String {
    let own = graph.devices.indices.filter(isInside)
    let processors = own.filter { graph.devices[$0].kind == .cpu }
    guard !processors.isEmpty else {
      throw ExportRefusal("the host has no processor, which NCCL's trees begin with")
    }
    for (number, device) in own.enumerated() {
      let digits = String(number + 1, radix: 16)
      buses[device] = "0000:\(String(repeating: "0", count: max(0, 2 - digits.count)))\(digits.suffix(2)):00.0"
      if number > 254 {
        buses[device] = "000\(String(number / 255, radix: 16)):\(String(number % 255 + 1, radix: 16)):00.0"
      }
    }
    lines = ["<system version=\"1\">"]
    written = Set(processors)
    for (number, device) in processors.enumerated() { try processor(device, number: number) }
    guard own.allSatisfy({ written.contains($0) || graph.devices[$0].kind == .scaleUpSwitch }) else {
      throw ExportRefusal("some devices of the host are on no PCIe tree below a processor")
    }
    lines.append("</system>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Processors as NCCL tells them: architecture, vendor, family and model.
  private static let processors: [String: String] = [
    "Grace": "arch=\"arm64\"",
    "Xeon-Skylake": "arch=\"x86_64\" vendor=\"GenuineIntel\" familyid=\"6\" modelid=\"85\"",
    "Xeon-Sapphire-Rapids": "arch=\"x86_64\" vendor=\"GenuineIntel\" familyid=\"6\" modelid=\"143\"",
    "Xeon-Emerald-Rapids": "arch=\"x86_64\" vendor=\"GenuineIntel\" familyid=\"6\" modelid=\"207\"",
    "EPYC-Rome": "arch=\"x86_64\" vendor=\"AuthenticAMD\" familyid=\"23\" modelid=\"49\"",
    "EPYC-Milan": "arch=\"x86_64\" vendor=\"AuthenticAMD\" familyid=\"25\" modelid=\"1\"",
    "EPYC-Genoa": "arch=\"x86_64\" vendor=\"AuthenticAMD\" familyid=\"25\" modelid=\"17\"",
    "EPYC-Turin": "arch=\"x86_64\" vendor=\"AuthenticAMD\" familyid=\"26\" modelid=\"2\"",
  ]

  private mutating func processor(_ device: Int, number: Int) throws(ExportRefusal) {
    let about = NCCLTopologyWriter.processors[graph.devices[device].part] ?? "arch=\"x86_64\""
    lines.append("  <cpu numaid=\"\(number)\" \(about)>")
    try children(of: device, indent: 4)
    lines.append("  </cpu>")
  }

  private mutating func children(of device: Int, indent: Int) throws(ExportRefusal) {
    for link in around[device] {
      let child = other(link, from: device)
      let technology = graph.links[link].type.technology
      guard isInside(child), ![.cpu, .scaleUpSwitch].contains(graph.devices[child].kind), !technology.isScaleUp,
        written.insert(child).inserted
      else { continue }
      try function(child, above: link, indent: indent)
    }
  }

  private mutating func function(_ device: Int, above link: Int, indent: Int) throws(ExportRefusal) {
    let margin = String(repeating: " ", count: indent)
    let isChipToChip = graph.links[link].type.technology == .c2c
    let speed = isChipToChip ? "" : " " + (try pcie(graph.links[link].type))
    let bus = buses[device] ?? ""
    switch graph.devices[device].kind {
    case .accelerator:
      lines.append("\(margin)<pci busid=\"\(bus)\" class=\"0x030200\"\(speed)>")
      try accelerator(device, margin: margin + "  ")
    case .nic:
      lines.append("\(margin)<pci busid=\"\(bus)\" class=\"\(try adapterClass(device))\"\(speed)>")
      try adapter(device, margin: margin + "  ")
    default:
      lines.append("\(margin)<pci busid=\"\(bus)\" class=\"0x060400\"\(speed)>")
      try children(of: device, indent: indent + 2)
    }
    lines.append("\(margin)</pci>")
  }

  private func pcie(_ type: LinkType) throws(ExportRefusal) -> String {
    let catalog = cluster.catalog
    for (rate, name) in [(8, "PCIe-3-x16"), (16, "PCIe-4-x16"), (32, "PCIe-5-x16"), (64, "PCIe-6-x16")] {
      guard let whole = catalog.link(name)?.bandwidth.value else { continue }
      for lanes in [16, 8, 4, 2, 1] {
        let own = whole * (Double(lanes) / 16)
        if abs(own / type.bandwidth - 1) < 0.005 {
          return "link_speed=\"\(rate).0 GT/s PCIe\" link_width=\"\(lanes)\""
        }
      }
    }
    for (rate, text) in [(2.5, "2.5"), (5.0, "5.0")] {
      if abs(rate * 1.6e9 / type.bandwidth.bytesPerSecond - 1) < 0.01 {
        return "link_speed=\"\(text) GT/s PCIe\" link_width=\"16\""
      }
    }
    throw ExportRefusal("a link '\(type.name)' of \(type.bandwidth) inside of the host is no PCIe link that NCCL knows")
  }

  // MARK: Accelerators and adapters

  private static let capabilities = [
    "V100": 70, "A100": 80, "A100-40GB": 80, "H100": 90, "H200": 90, "GH200": 90, "GH200-96GB": 90, "B200": 100,
    "GB200": 100, "B300": 103, "GB300": 103, "RTX-PRO-6000": 120, "RTX-6000D": 120,
  ]
  private static let architectures = ["MI300X": "gfx942", "MI355X": "gfx950"]

  private mutating func accelerator(_ device: Int, margin: String) throws(ExportRefusal) {
    let part = graph.devices[device].part
    let rank = cluster.hosts[host].accelerators.firstIndex(of: device) ?? -1
    let links = around[device].filter {
      graph.links[$0].type.technology.isScaleUp || graph.links[$0].type.technology == .c2c
    }
    var model = ""
    if let capability = NCCLTopologyWriter.capabilities[part] {
      model = " sm=\"\(capability)\""
    } else if let architecture = NCCLTopologyWriter.architectures[part] {
      model = " gcn=\"\(architecture)\""
    } else if part.hasPrefix("NVIDIA-sm"), let capability = Int(part.dropFirst(9)) {
      model = " sm=\"\(capability)\""
    } else if part.hasPrefix("AMD-gfx") {
      model = " gcn=\"\(part.dropFirst(4))\""
    }
    let tag = "\(margin)<gpu dev=\"\(max(0, rank))\"\(model) rank=\"\(rank)\" gdr=\"1\""
    guard !links.isEmpty else {
      lines.append(tag + "/>")
      return
    }
    lines.append(tag + ">")
    for link in links {
      let peer = other(link, from: device)
      let own = graph.links[link]
      if own.type.technology == .c2c {
        let rate = Int((own.type.bandwidth.bytesPerSecond / 1e6).rounded())
        lines.append("\(margin)  <c2c bw=\"\(rate)\" count=\"\(own.count)\"/>")
        continue
      }
      let isSwitch = graph.devices[peer].kind == .scaleUpSwitch
      let element = own.type.technology == .xgmi ? "xgmi" : "nvlink"
      let target = isInside(peer) ? buses[peer] ?? "" : "fffffff:ff:ff.0"
      let kind = isSwitch ? "0x068000" : element == "xgmi" ? "0x120000" : "0x030200"
      lines.append("\(margin)  <\(element) target=\"\(target)\" count=\"\(own.count)\" tclass=\"\(kind)\"/>")
    }
    lines.append("\(margin)</gpu>")
  }

  private func nic(_ device: Int) throws(ExportRefusal) -> (ports: Int, rate: Bandwidth, transport: LinkTechnology) {
    if let part = cluster.catalog.nic(graph.devices[device].part) {
      return (part.ports.value, part.portBandwidth.value, part.transport)
    }
    guard let cable = around[device].first(where: { !isInside(other($0, from: device)) }) else {
      throw ExportRefusal("nothing says how fast the adapter \(graph.devices[device].name) is")
    }
    return (1, graph.links[cable].type.bandwidth, graph.links[cable].type.technology)
  }

  private func adapterClass(_ device: Int) throws(ExportRefusal) -> String {
    try nic(device).transport == .infiniband ? "0x020700" : "0x020000"
  }

  private mutating func adapter(_ device: Int, margin: String) throws(ExportRefusal) {
    let (ports, rate, transport) = try nic(device)
    lines.append("\(margin)<nic>")
    let base =
      switch transport {
      case .efa: "rdmap"
      case .ethernet, .tcpx, .tcpxo: "eth"
      case .slingshot: "hsi"
      default: "mlx5_"
      }
    let guid = "0x\(cluster.identity(of: device))"
    for port in 1...max(1, ports) {
      lines.append(
        "\(margin)  <net name=\"\(base)\(adapters)\" dev=\"\(adapters)\" latency=\"0\" "
          + "speed=\"\(Int((rate.gigabitsPerSecond * 1000).rounded()))\" port=\"\(port)\" guid=\"\(guid)\" "
          + "maxconn=\"131072\" gdr=\"1\"/>")
      adapters += 1
    }
    lines.append("\(margin)</nic>")
  }
}
