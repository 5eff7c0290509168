import ClusterModel
import Routing
import TopologyFiles

/// The graph in cells, against the same graph vertex by vertex.
enum Fabrics {
  /// As many as the explicit graph does in seconds.
  private static let expandedRacks = 2
  private static let largeRacks = 13_824

  static func all() throws -> [Benchmark] {
    let small = try cluster(racks: expandedRacks)
    let large = try cluster(racks: largeRacks)
    guard case .blueprint(let blueprint) = small.graph, case .blueprint(let largeBlueprint) = large.graph else {
      return []
    }
    let expansion = try blueprint.expanded()
    let demands = allToAll(expansion.topology)
    let expanding = try Measurement.timing(runs: 3) { try blueprint.expanded() }
    let routing = Measurement.timing(runs: 1) { LoadOperator(of: expansion.topology, traffics: [demands]) }
    return [
      Benchmark(
        name: "partition of \(expandedRacks) racks", rival: "expansion vertex by vertex",
        ours: try Measurement.timing(runs: 11) { try blueprint.topology() }, theirs: expanding),
      Benchmark(
        name: "partition of \(largeRacks) racks", rival: "expansion of \(expandedRacks) racks",
        ours: try Measurement.timing(runs: 11) { try largeBlueprint.topology() }, theirs: expanding),
      Benchmark(
        name: "load operator of all traffic classes, \(expandedRacks) racks",
        rival: "all-to-all on the expansion, every destination",
        ours: try Measurement.timing(runs: 11) { try operatorOfAllClasses(blueprint, small.ranks) }, theirs: routing),
      Benchmark(
        name: "load operator of all traffic classes, \(largeRacks) racks",
        rival: "all-to-all on the expansion of \(expandedRacks) racks",
        ours: try Measurement.timing(runs: 11) { try operatorOfAllClasses(largeBlueprint, large.ranks) },
        theirs: routing),
    ]
  }

  private static func cluster(racks: Int) throws -> Cluster {
    try TopologyReader().read(TopologyReference(parsing: "gb200-nvl72:racks=\(racks)")).get()
  }

  private static func operatorOfAllClasses(_ blueprint: Blueprint, _ order: RankOrder) throws -> RankTraffic {
    let classes = order.levels.indices.flatMap { level in
      [TrafficClass.peers(level: level, aligned: false), .peers(level: level, aligned: true)]
    }
    return try RankTraffic(blueprint, order: order, classes: classes)
  }

  private static func allToAll(_ topology: Topology) -> [Demand] {
    let accelerators = topology.cells.indices.filter { topology.cells[$0].kind == .accelerator }.map { CellID($0) }
    return accelerators.flatMap { from in accelerators.map { Demand(from: from, to: $0, bytes: 1) } }
  }
}
