import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// What must not change an answer.
@Suite("Symmetries of an estimate") struct SymmetryTests {
  static let sizes = [8, 65_536, 1 << 20, 1 << 30].map { Bytes($0) }

  /// Times of every candidate for every collective, in a fixed order.
  static func times(_ estimator: Estimator, ranks: Int? = nil) throws -> [Double] {
    try LawCases.collectives.flatMap { collective in
      try estimator.answer(Question(collective, sizes: sizes, ranks: ranks)).estimates
        .flatMap { ($0.candidates + $0.alternatives).map(\.time.value) }
    }
  }

  static func agree(_ left: [Double], _ right: [Double], within tolerance: Double = 1e-12) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * max($0, $1) }
  }

  @Test("A topology beside itself has ratio 1 in every row", arguments: LawCases.topologies)
  func besideItself(topology: String) throws {
    let answers = try LawCases.collectives.map { collective in
      let question = Question(collective, sizes: LawCases.sizes)
      return [try LawCases.estimator(topology).answer(question), try LawCases.estimator(topology).answer(question)]
    }
    let comparison = Comparison(answers)
    #expect(comparison.rows.count == LawCases.collectives.count * LawCases.sizes.count)
    for row in comparison.rows {
      #expect(row.ratiosToFirst == [1, 1])
      #expect(row.estimates[0] == row.estimates[1])
    }
  }

  @Test(
    "An estimate does not depend on what else is asked",
    arguments: ["gb300-nvl72:racks=2", "dgx-h100:nodes=4", LawCases.mixed])
  func asksApart(topology: String) throws {
    let estimator = try LawCases.estimator(topology)
    for collective in LawCases.collectives {
      let together = try estimator.answer(Question(collective, sizes: SymmetryTests.sizes)).estimates
      for (estimate, size) in zip(together, SymmetryTests.sizes) {
        #expect(try estimator.answer(Question(collective, sizes: [size])).estimates == [estimate])
      }
    }
  }

  @Test(
    "Two spellings of one cluster have the same times",
    arguments: [
      ["oci-gb200:racks=2,trays=16", "oci-gb200:trays=16,racks=2"],
      ["gb200-nvl72", "gb200-nvl72:racks=1,trays=18,oversubscription=1,fabric=rail-optimised"],
      ["dgx-h100:nodes=4", "dgx-h100:gpus=8,nodes=4"],
    ])
  func spellings(references: [String]) throws {
    let times = try references.map { try SymmetryTests.times(Shipped.estimator($0)) }
    #expect(times[0] == times[1])
  }

  @Test("A block written as two blocks has the same times")
  func twoBlocks() throws {
    let fabric = "  fabric: {kind: rail-optimised, switch: Quantum-2}"
    let texts = [
      "cluster:\n  racks: 4 × GB200-NVL72\n\(fabric)", "cluster:\n  racks: 4 x GB200-NVL72\n\(fabric)",
      "cluster:\n  blocks:\n    - {racks: 4 × GB200-NVL72}\n\(fabric)",
      "cluster:\n  blocks:\n    - {racks: 3 × GB200-NVL72}\n    - {racks: 1 × GB200-NVL72}\n\(fabric)",
    ]
    for ranks in [nil, 250] {
      let times = try texts.map { try SymmetryTests.times(OwnTopology.estimator($0), ranks: ranks) }
      for other in times.dropFirst() { #expect(SymmetryTests.agree(times[0], other), "\(ranks ?? 0) ranks") }
    }
  }

  @Test("It does not matter which of several alike parts is absent")
  func whichIsAbsent() throws {
    func times(without absent: String, all: Bool) throws -> [Double] {
      let estimator = try OwnTopology.estimator(
        "cluster:\n  racks: 4 × GB200-NVL72\n  fabric: {kind: rail-optimised, switch: Quantum-2}\n"
          + "exceptions:\n  - absent: \(absent)")
      return try LawCases.collectives.flatMap { collective in
        try estimator.answer(Question(collective, sizes: SymmetryTests.sizes)).estimates
          .flatMap { $0.candidates + $0.alternatives }.filter {
            all || ["ring", "pairwise", "direct"].contains($0.algorithm)
          }.map(\.time.value)
      }
    }
    // Trees and rounds give racks of different size different places; whole racks and the trays of a rack are alike.
    for (family, all) in [
      ((0..<4).map { "rack[\($0)]" }, true), ([0, 7, 17].map { "rack[1]/tray[\($0)]" }, true),
      ((0..<4).map { "rack[\($0)]/tray[5]" }, false), ((0..<4).map { "rack[\($0)]/tray[3..5]" }, false),
    ] {
      let first = try times(without: family[0], all: all)
      for absent in family.dropFirst() {
        let isAlike = SymmetryTests.agree(first, try times(without: absent, all: all))
        #expect(isAlike, "without \(absent)")
      }
    }
  }

  @Test("Trays that are not in use and trays that are absent are the same to rings in the domain")
  func notInUse() throws {
    let used = try SymmetryTests.times(Shipped.estimator("gb200-nvl72:trays=16"))
    let absent = try SymmetryTests.times(
      OwnTopology.estimator(
        "cluster:\n  racks: 1 × GB200-NVL72\n  fabric: {kind: rail-optimised, switch: Quantum-2}\n"
          + "exceptions:\n  - absent: rack[0]/tray[16..17]"))
    let isAlike = SymmetryTests.agree(used, absent)
    #expect(isAlike)
  }

  @Test(
    "More ranks in a domain never make a ring faster",
    arguments: ["gb200-nvl72", "gb300-nvl72", "dgx-h100", "dgx-a100"])
  func moreRanks(topology: String) throws {
    let estimator = try Shipped.estimator(topology)
    let all = try estimator.describe().acceleratorCount
    for collective in [Collective.allReduce, .allGather, .reduceScatter] {
      for bytesPerRank in [Int64(64), 1 << 28] {
        var before = Seconds.zero
        for ranks in [2, 3, 4, 7, 8, 31, 71, 72] where ranks <= all {
          // The size of all-gather and reduce-scatter is that of the whole array.
          let size = collective == .allReduce ? bytesPerRank : bytesPerRank * Int64(ranks)
          let question = Question(
            collective, sizes: [Bytes(size)], ranks: ranks, algorithm: "ring", messageProtocol: .simple)
          let time = try estimator.answer(question).estimates[0].time
          #expect(time >= before, "\(collective), \(ranks) ranks of \(bytesPerRank) B")
          before = time
        }
      }
    }
  }
}
