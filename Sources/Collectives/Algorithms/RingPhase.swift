import ClusterModel

/// A reduce-scatter or all-gather over rings: one ring for every member of an inner group, through its counterparts
/// in all inner groups of an outer group.
///
/// From level -1 to the top it is the flat ring; from the domain to the top, a ring per rail.
struct RingPhase {
  enum Kind {
    case reduceScatter, allGather

    static func sequence(for collective: Collective) -> [Kind] {
      switch collective {
      case .reduceScatter: [.reduceScatter]
      case .allGather: [.allGather]
      default: [.reduceScatter, .allGather]
      }
    }
  }

  var kind: Kind
  /// The level whose groups have one member in each ring (uniform size).
  var inner: Int
  /// The level whose groups hold whole rings.
  var outer: Int

  func phase(on ladder: TierLadder) -> Schedule.Phase {
    let members = ladder.mostGroups(of: inner, in: outer)
    let rings = Double(ladder.smallestSize(inner))
    // Each ring reduces or gathers what one member of the inner group is in charge of.
    let sent = Double(members - 1) / Double(members) / rings
    let traffic = ladder.traffic(
      leaving: { level in
        if level >= outer || crossings(of: level, on: ladder) == 0 { return 0 }
        return level <= inner ? sent : sent * rings / Double(ladder.smallestSize(level))
      }, class: ladder.railAligned)
    // A chain of members-1 messages can begin anywhere in the ring, so it may meet every border of a level.
    let hops = ladder.hops(
      leaving: { level in
        level >= outer ? 0 : min(Double(members - 1), crossings(of: level, on: ladder))
      }, class: ladder.railAligned)
    return Schedule.Phase(
      name: name(on: ladder), summary: summary(members: members, on: ladder), traffic: traffic, latency: hops,
      repeats: max(1, members - 1))
  }

  private func crossings(of level: Int, on ladder: TierLadder) -> Double {
    let groups = ladder.mostGroups(of: max(level, inner), in: outer)
    return groups > 1 ? Double(groups) : 0
  }

  private func name(on ladder: TierLadder) -> String {
    let what = kind == .reduceScatter ? "reduce-scatter" : "all-gather"
    if inner < 0, outer == ladder.topLevel { return what }
    let node = ladder.name(of: inner)
    return inner < 0
      ? "\(what) in the \(ladder.name(of: outer))" : "\(what) across the \(ladder.name(of: outer)), \(node) to \(node)"
  }

  private func summary(members: Int, on ladder: TierLadder) -> String {
    let verb = kind == .reduceScatter ? "sends a partial sum" : "passes a finished part"
    let to = inner < 0 ? "the next rank" : "its counterpart in the next \(ladder.name(of: inner))"
    return "Each rank \(verb) on to \(to), \(members - 1) times round a ring of \(members)."
  }

  /// The messages of rings over the digits of the rank number, innermost digit first: reduce-scatter along each digit
  /// from the innermost, all-gather from the outermost.
  static func expansion(of collective: Collective, sizes: [Int]) -> ScheduleExpansion {
    let ranks = sizes.reduce(1, *)
    var steps: [ScheduleExpansion.Step] = []
    let places = sizes.indices.map { sizes[..<$0].reduce(1, *) }
    for kind in Kind.sequence(for: collective) {
      let order = kind == .reduceScatter ? Array(sizes.indices) : sizes.indices.reversed()
      for digit in order {
        steps += Self.steps(kind, ranks: ranks, size: sizes[digit], place: places[digit])
      }
    }
    return ScheduleExpansion(chunkCount: ranks, chunkShare: 1 / Double(ranks), steps: steps)
  }

  /// The messages along one digit of the rank number.
  /// - Parameter chunks: How many chunks there are, a multiple of `size * place`; nil: as many as ranks.
  static func steps(
    _ kind: Kind, ranks: Int, size: Int, place: Int, chunks: Int? = nil
  ) -> [ScheduleExpansion.Step] {
    (0..<(size - 1)).map { step($0, kind, ranks: ranks, size: size, place: place, chunks: chunks) }
  }

  private static func step(
    _ step: Int, _ kind: Kind, ranks: Int, size: Int, place: Int, chunks: Int?
  ) -> ScheduleExpansion.Step {
    let period = size * place
    return ScheduleExpansion.Step(
      (0..<ranks).map { rank in
        let position = rank / place % size
        let next = rank + ((position + 1) % size - position) * place
        let lag = kind == .reduceScatter ? step + 1 : step
        let piece = (position + 2 * size - lag) % size
        return ScheduleExpansion.Transfer(
          from: .rank(rank), to: .rank(next),
          chunks: .init(first: rank % place + piece * place, count: (chunks ?? ranks) / period, stride: period),
          effect: kind == .reduceScatter ? .reduce : .copy)
      })
  }

  /// The messages of one ring of all ranks: every step sends as much from the same ranks to the same.
  static func distinctSteps(of collective: Collective, ranks: Int) -> DistinctSteps {
    DistinctSteps(
      chunkShare: 1 / Double(ranks),
      steps: Kind.sequence(for: collective).filter { _ in ranks > 1 }.map { kind in
        .init(step(0, kind, ranks: ranks, size: ranks, place: 1, chunks: nil), count: ranks - 1)
      })
  }
}
