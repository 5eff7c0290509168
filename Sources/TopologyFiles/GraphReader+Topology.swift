import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog

extension GraphReader {
  /// The cluster that the list describes, or nil after an error.
  mutating func cluster(_ fields: Fields, name: String) -> Cluster? {
    let kept = vertices.indices.filter { !vertices[$0].isAbsent }
    let links = edges.filter { $0.count > 0 && !vertices[$0.from].isAbsent && !vertices[$0.to].isAbsent }
    let accelerators = kept.filter { vertices[$0].device.kind == .accelerator }
    guard let first = accelerators.first else {
      reader.list.error("graph.no-accelerator", "there is no accelerator in the graph", at: fields.mapping.range)
      return nil
    }
    guard areReachable(accelerators, from: first, over: links) else { return nil }
    var cells = [CellID?](repeating: nil, count: vertices.count)
    for (cell, vertex) in kept.enumerated() { cells[vertex] = CellID(cell) }
    let topology = topology(of: kept, links: links, cells: cells)
    guard let hosts = hosts(of: accelerators) else { return nil }
    let nic = kept.first { vertices[$0].device.kind == .nic }.flatMap {
      reader.scope.catalog.nic(vertices[$0].device.part)
    }
    let kinds = Set(accelerators.map { vertices[$0].device.part })
    let groups = GraphGroups(of: accelerators, hosts: hosts.map(\.accelerators), vertices, links)
    var cluster = Cluster(
      name: name, parameters: reader.scope.parameters.numbers,
      graph: .explicit(
        topology, accelerators: accelerators.compactMap { cells[$0] }, names: kept.map { vertices[$0].name }),
      ranks: RankOrder(
        segments: [.init(template: TemplateID(vertices[first].row), digits: [])],
        levels: groups.levels.map { .init(tier: $0.tier, leadingDigits: [0]) }, scaleUpLevel: groups.scaleUpLevel,
        railDigits: [0]),
      accelerators: [
        reader.scope.accelerator(vertices[first].device.part, cpu: kept.map { vertices[$0].device }.hostPart)
      ],
      inSwitchReduction: fields.boolean("in-switch-reduction", &reader.list)?.value ?? false,
      transport: nic?.transport, transportVersion: nic?.transportVersion ?? "",
      remarks: kinds.count > 1
        ? ["accelerators of several kinds (\(kinds.sorted().joined(separator: ", "))) count as the first of them"] : [],
      assumptions: reader.scope.assumptions)
    cluster.hosts = hosts
    cluster.rows = rowNames
    cluster.groupSizes = groups.levels.dropLast().map(\.sizes)
    return cluster
  }

  /// The hosts of the accelerators in rank order; none where some have no host, nil after an error.
  private mutating func hosts(of accelerators: [Int]) -> [Cluster.Host]? {
    guard accelerators.contains(where: { !vertices[$0].host.isEmpty }) else { return [] }
    var hosts: [Cluster.Host] = []
    var seen: Set<String> = []
    for accelerator in accelerators {
      let name = vertices[accelerator].host
      if hosts.last?.name == name {
        hosts[hosts.count - 1].accelerators += 1
      } else if seen.insert(name).inserted {
        hosts.append(Cluster.Host(name: name, accelerators: 1))
      } else {
        reader.list.error(
          "graph.host", "the accelerators of \(excerpt(name)) do not follow each other",
          at: vertices[accelerator].place, notes: ["ranks are in the order of the file, and a host's are consecutive"])
        return nil
      }
    }
    guard let nameless = accelerators.first(where: { vertices[$0].host.isEmpty }) else { return hosts }
    reader.list.error(
      "graph.host", "\(vertices[nameless].name) needs a 'host' as the other accelerators have",
      at: vertices[nameless].place)
    return nil
  }

  private func topology(of kept: [Int], links: [Edge], cells: [CellID?]) -> Topology {
    var types: [LinkType: Int] = [:]
    var linkTypes: [LinkType] = []
    var arcs: [Topology.Arc] = []
    arcs.reserveCapacity(2 * links.count)
    for edge in links {
      guard let from = cells[edge.from], let to = cells[edge.to] else { continue }
      let type = types[edge.link] ?? linkTypes.count
      if type == linkTypes.count {
        types[edge.link] = type
        linkTypes.append(edge.link)
      }
      for (start, end, forward) in [(from, to, true), (to, from, false)] {
        arcs.append(
          Topology.Arc(
            from: start, to: end, linksPerMember: edge.count, link: type, rule: RuleID(edge.rule), forward: forward,
            tier: edge.tier))
      }
    }
    let topologyCells = kept.map { index in
      let vertex = vertices[index]
      return Topology.Cell(
        template: TemplateID(vertex.row), size: 1, blocks: [], kind: vertex.device.kind, relays: vertex.device.relays)
    }
    return Topology(cells: topologyCells, arcs: arcs, linkTypes: linkTypes)
  }

  /// Whether all accelerators have a path to the first one; an error for each that has not.
  private mutating func areReachable(_ accelerators: [Int], from first: Int, over links: [Edge]) -> Bool {
    let reached = reached(from: first, over: links)
    var isComplete = true
    for accelerator in accelerators where !reached[accelerator] {
      isComplete = false
      reader.list.error(
        "graph.unreachable", "\(vertices[accelerator].name) has no path to \(vertices[first].name)",
        at: vertices[accelerator].place, notes: ["traffic passes through devices that relay; accelerators do not"])
    }
    return isComplete
  }

  private func reached(from start: Int, over links: [Edge]) -> [Bool] {
    var neighbours = [[Int]](repeating: [], count: vertices.count)
    for edge in links {
      neighbours[edge.from].append(edge.to)
      neighbours[edge.to].append(edge.from)
    }
    var reached = [Bool](repeating: false, count: vertices.count)
    reached[start] = true
    var waiting = [start]
    while let vertex = waiting.popLast() {
      guard vertex == start || vertices[vertex].device.relays else { continue }
      for next in neighbours[vertex] where !reached[next] {
        reached[next] = true
        waiting.append(next)
      }
    }
    return reached
  }
}

extension Sequence<Composition.Device> {
  /// The part of the first processor.
  var hostPart: String? { first { $0.kind == .cpu }?.part }
}

extension Scope {
  /// An accelerator's facts with those of its host.
  func accelerator(_ part: String, cpu: String?) -> Cluster.Accelerator {
    let accelerator = catalog.accelerator(part)
    return Cluster.Accelerator(
      part: accelerator?.name ?? part, generation: accelerator?.generation ?? "", vendor: accelerator?.vendor ?? "",
      hostCPU: cpu.flatMap { catalog.cpu($0)?.kind } ?? "")
  }
}
