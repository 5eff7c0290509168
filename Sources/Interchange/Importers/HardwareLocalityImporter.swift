import ClusterModel
public import Diagnostics
import HardwareCatalog
import Quantities

/// XML of hwloc (`lstopo file.xml`).
public struct HardwareLocalityImporter: Importer {
  /// The name in commands.
  public let name = "hwloc"
  /// What it is.
  public let about = "the XML of hwloc (lstopo file.xml)"

  /// An importer.
  public init() {}

  /// Whether the first element is `<topology>`.
  public func recognises(_ text: SourceText) -> Bool { text.firstElement == "topology" }

  /// Reads a machine as one host.
  public func site(_ text: SourceText, _ options: ImportOptions, _ list: inout DiagnosticList) -> Site? {
    guard let root = XMLReader.root(of: text, &list) else { return nil }
    guard root.name == "topology" else {
      list.error("import.format", "the outermost element is <\(root.name)>, not <topology>", at: root.range(in: text))
      return nil
    }
    var reader = HardwareLocalityReader(text, options)
    return reader.read(root, &list) ? reader.site : nil
  }
}

/// Reads the objects of hwloc into a site.
struct HardwareLocalityReader {
  private let source: SourceText
  private(set) var site: Site
  private var host = 0
  private var packages: [(device: Int, link: String)] = []
  /// Devices by hwloc's own numbers, of PCI functions and of what the system calls them.
  private var numbered: [String: Int] = [:]
  private var switchNumbers: Set<String> = []

  init(_ source: SourceText, _ options: ImportOptions) {
    self.source = source
    site = Site(name: "machine", parts: OwnParts(catalog: options.catalog))
  }

  mutating func read(_ root: XMLElement, _ list: inout DiagnosticList) -> Bool {
    let before = list.count
    guard let machine = root.children("object").first else {
      list.error("import.empty", "<topology> holds no object", at: root.range(in: source))
      return false
    }
    let name = machine.information("HostName") ?? machine.information("DMIProductName") ?? "machine"
    site.name = name
    host = site.add(Site.Host(name: name))
    walk(machine, parent: nil, &list)
    guard list.count == before else { return false }
    guard !site.indices(of: .accelerator).isEmpty else {
      list.error("import.no-accelerator", "there is no GPU in it", at: machine.range(in: source))
      return false
    }
    prune()
    linkAccelerators(root, &list)
    if packages.count > 1 {
      site.note(.assumed, "processors are joined pair by pair by \(packages[0].link)")
      for (index, one) in packages.enumerated() {
        for other in packages[(index + 1)...] { site.link(one.device, other.device, one.link) }
      }
    }
    return list.count == before
  }

  private mutating func walk(_ element: XMLElement, parent: Int?, _ list: inout DiagnosticList) {
    var parent = parent
    switch element["type"] {
    case "Package": parent = package(element, &list)
    case "Bridge" where element["bridge_type"] == "1-1":
      if let above = parent { parent = bridge(element, parent: above) }
    case "PCIDev": if let above = parent ?? machineProcessor() { function(element, parent: above, &list) }
    case "Bridge", "NUMANode", "Group": if parent == nil, element["type"] == "Bridge" { parent = machineProcessor() }
    default: break
    }
    for child in element.children("object") { walk(child, parent: parent, &list) }
  }

  /// A processor for what stands beside the packages.
  private mutating func machineProcessor() -> Int? {
    if packages.isEmpty {
      packages.append((site.add(.init(name: "cpu", kind: .cpu, host: host)), "UPI-Skylake"))
    }
    return packages.first?.device
  }

  private mutating func package(_ element: XMLElement, _ list: inout DiagnosticList) -> Int {
    let architecture = element.information("CPUArchitecture") ?? element.information("Architecture") ?? ""
    let part = site.parts.processor(
      architecture: architecture, vendor: element.information("CPUVendor") ?? "",
      family: element.information("CPUFamilyNumber").flatMap(Int.init),
      model: element.information("CPUModelNumber").flatMap(Int.init))
    let device = site.add(.init(name: "cpu\(packages.count)", kind: .cpu, part: part.part, host: host))
    packages.append((device, part.socketLink))
    return device
  }

