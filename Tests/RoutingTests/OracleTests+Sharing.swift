import Matrices
import Routing
import TestSupport

func runMaxMin(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let rows = try oracle.input["R_link_by_flow"].array.map { try $0.array.map { try $0.number } }
  let capacities = try oracle.input["capacity"].array.map { try $0.number }
  let sizes = try oracle.input["size"].array.map { try $0.number }
  let shared = try SharedLinks(
    capacities: capacities,
    flows: sizes.indices.map { flow in
      rows.indices.compactMap { rows[$0][flow] > 0 ? .init(link: $0, amount: rows[$0][flow]) : nil }
    })
  let fair = try shared.maxMinRates()
  let weighted = try shared.maxMinRates(weights: sizes)
  let numbers = { (values: [Double]) in JSON.array(values.map { .number($0) }) }
  let longest = { (rates: [Double]) in JSON.number(zip(sizes, rates).map { $0 / $1 }.max() ?? 0) }
  try findings.compare("rate_unweighted", numbers(fair.rates))
  try findings.compare("bottleneck_link_unweighted", numbers(fair.bottlenecks.map(Double.init)))
  try findings.compare("rate_size_weighted", numbers(weighted.rates))
  try findings.compare("bound_max_load_over_cap", .number(try shared.bound(sizes: sizes)))
  try findings.compare("time_size_weighted", longest(weighted.rates))
  try findings.compare("time_static_unweighted", longest(fair.rates))
  let completions = try shared.completions(sizes: sizes)
  try findings.compare("time_dynamic_unweighted", .number(completions.last?.time ?? 0))
  try findings.compare(
    "completions", .array(completions.map { .array([.number($0.time), numbers($0.flows.map(Double.init))]) }))
}

func runBandwidthWhatIf(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let capacities = try oracle.input["cap"].array.map { try $0.number }
  let scales = try oracle.input["scales"].array.map { try $0.number }
  let loads = try oracle.input["load"].array.map { try $0.number }
  guard let sensitivity = BandwidthSensitivity(loads: loads, capacities: capacities) else {
    throw JSON.Mismatch(description: "no sensitivity")
  }
  try findings.compare("base", .number(sensitivity.time))
  try findings.compare("bottleneck", .number(Double(sensitivity.bottleneck)))
  try findings.compare("gradient_dT_dcap", .array(sensitivity.gradient.map { .number($0) }))
  try findings.compare(
    "T_after",
    .array(
      capacities.indices.map { link in
        .array(scales.map { .number(sensitivity.time(with: capacities[link] * $0, of: link)) })
      }))
  try findings.compare(
    "range_valid_scale_up", sensitivity.turningFactor(of: sensitivity.bottleneck).map { .number($0) } ?? .null)
}

func runDeltaMethod(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let matrix = { (rows: JSON) in Matrix(rows: try rows.array.map { try $0.array.map { try $0.number } }) }
  let result = try matrix(oracle.input["J"]).carrying(covariance: try matrix(oracle.input["Sigma"]))
  try findings.compare("C", .array((0..<result.rows).map { .array(result.row($0).map { .number($0) }) }))
}
