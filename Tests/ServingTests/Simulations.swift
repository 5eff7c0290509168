import Foundation
import TestSupport

@testable import Serving

/// Event-driven simulations that know nothing of the models they check.
enum Simulations {
  /// Waits and sojourns of customers in a line before alike servers, in the order of arrival.
  static func line(
    servers: Int, arrivalRate: Double, customers: Int, seed: Int, service: (inout SeededGenerator) -> Double
  ) -> (waits: [Double], sojourns: [Double]) {
    var generator = SeededGenerator(seed: seed)
    var free = [Double](repeating: 0, count: servers)
    var clock = 0.0
    var (waits, sojourns): ([Double], [Double]) = ([], [])
    for index in 0..<customers {
      clock += exponential(arrivalRate, &generator)
      let first = free.indices.min { free[$0] < free[$1] } ?? 0
      let start = max(clock, free[first])
      let time = service(&generator)
      free[first] = start + time
      // The first tenth warms up.
      guard index >= customers / 10 else { continue }
      waits.append(start - clock)
      sojourns.append(start - clock + time)
    }
    return (waits, sojourns)
  }

  static func exponential(_ rate: Double, _ generator: inout SeededGenerator) -> Double {
    -log(1 - Double.random(in: 0..<1, using: &generator)) / rate
  }

  /// A two-branch service of balanced means.
  static func hyperexponential(_ scv: Double, _ generator: inout SeededGenerator) -> Double {
    let first = (1 + ((scv - 1) / (scv + 1)).squareRoot()) / 2
    return exponential(generator.chance(first) ? 2 * first : 2 * (1 - first), &generator)
  }