  /// A kind of PCIe link by its rate in GB/s; nil where the file says zero.
  private mutating func pcie(_ element: XMLElement) -> String? {
    guard let rate = element["pci_link_speed"].flatMap(Double.init), rate.isFinite, rate > 0.01, rate < 1e4 else {
      return nil
    }
    for link in ["PCIe-3-x16", "PCIe-4-x16", "PCIe-5-x16", "PCIe-6-x16"] {
      if let known = site.parts.catalog.link(link)?.bandwidth.value.gigabytesPerSecond, abs(known - rate) < 0.02 * known
      {
        return link
      }
    }
    let bandwidth = Bandwidth.gigabytesPerSecond((rate * 1000).rounded() / 1000)
    return site.parts.add(
      OwnParts.name("PCIe-\(OwnParts.text(bandwidth))"), to: .links,
      "{like: PCIe-3-x16, label: \(OwnParts.name("pcie-\(OwnParts.text(bandwidth))")), figures: {bandwidth: "
        + "\(OwnParts.figure(bandwidth, note: "as the source says"))}}")
  }

  private mutating func bridge(_ element: XMLElement, parent: Int) -> Int {
    let device = site.add(.init(name: element["pci_busid"] ?? "bridge", kind: .pcieSwitch, host: host))
    site.link(device, parent, pcie(element) ?? "PCIe-3-x16")
    return device
  }

  private mutating func function(_ element: XMLElement, parent: Int, _ list: inout DiagnosticList) {
    let words = (element["pci_type"] ?? "").split(separator: " ")
    let kind = words.first.map(String.init) ?? ""
    let identity = words.dropFirst().first.map { $0.filter { $0 != "[" && $0 != "]" } } ?? ""
    let systemDevices = element.children("object").filter { $0["type"] == "OSDev" }
    let number = "PCIDev:\(element["gp_index"] ?? "")"
    let isGraphics = kind.hasPrefix("03") || kind.hasPrefix("12")
    let isCompute = systemDevices.contains { device in
      ["nvml", "cuda", "rsmi", "opencl", "ze"].contains { device["name"]?.hasPrefix($0) ?? false }
    }
    if isGraphics, isCompute || identity.hasPrefix("10de") || identity.hasPrefix("1002") && kind.hasPrefix("12") {
      accelerator(element, systemDevices, parent: parent)
    } else if kind.hasPrefix("02") {
      adapter(element, systemDevices, kind, parent: parent)
    } else if kind.hasPrefix("0680"), identity.hasPrefix("10de") {
      switchNumbers.insert(number)
    }
  }

  private mutating func accelerator(_ element: XMLElement, _ systemDevices: [XMLElement], parent: Int) {
    let model = systemDevices.compactMap { $0.information("GPUModel") }.first ?? ""
    let part = accelerator(named: model)
    let device = site.add(.init(name: element["pci_busid"] ?? "gpu", kind: .accelerator, part: part, host: host))
    numbered["PCIDev:\(element["gp_index"] ?? "")"] = device
    for own in systemDevices { numbered["OSDev:\(own["gp_index"] ?? "")"] = device }
    site.link(device, parent, pcie(element) ?? "PCIe-3-x16")
  }

