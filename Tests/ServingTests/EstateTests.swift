import Diagnostics
import TestSupport
import Testing

@testable import Serving

@Suite struct EstateTests {
  private static let file = """
    isochrone: 1
    requests: {rate: 40, model: Llama-3.1-405B, prompt: 1000, output: {mean: 300, scv: 1.5}}
    sites:
      - {name: virginia, place: "aws:us-east-1", cluster: gb200-nvl72, replica: {tensor: 8}}
      - {name: tokyo, place: tokyo, provider: aws, cluster: gb200-nvl72, replica: {tensor: 8}, prefill: 0.3}
    populations:
      - {name: New-York, place: new york, weight: 2}
      - {name: Osaka, place: osaka, weight: 1, countries: [JP]}

    """

  private func read(_ text: String) throws -> (estate: Estate?, ids: [String], places: [Int]) {
    var list = DiagnosticList()
    var reader = try #require(EstateReader())
    let estate = reader.read(SourceText(name: "estate.yaml", text: text), &list)
    return (estate, list.diagnostics.map(\.id), list.diagnostics.compactMap { $0.range?.start.line })
  }

  @Test("An estate is read with its places, models, residency and lengths")
  func reading() throws {
    let (read, ids, _) = try read(Self.file)
    #expect(ids.isEmpty, "\(ids)")
    let estate = try #require(read)
    #expect(estate.sites.map(\.provider) == ["aws", "aws"] && estate.sites[1].prefillShare == 0.3)
    #expect(estate.populations[1].countries == ["Japan"])
    #expect(estate.request.outputVariability == 1.5 && estate.request.promptVariability == 1)
    #expect(abs(estate.demands(hour: 12).reduce(0, +) - 40) > 1)
    let day = (0..<24).map { estate.demands(hour: $0).reduce(0, +) }
    #expect(
      (day.max() ?? 0) <= 40 && (day.min() ?? 0) >= 12
        && estate.demands(hour: estate.busiestHour).reduce(0, +) == day.max())
  }

  @Test(
    "Every mistake is located",
    arguments: [
      ("place: tokyo", "place: tokio", "place.unknown", 5), ("aws:us-east-1", "aws:us-esat-1", "place.unknown", 4),
      ("model: Llama-3.1-405B", "model: Lama-3.1-405B", "model.unknown", 2),
      ("weight: 2", "weight: -2", "number.range", 7), ("rate: 40", "rate: -1", "number.range", 2),
      ("countries: [JP]", "countries: [NO]", "estate.residency", 8),
      ("countries: [JP]", "countries: [Atlantis]", "country.unknown", 8),
      ("name: tokyo", "name: virginia", "name.clash", 5), ("weight: 1,", "wieght: 1,", "key.unknown", 8),
      ("{tensor: 8}, prefill", "{tensor: 8, expert: 16}, prefill", "replica.experts", 5),
      ("prefill: 0.3", "prefill: 1.3", "number.range", 5),
      ("isochrone: 1", "isochrone: 9", "file.newer-version", 1),
      ("prompt: 1000", "prompt: 1000, agent: {loop: {body: {call: true}, continue: 1}}", "agent.endless", 2),
      ("prompt: 1000", "prompt: 1000, agent: {loop: {body: {call: true}, turns: [0.5, 0.4]}}", "agent.turns", 2),
      ("prompt: 1000", "prompt: 1000, agent: {loop: {body: {call: true}}}", "agent.turns", 2),
      ("prompt: 1000", "prompt: 1000, agent: {call: true, tool: {time: 1 s}}", "agent.shape", 2),
      ("prompt: 1000", "prompt: 1000, agent: {tool: {time: 1}}", "quantity.missing-unit", 2),
      ("prompt: 1000", "prompt: .nan", "number.not-finite", 2),
      ("weight: 2", "weight: 2, providers: [awz]", "provider.unknown", 7),
      ("weight: 2", "weight: 2, providers: [aws, aws]", "population.providers", 7),
      ("prefill: 0.3", "replicas: 2, accelerators: 8", "site.capacity", 5),
    ])
  func mistakes(_ old: String, _ new: String, _ id: String, _ line: Int) throws {
    let text = Self.file.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.file)
    let (estate, ids, places) = try read(text)
    #expect(estate == nil && ids.contains(id) && places.contains(line), "\(ids) \(places)")
  }

  @Test("No text crashes the reader")
  func garbage() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<120 {
      var scalars = Array(Self.file.unicodeScalars)
      for _ in 0..<3 {
        let place = Int.random(in: 0..<scalars.count, using: &generator)
        if generator.chance(0.5) {
          scalars.remove(at: place)
        } else {
          scalars[place] = scalars.randomElement(using: &generator) ?? "x"
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      _ = try read(String(text))
    }
  }

  @Test("Every shipped estate is read without a mistake, and its facts name a source or are assumed")
  func shipped() throws {
    #expect(EstateReader.shippedNames.count >= 6)
    for name in EstateReader.shippedNames {
      let (estate, ids, _) = try read(try #require(EstateReader.shippedText(named: name)).text)
      #expect(ids.isEmpty, "\(name): \(ids)")
      for fact in try #require(estate).facts { #expect(fact.source != "no source stated", "\(name): \(fact.says)") }
    }
  }

  @Test("The shipped models are read without a mistake, and memory grows with what is kept")
  func models() throws {
    var list = DiagnosticList()
    let catalog = try #require(ModelCatalog(&list))
    #expect(list.diagnostics.isEmpty)
    #expect(catalog.names == ["GPT-3-175B", "Llama-3.1-405B", "DeepSeek-V3", "GPT-OSS-120B", "MoE-10T"])
    let dense = try #require(catalog.model("llama 3.1 405b"))
    #expect(dense.shareRead(tokens: 1) == 1)
    let mixture = try #require(catalog.model("DeepSeek-V3"))
    #expect(abs(mixture.shareRead(tokens: 1) * mixture.parameters - mixture.active) < 0.02 * mixture.active)
    #expect(mixture.shareRead(tokens: 4000) > 0.99)
  }

  /// A replica without a network between its accelerators, or with one of a given time.
  private func replica(_ name: String, _ spread: Parallelism, memory: Double = 192e9, collective: Double = 0) throws
    -> Replica
  {
    let catalog = try #require(ModelCatalog.shipped)
    return Replica(
      model: try #require(catalog.model(name)), parallelism: spread,
      accelerator: .init(name: "X", memory: memory, memoryBandwidth: 8e12, operations: 5e15),
      constants: catalog.constants
    ) { _, ranks, bytes in ranks > 1 ? collective + bytes / 900e9 : 0 }
  }

  @Test("A model that does not fit says by how much, and batches are as large as memory allows")
  func memory() throws {
    let tight = try replica("Llama-3.1-405B", Parallelism(tensor: 2))
    #expect(abs(tight.missingMemory - (405e9 - 2 * 192e9 * 0.9)) < 1)
    #expect(tight.batchLimit(context: 1000) == 0)
    let wide = try replica("Llama-3.1-405B", Parallelism(tensor: 8))
    #expect(wide.batchLimit(context: 1_000_000) < wide.batchLimit(context: 100_000))
    #expect(wide.batchLimit(context: 1000, limit: 7) == 7)
  }

  @Test("A step grows with its batch and with the network's time, and collectives count every layer")
  func steps() throws {
    let spread = Parallelism(tensor: 8, expert: 64)
    let (slow, quick) = (
      try replica("DeepSeek-V3", spread, collective: 2e-5), try replica("DeepSeek-V3", spread, collective: 1e-5)
    )
    var last = 0.0
    for batch in [1, 8, 64, 256] {
      let (far, near) = (slow.decodeStep(batch: batch, context: 2000), quick.decodeStep(batch: batch, context: 2000))
      #expect(far.communicationShare > near.communicationShare && far.compute == near.compute && near.total > last)
      last = near.total
    }
    let calls = quick.collectives(tokens: 64)
    #expect(calls.map(\.count) == [2 * 61 - 58, 58, 58])
    #expect(calls.map(\.ranks) == [8, 64, 64])
  }

  @Test("Confirmed drafts give more tokens a step, and none at all where nothing is confirmed")
  func speculation() {
    #expect(Replica.Speculation(drafted: 3, acceptance: 0, cost: 0.1).tokensPerStep == 1)
    #expect(Replica.Speculation(drafted: 3, acceptance: 1, cost: 0.1).tokensPerStep == 4)
    #expect(abs(Replica.Speculation(drafted: 2, acceptance: 0.5, cost: 0.1).tokensPerStep - 1.75) < 1e-12)
  }

  @Test("Assignments of small problems cost no more than any of all possible ones")
  func transportation() {
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<40 {
      let demands = (0..<3).map { _ in Double(Int.random(in: 0...4, using: &generator)) }
      let capacities = (0..<3).map { _ in Double(Int.random(in: 1...5, using: &generator)) }
      let costs = (0..<3).map { _ in
        (0..<3).map { _ in generator.chance(0.2) ? .infinity : Double(Int.random(in: 0...9, using: &generator)) }
      }
      let answer = Transportation(demands: demands, capacities: capacities, costs: costs)
      let best = Self.cheapest(demands, capacities, costs)
      let served = demands.reduce(0, +) - answer.unserved.reduce(0, +)
      var cost = 0.0
      for row in 0..<3 {
        #expect(abs(answer.flows[row].reduce(0, +) + answer.unserved[row] - demands[row]) < 1e-9)
        for column in 0..<3 where answer.flows[row][column] > 0 {
          cost += answer.flows[row][column] * costs[row][column]
        }
      }
      #expect(abs(served - best.served) < 1e-9 && abs(cost - best.cost) < 1e-9, "\(demands) \(capacities) \(costs)")
    }
  }

  /// The most that can be served and what it then costs at least, by trying all whole flows unit by unit.
  private static func cheapest(
    _ demands: [Double], _ capacities: [Double], _ costs: [[Double]]
  ) -> (served: Double, cost: Double) {
    var states: [[Double]: Double] = [capacities: 0]
    for row in demands.indices {
      for _ in 0..<Int(demands[row]) {
        var next = states
        // A unit may go anywhere with room, or nowhere.
        for (free, cost) in states {
          for column in capacities.indices where free[column] > 0 && costs[row][column].isFinite {
            var left = free
            left[column] -= 1
            next[left] = min(next[left] ?? .infinity, cost + costs[row][column])
          }
        }
        states = next
      }
    }
    let most = states.keys.map { capacities.reduce(0, +) - $0.reduce(0, +) }.max() ?? 0
    let cost = states.filter { capacities.reduce(0, +) - $0.key.reduce(0, +) == most }.values.min() ?? 0
    return (most, cost)
  }

  @Test("An agent's time is that of all its calls and tools, and its calls are counted")
  func agents() {
    let call = Delay.gamma(mean: 2, scv: 1)
    let agent = Agent.sequence([
      .call, .loop(.sequence([.tool(mean: 1, scv: 0), .call]), turns: [0, 0.5, 0.5]), .parallel([.call, .call]),
    ])
    #expect(agent.calls == 1 + 1.5 + 2)
    #expect(abs(agent.delay(call: call).mean - (2 + 1.5 * 3 + 3)) < 0.05)
    var generator = SeededGenerator(seed: 8)
    var times: [Double] = []
    for _ in 0..<60_000 {
      func draw() -> Double { Simulations.exponential(0.5, &generator) }
      var time = draw()
      for _ in 0..<(generator.chance(0.5) ? 1 : 2) { time += 1 + draw() }
      times.append(time + max(draw(), draw()))
    }
    for share in [0.5, 0.9, 0.99] {
      let (simulated, model) = (Simulations.percentile(times, share), agent.delay(call: call).percentile(share))
      #expect(abs(simulated - model) < 0.03 * model, "\(share): \(simulated) \(model)")
    }
  }

  private func solver(_ text: String = file) throws -> EstateSolver {
    let estate = try #require(try read(text).estate)
    let sites = try estate.sites.map {
      ServingSite(
        site: $0, replica: try replica("Llama-3.1-405B", $0.parallelism, collective: 1e-5), count: 9, batchLimit: 256,
        request: estate.request, transferRate: 4e11)
    }
    return EstateSolver(estate: estate, sites: sites, network: try #require(WideArea.shipped))
  }

  @Test("Everything asked is served once, near first, and residency is kept")
  func assignment() throws {
    let answer = try solver().answer(.init(hour: 3))
    #expect(abs(answer.rows.reduce(0) { $0 + $1.share } - 1) < 1e-6)
    #expect(answer.rows.filter { $0.from == "Osaka" }.allSatisfy { $0.site == "tokyo" })
    #expect(answer.sites.allSatisfy { $0.utilisation < 1 && $0.overflow == 0 })
    for row in answer.rows {
      let whole = row.stages.reduce(0) { $0 + $1.delay.mean }
      #expect(abs(whole - row.endToEnd.mean) < 1e-9)
      #expect(row.endToEnd.percentile(0.99) < row.stages.reduce(0) { $0 + $1.delay.percentile(0.99) })
    }
  }

  @Test("A failed site's requests go elsewhere, and where residency forbids it that is said")
  func failure() throws {
    let alone = try solver().answer(.init(failed: ["virginia"], hour: 3))
    #expect(Set(alone.rows.map(\.site)) == ["tokyo"])
    #expect(throws: RequestError.self) { try solver().answer(.init(failed: ["tokyo"], hour: 3)) }
    #expect(throws: RequestError.unknown(kind: "site", name: "osaka", known: ["virginia", "tokyo"])) {
      try solver().answer(.init(failed: ["osaka"]))
    }
  }

  @Test("Overload says how much is offered and how many replicas would do; near it stands a warning")
  func overload() throws {
    let solver = try solver()
    let capacity = solver.sites.reduce(0) { $0 + $1.capacity }
    let error = #expect(throws: RequestError.self) { try solver.answer(.init(hour: 3, rate: capacity * 3)) }
    guard case .overloaded(let utilisation, let needed, let replicas, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(utilisation > 1 && needed > replicas && replicas <= 18)
    let site = solver.sites[0]
    let strained = try site.performance(rate: 0.96 * site.capacity)
    #expect(solver.warnings(site, strained).contains { $0.contains("0.96 of saturation") && $0.contains("10 %") })
    #expect(solver.warnings(site, try site.performance(rate: 0.3 * site.capacity)).isEmpty)
  }

  /// The sums that hold for every answer with first refusal.
  private func checkConservation(_ answer: RequestAnswer) {
    let rate = answer.rate
    for site in answer.sites { #expect(abs(site.offered - site.carried - site.overflow) < 1e-9 * rate) }
    for pool in answer.pools {
      let own = answer.sites.filter { pool.sites.contains($0.site) }
      #expect(abs(pool.offered - pool.carried - pool.passedOn - pool.lost) < 1e-9 * rate)
      #expect(abs(own.reduce(0) { $0 + $1.carried } - pool.carried) < 1e-6 * rate)
      #expect(abs(own.reduce(0) { $0 + $1.overflow } - pool.overflow) < 1e-6 * rate)
      #expect(pool.lost >= 0 && pool.passedOn >= 0 && pool.carried <= pool.offered)
    }
    let lost = answer.populations.reduce(0) { $0 + $1.lost }
    #expect(abs(rate - answer.sites.reduce(0) { $0 + $1.carried } - lost) < 1e-6 * rate)
    for population in answer.populations {
      let share = answer.rows.filter { $0.from == population.from }.reduce(0) { $0 + $1.share }
      #expect(abs(share * rate - population.carried) < 1e-5 * rate)
    }
  }

  private static let twoProviders = file.replacing("provider: aws", with: "provider: other")
    .replacing(", countries: [JP]", with: "")

  @Test("First refusal fills providers in order, and what they offer, carry, pass on and lose adds up")
  func firstRefusal() throws {
    let solver = try solver(
      Self.twoProviders
        + "providers: {aws: {preference: 1, first-refusal: true}, other: {preference: 2, first-refusal: true}}\n")
    let capacity = solver.sites.reduce(0) { $0 + $1.capacity }
    let answer = try solver.answer(.init(hour: 3, rate: capacity))
    let rate = answer.rate
    checkConservation(answer)
    #expect(abs(answer.sites[0].offered - rate) < 1e-6 * rate)
    #expect(abs(answer.sites[0].overflow - answer.sites[1].offered) < 1e-6 * rate)
    #expect(answer.sites[0].utilisation > answer.sites[1].utilisation)
    #expect(answer.pools.allSatisfy { $0.method.isExact } && answer.pools[0].lost == 0 && answer.pools[1].passedOn == 0)
    // All are refused alike by pools that all try in one order.
    let loss = answer.rows.map(\.lossProbability)
    #expect((loss.max() ?? 1) - (loss.min() ?? 0) < 1e-9)
  }

  @Test(
    "Orders of one's own, residency, a part of the demand, and providers without the right all add up",
    arguments: [
      ("weight: 1", "weight: 1, providers: [other, aws]", "first-refusal: true", "first-refusal: true"),
      ("weight: 1", "weight: 1, providers: [other]", "first-refusal: true", "first-refusal: true"),
      ("weight: 1", "weight: 1, countries: [JP]", "first-refusal: true", "first-refusal: true"),
      ("weight: 1", "weight: 1", "first-refusal: 0.6", "first-refusal: true"),
      ("weight: 1", "weight: 1", "first-refusal: 0.3", "price: 2"),
    ])
  func mixedRefusal(_ old: String, _ new: String, _ first: String, _ second: String) throws {
    let solver = try solver(
      Self.twoProviders.replacing(old, with: new)
        + "providers: {aws: {preference: 1, \(first)}, other: {preference: 2, \(second)}}\n")
    let capacity = solver.sites.reduce(0) { $0 + $1.capacity }
    for load in [0.2, 0.4] {
      let answer = try solver.answer(.init(hour: 3, rate: load * capacity))
      checkConservation(answer)
      let whole = answer.populations.reduce(0) { $0 + $1.offered }
      #expect(abs(whole - answer.rate) < 1e-9 * whole)
      if first == "first-refusal: 0.6" { #expect(abs(answer.pools[0].offered - 0.6 * answer.rate) < 1e-9 * whole) }
      if new.contains("JP") { #expect(answer.rows.filter { $0.from == "Osaka" }.allSatisfy { $0.site == "tokyo" }) }
      if second == "price: 2" { #expect(answer.populations.allSatisfy { $0.lost == 0 } && answer.pools.count == 1) }
    }
  }
}
