import ClusterModel
import Testing

/// Groups of ranks by the digits of the rank number.
@Suite("Groups of ranks") struct RankGroupingTests {
  private func error(_ axes: [(String, Int?)], along: String? = nil, ranks: Int) -> RankGroupingError? {
    do throws(RankGroupingError) {
      _ = try RankGroups(RankGrouping(axes.map { .init(name: $0, size: $1) }, along: along), ranks: ranks)
      return nil
    } catch {
      return error
    }
  }

  @Test("The groups along every axis are a partition of the ranks, and their members differ in its digit only")
  func partition() throws {
    let axes = [RankGrouping.Axis(name: "a", size: 3), .init(name: "b", size: nil), .init(name: "c", size: 4)]
    for (place, axis) in axes.enumerated() {
      let groups = try RankGroups(RankGrouping(axes, along: axis.name), ranks: 60)
      #expect(groups.sizes == [3, 5, 4] && groups.count * groups.size == 60)
      let members = (0..<groups.count).map { Array(groups.members(of: $0)) }
      #expect(members.joined().sorted() == Array(0..<60))
      let digits = { (rank: Int) in [rank % 3, rank / 3 % 5, rank / 15] }
      for group in members {
        #expect(group.map { digits($0)[place] } == Array(0..<groups.size))
        let others = Set(group.map { rank in digits(rank).enumerated().filter { $0.offset != place }.map(\.element) })
        #expect(others.count == 1)
      }
    }
  }

  @Test("Axes that do not make the ranks are refused, each at its place")
  func misfits() {
    #expect(error([], ranks: 8) == .noAxes)
    #expect(error([("a", 0)], ranks: 8) == .size(axis: 0))
    #expect(error([("a", 2), ("a", nil)], ranks: 8) == .repeatedName(axis: 1))
    #expect(error([("a", nil), ("b", 2), ("c", nil)], ranks: 8) == .secondRemainder(axis: 2))
    #expect(error([("a", 2), ("b", 3)], ranks: 8) == .product(6, ranks: 8))
    #expect(error([("a", .max), ("b", 3)], ranks: 8) == .product(nil, ranks: 8))
    #expect(error([("a", 3), ("b", nil)], ranks: 8) == .remainder(axis: 1, others: 3, ranks: 8))
    #expect(error([("a", 16), ("b", nil)], ranks: 8) == .remainder(axis: 1, others: 16, ranks: 8))
    #expect(error([("a", 8)], along: "b", ranks: 8) == .unknownAxis("b", known: ["a"]))
    #expect(error([("a", 8), ("b", nil)], along: "b", ranks: 8) == nil)
  }
}
