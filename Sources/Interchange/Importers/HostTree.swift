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

  // MARK: Order

  /// Hosts as they come, the tree walked from its roots; an error for a circle or an unknown switch.
  private func hostOrder(_ list: inout DiagnosticList) -> [Located] {
    var numberOf: [String: Int] = [:]
    for (index, own) in switches.enumerated() {
      if numberOf.updateValue(index, forKey: own.name) != nil {
        list.error("import.twice", "the switch '\(own.name)' is described twice", at: own.place)
      }
    }
    var isChild: Set<Int> = []
    for own in switches {
      for child in own.children {
        guard let index = numberOf[child.name] else {
          list.error("import.unknown", "the switch '\(child.name)' is not described", at: child.place)
          continue
        }
        isChild.insert(index)
      }
    }
    guard !list.hasErrors else { return [] }
    var order: [Located] = []
    var seenHosts: Set<String> = []
    var state = [UInt8](repeating: 0, count: switches.count)
    func visit(_ index: Int, _ list: inout DiagnosticList) {
      guard state[index] == 0 else { return }
      state[index] = 1
      // Iterative: trees of hostile files are deep.
      var stack = [(index, 0)]
      while let (current, next) = stack.last {
        if next == 0 {
          for host in switches[current].hosts where seenHosts.insert(host.name).inserted { order.append(host) }
        }
        guard next < switches[current].children.count else {
          state[current] = 2
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].1 += 1
        let child = switches[current].children[next]
        guard let number = numberOf[child.name] else { continue }
        if state[number] == 1 {
          list.error("import.circle", "the switch '\(child.name)' is below itself", at: child.place)
          return
        }
        if state[number] == 0 {
          state[number] = 1
          stack.append((number, 0))
        }
      }
    }
    for index in switches.indices where !isChild.contains(index) { visit(index, &list) }
    if let left = switches.indices.first(where: { state[$0] == 0 }), !list.hasErrors {
      list.error("import.circle", "the switch '\(switches[left].name)' is below itself", at: switches[left].place)
    }
    for domain in domains {
      for host in domain.hosts where seenHosts.insert(host.name).inserted { order.append(host) }
    }
    guard !domains.isEmpty else { return order }
    // Members of a domain stand together: its place is that of its first member.
    let domainOf = Dictionary(
      domains.enumerated().flatMap { number, domain in domain.hosts.map { ($0.name, number) } },
      uniquingKeysWith: { first, _ in first })
    var first: [Int: Int] = [:]
    for (place, host) in order.enumerated() {
      if let domain = domainOf[host.name], first[domain] == nil { first[domain] = place }
    }
    return order.enumerated().sorted { left, right in
      let one = domainOf[left.element.name].flatMap { first[$0] } ?? left.offset
      let other = domainOf[right.element.name].flatMap { first[$0] } ?? right.offset
      return (one, left.offset) < (other, right.offset)
    }.map(\.element)
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