  /// Times of requests in a replica that gives each of its batch one token a step; lengths are geometric.
  static func batching(
    arrivalRate: Double, meanTokens: Double, limit: Int, requests: Int, seed: Int, step: (Int) -> Double
  ) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    var (clock, next) = (0.0, exponential(arrivalRate, &generator))
    var (line, batch): ([Double], [Double]) = ([], [])
    var times: [Double] = []
    var done = 0
    while done < requests {
      while next <= clock {
        line.append(next)
        next += exponential(arrivalRate, &generator)
      }
      let admitted = line.prefix(max(0, limit - batch.count))
      batch += admitted
      line.removeFirst(admitted.count)
      guard !batch.isEmpty else {
        clock = next
        continue
      }
      clock += step(batch.count)
      batch.removeAll { arrived in
        guard generator.chance(1 / meanTokens) else { return false }
        done += 1
        if done > requests / 10 { times.append(clock - arrived) }
        return true
      }
    }
    return times
  }

  /// Shares of two classes that two pools without lines lose; what the first pool refuses of the first goes on.
  static func overflow(
    servers: (Int, Int), loads: (Double, Double), arrivals: Int, seed: Int
  ) -> (refused: Double, lost: Double) {
    var generator = SeededGenerator(seed: seed)
    var busy = (0, 0)
    var (offered, refused, lost) = (0.0, 0.0, 0.0)
    for _ in 0..<arrivals {
      // The next event among arrivals and ends of service, by their rates.
      let total = loads.0 + loads.1 + Double(busy.0 + busy.1)
      let draw = Double.random(in: 0..<total, using: &generator)
      if draw < loads.0 {
        offered += 1
        if busy.0 < servers.0 {
          busy.0 += 1
        } else {
          refused += 1
          if busy.1 < servers.1 { busy.1 += 1 } else { lost += 1 }
        }
      } else if draw < loads.0 + loads.1 {
        if busy.1 < servers.1 { busy.1 += 1 }
      } else if draw < loads.0 + loads.1 + Double(busy.0) {
        busy.0 -= 1
      } else {
        busy.1 -= 1
      }
    }
    return (refused / offered, lost / offered)
  }

  /// Mean numbers of customers at the nodes of an open network of exponential servers, and the mean time in it.
  /// - Parameters:
  ///   - onwards: The probability to go from a node to a node; the rest leaves.
  static func network(
    servers: [Int], rates: [Double], arrivals: [Double], onwards: [[Double]], events: Int, seed: Int
  ) -> (numbers: [Double], response: Double) {
    var generator = SeededGenerator(seed: seed)
    var present = [Int](repeating: 0, count: servers.count)
    var (weights, areas) = (0.0, [Double](repeating: 0, count: servers.count))
    for event in 0..<events {
      let services = servers.indices.map { Double(min(present[$0], servers[$0])) * rates[$0] }
      let total = arrivals.reduce(0, +) + services.reduce(0, +)
      if event > events / 10 {
        weights += 1 / total
        for node in servers.indices { areas[node] += Double(present[node]) / total }
      }
      var draw = Double.random(in: 0..<total, using: &generator)
      let moved = (arrivals + services).firstIndex { rate in
        draw -= rate
        return draw < 0
      }
      guard let moved else { continue }
      if moved < servers.count {
        present[moved] += 1
        continue
      }
      let node = moved - servers.count
      present[node] -= 1
      var way = Double.random(in: 0..<1, using: &generator)
      let next = onwards[node].firstIndex { share in
        way -= share
        return way < 0
      }
      if let next { present[next] += 1 }
    }
    let numbers = areas.map { $0 / weights }
    return (numbers, numbers.reduce(0, +) / arrivals.reduce(0, +))
  }

  /// The share that is lost and the mean wait of those let in, before exponential servers with room for so many.
  static func finite(
    arrivalRate: Double, serviceRate: Double, servers: Int, room: Int, arrivals: Int, seed: Int
  ) -> (loss: Double, wait: Double) {
    var generator = SeededGenerator(seed: seed)
    var (clock, lost) = (0.0, 0)
    var leaves: [Double] = []
    var waits: [Double] = []
    for _ in 0..<arrivals {
      clock += exponential(arrivalRate, &generator)
      leaves.removeAll { $0 <= clock }
      guard leaves.count < room else {
        lost += 1
        continue
      }
      // Who finds all servers busy begins when all but so many of those before have left.
      let sorted = leaves.sorted()
      let start = sorted.count < servers ? clock : sorted[sorted.count - servers]
      waits.append(start - clock)
      leaves.append(start + exponential(serviceRate, &generator))
    }
    return (Double(lost) / Double(arrivals), mean(waits))
  }

  /// The shares of each traffic that each pool of its order is offered, and last that is lost.
  static func pools(
    _ pools: [OverflowNetwork.Pool], _ traffic: [OverflowNetwork.Traffic], arrivals: Int, seed: Int
  ) -> [[Double]] {
    var generator = SeededGenerator(seed: seed)
    var busy = pools.map { _ in 0 }
    var counts = traffic.map { [Double](repeating: 0, count: $0.order.count + 1) }
    let arriving = traffic.reduce(0) { $0 + $1.rate }
    var left = arrivals
    while left > 0 {
      let leaving = zip(busy, pools).map { Double($0) * $1.serviceRate }
      var draw = Double.random(in: 0..<(arriving + leaving.reduce(0, +)), using: &generator)
      func next(_ rates: [Double]) -> Int? {
        rates.firstIndex { rate in
          draw -= rate
          return draw < 0
        }
      }
      if draw < arriving {
        left -= 1
        guard let index = next(traffic.map(\.rate)) else { continue }
        counts[index][0] += 1
        for (place, pool) in traffic[index].order.enumerated() {
          if busy[pool] < pools[pool].servers {
            busy[pool] += 1
            break
          }
          counts[index][place + 1] += 1
        }
      } else {
        draw -= arriving
        if let pool = next(leaving) { busy[pool] -= 1 }
      }
    }
    return counts.map { row in row.map { $0 / max(1, row[0]) } }
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  static func percentile(_ values: [Double], _ share: Double) -> Double {
    values.sorted()[min(values.count - 1, Int(share * Double(values.count)))]
  }
}
