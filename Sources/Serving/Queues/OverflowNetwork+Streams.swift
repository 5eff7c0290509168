import Foundation

extension OverflowNetwork {
  private static let mostRounds = 400
  /// Variability is matched at the rate of service and at so many times that.
  private static let second = 10.0

  /// A stream on its way into a pool, and who is in it.
  private struct Entry {
    var stream: RenewalStream
    var visits: [Visit]
  }

  /// Solves pools one after another, each behind the streams that those before it refuse, until nothing changes.
  mutating func solveStreams(_ part: [Int]) {
    let sources = Dictionary(uniqueKeysWithValues: part.map { ($0, self.sources(of: $0)) })
    let order = ordered(part, sources)
    let isCircular = order.contains { pool in
      sources[pool, default: []].contains { source in
        source.before.map { (order.firstIndex(of: $0) ?? 0) > (order.firstIndex(of: pool) ?? 0) } ?? false
      }
    }
    let span = span(part)
    var refused: [Int: RenewalStream] = [:]
    for _ in 0..<(isCircular ? Self.mostRounds : 1) {
      let last = offered
      for pool in order {
        let entries = sources[pool, default: []].map { entry($0, refused) }.filter { $0.stream.rate > 0 }
        refused[pool] = load(pool, with: entries, isCircular: isCircular, span: span)
      }
      let moved = zip(last.joined(), offered.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
      guard moved > 1e-11 * (offered.compactMap(\.first).max() ?? 0) else { break }
    }
    if isCircular { closeCircle(part) }
    for pool in order {
      // A pool is exact where one stream reaches it, out of an exact pool.
      let own = sources[pool, default: []]
      let isExact =
        !isCircular && own.count <= 1 && own.allSatisfy { $0.before.map { answers[$0].method.isExact } ?? true }
      answers[pool].method = isExact ? .renewal : .matched
    }
  }

  /// Where all traffic may use all pools, it is lost when all are full, which one pool of them all tells.
  ///
  /// Exact where all serve at one rate; else their rate is that of all servers busy.
  private mutating func closeCircle(_ part: [Int]) {
    let own = traffic.indices.filter { traffic[$0].rate > 0 && part.contains(where: traffic[$0].order.contains) }
    guard own.allSatisfy({ traffic[$0].order.count == part.count }) else { return }
    let servers = part.reduce(0.0) { $0 + Double(pools[$1].servers) }
    let departures = part.reduce(0.0) { $0 + Double(pools[$1].servers) * pools[$1].serviceRate }
    let rate = own.reduce(0) { $0 + traffic[$1].rate }
    guard departures > 0 else { return }
    let lost = Erlang.lossProbability(servers: servers, load: rate * servers / departures)
    for index in own {
      for place in offered[index].indices {
        offered[index][place] = max(offered[index][place], traffic[index].rate * lost)
      }
      offered[index][part.count] = traffic[index].rate * lost
    }
  }

  private func entry(_ source: (before: Int?, visits: [Visit]), _ refused: [Int: RenewalStream]) -> Entry {
    let rate = source.visits.reduce(0) { $0 + offered[$1.traffic][$1.place] }
    guard let before = source.before else { return Entry(stream: .poisson(rate), visits: source.visits) }
    guard let whole = refused[before], whole.rate > 0 else { return Entry(stream: .poisson(0), visits: []) }
    return Entry(stream: whole.thinned(to: min(1, rate / whole.rate)), visits: source.visits)
  }

  /// Loads a pool with streams and tells what it refuses.
  private mutating func load(
    _ index: Int, with entries: [Entry], isCircular: Bool, span: ClosedRange<Double>
  ) -> RenewalStream {
    let pool = pools[index]
    let rate = entries.reduce(0) { $0 + $1.stream.rate }
    guard rate > 0 else { return .poisson(0) }
    func excess(_ serviceRate: Double) -> Double {
      entries.reduce(0) { $0 + $1.stream.rate / rate * max(0, $1.stream.excess(serviceRate: serviceRate)) }
    }
    let near = excess(pool.serviceRate)
    let stream: RenewalStream
    if entries.count == 1, let only = entries.first, !isCircular {
      stream = only.stream
    } else {
      let further = Self.second * pool.serviceRate
      stream = .matching(rate: rate, first: (pool.serviceRate, near), second: (further, excess(further)))
    }
    let (share, refused) = stream.refused(servers: pool.servers, serviceRate: pool.serviceRate, span: span)
    // Fresh traffic is refused as often as the pool is full; a stream of bursts more often, by how peaked it is.
    let departures = Double(pool.servers) * pool.serviceRate
    let full =
      near > 1e-12 && pool.servers > 0 ? min(share, rate * share * stream.odds(departures) / departures) : share
    for entry in entries {
      let peak = max(0, entry.stream.excess(serviceRate: pool.serviceRate))
      let loss = near > 1e-12 ? min(1, full + (share - full) * peak / near) : share
      for visit in entry.visits {
        offered[visit.traffic][visit.place + 1] = offered[visit.traffic][visit.place] * loss
      }
    }
    answers[index].peakedness = 1 + near
    return refused
  }

  /// Pools with those first that others are tried after, as far as there is such an order.
  private func ordered(_ part: [Int], _ sources: [Int: [(before: Int?, visits: [Visit])]]) -> [Int] {
    var order: [Int] = []
    var rest = part
    while !rest.isEmpty {
      let next = rest.firstIndex { pool in
        sources[pool, default: []].allSatisfy { $0.before.map { !rest.contains($0) } ?? true }
      }
      order.append(rest.remove(at: next ?? 0))
    }
    return order
  }

  /// The places at which a stream between pools may be asked.
  private func span(_ part: [Int]) -> ClosedRange<Double> {
    let least = part.map { pools[$0].serviceRate }.min() ?? 1
    return
      least...max(
        2 * least, part.reduce(0) { $0 + (Double(pools[$1].servers) + Self.second + 1) * pools[$1].serviceRate })
  }
}
