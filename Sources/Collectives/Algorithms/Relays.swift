import ClusterModel

/// Who relays what in an all-to-all: in a domain of g ranks, the one at place p what is for itself and for the ranks of
/// other domains whose place is p modulo g.
struct Relays {
  private let ladder: TierLadder
  private let domain: Int
  private let isUniform: Bool

  /// - Throws: `AlgorithmError.notApplicable` for one domain and for domains of one rank.
  init(on ladder: TierLadder) throws(AlgorithmError) {
    self.ladder = ladder
    domain = ladder.domainLevel
    isUniform = ladder.uniformSize(domain) != nil
    guard ladder.groupCount(domain) > 1 else {
      throw .notApplicable(reason: "All \(ladder.ranks) ranks are in one domain.")
    }
    guard ladder.largestSize(domain) > 1 else { throw .notApplicable(reason: "Each domain holds one rank.") }
  }

  private var ranks: Double { Double(ladder.ranks) }
  private var domains: Int { ladder.groupCount(domain) }

  /// How many ranks of a domain have a relay's place, modulo the size of the relay's own domain.
  private static func receivers(place: Int, size: Int, in other: Int) -> Int {
    place < other ? (other - 1 - place) / size + 1 : 0
  }

  /// How many ranks of the domains in a range of ranks a rank of a domain relays for, itself included.
  private func relayed(at place: Int, size: Int, in range: Range<Int>) -> Int {
    var (count, start) = (0, 0)
    for run in ladder.groups(of: domain) {
      let end = start + run.count * run.size
      let common = max(0, min(end, range.upperBound) - max(start, range.lowerBound))
      count += common / run.size * Relays.receivers(place: place, size: size, in: run.size)
      start = end
    }
    return count
  }

  // MARK: Volumes

  var phases: [Schedule.Phase] {
    let largest = ladder.largestSize(domain)
    let classOf = isUniform ? ladder.railAligned : ladder.unaligned
    // By size of a domain: how many ranks elsewhere each of its ranks relays for.
    let sizes = Set(ladder.groups(of: domain).map(\.size))
    let relayed = Dictionary(
      uniqueKeysWithValues: sizes.map { size in
        (size, (0..<size).map { self.relayed(at: $0, size: size, in: 0..<ladder.ranks) - 1 })
      })
    let fewest = { (level: Int) in ladder.nesting(of: domain, in: level).map(\.innerGroups).min() ?? 1 }
    let inside = { (group: Range<Int>) -> Double in
      let own = ladder.group(of: group.lowerBound, at: domain)
      guard group.count < own.count, let counts = relayed[own.count] else { return 0 }
      // Every rank sends a relay the parts of its receivers, and its own.
      let through = group.reduce(0) { $0 + 1 + counts[$1 - own.lowerBound] }
      return Double(max(group.count * (ladder.ranks - through), (own.count - group.count) * through)) / ranks
    }
    let along = { (group: Range<Int>) -> Double in
      let own = ladder.group(of: group.lowerBound, at: domain)
      guard group.count < own.count, let counts = relayed[own.count] else {
        return Double(group.count) * (ranks - Double(group.count)) / ranks
      }
      let sent = group.reduce(0) { $0 + counts[$1 - own.lowerBound] } * own.count
      return Double(max(sent, group.count * (ladder.ranks - own.count))) / ranks
    }
    return [
      Schedule.Phase(
        name: "to the rail, inside the \(ladder.name(of: domain))",
        summary: "Each rank sends each rank of its domain what is for that one and for all others on its rail.",
        traffic: ladder.traffic(crossing: inside, class: classOf),
        rankTraffic: isUniform ? nil : BusiestRank.traffic(on: ladder, class: classOf, volumes: insideVolumes),
        latency: ladder.hops(
          leaving: { $0 >= domain ? 0 : Double(largest - ladder.smallestSize($0)) }, class: classOf),
        repeats: largest - 1, peersPerRank: .init(insideDomain: largest - 1, outsideDomain: 0)),
      Schedule.Phase(
        name: "along the rails",
        summary: "Each rank sends what its domain has for a rank of the same rail in one message.",
        traffic: ladder.traffic(crossing: along, class: classOf),
        rankTraffic: isUniform ? nil : BusiestRank.traffic(on: ladder, class: classOf, volumes: alongVolumes),
        latency: ladder.hops(
          leaving: { Double(domains - ($0 > domain ? fewest($0) : 1)) }, class: classOf),
        repeats: domains - 1,
        peersPerRank: .init(insideDomain: 0, outsideDomain: relayed.values.joined().max() ?? 0)),
    ]
  }

