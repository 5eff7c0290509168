import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing

/// The messages of an all-to-all of unequal parts, one by one on a graph of single vertices, so that nothing is averaged.
struct UnequalMessages {
  /// The largest graph on which they are routed, by vertices.
  private static let largestGraph = 20_000

  let topology: Topology
  /// The accelerators of each group of ranks.
  private let groups: [[CellID]]
  private let ladder: TierLadder
  private let amounts: Question.Amounts

  /// Lays the messages on a fabric.
  /// - Returns: nil where the fabric or the number of ranks is too large for that.
  init?(_ amounts: Question.Amounts, fabric: FabricView) {
    guard fabric.sharedLadder.ranks <= UnequalAllToAll.rankLimit else { return nil }
    if case .blueprint(let blueprint) = fabric.cluster.graph {
      guard let graph = try? blueprint.expanded(limit: UnequalMessages.largestGraph) else { return nil }
      let ranks = fabric.cluster.ranks.accelerators(in: graph, of: blueprint).prefix(fabric.sharedLadder.ranks)
      topology = graph.topology
      groups = FabricView.members(fabric.groups, of: Array(ranks))
    } else {
      topology = fabric.topology
      groups = fabric.groupMembers
    }
    ladder = fabric.ladder
    self.amounts = amounts
  }

  /// The loads of each physical link of the graph, per byte of the size.
  /// - Parameter share: The share of the bulk rate that messages reach between ranks whose smallest common group is of a
  ///   level; a slower message counts as more bytes.
  func loads(share: (Int) -> Double) -> [Double] {
    let ends = groups.flatMap(\.self)
    let placeOf = Dictionary(uniqueKeysWithValues: ends.enumerated().map { ($1.index, $0) })
    let bytes = parts(share: share, side: ends.count)
    let routed = MultipathLoads(of: topology, between: ends, threads: Workers.available) {
      guard let from = placeOf[$0], let to = placeOf[$1] else { return 0 }
      return bytes[from * ends.count + to]
    }
    if let routed { return routed.loads }
    let demands = ends.enumerated().flatMap { from, source in
      ends.enumerated().compactMap { to, destination -> Demand? in
        let amount = bytes[from * ends.count + to]
        return amount > 0 ? Demand(from: source, to: destination, bytes: amount) : nil
      }
    }
    return LoadOperator(of: topology, traffics: [demands]).matrix.column(0)
  }

  /// What is said where messages are too many to follow.
  static let unfollowed =
    "Messages of unequal sizes share links in proportion to their sizes, which is the least time there is; up to "
    + "\(mostFollowed) messages are followed at even shares."

  /// The most messages whose rates are followed from event to event.
  private static let mostFollowed = 1024

  /// How much longer messages take that share each link evenly than if their rates followed their sizes; nil where there
  /// are too many to follow.
  ///
  /// Rates are max-min fair, and what a message that has arrived leaves free goes to the others. At rates that follow the
  /// sizes all arrive together, after what the busiest link takes, which is the least there is.
  /// - Parameter rates: By link of the graph: bytes per second.
  /// - Complexity: One max-min filling for each arrival.
  func evenSharing(rates: [Double]) -> Double? {
    let ends = groups.flatMap(\.self)
    let bytes = parts(share: { _ in 1 }, side: ends.count)
    let messages = bytes.indices.filter { bytes[$0] > 0 }
    guard messages.count <= UnequalMessages.mostFollowed else { return nil }
    let sizes = messages.map { bytes[$0] }
    let capacities = zip(topology.arcs, rates).map { Double($0.linksPerMember) * $1 }
    do throws(SharedLinks.Failure) {
      let links = try SharedLinks(
        on: topology, capacities: capacities,
        pairs: messages.map { (from: ends[$0 / ends.count], to: ends[$0 % ends.count]) })
      let least = try links.bound(sizes: sizes)
      guard least > 0, let last = try links.completions(sizes: sizes).last else { return 1 }
      return max(1, last.time / least)
    } catch {
      return nil
    }
  }

  /// What the ranks of all groups have for each other, by places of sender and receiver; groups send nothing to others.
  private func parts(share: (Int) -> Double, side: Int) -> [Double] {
    let shares = ladder.levels.indices.map(share)
    var bytes = [Double](repeating: 0, count: side * side)
    for from in 0..<ladder.ranks {
      let own = ladder.levels.indices.map { ladder.group(of: from, at: $0) }
      for to in 0..<ladder.ranks where to != from {
        let level = own.firstIndex { $0.contains(to) } ?? 0
        let part = amounts.part(from: from, to: to, ranks: ladder.ranks) / shares[level]
        for group in groups.indices {
          bytes[(group * ladder.ranks + from) * side + group * ladder.ranks + to] = part
        }
      }
    }
    return bytes
  }
}

extension Question.Amounts {
  /// What one rank has for another, per byte of the size.
  func part(from: Int, to: Int, ranks: Int) -> Double {
    switch self {
    case .matrix(let matrix): matrix.size.count > 0 ? Double(matrix.bytes[from][to]) / Double(matrix.size.count) : 0
    case .skew(let skew): UnequalAllToAll.share(skew: skew, from: from, to: to, ranks: ranks)
    }
  }

  /// What the busiest rank sends or receives, per byte of the size.
  func mostMoved(ranks: Int) -> Double {
    switch self {
    case .matrix(let matrix): matrix.size.count > 0 ? max(1, matrix.mostReceived) : 0
    case .skew(let skew): Double(max(ranks, 1) - 1) / Double(max(ranks, 1)) * (ranks > 2 ? max(1, skew) : 1)
    }
  }
}
