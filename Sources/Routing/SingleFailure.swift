public import ClusterModel

/// One link or device that fails, standing for all that a symmetry exchanges with it.
public struct SingleFailure: Sendable {
  /// What fails.
  public enum Part: Sendable, Hashable {
    /// One physical link of a kind and tier between two cells of the partition.
    case link(LinkType, Tier, from: CellID, to: CellID)
    /// One device of a cell.
    case device(CellID)
  }

  /// What fails.
  public let part: Part
  /// How many there are alike.
  public let count: Int
  /// What to add to the blueprint's exceptions so that it fails.
  public let exception: Blueprint.Exception

  /// The kinds of devices that are failed one by one: what passes traffic on.
  public static let deviceKinds: Set<DeviceKind> = [.scaleUpSwitch, .networkSwitch, .gateway, .pcieSwitch]

  /// The failures of a fabric.
  public struct Listing: Sendable {
    /// The partition whose cells the parts name.
    public let topology: Topology
    /// The failures, links first.
    public let failures: [SingleFailure]
    /// How many kinds of links and of switches there are, failed or not.
    public let kinds: Int
  }

  /// Every link and every switch of a fabric once, one for all alike.
  /// - Parameters:
  ///   - blueprint: The fabric.
  ///   - order: The ranks; links are alike only if the same ranks are behind them.
  ///   - ranks: How many are in use, the first ones; nil: all.
  ///   - most: The most failures to list; of more kinds, the busiest links and the busiest switches, half of each.
  ///   - busyTimes: By row of the loads of the same ranks: how long its links are busy.
  /// - Throws: `RoutingError` when the blueprint, the order or the number of ranks does not fit.
  /// - Complexity: O(cells with failures · (cells + arcs)), whatever their sizes.
  public static func all(
    of blueprint: Blueprint, order: RankOrder, ranks: Int? = nil, most: Int = .max, busyTimes: [Double] = []
  ) throws(RoutingError) -> Listing {
    let whole = try RankPartition(blueprint, order: order, ranks: ranks, separatingRails: false)
    let (links, devices) = whole.breakable
    let kinds = links.count + devices.count
    guard kinds > most else {
      return try listing(whole, links: links, devices: devices, kinds: kinds)
    }
    // The rows of loads are those of the partition that tells rails apart.
    let partition = try RankPartition(blueprint, order: order, ranks: ranks, separatingRails: true)
    let topology = partition.base.topology
    guard busyTimes.count == topology.arcs.count else {
      return try listing(
        whole, links: Array(links.prefix(most / 2)), devices: Array(devices.prefix(most - most / 2)), kinds: kinds)
    }
    var busy: [CellID: Double] = [:]
    for (arc, time) in zip(topology.arcs, busyTimes) {
      for end in [arc.from, arc.to] { busy[end] = max(busy[end] ?? 0, time) }
    }
    let both = topology.arcs.indices.map { max(busyTimes[$0], topology.reverse(of: $0).map { busyTimes[$0] } ?? 0) }
    let parts = partition.breakable
    return try listing(
      partition, links: Array(parts.links.sorted { (both[$1], $0) < (both[$0], $1) }.prefix(most / 2)),
      devices: Array(
        parts.devices.sorted { (busy[CellID($1)] ?? 0, $0) < (busy[CellID($0)] ?? 0, $1) }.prefix(most - most / 2)),
      kinds: kinds)
  }

  private static func listing(
    _ partition: RankPartition, links: [Int], devices: [Int], kinds: Int
  ) throws(RoutingError) -> Listing {
    let blueprint = partition.base.blueprint
    let topology = partition.base.topology
    var failures: [SingleFailure] = []
    var known: [CellID: (topology: Topology, single: RankPartition.Single, vertex: CellID)] = [:]
    for index in links {
      let arc = topology.arcs[index]
      let cell = topology.cells[arc.from.index]
      if known[arc.from] == nil {
        let single = RankPartition.Single(template: cell.template, indices: partition.firstIndices(cell))
        let around = try partition.refinement(singling: [single])
        // Links of one cell follow each other in the list of all.
        known = around.singled.first.map { [arc.from: (around.topology, single, $0)] } ?? [:]
      }
      guard let own = known[arc.from],
        let other = partition.partner(of: own.vertex, along: arc, in: own.topology)
      else { continue }
      let count = arc.linksPerMember * cell.size
      failures.append(
        SingleFailure(
          part: .link(topology.link(of: arc), arc.tier, from: arc.from, to: arc.to),
          count: arc.to == arc.from ? max(1, count / 2) : count,
          exception: .failedLinks(
            arc.rule, from: own.single.selection(in: blueprint), to: other.selection(in: blueprint), count: 1)))
    }
    for place in devices {
      let cell = topology.cells[place]
      let single = RankPartition.Single(template: cell.template, indices: partition.firstIndices(cell))
      failures.append(
        SingleFailure(
          part: .device(CellID(place)), count: cell.size,
          exception: .absent(cell.template, single.selection(in: blueprint))))
    }
    return Listing(topology: topology, failures: failures, kinds: kinds)
  }
}

extension RankPartition {
  /// One arc of each kind of links that may fail, and the cells of devices that may.
  fileprivate var breakable: (links: [Int], devices: [Int]) {
    let topology = base.topology
    let links = topology.arcs.indices.filter { index in
      let arc = topology.arcs[index]
      guard arc.forward else { return false }
      // The links of a mesh or ring are arcs in both directions.
      let isOwn = topology.cells[arc.to.index].template == topology.cells[arc.from.index].template
      return !(isOwn && arc.to < arc.from && topology.hasOpposite(of: arc))
    }
    let devices = topology.cells.indices.filter { SingleFailure.deviceKinds.contains(topology.cells[$0].kind) }
    return (links, devices)
  }
}

extension RankPartition.Single {
  /// The one vertex as a selection.
  func selection(in blueprint: Blueprint) -> Blueprint.Selection {
    let axes = blueprint.templates[template.index].axes
    return Blueprint.Selection(Dictionary(uniqueKeysWithValues: zip(axes, indices.map { [$0..<$0 + 1] })))
  }
}

extension RankPartition {
  /// A vertex at the other end of a link of an arc of the base partition.
  fileprivate func partner(of vertex: CellID, along arc: Topology.Arc, in topology: Topology) -> Single? {
    for index in topology.outgoing[vertex.index]..<topology.outgoing[vertex.index + 1] {
      let other = topology.arcs[index]
      guard other.rule == arc.rule, other.link == arc.link, other.forward else { continue }
      let cell = topology.cells[other.to.index]
      let indices = firstIndices(cell)
      if base.cell(of: cell.template, at: indices) == arc.to {
        return Single(template: cell.template, indices: indices)
      }
    }
    return nil
  }
}

extension Topology {
  /// The arc of the same links in the other direction.
  fileprivate func reverse(of index: Int) -> Int? {
    let arc = arcs[index]
    return (outgoing[arc.to.index]..<outgoing[arc.to.index + 1]).first {
      arcs[$0].to == arc.from && arcs[$0].rule == arc.rule && arcs[$0].link == arc.link
        && (arcs[$0].forward != arc.forward || arc.from == arc.to || arcs[$0].forward)
    }
  }

  fileprivate func hasOpposite(of arc: Arc) -> Bool {
    arcs[outgoing[arc.to.index]..<outgoing[arc.to.index + 1]].contains {
      $0.to == arc.from && $0.rule == arc.rule && $0.link == arc.link && $0.forward
    }
  }
}
