public import ClusterModel

/// Some of a cluster's hosts in the order in which ranks are dealt to them.
public struct Placement: Sendable {
  /// A host with how many of its accelerators take part.
  public struct Place: Sendable, Hashable {
    /// The host: an index in rank order of the cluster.
    public var host: Int
    /// How many of its accelerators take part, the lowest first; nil: all.
    public var accelerators: Int?

    /// A place of its parts.
    public init(host: Int, accelerators: Int? = nil) {
      self.host = host
      self.accelerators = accelerators
    }
  }

  private let cluster: ExportedCluster
  private let places: [Place]

  /// Hosts of a cluster in an order of one's own.
  public init(_ places: [Place], of cluster: ExportedCluster) {
    self.cluster = cluster
    self.places = places
  }

  /// The accelerators in the order of ranks.
  private var order: [Int] {
    places.flatMap { place in
      let own = cluster.hosts[place.host].accelerators
      return own.prefix(place.accelerators ?? own.count)
    }
  }

  /// Whether alike blocks can be renamed so that the ranks are the first of the cluster in its own order.
  ///
  /// Nothing that is asked of such a placement differs from what is asked of the first ranks: the blueprint says which
  /// indices may be exchanged (`Blueprint.Axis.Symmetry`), and exceptions keep theirs.
  public var isAlike: Bool {
    let order = self.order
    let own = Array(cluster.graph.ranks.prefix(order.count))
    guard case .blueprint(let blueprint) = cluster.cluster.graph else { return order == own }
    return order == own || renamed(order, by: blueprint) == renamed(own, by: blueprint)
  }

  /// The indices of accelerators, those that may be exchanged numbered as they come in each block.
  private func renamed(_ order: [Int], by blueprint: Blueprint) -> [[Int]] {
    let named = NamedIndices(blueprint)
    var numbers: [[Int]: Int] = [:]
    var counts: [[Int]: Int] = [:]
    return order.map { device in
      let cell = cluster.graph.topology.cells[device]
      let axes = blueprint.templates[cell.template.index].axes
      let indices = cell.blocks.map { $0.first?.lowerBound ?? 0 }
      let at = Dictionary(zip(axes, indices)) { first, _ in first }
      return [cell.template.index]
        + zip(axes, indices).map { axis, index in
          guard blueprint.axes[axis.index].symmetry == .permutations else { return index }
          // The block that the axis is in has its own copy of the indices.
          let outer = blueprint.enclosing(axis)
          // What an exception names keeps its index; beside the others' numbers that is one below zero.
          guard !named.contains(axis, index, in: outer, at) else { return -1 - index }
          let block = [axis.index] + outer.map { at[$0] ?? 0 }
          if let known = numbers[block + [index]] { return known }
          let number = counts[block, default: 0]
          counts[block] = number + 1
          numbers[block + [index]] = number
          return number
        }
    }
  }

  /// How many accelerators take part.
  public var ranks: Int { order.count }

  /// The cluster with its ranks placed so, as a graph of single vertices.
  public var placed: Cluster {
    var result = cluster.cluster
    let order = self.order
    result.graph = .explicit(
      cluster.graph.topology, accelerators: order.map { CellID($0) }, names: cluster.graph.devices.map(\.name))
    result.rows = rows
    let tiers = cluster.cluster.ranks.levels.map(\.tier)
    let top = tiers.last ?? .datacenter
    let domain = cluster.cluster.ranks.scaleUpLevel.map { tiers[$0] }
    let groups = domain.map { self.groups(order, domain: $0) } ?? []
    let segment = cluster.cluster.ranks.segments.first.map { RankOrder.Segment(template: $0.template, digits: []) }
    let levels = (groups.count > 1 ? [domain ?? .board] : []) + [top]
    result.ranks = RankOrder(
      segments: segment.map { [$0] } ?? [], levels: levels.map { .init(tier: $0, leadingDigits: [0]) },
      scaleUpLevel: domain.map { _ in 0 }, railDigits: [0])
    result.accelerators = Array(result.accelerators.prefix(1))
    result.hosts = groups
    result.groupSizes = groups.count > 1 ? [groups.map(\.accelerators)] : []
    result.remarks += [
      remark, "Rank order: not the description's, nor alike; the messages of every rank are followed one by one.",
    ]
    return result
  }

  /// Runs of ranks that share a scale-up domain.
  private func groups(_ order: [Int], domain: Tier) -> [Cluster.Host] {
    var groups: [Cluster.Host] = []
    var last: [Int]?
    for device in order {
      let own = domainKey(of: device, domain)
      if own == last, !groups.isEmpty {
        groups[groups.count - 1].accelerators += 1
      } else {
        let name = cluster.hostOf[device].map { cluster.hosts[$0].name } ?? ""
        groups.append(.init(name: name, accelerators: 1))
        last = own
      }
    }
    return groups
  }

