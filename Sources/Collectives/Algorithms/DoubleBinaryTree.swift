/// Two binary trees over the same nodes, such that a node with children in one is a leaf in the other.
///
/// Each carries half of the message, so that no node sends more than twice the message (Sanders, Speck and Träff,
/// 2009). The first is the in-order tree in which the lowest set bit of a node's number is its height; the second is
/// its mirror image for an even number of nodes and the first shifted by one for an odd number, as in NCCL.
struct DoubleBinaryTree {
  /// Which of the two.
  enum Side: CaseIterable { case first, second }

  /// How many nodes; at least 1.
  let count: Int

  /// The number of edges on the longest path to a root.
  var depth: Int { count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount }

  /// The nodes from a deepest leaf of the first tree to its root, node 0.
  var longestPath: [Int] { count <= 1 ? [0] : (0..<depth).map { 1 << $0 } + [0] }

  /// The parent of a node; nil for the root.
  func parent(of node: Int, in side: Side) -> Int? {
    firstParent(of: inFirst(node, side)).map { fromFirst($0, side) }
  }

  /// The root of a tree.
  func root(of side: Side) -> Int { fromFirst(0, side) }

  /// The nodes whose parent is a node.
  /// - Complexity: O(log `count`).
  func children(of node: Int, in side: Side) -> [Int] {
    let place = inFirst(node, side)
    var children: [Int] = []
    var height = 1
    while height < count {
      // A node is as far from its parent as its height, which is at most the distance of the children of that.
      for child in [place - height, place + height] where child > 0 && child < count {
        if firstParent(of: child) == place { children.append(fromFirst(child, side)) }
      }
      height <<= 1
    }
    return children
  }

  private func inFirst(_ node: Int, _ side: Side) -> Int {
    switch side {
    case .first: node
    case .second where count.isMultiple(of: 2): count - 1 - node
    case .second: node == 0 ? count - 1 : node - 1
    }
  }

  private func fromFirst(_ place: Int, _ side: Side) -> Int {
    switch side {
    case .first: place
    case .second where count.isMultiple(of: 2): count - 1 - place
    case .second: (place + 1) % count
    }
  }

  /// How many edges of both trees join a node of a range to one outside of it.
  /// - Complexity: O(log `count`).
  func edges(leaving range: Range<Int>) -> Int {
    let crossing = crossing(range)
    return crossing.toChildren + crossing.toParents
  }

  /// How many edges of both trees lead out of a range of nodes: to children, and to parents.
  /// - Complexity: O(log `count`).
  func crossing(_ range: Range<Int>) -> (toChildren: Int, toParents: Int) {
    guard !range.isEmpty else { return (0, 0) }
    let first = firstCrossing(range)
    let second: (toChildren: Int, toParents: Int)
    if count.isMultiple(of: 2) {
      second = firstCrossing((count - range.upperBound)..<(count - range.lowerBound))
    } else if range.lowerBound > 0 {
      second = firstCrossing((range.lowerBound - 1)..<(range.upperBound - 1))
    } else {
      // Shifted by one, a range that begins at node 0 wraps round; the edges of its complement lead the other way.
      let others = firstCrossing(max(0, range.upperBound - 1)..<(count - 1))
      second = (others.toParents, others.toChildren)
    }
    return (first.toChildren + second.toChildren, first.toParents + second.toParents)
  }

  /// The largest number of edges that leave one of several ranges of equal length that follow one another.
  ///
  /// Edges longer than the range always leave it, so what leaves depends on the place of the range modulo four times
  /// the next power of two, but for ranges with a root or a node whose parent or child is beyond the last node: those
  /// have fewer edges. A few periods therefore show the largest number.
  /// - Complexity: O(min(`ranges`, `length` · log `count`) · log `count`).
  func mostEdges(leaving ranges: Int, startingAt start: Int, length: Int) -> Int {
    let nextPower = length <= 1 ? 0 : Int.bitWidth - (length - 1).leadingZeroBitCount
    let period = nextPower < 40 ? max(1, (4 << nextPower) >> length.trailingZeroBitCount) : ranges
    let exceptions = 2 * (2 * depth + 1)
    var most = 0
    for index in 0..<(period < ranges / (exceptions + 1) ? period * (exceptions + 1) : ranges) {
      let first = start + index * length
      most = max(most, edges(leaving: first..<(first + length)))
    }
    return most
  }

  private func firstParent(of node: Int) -> Int? {
    guard node > 0 else { return nil }
    let bit = node & -node
    let above = (node ^ bit) | (bit << 1)
    return above < count ? above : node ^ bit
  }

  private func firstCrossing(_ range: Range<Int>) -> (toChildren: Int, toParents: Int) {
    guard !range.isEmpty else { return (0, 0) }
    var crossing = (toChildren: 0, toParents: 0)
    var height = 1
    while height < count {
      // A node of this height is that far from its parent, so only the one nearest to a border can be across it.
      let low = nearest(to: range.lowerBound, height: height)
      let high = nearest(to: range.upperBound, height: height)
      for node in high == low ? [low] : [low, high] where node < count {
        guard let parent = firstParent(of: node), range.contains(node) != range.contains(parent) else { continue }
        if range.contains(parent) { crossing.toChildren += 1 } else { crossing.toParents += 1 }
      }
      height <<= 1
    }
    return crossing
  }

  /// The one node in `border - height ..< border + height` whose lowest set bit is `height`.
  private func nearest(to border: Int, height: Int) -> Int { max(0, border - 1) / (2 * height) * 2 * height + height }
}
