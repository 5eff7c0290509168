import Foundation
import TestSupport
import Testing

@testable import Serving

@Suite struct OverflowTests {
  private typealias Pool = OverflowNetwork.Pool
  private typealias Traffic = OverflowNetwork.Traffic

  private func isNear(_ left: Double, _ right: Double, within share: Double) -> Bool {
    abs(left - right) <= share * max(abs(left), abs(right))
  }

  private func total(_ network: OverflowNetwork) -> Double {
    network.traffic.indices.reduce(0) { $0 + network.lost($1) }
  }

  @Test("Pools of one speed in a row lose and carry as Erlang's formula says, however many servers they have")
  func row() throws {
    for (sizes, load) in [([10, 6, 3], 14.0), ([2000, 1000, 500], 3400.0), ([300, 0, 5], 310.0)] {
      let network = try OverflowNetwork(
        pools: sizes.map { Pool(servers: $0, serviceRate: 0.5) },
        traffic: [Traffic(rate: load * 0.5, order: [0, 1, 2])])
      var (servers, before) = (0.0, 1.0)
      for (place, size) in sizes.enumerated() {
        servers += Double(size)
        let after = Erlang.lossProbability(servers: servers, load: load)
        #expect(isNear(network.offered[0][place + 1], load * 0.5 * after, within: 1e-8))
        #expect(abs(network.answers[place].carried - load * 0.5 * (before - after)) < 1e-8 * load)
        #expect(network.answers[place].method == .renewal)
        before = after
      }
    }
  }

  @Test(
    "Streams that do not meet are solved as the chain of all pools is, with speeds of their own",
    arguments: [
      [[0, 1]], [[0, 1, 2]], [[0], [0, 1]], [[0, 1], [0, 2]], [[0, 2, 1], [0]],
    ])
  func trees(_ orders: [[Int]]) throws {
    let pools = [(9, 1.0), (6, 0.4), (4, 2.5)].map { Pool(servers: $0, serviceRate: $1) }
    let traffic = orders.enumerated().map { Traffic(rate: 8 + 3 * Double($0), order: $1) }
    let streams = try OverflowNetwork(pools: pools, traffic: traffic)
    #expect(streams.answers.allSatisfy { $0.method.isExact })
    // A trickle of traffic makes streams meet, so that the chain is solved.
    let trickle = [Traffic(rate: 1e-9, order: [1, 2, 0]), Traffic(rate: 1e-9, order: [2, 1])]
    let chain = try OverflowNetwork(pools: pools, traffic: traffic + trickle)
    #expect(chain.answers.allSatisfy { $0.method == .chain })
    for index in orders.indices {
      for (left, right) in zip(streams.offered[index], chain.offered[index]) {
        #expect(isNear(left, right, within: 1e-7))
      }
    }
  }

  @Test("Two pools with traffic of their own lose as the plain chain of both says")
  func twoPools() throws {
    let plain = try Overflow(servers: (10, 6), load: 8, ownLoad: 3)
    let network = try OverflowNetwork(
      pools: [10, 6].map { Pool(servers: $0, serviceRate: 2) },
      traffic: [Traffic(rate: 16, order: [0, 1]), Traffic(rate: 6, order: [1])])
    #expect(isNear(network.offered[0][1], 16 * plain.overflowProbability, within: 1e-10))
    #expect(isNear(network.lost(0), 16 * plain.lossProbability, within: 1e-10))
    #expect(isNear(network.lost(1), 6 * plain.blockingProbability, within: 1e-10))
  }

  /// Networks of two or three pools with speeds and orders of all kinds.
  private func networks(_ count: Int, seed: Int) -> [(pools: [Pool], traffic: [Traffic])] {
    var generator = SeededGenerator(seed: seed)
    let kinds = [
      [[0, 1], [1]], [[0, 1], [1, 0]], [[0, 1, 2], [1, 2], [2]], [[0, 1, 2], [1, 0, 2], [2, 1, 0]],
      [[0, 1, 2], [1, 0], [2, 1]], [[0, 2], [1, 2]],
    ]
    return (0..<count).map { index in
      let orders = kinds[index % kinds.count]
      let size = orders.joined().max() == 1 ? 30 : 8
      let pools = (0...(orders.joined().max() ?? 0)).map { _ in
        Pool(
          servers: Int.random(in: 2...size, using: &generator),
          serviceRate: Double.random(in: 0.7...1.5, using: &generator))
      }
      let capacity = pools.reduce(0) { $0 + Double($1.servers) * $1.serviceRate }
      let load = Double.random(in: 0.5...1.3, using: &generator)
      let weights = orders.map { _ in Double.random(in: 0.2...1, using: &generator) }
      let sum = weights.reduce(0, +)
      return (pools, zip(orders, weights).map { Traffic(rate: $1 / sum * load * capacity, order: $0) })
    }
  }

