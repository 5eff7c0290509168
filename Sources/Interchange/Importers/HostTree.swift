import ClusterModel
import Diagnostics
import HardwareCatalog
import Quantities

/// A tree of switches with hosts at its leaves, as schedulers and clouds describe clusters: names, no rates.
struct HostTree {
  /// A switch with what hangs below it.
  struct Switch {
    var name: String
    var children: [Located] = []
    var hosts: [Located] = []
    var place: SourceRange
  }

  /// A name with its place.
  struct Located {
    var name: String
    var place: SourceRange
  }

  /// Hosts that share a scale-up domain.
  struct Domain {
    var name: String
    var hosts: [Located]
  }

  var switches: [Switch] = []
  var domains: [Domain] = []
  /// The shipped system of each host that the source tells.
  var systems: [String: String] = [:]

  private static let mostHosts = 100_000

  /// Builds the site; nil after an error.
  func site(named name: String, _ options: ImportOptions, at place: SourceRange, _ list: inout DiagnosticList) -> Site?
  {
    var site = Site(name: name, parts: OwnParts(catalog: options.catalog))
    let before = list.count
    let order = hostOrder(&list)
    guard list.count == before else { return nil }
    guard !order.isEmpty else {
      list.error("import.no-accelerator", "there is no host in it, so nothing that communicates", at: place)
      return nil
    }
    guard order.count <= HostTree.mostHosts else {
      list.error("import.too-many", "too many hosts: at most \(HostTree.mostHosts) are read", at: place)
      return nil
    }
    let ports = addHosts(order, options, to: &site, &list)
    guard list.count == before else { return nil }
    addDomains(ports, to: &site)
    addSwitches(ports, to: &site, &list)
    guard list.count == before else { return nil }
    return site
  }

  // MARK: Hosts

  private struct Ports {
    var nics: [Int]
    var accelerators: [Int]
  }

  private func addHosts(
    _ order: [Located], _ options: ImportOptions, to site: inout Site, _ list: inout DiagnosticList
  ) -> [String: Ports] {
    var makers: [String: HostMaker] = [:]
    var result: [String: Ports] = [:]
    for host in order {
      let first = site.devices.count
      if let system = options.system ?? systems[host.name] {
        if makers[system] == nil { makers[system] = HostMaker(system: system, options.catalog, &list) }
        guard !list.hasErrors, let nics = makers[system]?.add(host.name, to: &site) else { return result }
        let own = site.devices[first...].indices.filter { site.devices[$0].kind == .accelerator }
        result[host.name] = Ports(nics: nics, accelerators: own)
        continue
      }
      site.note(.unsaid, "the GPUs and adapters of the hosts")
      site.note(.assumed, "one accelerator and one adapter of 400 Gb/s in each host; --system names what they are")
      let number = site.add(Site.Host(name: host.name))
      let accelerator = site.add(.init(name: "gpu", kind: .accelerator, host: number))
      let nic = site.add(.init(name: "nic", kind: .nic, part: "ConnectX-7", host: number))
      site.link(accelerator, nic, "PCIe-5-x16")
      result[host.name] = Ports(nics: [nic], accelerators: [accelerator])
    }
    if !systems.isEmpty, options.system == nil {
      site.note(.assumed, "hosts are the shipped systems of their instance types")
    }
    return result
  }

  private func addDomains(_ ports: [String: Ports], to site: inout Site) {
    guard !domains.isEmpty else { return }
    guard
      domains.allSatisfy({ domain in
        domain.hosts.allSatisfy { host in
          ports[host.name]?.accelerators.allSatisfy { site.devices[$0].part.isEmpty } ?? true
        }
      })
    else {
      site.note(.leftOut, "blocks of hosts: their systems have scale-up domains of their own")
      return
    }
    site.note(.assumed, "a block is an NVLink domain whose accelerators have 18 links NVLink-5 each")
    for domain in domains {
      let device = site.add(.init(name: domain.name, kind: .scaleUpSwitch))
      for host in domain.hosts {
        for accelerator in ports[host.name]?.accelerators ?? [] {
          site.link(accelerator, device, count: 18, "NVLink-5")
        }
      }
    }
  }

