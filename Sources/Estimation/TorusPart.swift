import ClusterModel
import Quantities
import Routing

/// A torus, or the part of it that few ranks need, as an explicit graph on which messages are followed one by one.
struct TorusPart {
  /// The most ranks whose messages are followed one by one.
  static let mostRanks = 256
  /// The most accelerators of a torus that is looked at whole.
  private static let mostVertices = 4096

  /// The cluster with an explicit graph.
  let cluster: Cluster
  let torus: TierLadder.Torus
  /// By ring: the longest of the shortest paths between neighbours in use.
  let neighbourLatency: [Latency]

  /// The part that the first ranks need; nil where there is no torus, or cells will do for them.
  /// - Parameter most: The most ranks whose messages are followed one by one; none: cells have to do.
  /// - Throws: `EstimationError` when there are too many ranks to follow and they do not fill whole rings.
  init?(_ cluster: Cluster, ranks: Int?, following most: Int) throws(EstimationError) {
    guard case .blueprint(let blueprint) = cluster.graph, !cluster.ranks.rings.isEmpty,
      let ladder = try? TierLadder(cluster.ranks, in: blueprint, count: ranks), let torus = ladder.torus
    else { return nil }
    let isHealthy = blueprint.exceptions.isEmpty
    guard most > 0, ladder.ranks > 1, torus.sizes == nil || ladder.ranks <= most else { return nil }
    guard ladder.ranks <= most else {
      let counts = torus.wholeCounts.map(String.init).joined(separator: ", ")
      throw .graph(
        "\(ladder.ranks) ranks do not fill whole rings of the torus, as \(counts) do; up to "
          + "\(most) ranks are followed one by one.")
    }
    let cut = isHealthy ? TorusPart.cut(blueprint, to: ladder.ranks, of: cluster.ranks) : blueprint
    let expanded: (topology: Topology, indices: [[Int]])
    do throws(BlueprintError) {
      expanded = try cut.expanded(limit: TorusPart.mostVertices)
    } catch {
      guard torus.sizes == nil else { return nil }
      throw .graph("A torus with failures is followed rank by rank up to \(TorusPart.mostVertices) accelerators.")
    }
    let topology = expanded.topology
    var explicit = cluster
    explicit.graph = .explicit(
      topology, accelerators: topology.cells.indices.map { CellID($0) },
      names: topology.cells.map { DevicePath.name(of: $0, in: blueprint) })
    self.cluster = explicit
    self.torus = torus
    neighbourLatency = TorusPart.neighbourLatency(torus, in: topology)
  }

  /// The smallest box that holds the first ranks and all shortest paths between them: shorter dimensions do not close.
  private static func cut(_ blueprint: Blueprint, to ranks: Int, of order: RankOrder) -> Blueprint {
    var cut = blueprint
    var inner = order.rings.reduce(1) { $0 * blueprint.axes[$1.index].size }
    for axis in order.rings.reversed() {
      let size = blueprint.axes[axis.index].size
      inner /= size
      let extent = (ranks + inner - 1) / inner
      // From half of the ring on, some shortest path goes round outside of the box.
      guard extent < size, 2 * (extent - 1) < size else { return cut }
      cut.axes[axis.index].size = extent
      let rules = cut.rules.indices.filter { cut.rules[$0].shift?.axis == axis }
      if extent > 2 {
        cut.exceptions += rules.map {
          .failedLinks(
            RuleID($0), from: .init([axis: [extent - 1..<extent]]), to: .init([axis: [0..<1]]), count: nil)
        }
      }
      guard extent == 1 else { return cut }
      for rule in rules.reversed() { cut.rules.remove(at: rule) }
    }
    return cut
  }

  private static func neighbourLatency(_ torus: TierLadder.Torus, in topology: Topology) -> [Latency] {
    guard let sizes = torus.sizes else { return [] }
    var longest = [Latency](repeating: .zero, count: sizes.count)
    var paths = ShortestPaths(in: topology)
    for rank in 0..<sizes.reduce(1, *) {
      paths.find(to: CellID(rank))
      var stride = 1
      for (ring, size) in sizes.enumerated() {
        let place = rank / stride % size
        for other in [(place + 1) % size, (place + size - 1) % size] {
          let neighbour = rank + (other - place) * stride
          longest[ring] = max(longest[ring], paths.distance(from: CellID(neighbour)) ?? .zero)
        }
        stride *= size
      }
    }
    return longest
  }
}
