import ClusterModel
import Quantities
import Routing

/// A torus, or the part of it that few ranks need, as an explicit graph on which messages are followed one by one.
struct TorusPart {
  /// The most ranks whose messages are followed one by one.
  static let mostRanks = 256
  /// The most ranks, of all groups together, where groups run side by side; of large groups, which take more steps, as
  /// many as `mostRanks` in one group have messages.
  private static let mostGroupedRanks = 1024
  /// The most accelerators of a torus that is looked at whole.
  private static let mostVertices = 4096

  /// The cluster with an explicit graph.
  let cluster: Cluster
  let torus: TierLadder.Torus
  /// By ring: the longest of the shortest paths between neighbours in use.
  let neighbourLatency: [Latency]

  /// The part that the first ranks need; nil where there is no torus, or cells will do for them.
  /// - Parameters:
  ///   - ranks: How many; nil: all.
  ///   - grouping: Groups of the ranks, whose messages always are followed one by one.
  ///   - most: The most ranks whose messages are followed one by one; none: cells have to do.
  /// - Throws: `EstimationError` when there are too many ranks to follow and they do not fill whole rings.
  init?(
    _ cluster: Cluster, ranks: Int?, grouping: RankGrouping? = nil, following most: Int
  ) throws(EstimationError) {
    guard case .blueprint(let blueprint) = cluster.graph, !cluster.ranks.rings.isEmpty,
      let ladder = try? TierLadder(cluster.ranks, in: blueprint, count: ranks), let torus = ladder.torus
    else { return nil }
    let isHealthy = blueprint.exceptions.isEmpty
    var most = most
    if let grouping {
      // Groups that do not fit are told of where they are formed.
      let size = (try? RankGroups(grouping, ranks: ladder.ranks))?.size ?? 1
      most = min(TorusPart.mostGroupedRanks, TorusPart.mostRanks * TorusPart.mostRanks / size)
      guard ladder.ranks <= most else { throw TorusPart.tooMany(ladder.ranks, inGroupsOf: size, limit: most) }
    }
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
      if grouping != nil {
        throw .grouping(
          .unlike(
            "Groups on a torus are followed message by message among up to \(TorusPart.mostVertices) accelerators."))
      }
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
    neighbourLatency = TorusPart.neighbourLatency(torus.machine, ranks: ladder.ranks, in: topology)
  }

  private static func tooMany(_ ranks: Int, inGroupsOf size: Int, limit: Int) -> EstimationError {
    .grouping(
      .unlike(
        "Groups of \(size) ranks on a torus are followed message by message for up to \(limit) ranks in all, and there "
          + "are \(ranks)."))
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

  /// By ring of a group of ranks: the longest path between neighbours; nil where groups fill no whole rings.
  func neighbourLatency(along groups: RankGroups) -> [Latency]? {
    torus.ringPlaces(of: groups).map { Array(neighbourLatency[$0]) }
  }

  private static func neighbourLatency(_ machine: [Int], ranks: Int, in topology: Topology) -> [Latency] {
    var longest = [Latency](repeating: .zero, count: machine.count)
    var paths = ShortestPaths(in: topology)
    for rank in 0..<ranks {
      paths.find(to: CellID(rank))
      var stride = 1
      for (ring, size) in machine.enumerated() {
        let place = rank / stride % size
        for other in [(place + 1) % size, (place + size - 1) % size] {
          let neighbour = rank + (other - place) * stride
          guard neighbour < ranks else { continue }
          longest[ring] = max(longest[ring], paths.distance(from: CellID(neighbour)) ?? .zero)
        }
        stride *= size
      }
    }
    return longest
  }
}

extension TierLadder.Torus {
  /// The sizes of the whole rings of the machine that each of some groups of ranks fills; nil where it fills none.
  func rings(of groups: RankGroups) -> [Int]? { ringPlaces(of: groups).map { Array(machine[$0]) } }

  /// The places of these rings.
  fileprivate func ringPlaces(of groups: RankGroups) -> Range<Int>? {
    let strides = [1] + wholeCounts
    guard let first = strides.firstIndex(of: groups.stride),
      let end = strides.firstIndex(of: groups.stride * groups.size), first < end
    else { return nil }
    return first..<end
  }
}
