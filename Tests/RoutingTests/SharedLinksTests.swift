import Routing
import TestSupport
import Testing

@Suite("Flows that share links") struct SharedLinksTests {
  /// Random links and flows: each flow uses one to three links by 1, 1/2 or 2.
  private struct Sample {
    var capacities: [Double]
    var flows: [[SharedLinks.Use]]
    var sizes: [Double]
    var weights: [Double]

    init(seed: Int) {
      var generator = SeededGenerator(seed: seed)
      let links = Int.random(in: 1...8, using: &generator)
      capacities = (0..<links).map { _ in Double(Int.random(in: 1...5, using: &generator)) }
      flows = (0..<Int.random(in: 1...14, using: &generator)).map { _ in
        let used = (0..<links).shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
        return used.map { .init(link: $0, amount: [0.5, 1, 2].randomElement(using: &generator) ?? 1) }
      }
      sizes = flows.map { _ in Double(Int.random(in: 1...6, using: &generator)) }
      weights = flows.map { _ in Double(Int.random(in: 1...4, using: &generator)) }
    }
  }

  /// Fills all links at once in small steps of exact events by the plainest means.
  private static func reference(_ sample: Sample, weights: [Double]) -> [Double] {
    var rates = sample.flows.map { _ in 0.0 }
    var growing = Set(sample.flows.indices)
    while !growing.isEmpty {
      var step = Double.infinity
      var full: Set<Int> = []
      for link in sample.capacities.indices {
        let uses = sample.flows.enumerated().flatMap { flow, uses in
          uses.filter { $0.link == link }.map { (flow: flow, amount: $0.amount) }
        }
        let growth = uses.reduce(0) { growing.contains($1.flow) ? $0 + $1.amount * weights[$1.flow] : $0 }
        guard growth > 0 else { continue }
        let own = (sample.capacities[link] - uses.reduce(0) { $0 + $1.amount * rates[$1.flow] }) / growth
        if own < step - 1e-12 {
          (step, full) = (own, [link])
        } else if own <= step + 1e-12 {
          full.insert(link)
        }
      }
      for flow in growing { rates[flow] += step * weights[flow] }
      growing = growing.filter { flow in !sample.flows[flow].contains { full.contains($0.link) } }
    }
    return rates
  }

  @Test(
    "Rates are those of plain filling, and every flow has a full link on which it is among the largest",
    arguments: 0..<100)
  func fairness(seed: Int) throws {
    let sample = Sample(seed: seed)
    let shared = try SharedLinks(capacities: sample.capacities, flows: sample.flows)
    for weights in [sample.weights, sample.flows.map { _ in 1 }] {
      let found = try shared.maxMinRates(weights: weights)
      for (rate, expected) in zip(found.rates, SharedLinksTests.reference(sample, weights: weights)) {
        #expect(abs(rate - expected) <= 1e-9 * expected)
      }
      for (flow, link) in found.bottlenecks.enumerated() {
        let sharers = sample.flows.enumerated().flatMap { other, uses in
          uses.filter { $0.link == link }.map { (flow: other, amount: $0.amount) }
        }
        #expect(sharers.contains { $0.flow == flow })
        let used = sharers.reduce(0) { $0 + $1.amount * found.rates[$1.flow] }
        #expect(abs(used - sample.capacities[link]) <= 1e-9 * used)
        let largest = sharers.map { found.rates[$0.flow] / weights[$0.flow] }.max() ?? 0
        #expect(found.rates[flow] / weights[flow] >= largest * (1 - 1e-9))
      }
    }
  }

