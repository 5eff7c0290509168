import ClusterModel
import Diagnostics
import HardwareCatalog
import Quantities

/// Reads the elements of a topology of NCCL into a site.
struct NCCLTopologyReader {
  let source: SourceText
  var site: Site
  private var hostOfHash: [String: Int] = [:]
  var cpus: [(host: Int, device: Int, socketLink: String)] = []
  /// Devices by host and bus identity.
  private var buses: [Bus: Int] = [:]
  var accelerators: [Accelerator] = []
  var adapters: Set<Adapter> = []
  var hidden: [Hidden] = []

  private struct Bus: Hashable {
    var host: Int
    var identity: String
  }

  struct Adapter: Hashable {
    var host: Int
    var name: String
    var port: String
  }

  /// An accelerator with what its own element says.
  struct Accelerator {
    var device: Int
    var host: Int
    var order: Int
    var links: [Peer] = []
    /// Links to a Grace processor: each one's rate and how many.
    var chipToChip: (rate: Bandwidth, count: Int)?
    var cpu: Int
  }

  struct Peer {
    var target: String
    var count: Int
    var isSwitch: Bool
  }

  /// A function of the PCIe tree that the source gives no class.
  struct Hidden {
    var element: XMLElement
    var parent: Int
    var host: Int
    var cpu: Int
  }

  init(_ source: SourceText, _ options: ImportOptions) {
    self.source = source
    site = Site(name: "node", parts: OwnParts(catalog: options.catalog))
  }

  mutating func read(_ root: XMLElement, _ list: inout DiagnosticList) -> Bool {
    let before = list.count
    if let name = root["name"], !name.isEmpty { site.name = name }
    let processors = root.children("cpu")
    guard !processors.isEmpty else {
      list.error("import.empty", "<system> holds no <cpu>", at: root.range(in: source))
      return false
    }
    for element in processors { processor(element, &list) }
    guard list.count == before else { return false }
    addHidden(&list)
    guard !accelerators.isEmpty else {
      list.error(
        "import.no-accelerator", "there is no GPU in it, nor an adapter beside which one could be",
        at: root.range(in: source))
      return false
    }
    sortAccelerators()
    linkAccelerators(&list)
    linkProcessors()
    return list.count == before
  }

  private mutating func processor(_ element: XMLElement, _ list: inout DiagnosticList) {
    let hash = element["host_hash"] ?? ""
    let host = hostOfHash[hash] ?? site.add(Site.Host(name: hash.isEmpty ? "host" : "host-\(hash)"))
    hostOfHash[hash] = host
    let architecture = element["arch"] ?? ""
    let part = site.parts.processor(
      architecture: architecture, vendor: element["vendor"] ?? "",
      family: element.integer("familyid", in: 0...100_000, source, &list),
      model: element.integer("modelid", in: 0...100_000, source, &list))
    if part.part.isEmpty { site.note(.unsaid, "the model of the processors") }
    let number = cpus.count { $0.host == host }
    let device = site.add(.init(name: "cpu\(number)", kind: .cpu, part: part.part, host: host))
    cpus.append((host, device, part.socketLink))
    children(of: element, parent: device, host: host, cpu: device, &list)
  }

  private mutating func children(
    of element: XMLElement, parent: Int, host: Int, cpu: Int, _ list: inout DiagnosticList
  ) {
    for child in element.children {
      switch child.name {
      case "pci": function(child, parent: parent, host: host, cpu: cpu, &list)
      case "nic":
        for net in child.children("net") { adapter(net, pci: nil, parent: parent, host: host, &list) }
      default: break
      }
    }
  }

  // MARK: PCIe

