import ClusterModel

/// The scale-up domains of a ladder, listed: for expansions, which are small.
struct Domains {
  /// The first rank of each domain, and the number of ranks at the end.
  let starts: [Int]

  init(of ladder: TierLadder) {
    var starts = [0]
    for run in ladder.groups(of: ladder.domainLevel) {
      for _ in 0..<run.count { starts.append((starts.last ?? 0) + run.size) }
    }
    self.starts = starts
  }

  var count: Int { starts.count - 1 }
  func size(_ domain: Int) -> Int { starts[domain + 1] - starts[domain] }
  var largest: Int { (0..<count).map(size).max() ?? 0 }

  /// A rank by its domain and its place there; places beyond the end begin again.
  func rank(_ place: Int, in domain: Int) -> Int { starts[domain] + place % size(domain) }

  /// Reduction up the double binary tree; what it sends back down is the reverse.
  /// - Parameters:
  ///   - chunk: The number of the chunk that a place is in charge of in one of the trees.
  ///   - places: How many places there are in a domain.
  func reduceSteps(
    places: Int, chunk: (Int, DoubleBinaryTree.Side) -> Int
  ) -> [ScheduleExpansion.Step] {
    let tree = DoubleBinaryTree(count: count)
    var steps = [ScheduleExpansion.Step](repeating: .init(), count: tree.depth)
    for side in DoubleBinaryTree.Side.allCases {
      for node in 0..<count {
        guard let parent = tree.parent(of: node, in: side) else { continue }
        let step = tree.depth - depth(of: node, in: side, of: tree)
        for place in 0..<places {
          steps[step].transfers.append(
            .init(
              from: .rank(rank(place, in: node)), to: .rank(rank(place, in: parent)),
              chunks: .init(first: chunk(place, side)), effect: .reduce))
        }
      }
    }
    return steps
  }

  private func depth(of node: Int, in side: DoubleBinaryTree.Side, of tree: DoubleBinaryTree) -> Int {
    var depth = 0
    var current = node
    while let parent = tree.parent(of: current, in: side) {
      current = parent
      depth += 1
    }
    return depth
  }
}

extension [ScheduleExpansion.Step] {
  /// The same messages backwards: what was reduced on the way in is copied on the way out.
  var broadcastBack: [ScheduleExpansion.Step] {
    reversed().map { step in
      ScheduleExpansion.Step(
        step.transfers.map { .init(from: $0.to, to: $0.from, chunks: $0.chunks, effect: .copy) })
    }
  }

  /// The same messages backwards, for collectives that are each other's reverse: what was copied is reduced.
  var reducedBack: [ScheduleExpansion.Step] {
    reversed().map { step in
      ScheduleExpansion.Step(
        step.transfers.map { .init(from: $0.to, to: $0.from, chunks: $0.chunks, effect: .reduce) })
    }
  }
}