  @Test("What is offered is carried or passed on at every pool, and what is lost is what no pool carries")
  func conservation() throws {
    for (pools, traffic) in networks(24, seed: 5) {
      for prefersChain in [true, false] {
        let network = try OverflowNetwork(pools: pools, traffic: traffic, prefersChain: prefersChain)
        let rate = traffic.reduce(0) { $0 + $1.rate }
        let carried = network.answers.reduce(0) { $0 + $1.carried }
        #expect(abs(rate - carried - total(network)) < 1e-9 * rate)
        for (pool, answer) in zip(pools, network.answers) {
          #expect(answer.carried >= 0 && answer.overflow >= -1e-12 * rate)
          #expect(answer.carried <= Double(pool.servers) * pool.serviceRate)
        }
        for row in network.offered { #expect(zip(row, row.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 * rate }) }
      }
    }
  }

  @Test("Streams that meet are matched to within the stated error of the chain")
  func matching() throws {
    for (pools, traffic) in networks(60, seed: 3) {
      let exact = try OverflowNetwork(pools: pools, traffic: traffic)
      let near = try OverflowNetwork(pools: pools, traffic: traffic, prefersChain: false)
      #expect(exact.answers.allSatisfy { $0.method == .chain } && near.answers.contains { $0.method == .matched })
      for index in traffic.indices {
        let off = abs(near.lost(index) - exact.lost(index))
        #expect(off <= OverflowNetwork.matchedError * traffic[index].rate, "\(pools) \(traffic)")
      }
    }
  }

  @Test("Simulated pools with orders of one's own are refused and lose what is said, by the chain and by matching")
  func simulated() throws {
    let small = [Pool(servers: 7, serviceRate: 1), Pool(servers: 5, serviceRate: 2)]
    let large = [(90, 1), (50, 1.6), (70, 0.8)].map { Pool(servers: $0, serviceRate: $1) }
    for (pools, traffic) in [
      (small, [Traffic(rate: 6, order: [0, 1]), Traffic(rate: 9, order: [1, 0])]),
      (
        large,
        [Traffic(rate: 120, order: [0, 1, 2]), Traffic(rate: 60, order: [1, 2]), Traffic(rate: 70, order: [2])]
      ),
    ] {
      let network = try OverflowNetwork(pools: pools, traffic: traffic)
      let offered = Simulations.pools(pools, traffic, arrivals: 250_000, seed: 31)
      let error = network.answers.allSatisfy { $0.method.isExact } ? 0.006 : OverflowNetwork.matchedError
      for index in traffic.indices {
        for (model, simulated) in zip(network.offered[index], offered[index]) {
          #expect(abs(model / traffic[index].rate - simulated) < error)
        }
      }
    }
  }

  @Test("What cannot be is refused")
  func invalid() {
    let pool = Pool(servers: 2, serviceRate: 1)
    let cases: [(pools: [Pool], traffic: [Traffic])] = [
      ([Pool(servers: -1, serviceRate: 1)], [Traffic(rate: 1, order: [0])]),
      ([Pool(servers: 1, serviceRate: 0)], []), ([pool], [Traffic(rate: -1, order: [0])]),
      ([pool], [Traffic(rate: .nan, order: [0])]), ([pool], [Traffic(rate: 1, order: [1])]),
      ([pool], [Traffic(rate: 1, order: [0, 0])]),
    ]
    for (pools, traffic) in cases {
      #expect(throws: QueueError.self) { try OverflowNetwork(pools: pools, traffic: traffic) }
    }
  }
}