  private mutating func function(
    _ element: XMLElement, parent: Int, host: Int, cpu: Int, _ list: inout DiagnosticList
  ) {
    let kind = (element["class"] ?? "").lowercased()
    let gpu = element.children("gpu").first
    let nics = element.children("nic").flatMap { $0.children("net") }
    if gpu != nil || kind.hasPrefix("0x03") || kind.hasPrefix("0x12") {
      accelerator(element, gpu, parent: parent, host: host, cpu: cpu, &list)
    } else if !nics.isEmpty {
      for net in nics { adapter(net, pci: element, parent: parent, host: host, &list) }
    } else if kind.hasPrefix("0x02") {
      silentAdapter(element, parent: parent, host: host, &list)
    } else if kind.hasPrefix("0x0680") {
      site.note(.found, "NVSwitch functions in the PCIe tree, counted by the links of the GPUs")
    } else if kind.hasPrefix("0x0604") || !element.children("pci").isEmpty {
      let device = site.add(.init(name: element["busid"] ?? "bridge", kind: .pcieSwitch, host: host))
      if let identity = element["busid"] { buses[Bus(host: host, identity: identity)] = device }
      let link = pcie(element, &list)
      site.link(device, parent, link)
      children(of: element, parent: device, host: host, cpu: cpu, &list)
    } else {
      hidden.append(Hidden(element: element, parent: parent, host: host, cpu: cpu))
    }
  }

  /// The link above a function.
  mutating func pcie(_ element: XMLElement, _ list: inout DiagnosticList) -> String {
    let speed = element["link_speed"] ?? ""
    let digits = speed.drop { $0.isWhitespace }.prefix { $0.isNumber || $0 == "." }
    let known = [2.5, 5, 8, 16, 32, 64]
    let rate = Double(digits).flatMap { known.contains($0) ? $0 : nil }
    if rate == nil { site.note(.assumed, "PCIe links of unknown speed are of 8 GT/s, as NCCL takes them") }
    if rate == 2.5 || rate == 5 {
      site.note(.found, "bridges that report \(speed): often virtual ones whose real rate is higher")
    }
    let width = element.integer("link_width", in: 0...64, source, &list) ?? 0
    return site.parts.pcie(gigatransfers: rate ?? 8, lanes: width == 0 ? 16 : width)
  }

  // MARK: Accelerators

  private mutating func accelerator(
    _ element: XMLElement, _ gpu: XMLElement?, parent: Int, host: Int, cpu: Int, _ list: inout DiagnosticList
  ) {
    if gpu == nil {
      site.note(.unsaid, "the model of the GPUs and their NVLinks: the file names their PCIe places only")
    }
    let counts = gpu?.children.filter { ["nvlink", "xgmi"].contains($0.name) } ?? []
    var peers: [Peer] = []
    for link in counts {
      let count = link.integer("count", in: 0...1000, source, &list) ?? 0
      let target = link["target"] ?? ""
      let isSwitch = (link["tclass"] ?? "").hasPrefix("0x0680") && link["tclass"] != "0x068001"
      guard count > 0 else { continue }
      peers.append(Peer(target: target, count: count, isSwitch: isSwitch || target.hasPrefix("fffffff")))
    }
    let isGrace = site.devices[cpu].part == "Grace"
    var part = ""
    if let gpu {
      let links = peers.reduce(0) { $0 + $1.count }
      if let architecture = gpu["gcn"], !architecture.isEmpty {
        part = site.parts.accelerator(architecture: architecture)
      } else if let capability = gpu.integer("sm", in: 10...100_000, source, &list) {
        part = site.parts.accelerator(capability: capability, links: links, hasGrace: isGrace)
      }
    }
    let device = site.add(.init(name: element["busid"] ?? "gpu", kind: .accelerator, part: part, host: host))
    if let identity = element["busid"] { buses[Bus(host: host, identity: identity)] = device }
    let order =
      gpu?.integer("rank", in: -1...10_000_000, source, &list)
      ?? gpu?.integer("dev", in: -1...10_000_000, source, &list) ?? -1
    var found = Accelerator(device: device, host: host, order: order, links: peers, cpu: cpu)
    if let chip = gpu?.children("c2c").first {
      let rate = chip.integer("bw", in: 0...100_000_000, source, &list) ?? 0
      let count = chip.integer("count", in: 0...1000, source, &list) ?? 0
      if rate > 0, count > 0 { found.chipToChip = (Bandwidth(bytesPerSecond: Double(rate) * 1e6), count) }
    }
    // What is linked chip to chip has a PCIe link beside only where the file says its speed.
    if found.chipToChip == nil || element["link_speed"] != nil { site.link(device, parent, pcie(element, &list)) }
    accelerators.append(found)
  }

