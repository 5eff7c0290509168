import ClusterModel
import Routing

extension Benchmark {
  /// The partition into cells alone.
  static let expansion = Benchmark(
    name: "expansion",
    about: "The graph as cells against the graph vertex by vertex, both in this process."
  ) { report in
    for racks in [1, 4, 16, 64, 256] {
      let blueprint = try Fabrics.blueprint("gb200-nvl72:racks=\(racks)").blueprint
      let cells = try blueprint.topology().cells.count
      let vertices = try blueprint.expanded().topology.cells.count
      report(
        try Contest(
          "\(grouped(racks)) racks: \(cells) cells", against: "\(grouped(vertices)) vertices",
          runs: racks > 100 ? 5 : 11, ours: { try Run.timing { try blueprint.topology() } },
          theirs: { try Run.timing { try blueprint.expanded() } }))
    }
  }

  /// The loads of every class of traffic that a collective can ask for.
  static let partition = Benchmark(
    name: "partition",
    about: """
      The partition and the link loads of every class of traffic, against the expansion, shortest paths from \
      everywhere to every accelerator and the loads of one all-to-all on it. The rival is run up to 32 racks: its time \
      grows with the square of the accelerators.
      """
  ) { report in
    for racks in [1, 2, 4, 8, 16, 32, 512, 13_824] {
      let (blueprint, order) = try Fabrics.blueprint("gb200-nvl72:racks=\(racks)")
      let cells = try operatorOfAllClasses(blueprint, order).loads.topology.cells.count
      let name = "\(grouped(racks)) racks: \(cells) cells"
      let ours = { try Run.timing { try operatorOfAllClasses(blueprint, order) } }
      if racks > 32 {
        report(try Contest(name, withoutRival: "not run", runs: 11, ours: ours))
      } else {
        let vertices = try blueprint.expanded().topology.cells.count
        report(
          try Contest(
            name, against: "\(grouped(vertices)) vertices, \(grouped(racks * 72)) destinations",
            runs: racks > 8 ? 3 : 5, ours: ours, theirs: { try Run.timing { try allToAll(blueprint) } }))
      }
    }
  }

  private static func operatorOfAllClasses(_ blueprint: Blueprint, _ order: RankOrder) throws -> RankTraffic {
    let classes = order.levels.indices.flatMap { level in
      [TrafficClass.peers(level: level, aligned: false), .peers(level: level, aligned: true)]
    }
    return try RankTraffic(blueprint, order: order, classes: classes)
  }

  /// One destination after another, so that the rival holds no more than the graph and a vector of loads.
  private static func allToAll(_ blueprint: Blueprint) throws -> [Double] {
    let topology = try blueprint.expanded().topology
    let accelerators = topology.cells.indices.filter { topology.cells[$0].kind == .accelerator }
    var loads = [Double](repeating: 0, count: topology.arcs.count)
    var unroutable = [0.0]
    var paths = ShortestPaths(in: topology)
    for destination in accelerators {
      paths.find(to: CellID(destination))
      var traffic = [Double](repeating: 0, count: topology.cells.count)
      for source in accelerators where source != destination { traffic[source] = 1 }
      paths.addLoads(of: &traffic, columns: 1, scale: 1, to: &loads, unroutable: &unroutable)
    }
    return loads
  }
}
