import ClusterModel

/// Reduction up and broadcast down the double binary tree between domains.
///
/// The message is dealt over the ranks of each domain, so that each of them is the domain's end for its share.
struct TreePhase {
  let ladder: TierLadder
  let domain: Int
  let tree: DoubleBinaryTree

  init(on ladder: TierLadder) {
    self.ladder = ladder
    domain = ladder.domainLevel
    tree = DoubleBinaryTree(count: ladder.groupCount(domain))
  }

  func phase() -> Schedule.Phase {
    let node = ladder.name(of: domain)
    let volumes = (-1..<ladder.levels.count).map { $0 < domain ? 0 : volume(leaving: $0) }
    return Schedule.Phase(
      name: "trees between domains",
      summary: "Halves of the message go up and down two binary trees over \(tree.count) domains (\(node)), from each "
        + "rank to its counterpart on the same rail.",
      traffic: ladder.traffic(leaving: { volumes[max($0, domain) + 1] }, class: ladder.railAligned),
      latency: hops(), repeats: max(1, 2 * tree.depth))
  }

  /// What leaves the busiest group of each level from the domain upwards, per rank and byte of S: every edge carries
  /// half of the message each way.
  private func volume(leaving level: Int) -> Double {
    guard level < ladder.topLevel else { return 0 }
    var start = 0
    var most = 0.0
    for run in ladder.nesting(of: domain, in: level) {
      let edges = tree.mostEdges(leaving: run.count, startingAt: start, length: run.innerGroups)
      most = max(most, Double(edges) / 2 / Double(run.outerSize))
      start += run.count * run.innerGroups
    }
    return most
  }

  private func hops() -> [Schedule.Hop] {
    let path = tree.longestPath
    return ladder.hops(
      leaving: { level in
        let groups = path.map { group(of: $0, at: max(level, domain)) }
        return 2 * Double(zip(groups, groups.dropFirst()).filter { $0 != $1 }.count)
      }, class: ladder.railAligned)
  }

  private func group(of node: Int, at level: Int) -> Int {
    guard level > domain else { return node }
    var firstNode = 0
    var firstGroup = 0
    for run in ladder.nesting(of: domain, in: level) {
      let next = firstNode + run.count * run.innerGroups
      if node < next { return firstGroup + (node - firstNode) / max(1, run.innerGroups) }
      firstNode = next
      firstGroup += run.count
    }
    return firstGroup
  }
}
