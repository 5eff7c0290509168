import ClusterModel
import Collectives
import Quantities
import Testing

@Suite("All-to-all with unequal sizes")
struct UnequalAllToAllTests {
  private let ladder = Ladders.nested(12, sizes: [(.board, 4)])

  @Test("Equal amounts are the even exchange")
  func even() throws {
    let amounts = [[Int64]](repeating: [Int64](repeating: 100, count: 12), count: 12)
    let unequal = try UnequalAllToAll(bytes: amounts, ranks: 12)
    #expect(unequal.size.count == 1100)
    let plain = try Pairwise.schedule(for: .allToAll, on: ladder, capabilities: FabricCapabilities())
    let schedule = try unequal.schedule(on: ladder)
    for level in -1..<2 {
      // Here the size counts what goes to others.
      let share = plain.volumeLeaving(level: level) * 12 / 11
      #expect(abs(schedule.volumeLeaving(level: level) - share) < 1e-12)
    }
    #expect(schedule.rankTraffic.values.reduce(0, +) <= 1 + 1e-12)
    #expect(schedule.hopCount == plain.hopCount)
    #expect(schedule.phases[0].peersPerRank == plain.phases[0].peersPerRank)
    #expect(try UnequalAllToAll.schedule(skew: 1, on: ladder).traffic == plain.traffic)
  }

  @Test("One pair alone loads its own links")
  func onePair() throws {
    var amounts = [[Int64]](repeating: [Int64](repeating: 0, count: 12), count: 12)
    amounts[1][9] = 1000
    let schedule = try UnequalAllToAll(bytes: amounts, ranks: 12).schedule(on: ladder)
    #expect(schedule.rankTraffic == [.peers(level: 1, aligned: false): 1])
    #expect(schedule.volumeLeaving(level: 0) == 0.25)
    #expect(schedule.hopCount == 1)
    let none = try UnequalAllToAll(bytes: [[5, 0], [0, 5]], ranks: 2).schedule(on: Ladders.flat(2))
    #expect(none.phases.isEmpty)
  }

  @Test(
    "A skew multiplies what the busiest rank receives, and loads groups as its matrix does", arguments: [1.5, 4, 11])
  func skewed(_ skew: Double) throws {
    let schedule = try UnequalAllToAll.schedule(skew: skew, on: ladder)
    #expect(abs(schedule.rankTraffic.values.reduce(0, +) - skew * 11 / 12) < 1e-12)
    let unit = 1_200_000.0
    let (hot, rest) = (skew * unit / 12, (1 - (skew - 1) / 10) * unit / 12)
    let amounts = (0..<12).map { from in
      (0..<12).map { to in Int64((from == 0 ? unit / 12 : to == 0 ? hot : rest).rounded()) }
    }
    let listed = try UnequalAllToAll(bytes: amounts, ranks: 12)
    let exact = try listed.schedule(on: ladder)
    for level in -1..<1 {
      let volume = exact.volumeLeaving(level: level) * Double(listed.size.count) / unit
      #expect(abs(schedule.volumeLeaving(level: level) - volume) < 1e-6)
    }
  }

  @Test("Wrong amounts are refused with their place")
  func refused() {
    typealias Fault = UnequalAllToAll.AmountError
    #expect(throws: Fault.rows(1, expected: 2)) { try UnequalAllToAll(bytes: [[0, 1]], ranks: 2) }
    #expect(throws: Fault.columns(3, row: 1, expected: 2)) {
      try UnequalAllToAll(bytes: [[0, 1], [1, 2, 3]], ranks: 2)
    }
    #expect(throws: Fault.negative(-7, row: 1, column: 0)) {
      try UnequalAllToAll(bytes: [[0, 1], [-7, 0]], ranks: 2)
    }
    #expect(throws: Fault.overflow(row: 0)) {
      try UnequalAllToAll(bytes: [[0, .max, .max], [0, 0, 0], [0, 0, 0]], ranks: 3)
    }
    #expect(throws: Fault.tooManyRanks(1025, limit: 1024)) { try UnequalAllToAll(bytes: [], ranks: 1025) }
    for skew in [0.5, 12, .nan, .infinity] {
      #expect(throws: Fault.self) { try UnequalAllToAll.schedule(skew: skew, on: ladder) }
    }
    #expect(throws: AlgorithmError.self) { try UnequalAllToAll(bytes: [[0]], ranks: 1).schedule(on: ladder) }
  }
}
