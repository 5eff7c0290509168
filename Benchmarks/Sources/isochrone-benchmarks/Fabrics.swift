import ClusterModel
import TopologyFiles

/// The fabrics that are measured.
enum Fabrics {
  /// What a shipped topology says: the graph's blueprint and the order of ranks.
  static func blueprint(_ name: String) throws -> (blueprint: Blueprint, ranks: RankOrder) {
    let cluster = try TopologyReader().read(TopologyReference(parsing: name)).get()
    guard case .blueprint(let blueprint) = cluster.graph else { throw FabricsError.noBlueprint(name) }
    return (blueprint, cluster.ranks)
  }
}

/// Why a fabric cannot be measured.
enum FabricsError: Error {
  /// The topology is an explicit graph.
  case noBlueprint(String)
}

/// A count with commas: `995,328`.
func grouped(_ count: Int) -> String {
  let digits = Array(String(count))
  return String(
    digits.indices.flatMap { place in
      place > 0 && (digits.count - place) % 3 == 0 ? [",", digits[place]] : [digits[place]]
    })
}
