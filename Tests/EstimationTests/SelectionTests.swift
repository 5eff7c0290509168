import Collectives
import Estimation
import Quantities
import Testing

/// What a library picks by its own reckoning.
@Suite("What a library picks")
struct SelectionTests {
  static let sizes = stride(from: 3, through: 33, by: 1).map { Bytes(1 << Int64($0)) }

  static func answers(
    _ topology: String, _ collective: Collective
  ) throws -> (picked: Answer, fastest: Answer) {
    let estimator = try Shipped.estimator(topology)
    var question = Question(collective, sizes: sizes)
    let fastest = try estimator.answer(question)
    question.selection = .library
    return (try estimator.answer(question), fastest)
  }

  @Test(
    "A pick is one of the library's algorithms, at its own time, and no faster than the fastest",
    arguments: ["dgx-h100", "dgx-h100:nodes=4", "gb200-nvl72:racks=2", "aws-p4d:nodes=2"],
    [Collective.allReduce, .allGather])
  func picks(topology: String, collective: Collective) throws {
    let (picked, fastest) = try SelectionTests.answers(topology, collective)
    for (pick, best) in zip(picked.estimates, fastest.estimates) {
      #expect(pick.time >= best.time)
      #expect(pick.interval.contains(pick.time))
      let candidate = best.candidates.first {
        $0.algorithm == pick.algorithm && $0.messageProtocol == pick.messageProtocol
      }
      #expect(try #require(candidate).time == pick.time)
    }
  }

  @Test("A pick that is not the fastest is told, and no other")
  func findings() throws {
    let (picked, fastest) = try SelectionTests.answers("dgx-h100:nodes=4", .allReduce)
    let slower = zip(picked.estimates, fastest.estimates).filter { $0.time > $1.time }
    #expect(!slower.isEmpty)
    let told = picked.remarks.filter { $0.contains("picks") }
    #expect(told.count == slower.count)
    for (line, pair) in zip(told, slower) { #expect(line.hasPrefix("\(pair.0.bytes):")) }
    #expect(!fastest.remarks.contains { $0.contains("picks") })
  }

  @Test("On eight H100 NCCL picks low-latency messages for small sizes and in-switch reduction for large ones")
  func oneBox() throws {
    let (picked, _) = try SelectionTests.answers("dgx-h100", .allReduce)
    #expect(picked.estimates.first?.messageProtocol == .ll)
    #expect(picked.estimates.last?.algorithm == "nvls")
  }

  @Test("Where a library's reckoning is not known, that is said and the fastest taken")
  func unknown() throws {
    let (picked, fastest) = try SelectionTests.answers("mi300x", .allReduce)
    #expect(picked.estimates.map(\.time) == fastest.estimates.map(\.time))
    #expect(picked.remarks.contains { $0.contains("What rccl picks by itself is not known") })
  }
}
