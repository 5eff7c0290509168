import Collectives
import Testing

@Suite("Collectives")
struct CollectiveTests {
  @Test("The nine collectives have the names of nccl-tests' operations")
  func names() {
    #expect(
      Collective.allCases.map(\.description) == [
        "all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "reduce", "gather", "scatter",
        "send-recv",
      ])
  }

  @Test("Bus bandwidth counts what each rank's links must carry")
  func busBandwidth() {
    #expect(Collective.allReduce.busBandwidthFactor(ranks: 8) == 1.75)
    for collective in [Collective.allGather, .reduceScatter, .allToAll, .gather, .scatter] {
      #expect(collective.busBandwidthFactor(ranks: 8) == 0.875)
    }
    for collective in [Collective.broadcast, .reduce, .sendReceive] {
      #expect(collective.busBandwidthFactor(ranks: 8) == 1)
    }
  }

  @Test("The factor is finite for any number of ranks", arguments: Collective.allCases)
  func anyRanks(_ collective: Collective) {
    for ranks in [-1, 0, 1, 2, Int.max] {
      let factor = collective.busBandwidthFactor(ranks: ranks)
      #expect(factor >= 0 && factor <= 2)
    }
  }

  @Test("Sizes count the whole array where each rank holds a part of it")
  func sizes() {
    #expect(Collective.allReduce.sizeConvention == .perRankBuffer)
    #expect(Collective.allToAll.sizeConvention == .perRankBuffer)
    #expect(Collective.allGather.sizeConvention == .wholeArray)
    #expect(Collective.reduceScatter.sizeConvention == .wholeArray)
  }
}
