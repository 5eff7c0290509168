import ClusterModel
import Diagnostics
import HardwareCatalog
import Interchange

extension TopologyLoader {
  /// A cluster with its ranks on the hosts of a file, in their order, and how many there are.
  /// - Returns: The cluster as it is where the file's order is its own up to names; nil for all of its ranks.
  /// - Throws: `Failure` for a name that is none of the cluster's.
  func placed(
    _ cluster: Cluster, by path: String, catalog: HardwareCatalog
  ) throws(Failure) -> (cluster: Cluster, ranks: Int?) {
    let text = try ForeignLoader(environment).text(of: path)
    let exported: ExportedCluster
    do throws(ExportRefusal) {
      exported = try ExportedCluster(cluster, catalog: catalog)
    } catch {
      throw Failure("hosts.too-many", error.reason, status: .badData)
    }
    var list = DiagnosticList()
    let places = HostFile(text).places(in: exported, &list)
    guard !list.hasErrors else { throw Failure(list.diagnostics, in: [text.name: text], status: .badData) }
    let placement = Placement(places, of: exported)
    guard placement.isAlike else { return (placement.placed, nil) }
    var result = cluster
    result.remarks.append(placement.remark)
    return (result, placement.ranks == exported.acceleratorCount ? nil : placement.ranks)
  }
}