  /// What a rank sends relays of its domain, and receives as one, by level.
  private func insideVolumes(rank: Int, groups: [Range<Int>]) -> (sent: [Double], received: [Double]) {
    let own = ladder.group(of: rank, at: domain)
    let through = { (relay: Int) in
      Double(relayed(at: relay - own.lowerBound, size: own.count, in: 0..<ladder.ranks)) / ranks
    }
    let byLevel = { (volume: (Range<Int>) -> Double) in
      groups.indices.map { level in
        let inner = level > 0 ? groups[level - 1] : rank..<(rank + 1)
        return level > domain ? 0 : volume(groups[level]) - volume(inner)
      }
    }
    return (byLevel { $0.reduce(0) { $0 + through($1) } }, byLevel { Double($0.count) * through(rank) })
  }

  /// What a rank sends receivers elsewhere for its domain, and receives from their relays, by level.
  private func alongVolumes(rank: Int, groups: [Range<Int>]) -> (sent: [Double], received: [Double]) {
    let own = ladder.group(of: rank, at: domain)
    let byLevel = { (volume: (Range<Int>) -> Int) in
      groups.indices.map { level in
        level > domain ? Double(volume(groups[level]) - volume(level > 0 ? groups[level - 1] : own)) / ranks : 0
      }
    }
    return (
      byLevel { relayed(at: rank - own.lowerBound, size: own.count, in: $0) * own.count }, byLevel { $0.count }
    )
  }

  // MARK: Messages

  /// One step per distance inside the domains, then one per distance between them.
  var steps: [ScheduleExpansion.Step] {
    let domains = Domains(of: ladder)
    let inside = (1..<max(1, domains.largest)).map { distance in
      ScheduleExpansion.Step((0..<domains.count).flatMap { toRelays(of: $0, distance: distance, domains) })
    }
    let along = (1..<domains.count).map { distance in
      ScheduleExpansion.Step(
        (0..<domains.count).flatMap { alongRails(from: $0, to: ($0 + distance) % domains.count, domains) })
    }
    return inside + along
  }

  private func toRelays(of own: Int, distance: Int, _ domains: Domains) -> [ScheduleExpansion.Transfer] {
    let (n, size) = (ladder.ranks, domains.size(own))
    guard distance < size else { return [] }
    return (0..<size).flatMap { place -> [ScheduleExpansion.Transfer] in
      let sender = domains.rank(place, in: own)
      let relay = (place + distance) % size
      let runs: [ScheduleExpansion.ChunkRun] =
        isUniform
        ? [.init(first: sender * n + relay, count: domains.count, stride: size)]
        : (0..<domains.count).compactMap { other in
          let count = other == own ? 1 : Relays.receivers(place: relay, size: size, in: domains.size(other))
          return count > 0 ? .init(first: sender * n + domains.starts[other] + relay, count: count, stride: size) : nil
        }
      return runs.map {
        .init(from: .rank(sender), to: .rank(domains.rank(relay, in: own)), chunks: $0, effect: .copy)
      }
    }
  }

  private func alongRails(from own: Int, to other: Int, _ domains: Domains) -> [ScheduleExpansion.Transfer] {
    let n = ladder.ranks
    return (domains.starts[other]..<domains.starts[other + 1]).map { receiver in
      .init(
        from: .rank(domains.rank(receiver - domains.starts[other], in: own)), to: .rank(receiver),
        chunks: .init(first: domains.starts[own] * n + receiver, count: domains.size(own), stride: n), effect: .copy)
    }
  }
}
