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
    switch side {
    case .first: firstParent(of: node)
    case .second where count.isMultiple(of: 2): firstParent(of: count - 1 - node).map { count - 1 - $0 }
    case .second: firstParent(of: node == 0 ? count - 1 : node - 1).map { ($0 + 1) % count }
    }
  }

  /// How many edges of both trees join a node of a range to one outside of it.
  /// - Complexity: O(log `count`).
  func edges(leaving range: Range<Int>) -> Int {
    let inFirst = firstEdges(leaving: range)
    if count.isMultiple(of: 2) {
      return inFirst + firstEdges(leaving: (count - range.upperBound)..<(count - range.lowerBound))
    }
    // Shifted by one, a range that begins at node 0 wraps round; as many edges leave its complement.
    return inFirst
      + (range.lowerBound > 0
        ? firstEdges(leaving: (range.lowerBound - 1)..<(range.upperBound - 1))
        : firstEdges(leaving: max(0, range.upperBound - 1)..<(count - 1)))
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

  private func firstEdges(leaving range: Range<Int>) -> Int {
    guard !range.isEmpty else { return 0 }
    var edges = 0
    var bit = 1
    while bit < count {
      // A node of this height is `bit` away from its parent, so only the one nearest to a border can be across it.
      let low = nearest(to: range.lowerBound, height: bit)
      let high = nearest(to: range.upperBound, height: bit)
      edges += crosses(low, range) ? 1 : 0
      edges += high != low && crosses(high, range) ? 1 : 0
      bit <<= 1
    }
    return edges
  }

  /// The one node in `border - height ..< border + height` whose lowest set bit is `height`.
  private func nearest(to border: Int, height: Int) -> Int { max(0, border - 1) / (2 * height) * 2 * height + height }

  private func crosses(_ node: Int, _ range: Range<Int>) -> Bool {
    guard node < count, let parent = firstParent(of: node) else { return false }
    return range.contains(node) != range.contains(parent)
  }
}
