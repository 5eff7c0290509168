import ClusterModel
import Matrices
import Quantities
import Routing
import TestSupport

func runCutBounds(_ oracle: OracleCase, _ findings: inout OracleFindings) throws {
  let ranks = try oracle.input["compute"].array.map { CellID(try $0.integer) }
  let bounds = try CapacityBounds(try explicitGraph(oracle.input), ranks: ranks)
  let gather = try bounds.allGather()?.rate.value ?? 0
  try findings.compare("allgather_x", .number(gather))
  try findings.compare("allgather_algbw", .number(gather * Double(ranks.count)))
  try findings.compare("allreduce_mincut", .number(try bounds.separation()?.rate.value ?? 0))
  try findings.compare("alltoall_cut_theta", .number(try bounds.allToAllCut()?.rate.value ?? 0))
  try findings.compare("alltoall_lp_theta", .number(try bounds.allToAll()?.rate.value ?? 0))
}