  /// `Tesla V100-SXM3-32GB-H` is a V100.
  private mutating func accelerator(named model: String) -> String {
    let words = Set(model.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    for part in ["V100", "A100", "H100", "H200", "B200", "B300", "GB200", "GB300", "GH200", "MI300X", "MI355X"]
    where words.contains(part) && site.parts.catalog.accelerator(part) != nil {
      return part
    }
    guard !model.isEmpty else {
      site.note(.unsaid, "the model of the GPUs")
      return ""
    }
    return site.parts.add(
      OwnParts.name(model), to: .accelerators,
      "{about: \(TopologyText.quoted(model)), vendor: nvidia, generation: ampere}")
  }

  private mutating func adapter(
    _ element: XMLElement, _ systemDevices: [XMLElement], _ kind: String, parent: Int
  ) {
    let fabric = systemDevices.first { $0["osdev_type"] == "3" }
    let name = fabric?["name"] ?? systemDevices.first?["name"] ?? element["pci_busid"] ?? "nic"
    let link = pcie(element) ?? "PCIe-3-x16"
    let most = site.parts.bandwidth(of: link)?.gigabitsPerSecond ?? 0
    let rate = Bandwidth.gigabitsPerSecond([800.0, 400, 200, 100, 50, 25, 10].first { $0 <= most } ?? 1)
    site.note(.unsaid, "the speed of the adapters")
    site.note(.assumed, "an adapter carries the standard rate that its PCIe place allows")
    let isFabric = kind.hasPrefix("0207")
    let part = site.parts.nic(isFabric ? .infiniband : .ethernet, rate)
    let device = site.add(.init(name: name, kind: .nic, part: part, host: host, role: isFabric ? "" : "other"))
    if let identity = fabric?.information("NodeGUID") {
      site.hosts[host].identities.insert(String(identity.filter(\.isHexDigit).drop { $0 == "0" }))
    }
    site.link(device, parent, link)
  }

  /// Bridges with nothing of interest below them are left out.
  private mutating func prune() {
    var children: [Int: Int] = [:]
    var above: [Int: Int] = [:]
    for link in site.links {
      children[link.to, default: 0] += 1
      above[link.from] = link.to
    }
    var removed: Set<Int> = []
    var waiting = site.indices(of: .pcieSwitch).filter { children[$0] == nil }
    while let bridge = waiting.popLast() {
      removed.insert(bridge)
      guard let parent = above[bridge] else { continue }
      children[parent, default: 1] -= 1
      if children[parent] == 0, site.devices[parent].kind == .pcieSwitch { waiting.append(parent) }
    }
    guard !removed.isEmpty else { return }
    var number: [Int: Int] = [:]
    for device in site.devices.indices where !removed.contains(device) { number[device] = number.count }
    site.devices = site.devices.indices.filter { !removed.contains($0) }.map { site.devices[$0] }
    site.links = site.links.compactMap { link in
      guard let from = number[link.from], let to = number[link.to] else { return nil }
      return Site.Link(from: from, to: to, count: link.count, kind: link.kind)
    }
    numbered = numbered.compactMapValues { number[$0] }
    packages = packages.compactMap { package in number[package.device].map { ($0, package.link) } }
  }

  /// The matrix of NVLink rates, in MB/s, between GPUs and switches.
  private mutating func linkAccelerators(_ root: XMLElement, _ list: inout DiagnosticList) {
    let matrices = root.children.filter { $0.name.hasPrefix("distances2") && $0["name"] == "NVLinkBandwidth" }
    guard let matrix = matrices.first else {
      site.note(.unsaid, "NVLinks, where there are any")
      return
    }
    let names = matrix.children("indexes").flatMap { $0.text.split(whereSeparator: \.isWhitespace).map(String.init) }
    let values = matrix.children("u64values").flatMap { $0.text.split(whereSeparator: \.isWhitespace).map { Int($0) } }
    guard names.count <= 10_000, values.count == names.count * names.count, !values.contains(nil) else {
      list.error(
        "import.count", "the matrix of \(names.count) devices has \(values.count) values", at: matrix.range(in: source))
      return
    }
    let part = site.indices(of: .accelerator).first.map { site.devices[$0].part } ?? ""
    let (link, _) = site.parts.scaleUpLink(of: part)
    let rate = site.parts.bandwidth(of: link)?.gigabytesPerSecond ?? 25
    var switches: [Int: Int] = [:]
    for (row, name) in names.enumerated() {
      guard let device = numbered[name] else { continue }
      for column in names.indices {
        guard let value = values[row * names.count + column], value > 0, value < 100_000_000 else { continue }
        let count = max(1, Int((Double(value) / 1000 / rate).rounded()))
        if let peer = numbered[names[column]] {
          if row < column { site.link(device, peer, count: count, link) }
        } else {
          let hub =
            switches[column]
            ?? site.add(
              .init(
                name: "nvswitch", kind: .scaleUpSwitch, part: site.parts.scaleUpSwitch(portsOf: link), host: host))
          switches[column] = hub
          site.link(device, hub, count: count, link)
        }
      }
    }
    if !switches.isEmpty {
      site.inSwitchReduction = site.parts.reducesInSwitches(part)
      site.joinBoards(link)
    }
  }
}

extension XMLElement {
  /// The value of an `<info>` of a name.
  fileprivate func information(_ name: String) -> String? {
    children("info").first { $0["name"] == name }?["value"]
  }
}