  /// Accelerators in rank order within their host; those without a rank keep the file's order behind.
  private mutating func sortAccelerators() {
    let order = accelerators.indices.sorted { left, right in
      let (one, other) = (accelerators[left], accelerators[right])
      return (one.host, one.order < 0 ? Int.max : one.order, left)
        < (other.host, other.order < 0 ? Int.max : other.order, right)
    }
    accelerators = order.map { accelerators[$0] }
    // Devices stand in rank order: the accelerators of the list take each other's places.
    let places = accelerators.map(\.device).sorted()
    let move = Dictionary(uniqueKeysWithValues: zip(accelerators.map(\.device), places))
    let old = site.devices
    for (from, to) in move { site.devices[to] = old[from] }
    site.links = site.links.map { link in
      var link = link
      link.from = move[link.from] ?? link.from
      link.to = move[link.to] ?? link.to
      return link
    }
    buses = buses.mapValues { move[$0] ?? $0 }
    for index in accelerators.indices { accelerators[index].device = move[accelerators[index].device] ?? 0 }
  }

  private mutating func linkAccelerators(_ list: inout DiagnosticList) {
    var switches: [Bus: Int] = [:]
    var between: Set<[Int]> = []
    let spansHosts = site.hosts.count > 1
    for accelerator in accelerators {
      let part = site.devices[accelerator.device].part
      let (link, isAssumed) = site.parts.scaleUpLink(of: part)
      if isAssumed, !accelerator.links.isEmpty { site.note(.assumed, "links between GPUs carry what \(link) does") }
      for peer in accelerator.links {
        if peer.isSwitch {
          // Of several hosts in one domain each sees its own links only: they meet in switches that none of them names.
          let bus = Bus(host: spansHosts ? -1 : accelerator.host, identity: spansHosts ? "" : peer.target)
          let device = switches[bus] ?? addSwitch(link, host: spansHosts ? nil : accelerator.host, peer.target)
          switches[bus] = device
          site.link(accelerator.device, device, count: peer.count, link)
          if site.parts.reducesInSwitches(part) { site.inSwitchReduction = true }
        } else if let other = buses[Bus(host: accelerator.host, identity: peer.target)] {
          // Both ends list the link.
          let ends = [min(accelerator.device, other), max(accelerator.device, other)]
          if other != accelerator.device, between.insert(ends).inserted {
            site.link(ends[0], ends[1], count: peer.count, link)
          }
        } else {
          site.note(.leftOut, "NVLinks to \(peer.target), which the file does not hold")
        }
      }
      if let chip = accelerator.chipToChip {
        let total = chip.rate * Double(chip.count)
        let kind = abs(total.gigabytesPerSecond - 450) < 20 ? "NVLink-C2C" : chipToChip(total)
        site.link(accelerator.device, accelerator.cpu, kind)
      }
    }
    if let first = accelerators.first, !switches.isEmpty {
      site.joinBoards(site.parts.scaleUpLink(of: site.devices[first.device].part).name)
    }
    if spansHosts, !switches.isEmpty { site.note(.found, "hosts of one NVLink domain, told apart by host_hash") }
  }

  private mutating func addSwitch(_ link: String, host: Int?, _ target: String) -> Int {
    if target.hasPrefix("fffffff") {
      site.note(.unsaid, "how many NVSwitch chips there are: the links of each GPU end in one")
    }
    return site.add(
      .init(name: "nvswitch", kind: .scaleUpSwitch, part: site.parts.scaleUpSwitch(portsOf: link), host: host))
  }

  private mutating func chipToChip(_ rate: Bandwidth) -> String {
    site.parts.add(
      OwnParts.name("C2C-\(OwnParts.text(rate))"), to: .links,
      "{like: NVLink-C2C, figures: {bandwidth: \(OwnParts.figure(rate, note: "as the source says"))}}")
  }

  private mutating func linkProcessors() {
    for host in site.hosts.indices {
      let own = cpus.filter { $0.host == host }
      guard own.count > 1 else { continue }
      site.note(.assumed, "processors are joined pair by pair by \(own[0].socketLink)")
      for (index, one) in own.enumerated() {
        for other in own[(index + 1)...] { site.link(one.device, other.device, one.socketLink) }
      }
    }
  }
}