  @Test(
    "Refilling is never slower than the first rates and never beats the bound, which sizes as weights reach",
    arguments: 0..<100)
  func times(seed: Int) throws {
    let sample = Sample(seed: seed)
    let shared = try SharedLinks(capacities: sample.capacities, flows: sample.flows)
    let longest = { (rates: [Double]) in zip(sample.sizes, rates).map { $0 / $1 }.max() ?? 0 }
    let bound = try shared.bound(sizes: sample.sizes)
    let completions = try shared.completions(sizes: sample.sizes)
    let dynamic = try #require(completions.last).time
    let first = longest(try shared.maxMinRates().rates)
    let weighted = longest(try shared.maxMinRates(weights: sample.sizes).rates)
    #expect(dynamic >= bound * (1 - 1e-9) && dynamic <= first * (1 + 1e-9))
    #expect(abs(weighted - bound) <= 1e-9 * bound)
    #expect(completions.flatMap(\.flows).sorted() == Array(sample.flows.indices))
    #expect(zip(completions, completions.dropFirst()).allSatisfy { $0.time < $1.time })
  }

  @Test("Alike flows and links may stand as one", arguments: 0..<30)
  func classes(seed: Int) throws {
    let sample = Sample(seed: seed)
    // Two copies of everything, each flow of one copy using both copies of its links by half.
    let links = sample.capacities.count
    let doubled = try SharedLinks(
      capacities: sample.capacities + sample.capacities,
      flows: (sample.flows + sample.flows).map { uses in
        uses.flatMap { use in
          [0, links].map { SharedLinks.Use(link: use.link + $0, amount: use.amount / 2) }
        }
      })
    let single = try SharedLinks(capacities: sample.capacities, flows: sample.flows)
    let expected = try single.maxMinRates().rates
    for (rate, other) in zip(try doubled.maxMinRates().rates, expected + expected) {
      #expect(abs(rate - other) <= 1e-9 * other)
    }
  }

  @Test("What is no sharing of links is an error")
  func badInput() throws {
    let use = SharedLinks.Use(link: 0, amount: 1)
    for capacity in [0, -1, Double.nan, .infinity] {
      #expect(throws: SharedLinks.Failure.capacity(link: 0)) {
        try SharedLinks(capacities: [capacity], flows: [[use]])
      }
    }
    for uses in [
      [], [SharedLinks.Use(link: 1, amount: 1)], [.init(link: 0, amount: 0)], [.init(link: 0, amount: .nan)],
    ] {
      #expect(throws: SharedLinks.Failure.use(flow: 0)) { try SharedLinks(capacities: [1], flows: [uses]) }
    }
    let shared = try SharedLinks(capacities: [2], flows: [[use], [use]])
    #expect(throws: SharedLinks.Failure.amount(flow: 1)) { try shared.maxMinRates(weights: [1, 0]) }
    #expect(throws: SharedLinks.Failure.amount(flow: 1)) { try shared.completions(sizes: [1]) }
    #expect(try shared.completions(sizes: [0, 4]).map(\.time) == [0, 2])
    #expect(try SharedLinks(capacities: [1], flows: []).completions(sizes: []).isEmpty)
  }

  @Test("The two slowest links tell what every capacity does", arguments: 0..<50)
  func sensitivities(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...6, using: &generator)
    let loads = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
    let capacities = (0..<count).map { _ in Double(Int.random(in: 1...4, using: &generator)) }
    let sensitivity = try #require(BandwidthSensitivity(loads: loads, capacities: capacities))
    let time = { (capacities: [Double]) in zip(loads, capacities).map { $0 / $1 }.max() ?? 0 }
    #expect(sensitivity.time == time(capacities))
    for link in 0..<count {
      for factor in [0.25, 0.9, 1.1, 4] {
        var changed = capacities
        changed[link] *= factor
        #expect(sensitivity.time(with: changed[link], of: link) == time(changed))
      }
      for (step, gradient) in [(1e-6, sensitivity.gradient), (-1e-6, sensitivity.gradientDownwards)] {
        var changed = capacities
        changed[link] += step
        let measured = (time(changed) - time(capacities)) / step
        #expect(abs(measured - gradient[link]) <= 1e-4 * max(1, abs(measured)))
      }
    }
    #expect(BandwidthSensitivity(loads: [1], capacities: [0]) == nil)
    #expect(BandwidthSensitivity(loads: [], capacities: []) == nil)
  }
}
