import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport

private func name(_ arc: Topology.Arc) -> String { "rule\(arc.rule.index)_dir\(arc.forward ? 0 : 1)" }

/// By rule and direction, the extreme of the loads of its links; rules that carry nothing are left out.
private func extremes(_ loads: [Double], _ graph: Topology, _ pick: (Double, Double) -> Double) -> JSON {
  var extremes: [String: Double] = [:]
  var carrying: Set<String> = []
  for (arc, load) in zip(graph.arcs, loads) {
    extremes[name(arc)] = extremes[name(arc)].map { pick($0, load) } ?? load
    if load > 0 { carrying.insert(name(arc)) }
  }
  return .object(extremes.filter { carrying.contains($0.key) }.mapValues { .number($0) })
}

func runTemplateFabric(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let fabric = try NVLClos(oracle.input)
  let plain = try fabric.blueprint.topology()
  try findings.compare("vertices", .number(Double(plain.vertexCount)))
  try findings.compare("directed_links", .number(Double(plain.directedLinkCount)))
  let gpus = plain.cells.filter { $0.kind == .accelerator }.reduce(0) { $0 + $1.size }
  try findings.compare("gpus", .number(Double(gpus)))
  let count = plain.cells.count
  try findings.require("trie_cells", count) { count <= (try $0.integer) }
  try findings.require("coarsest_cells", count) { count >= (try $0.integer) }

  let graph = try fabric.blueprint.topology(marking: [NVLClos.firstGPU])
  let isFirst = { (cell: Topology.Cell) in
    cell.kind == .accelerator && cell.size == 1 && cell.blocks.allSatisfy { $0 == [0..<1] }
  }
  guard let first = graph.cells.firstIndex(where: isFirst) else { throw JSON.Mismatch(description: "no first GPU") }
  var paths = ShortestPaths(in: graph)
  paths.find(to: CellID(first))
  var histogram: [Int64: Int] = [:]
  var traffic = [Double](repeating: 0, count: graph.cells.count)
  for (index, cell) in graph.cells.enumerated() where cell.kind == .accelerator && index != first {
    traffic[index] = 1
    if let distance = paths.distance(from: CellID(index)) { histogram[distance.picoseconds, default: 0] += cell.size }
  }
  let bars = histogram.map { (String($0.key), JSON.number(Double($0.value))) }
  try findings.compare("distance_histogram_to_gpu0", .object(Dictionary(uniqueKeysWithValues: bars)))
  let sum = histogram.reduce(0) { $0 + Double($1.key) * Double($1.value) }
  let reachable = histogram.reduce(0) { $0 + $1.value }
  try findings.compare("mean_distance", .number(sum / Double(reachable)))
  let loads = paths.linkLoads(of: traffic).loads
  try findings.compare("incast_to_gpu0_max_link_load_by_rule", extremes(loads, graph, max))
}

func runTemplateAllToAll(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let fabric = try NVLClos(oracle.input)
  let order = NVLClos.rankOrder
  let traffic = try RankTraffic(
    fabric.blueprint, order: order, classes: order.levels.indices.map { .peers(level: $0, aligned: false) })
  // One byte for every ordered pair: each rank sends a class as many bytes as it has peers there.
  let loads = traffic.loads.rows.indices.map { row in
    traffic.classes.indices.reduce(0) { $0 + traffic.loads.matrix[row, $1] * Double(traffic.peers[$1].upperBound) }
  }
  try findings.compare("max_link_load_by_rule", extremes(loads, traffic.loads.topology, max))
  try findings.compare("min_link_load_by_rule", extremes(loads, traffic.loads.topology, min))
  let utilisation = zip(traffic.loads.rows, loads).map { $1 / $0.link.bandwidth.bytesPerSecond }.max() ?? 0
  try findings.compare("max_utilisation_unit_demand", .number(utilisation))
  try findings.compare("ecmp_theta_per_pair", .number(1 / utilisation))
  let bounds = try CapacityBounds(fabric.blueprint, order: order)
  let gather = try bounds.allGather()?.rate.value ?? 0
  try findings.compare("allgather_x", .number(gather))
  try findings.compare("allgather_algbw", .number(gather * Double(bounds.ranks)))
  try findings.compare("alltoall_lp_theta_optimal_routing", .number(try bounds.allToAll()?.rate.value ?? 0))
  // Any exact partition will do; how many classes of links it has is its own affair.
  findings.skip("link_classes")
}
