import ClusterModel

/// Broadcast over nested groups: the root's parts are dealt to its group of each tier, go down chains between the
/// groups of the outermost tier, and are gathered in the groups of each tier on the way in; reduce is the reverse.
///
/// All parts overlap in chunks, as in `ChainPhase`. Switches that multicast and reduce may take the place of the chains.
struct HierarchicalBroadcast {
  let ladder: TierLadder
  /// The levels whose groups are used, innermost first; of uniform size but for the last, which holds all ranks.
  let levels: [Int]

  /// From the root outwards; for reduce towards it.
  /// - Parameter across: What goes on between the outermost groups; nil: chains.
  func phases(for collective: Collective, across: Schedule.Phase? = nil) -> [Schedule.Phase] {
    let inner = zip([-1] + levels, levels.dropLast())
    let isReduce = collective == .reduce
    let deals = inner.map { deal(from: $0, to: $1, isReduce: isReduce) }
    let gathers = inner.map {
      RingPhase(kind: isReduce ? .reduceScatter : .allGather, inner: $0, outer: $1).phase(on: ladder)
    }
    let phases = deals + [across ?? chain(isReduce: isReduce)] + gathers.reversed()
    return isReduce ? phases.reversed() : phases
  }

  /// The ranks of the root's inner group send its other members in the outer group their parts.
  private func deal(from inner: Int, to outer: Int, isReduce: Bool) -> Schedule.Phase {
    let (small, large) = (ladder.smallestSize(inner), ladder.smallestSize(outer))
    let members = Double(large / small)
    // A rank sends `members` - 1 parts of S / large.
    let sent = { (level: Int) -> Double in
      guard level < outer else { return 0 }
      guard level > inner else { return (members - 1) / Double(large) }
      return (members - Double(ladder.rootSize(level) / small)) / Double(large)
    }
    let name = isReduce ? "gather" : "scatter"
    return Schedule.Phase(
      name: "\(name) in the root's \(ladder.name(of: outer))",
      summary: isReduce
        ? "Each rank of the root's group sends the sums that it has towards the root."
        : "Each rank that has parts sends every counterpart in the root's group those it is to pass on.",
      traffic: ladder.traffic(
        leaving: { level in
          // Only the ranks of the root's inner group send, and a group of another receives its parts.
          guard level > inner, level < outer else { return sent(level) }
          return max(sent(level) * Double(small) / Double(ladder.rootSize(level)), 1 / Double(large))
        }, class: ladder.railAligned),
      rankTraffic: ladder.traffic(leaving: sent, class: ladder.railAligned),
      latency: ladder.hops(
        leaving: { level in
          level >= outer ? 0 : level > inner ? members - Double(ladder.rootSize(level) / small) : members - 1
        }, class: ladder.railAligned),
      repeats: large / small - 1)
  }

  /// A chain per rank of the root's outermost group, through its counterparts in the others.
  func chain(isReduce: Bool) -> Schedule.Phase {
    let inner = levels.count > 1 ? levels[levels.count - 2] : -1
    let groups = ladder.groupCount(inner)
    let share = 1 / Double(ladder.smallestSize(inner))
    return Schedule.Phase(
      name: "\(isReduce ? "reduce" : "broadcast") across the \(ladder.name(of: ladder.topLevel))",
      summary: "Each rank passes its part on to its counterpart in the next \(ladder.name(of: inner)), in chunks.",
      traffic: ladder.traffic(
        leaving: { level in
          level <= inner ? share : ladder.groupCount(level) > 1 ? 1 / Double(ladder.smallestSize(level)) : 0
        }, class: ladder.railAligned),
      latency: ladder.hops(
        leaving: { Double((ladder.groupCount(max($0, inner)) - 1)) }, class: ladder.railAligned),
      repeats: max(1, groups - 1))
  }

  /// The messages; the ranks of the first outermost part are in charge of the chunk of their number.
  /// - Parameter across: The steps between the outermost groups from the root's outwards; nil: chains.
  func expansion(of collective: Collective, across: [ScheduleExpansion.Step]? = nil) -> ScheduleExpansion {
    let sizes = RingsPerTier.sizes(of: ladder, levels: levels)
    let places = sizes.indices.map { sizes[..<$0].reduce(1, *) }
    let chunks = places.last ?? 1
    var deals: [ScheduleExpansion.Step] = []
    for (size, place) in zip(sizes, places).dropLast() {
      for distance in 1..<size {
        deals.append(
          ScheduleExpansion.Step(
            (0..<place).map { rank in
              let peer = rank + distance * place
              return .init(
                from: .rank(rank), to: .rank(peer),
                chunks: .init(first: peer, count: chunks / (place * size), stride: place * size), effect: .copy)
            }))
      }
    }
    let across = across ?? chainSteps(chunks: chunks)
    let gathers = zip(sizes, places).dropLast().reversed().flatMap { size, place in
      RingPhase.steps(.allGather, ranks: ladder.ranks, size: size, place: place, chunks: chunks)
    }
    return ScheduleExpansion(
      chunkCount: chunks, chunkShare: 1 / Double(chunks),
      steps: collective == .reduce
        ? gathers.reducedBack + across.reducedBack + deals.broadcastBack : deals + across + gathers)
  }

  /// One step from each group of so many ranks to the next, each rank with the chunk of its place.
  func chainSteps(chunks: Int) -> [ScheduleExpansion.Step] {
    (0..<(ladder.ranks / chunks - 1)).map { group in
      ScheduleExpansion.Step(
        (0..<chunks).map {
          .init(
            from: .rank(group * chunks + $0), to: .rank((group + 1) * chunks + $0), chunks: .init(first: $0),
            effect: .copy)
        })
    }
  }
}
