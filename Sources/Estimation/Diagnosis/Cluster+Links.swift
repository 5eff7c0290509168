import ClusterModel
import Quantities

extension Cluster {
  /// The same cluster with other links of one group.
  func changing(_ links: Cause.Links, _ change: (LinkType) -> LinkType) -> Cluster {
    var cluster = self
    switch graph {
    case .blueprint(var blueprint):
      let isMeant = blueprint.rules.map { rule in
        links.contains(
          blueprint.templates[rule.from.index].kind, blueprint.templates[rule.to.index].kind, tier: rule.tier)
      }
      for index in blueprint.rules.indices where isMeant[index] {
        blueprint.rules[index].link = change(blueprint.rules[index].link)
      }
      blueprint.exceptions = blueprint.exceptions.map { exception in
        guard case .changedLinks(let rule, let from, let to, let link) = exception, isMeant[rule.index] else {
          return exception
        }
        return .changedLinks(rule, from: from, to: to, link: change(link))
      }
      cluster.graph = .blueprint(blueprint)
    case .explicit(let topology, let accelerators, let names):
      var types = topology.linkTypes
      let arcs = topology.arcs.map { arc in
        guard
          links.contains(
            topology.cells[arc.from.index].kind, topology.cells[arc.to.index].kind, tier: arc.tier)
        else { return arc }
        var arc = arc
        let link = change(topology.link(of: arc))
        arc.link = types.firstIndex(of: link) ?? types.count
        if arc.link == types.count { types.append(link) }
        return arc
      }
      cluster.graph = .explicit(
        Topology(cells: topology.cells, arcs: arcs, linkTypes: types), accelerators: accelerators, names: names)
    }
    return cluster
  }

  /// Whether it has links of a group.
  func has(_ links: Cause.Links) -> Bool {
    switch graph {
    case .blueprint(let blueprint):
      blueprint.rules.contains { rule in
        links.contains(
          blueprint.templates[rule.from.index].kind, blueprint.templates[rule.to.index].kind, tier: rule.tier)
      }
    case .explicit(let topology, _, _):
      topology.arcs.contains {
        links.contains(topology.cells[$0.from.index].kind, topology.cells[$0.to.index].kind, tier: $0.tier)
      }
    }
  }
}

extension Cause.Links {
  /// Whether links between two kinds of devices belong to the group.
  func contains(_ one: DeviceKind, _ other: DeviceKind, tier: Tier) -> Bool {
    let ends = [one, other]
    let switches = ends.filter { $0 == .networkSwitch || $0 == .gateway }.count
    switch self {
    case .network: return switches == 1
    case .uplinks: return switches == 2
    case .scaleUp:
      return ends.contains(.accelerator) && ends.allSatisfy { [.accelerator, .scaleUpSwitch].contains($0) }
    }
  }
}

extension Topology {
  /// What one accelerator has of scale-up links, of the fastest link to its host, and how many network ports there are
  /// for each accelerator.
  struct Ports {
    var scaleUp = Bandwidth.zero
    var host: LinkType?
    var networkPortsPerAccelerator = 0.0
  }

  /// The ports of the first accelerator, and the network ports on average.
  var ports: Ports {
    var ports = Ports()
    guard let first = cells.firstIndex(where: { $0.kind == .accelerator }) else { return ports }
    for arc in arcs where arc.from.index == first {
      let link = link(of: arc)
      switch cells[arc.to.index].kind {
      case .accelerator, .scaleUpSwitch: ports.scaleUp = ports.scaleUp + link.bandwidth * Double(arc.linksPerMember)
      case .cpu, .numaNode, .pcieSwitch, .nic:
        if link.technology == .pcie, link.bandwidth > ports.host?.bandwidth ?? .zero { ports.host = link }
      default: break
      }
    }
    var count = 0
    for arc in arcs
    where cells[arc.to.index].kind == .networkSwitch && cells[arc.from.index].kind != .networkSwitch {
      count += arc.linksPerMember * cells[arc.from.index].size
    }
    let accelerators = cells.reduce(0) { $0 + ($1.kind == .accelerator ? $1.size : 0) }
    ports.networkPortsPerAccelerator = Double(count) / Double(max(accelerators, 1))
    return ports
  }
}
