import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

@Suite struct WhatIfLimitTests {
  private static let question = {
    var question = Question(.allToAll, sizes: [Bytes(1 << 30)])
    question.includesBound = false
    return question
  }()

  @Test("With less work the busiest failures are answered, as they are with more, and the answer says how many of all")
  func limit() throws {
    let estimator = try Shipped.estimator("dgx-h100:nodes=4")
    let all = try estimator.whatIf(Self.question)
    let isLimited = { (answer: WhatIfAnswer) in answer.remarks.contains { $0.contains("failed one by one") } }
    #expect(!isLimited(all) && all.failures.count > 3)
    // The partition of fewer failures tells rails apart, so that names differ, but no times.
    let known = all.failures.compactMap { $0.times?[0].value }
    var counts: [Int] = []
    for exponent in [4, 9, 10, 11, 12, 13, 14, 26] {
      let part = try estimator.whatIf(Self.question, failureWork: 1 << exponent)
      counts.append(part.failures.count)
      #expect(isLimited(part) == (part.failures.count < all.failures.count))
      #expect(part.base.estimates == all.base.estimates)
      for time in part.failures.compactMap({ $0.times?[0].value }) {
        #expect(known.contains { Soundness.close($0, time, 1e-9) })
      }
      guard part.failures.count > 1, let busiest = all.base.estimates[0].bottleneck else { continue }
      #expect(part.failures.contains { $0.name.hasPrefix("\(busiest.link) link") })
    }
    #expect(counts == counts.sorted() && counts.first == 0 && counts.last == all.failures.count)
    #expect(counts.contains { $0 > 0 && $0 < all.failures.count })
  }

  @Test("Without work to spare no failure is answered, and the answer says so")
  func none() throws {
    let answer = try Shipped.estimator("dgx-h100:nodes=4").whatIf(Self.question, failureWork: 0)
    #expect(answer.failures.isEmpty && !answer.sensitivities.isEmpty)
    #expect(answer.remarks.contains { $0.contains("none is failed one by one") })
  }
}
