import Foundation
import Matrices
import TestSupport
import Testing

@testable import Serving

@Suite struct QueueTests {
  private func isNear(_ left: Double, _ right: Double, within share: Double) -> Bool {
    abs(left - right) <= share * max(abs(left), abs(right))
  }

  @Test("Erlang's loss falls with servers, rises with load, and joins smoothly between whole numbers of servers")
  func erlangLaws() {
    for load in [0.1, 3.0, 50, 900] {
      var last = 1.0
      for step in 1...60 {
        let servers = load * Double(step) / 30
        let loss = Erlang.lossProbability(servers: servers, load: load)
        #expect(loss <= last && loss >= 0)
        #expect(Erlang.lossProbability(servers: servers, load: load * 1.01) >= loss)
        last = loss
      }
    }
    #expect(
      isNear(
        Erlang.lossProbability(servers: 7 + 1e-9, load: 5), Erlang.lossProbability(servers: 7, load: 5), within: 1e-8))
    #expect(isNear(Erlang.lossProbability(servers: 0.5, load: 2), 0.7, within: 0.2))
    #expect(Erlang.lossProbability(servers: 1e6, load: 10) == 0)
    #expect(isNear(Erlang.lossProbability(servers: 1e6, load: 1e9), 0.999, within: 1e-6))
    #expect(
      Erlang.servers(forLoad: 90, loss: 0.02695738) == 101 || Erlang.servers(forLoad: 90, loss: 0.02695738) == 100)
  }

  @Test("Overload is an answer that says what would do")
  func overload() {
    #expect(throws: QueueError.overloaded(utilisation: 1.3, serversNeeded: 14)) {
      try MultiServerQueue(arrivalRate: 13, serviceRate: 1, servers: 10)
    }
    #expect(throws: QueueError.overloaded(utilisation: 1, serversNeeded: 11)) {
      try GeneralServiceQueue(arrivalRate: 10, meanService: 1, scv: 2, servers: 10)
    }
    #expect(throws: QueueError.self) { try MultiServerQueue(arrivalRate: .nan, serviceRate: 1, servers: 1) }
    #expect(throws: QueueError.self) { try MultiServerQueue(arrivalRate: 1, serviceRate: 0, servers: 1) }
    #expect(throws: QueueError.self) { try BatchingServer(arrivalRate: 9, meanTokens: 10, stepTimes: [0.1, 0.12]) }
    #expect(throws: QueueError.self) { try PhaseTypeChain(rates: []) }
    #expect("\(QueueError.overloaded(utilisation: 1.3, serversNeeded: 41))".contains("offered 1.3 of capacity"))
  }

  @Test("A simulated line of exponential servers has the model's waits and percentiles", arguments: [1, 4, 16])
  func exponentialServers(_ servers: Int) throws {
    let rate = 0.8 * Double(servers)
    let queue = try MultiServerQueue(arrivalRate: rate, serviceRate: 1, servers: servers)
    let times = Simulations.line(servers: servers, arrivalRate: rate, customers: 200_000, seed: servers) {
      Simulations.exponential(1, &$0)
    }
    #expect(isNear(Simulations.mean(times.waits), queue.meanWait, within: 0.06))
    #expect(isNear(Simulations.percentile(times.sojourns, 0.5), queue.sojournPercentile(0.5), within: 0.03))
    #expect(isNear(Simulations.percentile(times.sojourns, 0.99), queue.sojournPercentile(0.99), within: 0.05))
  }

  @Test("A simulated line of wildly varying service has the exact model's mean, and the wait's percentile follows")
  func generalService() throws {
    for (servers, scv, use) in [(2, 4.0, 0.8), (8, 4.0, 0.8), (8, 16.0, 0.7)] {
      let rate = use * Double(servers)
      let queue = try GeneralServiceQueue(arrivalRate: rate, meanService: 1, scv: scv, servers: servers)
      #expect(queue.method == .exact)
      let times = Simulations.line(servers: servers, arrivalRate: rate, customers: 300_000, seed: 3) {
        Simulations.hyperexponential(scv, &$0)
      }
      #expect(isNear(Simulations.mean(times.waits), queue.meanWait, within: 0.12))
      #expect(isNear(Simulations.percentile(times.waits, 0.99), queue.wait.percentile(0.99), within: 0.15))
    }
  }

  @Test("Interpolation meets simulated deterministic service within its stated error")
  func deterministicService() throws {
    let queue = try GeneralServiceQueue(arrivalRate: 6.4, meanService: 1, scv: 0, servers: 8)
    #expect(queue.method == .interpolated)
    let times = Simulations.line(servers: 8, arrivalRate: 6.4, customers: 200_000, seed: 5) { _ in 1 }
    #expect(isNear(Simulations.mean(times.waits), queue.meanWait, within: queue.error + 0.03))
  }

  @Test("A simulated batching replica has the model's mean response below its limit")
  func batching() throws {
    for rate in [1.0, 3.6, 6.0] {
      let server = try BatchingServer(
        arrivalRate: rate, meanTokens: 64, stepTimes: (1...64).map { 0.01 + 0.0003 * Double($0) })
      let times = Simulations.batching(
        arrivalRate: rate, meanTokens: 64, limit: 64, requests: 12_000, seed: 7
      ) { 0.01 + 0.0003 * Double($0) }
      #expect(isNear(Simulations.mean(times), server.meanResponse, within: 0.03))
    }
  }

  @Test("Simulated pools refuse and lose what the chain says, and the approximation is near for larger ones")
  func overflow() throws {
    let exact = try Overflow(servers: (10, 6), load: 8, ownLoad: 3)
    let simulated = Simulations.overflow(servers: (10, 6), loads: (8, 3), arrivals: 500_000, seed: 11)
    #expect(isNear(simulated.refused, exact.overflowProbability, within: 0.03))
    #expect(isNear(simulated.lost, exact.lossProbability, within: 0.1))
    let large = try Overflow(servers: (120, 60), load: 125, ownLoad: 45)
    #expect(large.method == .peakedness)
    let many = Simulations.overflow(servers: (120, 60), loads: (125, 45), arrivals: 800_000, seed: 12)
    #expect(isNear(many.lost, large.lossProbability, within: 0.35))
  }

  @Test("All single-node failures at once equal the networks solved one by one")
  func failures() throws {
    var generator = SeededGenerator(seed: 4)
    let side = 12
    let routing = Matrix(rows: side, columns: side) { _, _ in Double.random(in: 0..<0.07, using: &generator) }
    let nodes = (0..<side).map { _ in QueueingNetwork.Node(servers: 3, serviceRates: [9]) }
    let arrivals = (0..<side).map { _ in Double.random(in: 0..<1, using: &generator) }
    let all = try QueueingNetwork(nodes: nodes, classes: [.init(arrivals: arrivals, routing: routing)])
      .flowsWithEachNodeAbsorbing()
    for failed in 0..<side {
      let cut = Matrix(rows: side, columns: side) { $0 == failed ? 0 : routing[$0, $1] }
      let alone = try QueueingNetwork(nodes: nodes, classes: [.init(arrivals: arrivals, routing: cut)])
      for node in 0..<side { #expect(isNear(all[node, failed], alone.throughput[node, 0], within: 1e-12)) }
    }
  }

  @Test("A simulated network has the model's numbers at every node and its mean response")
  func network() throws {
    let onwards = [[0, 0.6, 0.3], [0.2, 0, 0.5], [0.1, 0, 0]]
    let (servers, rates, arrivals) = ([2, 1, 4], [3.0, 4.0, 0.8], [2.0, 0.5, 0.2])
    let network = try QueueingNetwork(
      nodes: zip(servers, rates).map { .init(servers: $0, serviceRates: [$1]) },
      classes: [.init(arrivals: arrivals, routing: Matrix(rows: onwards))])
    let simulated = Simulations.network(
      servers: servers, rates: rates, arrivals: arrivals, onwards: onwards, events: 1_500_000, seed: 21)
    let numbers = try network.meanNumbers()
    for node in servers.indices { #expect(isNear(simulated.numbers[node], numbers[node, 0], within: 0.05)) }
    #expect(isNear(simulated.response, try network.meanResponse(), within: 0.05))
  }

  @Test("A simulated queue with limited room loses and waits as the model says", arguments: [(3, 3), (3, 8), (1, 5)])
  func limitedRoom(_ servers: Int, _ room: Int) throws {
    let rate = 0.9 * Double(servers)
    let queue = try FiniteQueue(arrivalRate: rate, serviceRate: 1, servers: servers, room: room)
    let simulated = Simulations.finite(
      arrivalRate: rate, serviceRate: 1, servers: servers, room: room, arrivals: 150_000, seed: 22)
    #expect(isNear(simulated.loss, queue.lossProbability, within: 0.05))
    #expect(abs(simulated.wait - queue.meanWait) < 0.03 * max(queue.meanWait, 0.1))
  }

  @Test("A simulated agent, of calls in turn, in parallel and again and again, takes as long as its delays say")
  func agents() throws {
    var generator = SeededGenerator(seed: 23)
    let turns = [0, 0.5, 0.3, 0.2]
    let call = Delay.gamma(mean: 1, scv: 1)
    let whole = Delay.repeated(Delay.sum([.constant(0.2), .longest([call, call, call])]), counts: turns)
    let times = (0..<200_000).map { _ -> Double in
      let draw = Double.random(in: 0..<1, using: &generator)
      let count = draw < 0.5 ? 1 : draw < 0.8 ? 2 : 3
      return (0..<count).reduce(0.0) { sum, _ in
        sum + 0.2 + (0..<3).map { _ in Simulations.exponential(1, &generator) }.reduce(0, max)
      }
    }
    #expect(isNear(Simulations.mean(times), whole.mean, within: 0.02))
    for share in [0.5, 0.9, 0.99] {
      #expect(isNear(Simulations.percentile(times, share), whole.percentile(share), within: 0.03))
    }
  }

  @Test("Classes that share a node share its number by their loads, and customers that never leave are refused")
  func classes() throws {
    let nowhere = Matrix(rows: 1, columns: 1)
    let network = try QueueingNetwork(
      nodes: [.init(servers: 1, serviceRates: [2, 4])],
      classes: [.init(arrivals: [0.5], routing: nowhere), .init(arrivals: [1], routing: nowhere)])
    let numbers = try network.meanNumbers()
    #expect(isNear(numbers[0, 0], 0.5, within: 1e-12) && isNear(numbers[0, 1], 0.5, within: 1e-12))
    #expect(throws: QueueError.self) {
      try QueueingNetwork(
        nodes: [.init(servers: 1, serviceRates: [1])],
        classes: [.init(arrivals: [0.5], routing: Matrix(rows: [[1]]))])
    }
    #expect(throws: QueueError.self) {
      try QueueingNetwork(
        nodes: [.init(servers: 1, serviceRates: [1])],
        classes: [.init(arrivals: [0.5], routing: Matrix(rows: [[1.5]]))])
    }
  }

  @Test("A queue with room for all its servers and no more loses by Erlang, and with much room like one without end")
  func finite() throws {
    let tight = try FiniteQueue(arrivalRate: 5, serviceRate: 1, servers: 7, room: 7)
    #expect(isNear(tight.lossProbability, Erlang.lossProbability(servers: 7, load: 5), within: 1e-12))
    let wide = try FiniteQueue(arrivalRate: 5, serviceRate: 1, servers: 7, room: 4000)
    let endless = try MultiServerQueue(arrivalRate: 5, serviceRate: 1, servers: 7)
    #expect(wide.lossProbability < 1e-12 && isNear(wide.meanWait, endless.meanWait, within: 1e-9))
    let flooded = try FiniteQueue(arrivalRate: 30, serviceRate: 1, servers: 3, room: 5000)
    #expect(isNear(flooded.lossProbability, 0.9, within: 1e-6))
  }

  @Test("Delays add, mix and repeat as random times do")
  func delays() throws {
    let chain = try PhaseTypeChain(rates: [3, 2, 1])
    let sum = Delay.sum([3, 2, 1].map { .gamma(mean: 1 / $0, scv: 1) })
    for time in [0.1, 0.7, 2, 6] { #expect(isNear(sum.tail(time), chain.tail(time), within: 1e-5)) }
    #expect(isNear(sum.percentile(0.99), chain.percentile(0.99), within: 1e-5))
    let queue = try MultiServerQueue(arrivalRate: 3, serviceRate: 1, servers: 4)
    let wait = try GeneralServiceQueue(arrivalRate: 3, meanService: 1, scv: 1, servers: 4).wait
    #expect(isNear((wait + .gamma(mean: 1, scv: 1)).percentile(0.99), queue.sojournPercentile(0.99), within: 1e-5))
    let shifted = Delay.constant(5) + .gamma(mean: 1, scv: 1)
    #expect(isNear(shifted.percentile(0.5), 5 + log(2), within: 1e-6) && shifted.tail(4.9) == 1)
    let three = Delay.repeated(.gamma(mean: 1, scv: 1), counts: [0, 0, 0, 1])
    #expect(isNear(three.percentile(0.9), try PhaseTypeChain(rates: [1, 1, 1]).percentile(0.9), within: 1e-5))
    #expect(isNear(three.variance, 3, within: 1e-12))
    let later = Delay.longest([.gamma(mean: 1, scv: 1), .gamma(mean: 1, scv: 1)])
    #expect(isNear(later.mean, 1.5, within: 0.02))
    let narrow = Delay.gamma(mean: 1, scv: 1e-5)
    #expect(isNear(narrow.percentile(0.99) - 1, 2.3263 * 1e-5.squareRoot(), within: 1e-3))
    #expect(isNear(1 - narrow.percentile(0.01), 2.3263 * 1e-5.squareRoot(), within: 1e-3))
    #expect(Delay.constant(2).percentile(0.99) == 2 && Delay.constant(2).tail(1) == 1 && Delay.constant(2).tail(3) == 0)
  }
}
