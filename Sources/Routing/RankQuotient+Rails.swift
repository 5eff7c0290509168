import ClusterModel

extension RankQuotient {
  /// A column of traffic between ranks of different scale-up domains, on the same rail or not.
  struct FarColumn {
    /// The place of the column.
    var column: Int
    /// The level of the rank order whose peers it joins.
    var level: Int
    /// By base cells of sender and receiver: what one has for the other.
    var amount: (_ from: Int, _ to: Int) -> Double
  }

  /// Keeps traffic to the rank that is singled out on its rail: what others of another domain have for it starts from
  /// those of them on its rail, and what these others of its own domain have for the rest of the rail comes to it first.
  /// - Parameters:
  ///   - columns: The columns that it holds for.
  ///   - width: How many columns there are in all.
  ///   - flow: By cell and column, what each member sends to the rank.
  ///   - leading: By cell: how many of the first columns it has traffic in.
  func alignToRails(_ columns: [FarColumn], width: Int, flow: inout [Double], leading: inout [Int]) {
    guard let inner = ranks.order.scaleUpLevel, !columns.isEmpty else { return }
    let domains = domains
    guard !domains.isEmpty else { return }
    let sizes = paths.graph.sizes

    // By domain elsewhere: the members of each that are on the rail.
    var relays: [RankedGraph.Domains: Double] = [:]
    // The members of the rank's own domain that are on the rail, itself included.
    var own = 1.0
    for (cell, relation) in relations.enumerated() {
      guard let relation, relation.aligned, let domain = domains[cell] else { continue }
      if relation.level > inner {
        relays[domain, default: 0] += sizes[cell] / Double(domain.count)
      } else {
        own += sizes[cell]
      }
    }
    for far in columns {
      var waiting: [RankedGraph.Domains: Double] = [:]
      for (cell, relation) in relations.enumerated() {
        guard let relation, relation.level == far.level, !relation.aligned, let domain = domains[cell],
          relays[domain] != nil
        else { continue }
        let place = cell * width + far.column
        waiting[domain, default: 0] += flow[place] * sizes[cell] / Double(domain.count)
        flow[place] = 0
      }
      for (cell, relation) in relations.enumerated() {
        guard let relation, let domain = domains[cell] else { continue }
        let place = cell * width + far.column
        if relation.aligned, relation.level == far.level, let amount = waiting[domain], let count = relays[domain] {
          flow[place] += amount / count
        } else if !relation.aligned, relation.level <= inner {
          flow[place] = handed(from: baseCells[cell], far) / own
        }
        if flow[place] > 0 { leading[cell] = max(leading[cell], far.column + 1) }
      }
    }
  }

  /// What a member of a cell has for all ranks of a level that are on the rail of the rank singled out.
  private func handed(from cell: Int, _ far: FarColumn) -> Double {
    var sum = 0.0
    for (other, relation) in relations.enumerated() {
      guard let relation, relation.aligned, relation.level == far.level else { continue }
      sum += paths.graph.sizes[other] * far.amount(cell, baseCells[other])
    }
    return sum
  }
}
