import ClusterModel

extension Cluster {
  /// The same cluster as a graph of single vertices, all ranks in one domain.
  func asSingleVertices() throws -> Cluster {
    guard case .blueprint(let blueprint) = graph else { return self }
    let expansion = try RankExpansion(blueprint, order: ranks, ranks: nil)
    var single = self
    single.graph = .explicit(
      expansion.graph.topology, accelerators: expansion.ranks.map { CellID($0.vertex) }, names: [])
    single.ranks = RankOrder(
      segments: [.init(template: TemplateID(0), digits: [])], levels: [.init(tier: .board, leadingDigits: [0])],
      scaleUpLevel: 0, railDigits: [0])
    return single
  }
}
