import ClusterModel
import Quantities

/// A kind of links of one tier.
struct LinkRow: Hashable, Comparable, CustomStringConvertible {
  var name: String
  var tier: Tier

  var description: String { "\(name) (\(tier))" }

  static func < (left: LinkRow, right: LinkRow) -> Bool { (left.tier, left.name) < (right.tier, right.name) }
}

extension Cluster {
  /// The kinds of links by tier, in a fixed order.
  var linkRows: [LinkRow] {
    switch graph {
    case .blueprint(let blueprint): Set(blueprint.rules.map { LinkRow(name: $0.link.name, tier: $0.tier) }).sorted()
    case .explicit(let topology, _, _):
      Set(topology.arcs.map { LinkRow(name: topology.link(of: $0).name, tier: $0.tier) }).sorted()
    }
  }

  /// The same cluster with faster links: those of one name and tier, or all.
  func scalingBandwidth(of row: LinkRow? = nil, by factor: Double) -> Cluster {
    func scaled(_ link: LinkType, _ tier: Tier) -> LinkType {
      guard row.map({ $0 == LinkRow(name: link.name, tier: tier) }) ?? true else { return link }
      var link = link
      link.bandwidth = link.bandwidth * factor
      return link
    }
    var cluster = self
    switch graph {
    case .blueprint(var blueprint):
      for index in blueprint.rules.indices {
        blueprint.rules[index].link = scaled(blueprint.rules[index].link, blueprint.rules[index].tier)
      }
      blueprint.exceptions = blueprint.exceptions.map { exception in
        guard case .changedLinks(let rule, let from, let to, let link) = exception else { return exception }
        return .changedLinks(rule, from: from, to: to, link: scaled(link, blueprint.rules[rule.index].tier))
      }
      cluster.graph = .blueprint(blueprint)
    case .explicit(let topology, let accelerators, let names):
      var links: [LinkType] = []
      let arcs = topology.arcs.map { arc in
        var arc = arc
        let link = scaled(topology.link(of: arc), arc.tier)
        arc.link = links.firstIndex(of: link) ?? links.count
        if arc.link == links.count { links.append(link) }
        return arc
      }
      cluster.graph = .explicit(
        Topology(cells: topology.cells, arcs: arcs, linkTypes: links), accelerators: accelerators, names: names)
    }
    return cluster
  }
}