  // MARK: Switches

  private func addSwitches(_ ports: [String: Ports], to site: inout Site, _ list: inout DiagnosticList) {
    var switches = self.switches
    if switches.isEmpty {
      guard domains.count > 1 || site.hosts.count > 1 else { return }
      site.note(.unsaid, "the network between the blocks")
      site.note(.assumed, "one switch joins all hosts")
      let place = SourceRange(file: "", start: .init(line: 1, column: 1))
      switches = [Switch(name: "network", hosts: domains.flatMap(\.hosts), place: place)]
    }
    site.note(.unsaid, "the rates of the links")
    site.note(
      .assumed, "switches are linked upwards with as many links as there are adapters below: not oversubscribed")
    let numberOf = Dictionary(switches.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let used = usedSwitches(switches, numberOf)
    let link = linkKind(ports, site)
    let part = site.parts.networkSwitch(portsOf: link)
    var devices: [Int: Int] = [:]
    for index in switches.indices where used.contains(index) {
      devices[index] = site.add(.init(name: switches[index].name, kind: .networkSwitch, part: part))
    }
    for (index, own) in switches.enumerated() {
      guard let device = devices[index] else { continue }
      for host in own.hosts {
        for nic in ports[host.name]?.nics ?? [] { site.link(nic, device, linkKind(of: nic, site)) }
      }
    }
    let depth = depths(switches, numberOf)
    var below = [Int](repeating: 0, count: switches.count)
    for index in switches.indices.sorted(by: { depth[$0] < depth[$1] }) {
      let own = switches[index].hosts.reduce(0) { $0 + (ports[$1.name]?.nics.count ?? 0) }
      below[index] = own + switches[index].children.reduce(0) { $0 + (numberOf[$1.name].map { below[$0] } ?? 0) }
    }
    // Switches of one height are taken as alike: those with fewer hosts have as many links.
    var most: [Int: Int] = [:]
    for index in switches.indices { most[depth[index]] = max(most[depth[index]] ?? 0, below[index]) }
    let parents = Dictionary(switches.flatMap { $0.children.map { ($0.name, 1) } }, uniquingKeysWith: +)
    for (index, own) in switches.enumerated() {
      for child in own.children {
        guard let number = numberOf[child.name], let lower = devices[number], let upper = devices[index] else {
          continue
        }
        let count = max(1, (most[depth[number]] ?? 1) / (parents[child.name] ?? 1))
        site.link(lower, upper, count: count, link)
      }
    }
  }

  /// Switches with hosts somewhere below them.
  private func usedSwitches(_ switches: [Switch], _ numberOf: [String: Int]) -> Set<Int> {
    var used = Set(switches.indices.filter { !switches[$0].hosts.isEmpty })
    var isGrowing = true
    while isGrowing {
      let next = switches.indices.filter { index in
        !used.contains(index) && switches[index].children.contains { numberOf[$0.name].map(used.contains) ?? false }
      }
      used.formUnion(next)
      isGrowing = !next.isEmpty
    }
    return used
  }

  /// The height of each switch above its farthest host.
  private func depths(_ switches: [Switch], _ numberOf: [String: Int]) -> [Int] {
    var depth = [Int](repeating: 0, count: switches.count)
    for _ in 0..<min(switches.count, 64) {
      var isChanged = false
      for index in switches.indices {
        let own = switches[index].children.compactMap { numberOf[$0.name].map { depth[$0] + 1 } }.max() ?? 0
        if own > depth[index] {
          depth[index] = own
          isChanged = true
        }
      }
      if !isChanged { break }
    }
    return depth
  }

  private func linkKind(of nic: Int, _ site: Site) -> String {
    site.parts.catalogWithOwnNIC(site.devices[nic].part) ?? "NDR-400G"
  }

  private func linkKind(_ ports: [String: Ports], _ site: Site) -> String {
    site.indices(of: .nic).first.map { linkKind(of: $0, site) } ?? "NDR-400G"
  }
}

extension OwnParts {
  /// The kind of link of a NIC's ports.
  func catalogWithOwnNIC(_ part: String) -> String? { catalog.nic(part)?.link }
}
