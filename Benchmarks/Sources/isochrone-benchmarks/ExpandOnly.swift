import ClusterModel
import Foundation
import TopologyFiles

/// This program as the rival: it expands a fabric vertex by vertex and ends.
enum ExpandOnly {
  static let flag = "--expand-only"
  static var program: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }
  /// What the rival may use; it ends with a status other than zero when it needs more.
  static let mostMemory = 8 << 30
  private static let mostVertices = 4_000_000

  static func run(_ topology: String) throws {
    var limit = rlimit()
    limit.rlim_cur = rlim_t(mostMemory)
    limit.rlim_max = rlim_t(mostMemory)
    #if os(Linux)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      setrlimit(RLIMIT_AS, &limit)
    #endif
    let expansion = try Fabrics.blueprint(topology).blueprint.expanded(limit: mostVertices)
    print(expansion.topology.cells.count, expansion.topology.arcs.count)
  }
}
