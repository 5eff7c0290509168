import ClusterModel
import Quantities

/// A cluster whose accelerators reach each other only through their NICs, also inside a host.
///
/// Each accelerator keeps its share of the NICs that it reaches first, as links of its own to their switches; what is
/// left of the host and of the scale-up domain carries nothing.
struct NetworkOnly {
  private let blueprint: Blueprint
  private let segment: RankOrder.Segment

  /// A chain of wiring rules from an accelerator to a switch of the network.
  private struct Way {
    /// The rules, the accelerator's own first.
    var rules: [Blueprint.Rule]
    /// The templates after each rule.
    var templates: [TemplateID]
  }

  /// - Throws: `EstimationError` when some accelerators reach no switch, or the graph has links of its own kinds.
  static func cluster(_ cluster: Cluster) throws(EstimationError) -> Cluster {
    guard case .blueprint(var blueprint) = cluster.graph, blueprint.exceptions.allSatisfy(\.isAbsence) else {
      throw .graph("Only a described cluster without failed or changed links can be taken without its hosts' links.")
    }
    var rules = blueprint.rules.filter { rule in
      [rule.from, rule.to].allSatisfy { [.networkSwitch, .gateway].contains(blueprint.templates[$0.index].kind) }
    }
    for segment in cluster.ranks.segments {
      let links = NetworkOnly(blueprint: blueprint, segment: segment).links
      guard !links.isEmpty else {
        throw .unreachable("Some accelerators reach no switch of a network, so nothing joins them without NVLink.")
      }
      rules += links
    }
    blueprint.rules = rules
    var changed = cluster
    changed.graph = .blueprint(blueprint)
    changed.ranks = cluster.ranks.withDomainsOfOne
    changed.inSwitchReduction = false
    changed.remarks.append(
      "Network only: every message goes through the NICs and switches of the network, also between GPUs of one host.")
    return changed
  }

  /// The links of the accelerators to the switches behind their NICs.
  private var links: [Blueprint.Rule] { ways.compactMap(link) }

  /// The shortest chain to each template of NICs, and on to each template of switches.
  private var ways: [Way] {
    var found: [Way] = []
    var seen: Set<TemplateID> = [segment.template]
    var frontier = [Way(rules: [], templates: [])]
    while !frontier.isEmpty {
      var next: [Way] = []
      for way in frontier {
        let end = way.templates.last ?? segment.template
        for rule in blueprint.rules where rule.shift == nil && rule.different.isEmpty {
          guard let other = rule.other(than: end) else { continue }
          let longer = Way(rules: way.rules + [rule], templates: way.templates + [other])
          switch blueprint.templates[other.index].kind {
          case .networkSwitch: found.append(longer)
          case .cpu, .numaNode, .pcieSwitch, .nic: if !seen.contains(other) { next.append(longer) }
          case .accelerator, .scaleUpSwitch, .gateway: break
          }
        }
      }
      seen.formUnion(next.compactMap(\.templates.last))
      frontier = found.isEmpty ? next : []
    }
    return found
  }

  /// A way as one link: as wide as the accelerator's share of what it passes.
  private func link(_ way: Way) -> Blueprint.Rule? {
    guard let last = way.rules.last, let end = way.templates.last else { return nil }
    var shared = Set(blueprint.templates[segment.template.index].axes)
    var rate = Bandwidth(bytesPerSecond: .infinity)
    var latency = Latency.zero
    for (rule, template) in zip(way.rules, way.templates) {
      let before = shared
      shared.formIntersection(rule.same)
      // What all members of a group have of the rule's links, over the accelerators in use that share them.
      let start = rule.other(than: template) ?? segment.template
      let links = count(start, beyond: before) * count(template, beyond: rule.same) * rule.linksPerPair
      rate = min(rate, rule.link.bandwidth * (Double(links) / Double(sharing(beyond: before))))
      latency = latency + rule.link.latency
    }
    let switches = count(end, beyond: shared)
    return Blueprint.Rule(
      from: segment.template, to: end, same: shared,
      link: LinkType(
        name: last.link.name, technology: last.link.technology, bandwidth: rate * (1 / Double(switches)),
        latency: latency),
      tier: last.tier)
  }

  /// How many vertices of a template there are with given indices on some axes.
  private func count(_ template: TemplateID, beyond axes: Set<AxisID>) -> Int {
    blueprint.templates[template.index].axes.reduce(1) { axes.contains($1) ? $0 : $0 * blueprint.axes[$1.index].size }
  }

  /// How many accelerators in use there are with given indices on some axes.
  private func sharing(beyond axes: Set<AxisID>) -> Int {
    segment.digits.reduce(1) { product, axis in
      guard !axes.contains(axis) else { return product }
      let size = min(blueprint.axes[axis.index].size, segment.inUse[axis] ?? .max)
      return product * max(1, size - absent(on: axis))
    }
  }

  /// How many indices of an axis have no accelerator anywhere.
  private func absent(on axis: AxisID) -> Int {
    blueprint.exceptions.reduce(0) { sum, exception in
      guard case .absent(segment.template, let selection) = exception, selection.ranges.count == 1 else { return sum }
      return sum + (selection.ranges[axis] ?? []).reduce(0) { $0 + $1.count }
    }
  }
}

extension Estimator {
  /// The same cluster with nothing but its network: NVLink, PCIe and shared memory between GPUs switched off.
  /// - Throws: `EstimationError` when some accelerators reach no switch, or the graph is none of a description.
  public func networkOnly() throws(EstimationError) -> Estimator {
    Estimator(try NetworkOnly.cluster(cluster), subject: subject, profile: profile, followed: followed)
  }
}

extension Blueprint.Rule {
  /// The other end; nil where the template is none of the ends.
  fileprivate func other(than template: TemplateID) -> TemplateID? {
    from == template ? to : to == template ? from : nil
  }
}

extension Blueprint.Exception {
  fileprivate var isAbsence: Bool {
    guard case .absent = self else { return false }
    return true
  }
}

extension RankOrder {
  /// The same order with every accelerator a scale-up domain of its own.
  fileprivate var withDomainsOfOne: RankOrder {
    var order = self
    let outer = levels.dropFirst(scaleUpLevel.map { $0 + 1 } ?? 0)
    order.levels = [Level(tier: .device, leadingDigits: segments.map(\.digits.count))] + outer
    if outer.isEmpty {
      order.levels.append(Level(tier: .leaf, leadingDigits: segments.map { _ in 0 }))
    }
    order.scaleUpLevel = 0
    return order
  }
}