  /// What tells scale-up domains apart: the host, or where domains span hosts the leading indices of the path.
  private func domainKey(of device: Int, _ domain: Tier) -> [Int] {
    guard domain > .board, case .blueprint(let blueprint) = cluster.cluster.graph,
      let place = cluster.cluster.ranks.scaleUpLevel
    else { return [cluster.hostOf[device] ?? -1] }
    let cell = cluster.graph.topology.cells[device]
    guard let segment = cluster.cluster.ranks.segments.firstIndex(where: { $0.template == cell.template }) else {
      return []
    }
    let axes = blueprint.templates[cell.template.index].axes
    let leading = cluster.cluster.ranks.levels[place].leadingDigits[segment]
    return [segment]
      + cluster.cluster.ranks.segments[segment].digits.prefix(leading).map { axis in
        axes.firstIndex(of: axis).flatMap { cell.blocks[$0].first?.lowerBound } ?? 0
      }
  }

  private var rows: [Cluster.Row] {
    guard case .blueprint(let blueprint) = cluster.cluster.graph else { return cluster.cluster.rows }
    return blueprint.templates.map { Cluster.Row(name: $0.name, part: $0.part) }
  }

  /// How far the order is from the best one: steps from host to host that leave what is behind one leaf.
  public var remark: String {
    let leaf = SlurmPlan.leafGroups(cluster)
    let groups = places.map { leaf[$0.host] }
    let steps = groups.indices.count { groups[$0] != groups[($0 + 1) % groups.count] }
    let distinct = Set(groups).count
    let best = distinct > 1 ? distinct : 0
    guard steps > best else {
      return
        "Rank order: as good as any, \(steps) of \(groups.count) steps from host to host leave their leaf switches."
    }
    return
      "Rank order: \(steps) of \(groups.count) steps from host to host leave their leaf switches; \(best) would do, "
      + "with the hosts of each leaf one after another."
  }
}

/// The indices that exceptions of a blueprint name: what has them is unlike its neighbours.
private struct NamedIndices {
  /// Of more selections than these, an index that one of them names counts as named in every block.
  private static let mostSelections = 64

  private var selections: [AxisID: [Blueprint.Selection]] = [:]

  init(_ blueprint: Blueprint) {
    for exception in blueprint.exceptions {
      let own: [Blueprint.Selection] =
        switch exception {
        case .absent(_, let selection): [selection]
        case .failedLinks(_, let from, let to, _), .changedLinks(_, let from, let to, _): [from, to]
        }
      for selection in own { for axis in selection.ranges.keys { selections[axis, default: []].append(selection) } }
    }
  }

  /// Whether an exception names an index of an axis in the block at some outer indices.
  func contains(_ axis: AxisID, _ index: Int, in outer: [AxisID], _ at: [AxisID: Int]) -> Bool {
    guard let own = selections[axis] else { return false }
    func names(_ selection: Blueprint.Selection, _ axis: AxisID, _ index: Int) -> Bool {
      selection.ranges[axis]?.contains { $0.contains(index) } ?? true
    }
    let isCoarse = own.count > NamedIndices.mostSelections
    return own.contains { selection in
      names(selection, axis, index) && (isCoarse || outer.allSatisfy { names(selection, $0, at[$0] ?? 0) })
    }
  }
}

extension Blueprint {
  /// The axes around an axis, the nearest first.
  fileprivate func enclosing(_ axis: AxisID) -> [AxisID] {
    var result: [AxisID] = []
    var parent = axes[axis.index].parent
    while let outer = parent {
      result.append(outer)
      parent = axes[outer.index].parent
    }
    return result
  }
}

extension SlurmPlan {
  /// The leaf group of each host.
  static func leafGroups(_ cluster: ExportedCluster) -> [Int] {
    var result = [Int](repeating: 0, count: cluster.hosts.count)
    for (number, hosts) in (groups(cluster).first ?? []).enumerated() { for host in hosts { result[host] = number } }
    return result
  }
}

extension ExportedCluster {
  /// The names of the hosts in rank order.
  public var hostNames: [String] { hosts.map(\.name) }

  /// How many accelerators a host has.
  public func accelerators(ofHost host: Int) -> Int { hosts[host].accelerators.count }

  /// The hosts below a path such as `rack[0]/tray[2..5]`, in rank order.
  public func hosts(at steps: [Composition.SelectorStep]) -> [Int] {
    hosts.indices.filter { host in
      guard let device = hosts[host].accelerators.first else { return false }
      var rest = graph.devices[device].path[...]
      for step in steps {
        guard let place = rest.firstIndex(where: { $0.name == step.name }) else { return false }
        // The index runs on over blocks between that the path does not name.
        let index = rest[...place].reduce(0) { $0 * $1.size + $1.index }
        guard step.indices?.contains(where: { $0.contains(index) }) ?? true else { return false }
        rest = rest[(place + 1)...]
      }
      return true
    }
  }
}
