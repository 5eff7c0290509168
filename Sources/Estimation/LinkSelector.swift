public import ClusterModel
public import Quantities

/// All links of one name, or of one name and tier: `ndr-400g`, `ndr-400g@spine`.
public struct LinkSelector: Sendable, Hashable {
  /// The name of the kind of link.
  public var name: String
  /// The tier's name; nil: every tier.
  public var tier: String?

  /// Reads a name with or without a tier.
  public init(parsing text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    name = parts[0]
    tier = parts.count > 1 ? parts[1] : nil
  }

  func selects(_ link: LinkType, _ tier: Tier) -> Bool {
    link.name.lowercased() == name.lowercased() && (self.tier.map { $0 == tier.description } ?? true)
  }
}

extension Cluster {
  /// What links may be selected by, with and without tiers, sorted.
  public var linkNames: [String] {
    var names: Set<String> = []
    for (link, tier) in linkKinds { names.formUnion([link.name, "\(link.name)@\(tier)"]) }
    return names.sorted()
  }

  private var linkKinds: [(link: LinkType, tier: Tier)] {
    switch graph {
    case .blueprint(let blueprint): blueprint.rules.map { ($0.link, $0.tier) }
    case .explicit(let topology, _, _): topology.arcs.map { (topology.link(of: $0), $0.tier) }
    }
  }

  /// The same cluster with another bandwidth of some links; nil where none is selected.
  /// - Parameter bandwidth: What each then carries, from what it carries now.
  public func changing(_ links: LinkSelector, bandwidth: (Bandwidth) -> Bandwidth) -> Cluster? {
    changing(links) { link, count in
      var link = link
      link.bandwidth = bandwidth(link.bandwidth)
      return (link, count)
    }
  }

  /// The same cluster with further parallel links beside each of some links; nil where none is selected or the number does
  /// not fit.
  public func adding(_ count: Int, to links: LinkSelector) -> Cluster? {
    let most = 1_000_000
    guard (1...most).contains(count) else { return nil }
    return changing(links) { ($0, $1 + count) }
  }

  private func changing(_ links: LinkSelector, _ change: (LinkType, Int) -> (LinkType, Int)) -> Cluster? {
    guard linkKinds.contains(where: { links.selects($0.link, $0.tier) }) else { return nil }
    var cluster = self
    switch graph {
    case .blueprint(var blueprint):
      for index in blueprint.rules.indices where links.selects(blueprint.rules[index].link, blueprint.rules[index].tier)
      {
        let rule = blueprint.rules[index]
        (blueprint.rules[index].link, blueprint.rules[index].linksPerPair) = change(rule.link, rule.linksPerPair)
      }
      // A template and rules that fit 64 bits before may not with more links.
      guard blueprint.validate().isEmpty else { return nil }
      cluster.graph = .blueprint(blueprint)
    case .explicit(let topology, let accelerators, let names):
      var types: [LinkType] = topology.linkTypes
      let arcs = topology.arcs.map { arc in
        guard links.selects(topology.link(of: arc), arc.tier) else { return arc }
        var arc = arc
        let (link, count) = change(topology.link(of: arc), arc.linksPerMember)
        arc.linksPerMember = count
        arc.link = types.firstIndex(of: link) ?? types.count
        if arc.link == types.count { types.append(link) }
        return arc
      }
      cluster.graph = .explicit(
        Topology(cells: topology.cells, arcs: arcs, linkTypes: types), accelerators: accelerators, names: names)
    }
    return cluster
  }
}
