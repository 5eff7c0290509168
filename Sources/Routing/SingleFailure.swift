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

  /// Every link and every switch of a fabric once, one for all alike.
  /// - Parameters:
  ///   - blueprint: The fabric.
  ///   - order: The ranks; links are alike only if the same ranks are behind them.
  ///   - ranks: How many are in use, the first ones; nil: all.
  /// - Returns: The partition whose cells the parts name, and the failures, links first.
  /// - Throws: `RoutingError` when the blueprint, the order or the number of ranks does not fit.
  /// - Complexity: O(cells · (cells + arcs)), whatever their sizes.
  public static func all(
    of blueprint: Blueprint, order: RankOrder, ranks: Int? = nil
  ) throws(RoutingError) -> (topology: Topology, failures: [SingleFailure]) {
    let partition = try RankPartition(blueprint, order: order, ranks: ranks, separatingRails: false)
    let topology = partition.base.topology
    var failures: [SingleFailure] = []
    for cell in topology.cells.indices {
      let own = (topology.outgoing[cell]..<topology.outgoing[cell + 1]).filter { topology.arcs[$0].forward }
      guard !own.isEmpty else { continue }
      let single = RankPartition.Single(
        template: topology.cells[cell].template, indices: partition.firstIndices(topology.cells[cell]))
      let around = try partition.refinement(singling: [single])
      guard let vertex = around.singled.first else { continue }
      for index in own {
        let arc = topology.arcs[index]
        let isOwn = topology.cells[arc.to.index].template == topology.cells[cell].template
        // The links of a mesh or ring are arcs in both directions.
        if isOwn, arc.to.index < cell, topology.hasOpposite(of: arc) { continue }
        guard let other = partition.partner(of: vertex, along: arc, in: around.topology) else { continue }
        let links = arc.linksPerMember * topology.cells[cell].size
        failures.append(
          SingleFailure(
            part: .link(topology.link(of: arc), arc.tier, from: arc.from, to: arc.to),
            count: isOwn && arc.to.index == cell ? max(1, links / 2) : links,
            exception: .failedLinks(
              arc.rule, from: single.selection(in: blueprint), to: other.selection(in: blueprint), count: 1)))
      }
    }
    for (cell, described) in topology.cells.enumerated() where deviceKinds.contains(described.kind) {
      let single = RankPartition.Single(template: described.template, indices: partition.firstIndices(described))
      failures.append(
        SingleFailure(
          part: .device(CellID(cell)), count: described.size,
          exception: .absent(described.template, single.selection(in: blueprint))))
    }
    return (topology, failures)
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
  fileprivate func hasOpposite(of arc: Arc) -> Bool {
    arcs[outgoing[arc.to.index]..<outgoing[arc.to.index + 1]].contains {
      $0.to == arc.from && $0.rule == arc.rule && $0.link == arc.link && $0.forward
    }
  }
}
