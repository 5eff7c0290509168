import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport

/// The graph of a case, whose arcs carry their place in the case as their rule.
func explicitGraph(_ input: JSON) throws -> Topology {
  var links: [LinkType] = []
  let arcs = try input["arcs_u_v_latency_capacity_mult"].array.enumerated().map { place, arc in
    let figures = try arc.array
    let link = LinkType(
      name: "", technology: .other, bandwidth: Bandwidth(bytesPerSecond: try figures[3].number),
      latency: Latency(picoseconds: Int64(try figures[2].integer)))
    let index = links.firstIndex(of: link) ?? links.count
    if index == links.count { links.append(link) }
    return Topology.Arc(
      from: CellID(try figures[0].integer), to: CellID(try figures[1].integer),
      linksPerMember: try figures[4].integer, link: index, rule: RuleID(place), forward: true, tier: .leaf)
  }
  let vertex = Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: true)
  return Topology(cells: Array(repeating: vertex, count: try input["n"].integer), arcs: arcs, linkTypes: links)
}

func runShortestPaths(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let graph = try explicitGraph(oracle.input)
  let vertices = graph.cells.indices.map { CellID($0) }
  var distances: [[Latency?]] = vertices.map { _ in [] }
  var counts: [[Double]] = vertices.map { _ in [] }
  var paths = ShortestPaths(in: graph)
  for to in vertices {
    paths.find(to: to)
    for from in vertices {
      distances[from.index].append(paths.distance(from: from))
      counts[from.index].append(paths.pathCount(from: from))
    }
  }
  try findings.compare(
    "dist", .array(distances.map { .array($0.map { $0.map { .number(Double($0.picoseconds)) } ?? .null }) }))
  try findings.compare("path_count", .array(counts.map { .array($0.map { .number($0) }) }))
  let demands = try oracle.input["demand"].array.map { demand in
    let figures = try demand.array
    return Demand(
      from: CellID(try figures[0].integer), to: CellID(try figures[1].integer), bytes: try figures[2].number)
  }
  let routed = LoadOperator(of: graph, traffics: [demands])
  var totals = [Double](repeating: 0, count: graph.arcs.count)
  var utilisation = 0.0
  for (row, arc) in graph.arcs.enumerated() {
    totals[arc.rule.index] = routed.matrix[row, 0] * Double(arc.linksPerMember)
    utilisation = max(utilisation, routed.matrix[row, 0] / graph.link(of: arc).bandwidth.bytesPerSecond)
  }
  try findings.compare("arc_load_total", .array(totals.map { .number($0) }))
  try findings.compare("max_utilisation", .number(utilisation))
  let lost = demands.filter { distances[$0.from.index][$0.to.index] == nil }
  try findings.compare("unroutable", .number(Double(lost.count)))
  try findings.require("unroutable", routed.unroutable[0]) { _ in
    abs(routed.unroutable[0] - lost.reduce(0) { $0 + $1.bytes }) < 1e-9
  }
}

func runColourRefinement(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let initial = try oracle.input["initial_colour"].array.map { try $0.integer }
  let classes = ColourRefinement(of: try explicitGraph(oracle.input), initial: initial).classes
  try findings.compare("num_cells", .number(Double(classes.count)))
  try findings.require("cells", classes) { expected in
    Set(try expected.array.map { try $0.array.map { try $0.integer }.sorted() }) == Set(classes)
  }
}
