import Testing

@testable import Collectives

@Suite("Double binary tree")
struct DoubleBinaryTreeTests {
  @Test("Both trees span all nodes, and no node has children in both")
  func spans() {
    for count in 1...130 {
      let tree = DoubleBinaryTree(count: count)
      var inner: [Set<Int>] = []
      for side in DoubleBinaryTree.Side.allCases {
        let parents = (0..<count).map { tree.parent(of: $0, in: side) }
        #expect(parents.filter { $0 == nil }.count == 1)
        for node in 0..<count { #expect(path(from: node, in: parents).count - 1 <= tree.depth) }
        inner.append(Set(parents.compactMap(\.self)))
      }
      // For three nodes and more; the root and one other may have a single child in both.
      #expect(inner[0].intersection(inner[1]).count <= 2, "\(count) nodes")
    }
  }

  @Test("The longest path is a path to the root of the stated depth")
  func longestPath() {
    for count in 2...130 {
      let tree = DoubleBinaryTree(count: count)
      let parents = (0..<count).map { tree.parent(of: $0, in: .first) }
      #expect(path(from: 1, in: parents) == tree.longestPath)
      #expect(tree.longestPath.count - 1 == tree.depth)
      #expect((0..<count).map { path(from: $0, in: parents).count - 1 }.max() == tree.depth)
    }
  }

  @Test("Edges that leave a range are those found by looking at every node")
  func edges() {
    for count in 1...48 {
      let tree = DoubleBinaryTree(count: count)
      let ranges = (0..<count).flatMap { low in ((low + 1)...count).map { low..<$0 } }
      let wrong = ranges.filter { tree.edges(leaving: $0) != counted(tree, $0) }
      #expect(wrong.isEmpty, "\(count) nodes")
    }
  }

  @Test("The busiest node sends over four edges from four nodes on, over three of three, two of two")
  func busiestNode() {
    for count in 2...300 {
      let tree = DoubleBinaryTree(count: count)
      #expect(tree.mostEdges(leaving: count, startingAt: 0, length: 1) == min(4, count))
    }
  }

  @Test("A few periods show the most edges that leave any of many ranges")
  func manyRanges() {
    for count in [1000, 1024, 1537, 2047, 3001] {
      let tree = DoubleBinaryTree(count: count)
      for length in [1, 2, 3, 4, 5, 6, 8, 12] {
        for start in [0, 5] {
          let ranges = (count - start) / length
          let most = (0..<ranges).map { tree.edges(leaving: (start + $0 * length)..<(start + ($0 + 1) * length)) }.max()
          #expect(tree.mostEdges(leaving: ranges, startingAt: start, length: length) == most)
        }
      }
    }
  }

  private func path(from node: Int, in parents: [Int?]) -> [Int] {
    var path = [node]
    while let last = path.last, let parent = parents[last], path.count <= parents.count { path.append(parent) }
    return path
  }

  private func counted(_ tree: DoubleBinaryTree, _ range: Range<Int>) -> Int {
    DoubleBinaryTree.Side.allCases.reduce(0) { sum, side in
      sum
        + (0..<tree.count).filter { node in
          guard let parent = tree.parent(of: node, in: side) else { return false }
          return range.contains(node) != range.contains(parent)
        }.count
    }
  }
}
