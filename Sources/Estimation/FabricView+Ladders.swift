import ClusterModel

extension TierLadder {
  /// The groups of the first ranks of an explicit graph.
  init(explicit cluster: Cluster, ranks: Int, torus: Torus?) {
    var levels: [Level] = []
    for (level, sizes) in zip(cluster.ranks.levels, cluster.groupSizes) {
      var runs: [Run] = []
      var left = ranks
      for size in sizes where left > 0 {
        let own = min(left, size)
        left -= own
        if let last = runs.last, last.size == own {
          runs[runs.count - 1].count += 1
        } else {
          runs.append(Run(size: own, count: 1))
        }
      }
      levels.append(Level(tier: level.tier, groups: runs))
    }
    let top = cluster.ranks.levels.last?.tier ?? .datacenter
    levels.append(Level(tier: top, groups: [Run(size: ranks, count: 1)]))
    let domain = cluster.ranks.scaleUpLevel.map { min($0, levels.count - 1) }
    self.init(ranks: ranks, levels: levels, scaleUpLevel: domain, torus: torus)
  }

  /// The same without the levels inside of the scale-up domain.
  var fromDomain: TierLadder {
    guard let domain = scaleUpLevel else { return self }
    return TierLadder(ranks: ranks, levels: Array(levels[domain...]), scaleUpLevel: 0, torus: torus)
  }
}

extension EstimationError {
  init(_ error: TierLadder.LadderError) {
    switch error {
    case .ranks(let asked, let available): self = .ranks(asked: asked, available: available)
    case .tooManyRuns: self = .graph("The groups of ranks differ in too many ways to be listed.")
    }
  }
}

extension RankGroups {
  static func fitting(_ grouping: RankGrouping?, ranks: Int) throws(EstimationError) -> RankGroups? {
    guard let grouping else { return nil }
    do throws(RankGroupingError) {
      return try RankGroups(grouping, ranks: ranks)
    } catch {
      throw .grouping(.misfit(error))
    }
  }
}
