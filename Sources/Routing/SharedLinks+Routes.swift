public import ClusterModel

extension SharedLinks {
  /// Flows between pairs of vertices, each over all its shortest paths, split evenly at every hop.
  /// - Parameters:
  ///   - topology: A graph of single vertices; its arcs are the links.
  ///   - capacities: By arc, for all its parallel links together.
  ///   - pairs: The ends of the flows, apart from each other and joined by a path.
  /// - Throws: `Failure` for a capacity that is not positive, and for a flow without a path.
  /// - Complexity: O(destinations · arcs · (log arcs + sources)).
  public init(
    on topology: Topology, capacities: [Double], pairs: [(from: CellID, to: CellID)]
  ) throws(Failure) {
    var flows = [[Use]](repeating: [], count: pairs.count)
    var paths = ShortestPaths(in: topology)
    let byDestination = Dictionary(grouping: pairs.indices) { pairs[$0].to }
    for (destination, own) in byDestination.sorted(by: { $0.key < $1.key }) {
      paths.find(to: destination)
      var traffic = [Double](repeating: 0, count: topology.cells.count * own.count)
      var loads = [Double](repeating: 0, count: topology.arcs.count * own.count)
      var unroutable = [Double](repeating: 0, count: own.count)
      for (column, flow) in own.enumerated() { traffic[pairs[flow].from.index * own.count + column] = 1 }
      paths.addLoads(of: &traffic, columns: own.count, to: &loads, unroutable: &unroutable)
      for (column, flow) in own.enumerated() {
        flows[flow] = topology.arcs.indices.compactMap { arc in
          let load = loads[arc * own.count + column] * Double(topology.arcs[arc].linksPerMember)
          return load > 0 ? Use(link: arc, amount: load) : nil
        }
      }
    }
    try self.init(capacities: capacities, flows: flows)
  }
}
