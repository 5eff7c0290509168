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

  /// The parts of a message of which each has one end in every domain, such that the ranks of a domain are the ends of
  /// equal shares.
  struct Dealing {
    /// How many equal chunks the message has.
    let chunks: Int
    /// Runs of chunks, the parts.
    let parts: [Range<Int>]
  }

  /// Deals a message over the ranks of every domain: into the common multiple of their sizes, if that can be counted.
  var dealing: Dealing {
    let sizes = Set((0..<count).map(size)).sorted()
    var chunks = 1
    for size in sizes where chunks <= 1 << 32 {
      var (a, b) = (chunks, size)
      while b > 0 { (a, b) = (b, a % b) }
      chunks = chunks / a * size
    }
    if chunks > 1 << 32 { chunks = largest }
    let starts = Set(sizes.flatMap { size in (0..<size).map { ($0 * chunks + size - 1) / size } }).sorted()
    return Dealing(chunks: chunks, parts: zip(starts, starts.dropFirst() + [chunks]).map { $0..<$1 })
  }

  /// The rank of a domain that is its end for a part.
  func end(of part: Range<Int>, in domain: Int, _ dealing: Dealing) -> Int {
    starts[domain] + part.lowerBound * size(domain) / dealing.chunks
  }

  /// Reduction up the double binary tree, whose first tree carries the first half of the chunks and the second the
  /// other; what it sends back down is the reverse.
  func reduceSteps(_ dealing: Dealing) -> [ScheduleExpansion.Step] {
    let tree = DoubleBinaryTree(count: count)
    var steps = [ScheduleExpansion.Step](repeating: .init(), count: tree.depth)
    for (half, side) in DoubleBinaryTree.Side.allCases.enumerated() {
      for node in 0..<count {
        guard let parent = tree.parent(of: node, in: side) else { continue }
        steps[tree.depth - depth(of: node, in: side, of: tree)].transfers += dealing.parts.map { part in
          .init(
            from: .rank(end(of: part, in: node, dealing)), to: .rank(end(of: part, in: parent, dealing)),
            chunks: .init(first: half * dealing.chunks + part.lowerBound, count: part.count), effect: .reduce)
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
  /// The same messages as a part of a phase.
  func inPhase(_ phase: Int) -> [ScheduleExpansion.Step] {
    map { ScheduleExpansion.Step($0.transfers, phase: phase) }
  }

  /// The same messages backwards: what was reduced on the way in is copied on the way out.
  var broadcastBack: [ScheduleExpansion.Step] {
    reversed().map { step in
      ScheduleExpansion.Step(
        step.transfers.map { .init(from: $0.to, to: $0.from, chunks: $0.chunks, effect: .copy) }, phase: step.phase)
    }
  }

  /// The same messages backwards, for collectives that are each other's reverse: what was copied is reduced.
  var reducedBack: [ScheduleExpansion.Step] {
    reversed().map { step in
      ScheduleExpansion.Step(
        step.transfers.map { .init(from: $0.to, to: $0.from, chunks: $0.chunks, effect: .reduce) }, phase: step.phase)
    }
  }
}
