/// An explicit graph without the vertices that follow from others, exactly: hanging trees stripped, twins merged.
///
/// A vertex whose only neighbour relays adds its own link to every path and nothing else; stripped one after another,
/// such vertices are trees that hang from the core. Twins are vertices of the core with the same links to and from the
/// same others: exchanging two of them changes nothing, so one stands for all where none of them is asked for by itself.
struct GraphReduction: Sendable {
  /// A vertex that is not in the core.
  struct Stripped: Sendable {
    let vertex: Int
    /// The vertex that it hangs from.
    let parent: Int
    /// The arc to the parent.
    let up: Int
    /// The arc from the parent.
    let down: Int
  }

  /// What is left; a vertex stands for its twins, an arc for all parallel ones of one delay between them.
  let core: GraphArcs
  /// By arc of the core: how many links it stands for.
  let physicalLinks: [Double]
  /// By arc of the graph: the arc of the core that it is part of; -1 for those of stripped vertices.
  let coreArc: [Int32]
  /// By vertex: what its tree hangs from, itself where it is not stripped.
  private(set) var root: [Int32]
  /// By vertex: the vertex of the core that its root is or is merged into.
  private(set) var coreVertex: [Int32]
  /// The stripped vertices, each before the one that it hangs from.
  let stripped: [Stripped]
  /// By vertex: its place in `stripped`; -1 for others.
  private let place: [Int32]
  /// By vertex: the delay to its root, and back.
  private(set) var rise: [UInt64]
  private(set) var fall: [UInt64]
  private let delays: [UInt64]

  /// Reduces a graph.
  /// - Parameters:
  ///   - arcs: The graph.
  ///   - first: Vertices asked for by themselves: neither they nor what they hang from are merged, and the latter are the
  ///     first vertices of the core. Nil: none are.
  /// - Complexity: O(arcs · log arcs).
  init(_ arcs: GraphArcs, first: [Int]? = nil) {
    let incoming = arcs.byHead
    let tails = arcs.tails
    stripped = GraphReduction.strip(arcs, incoming, tails)
    delays = arcs.delays
    var place = [Int32](repeating: -1, count: arcs.count)
    for (index, entry) in stripped.enumerated() { place[entry.vertex] = Int32(index) }
    self.place = place
    root = (0..<arcs.count).map { Int32($0) }
    rise = Array(repeating: 0, count: arcs.count)
    fall = rise
    for entry in stripped.reversed() {
      root[entry.vertex] = root[entry.parent]
      rise[entry.vertex] = rise[entry.parent] + arcs.delays[entry.up]
      fall[entry.vertex] = fall[entry.parent] + arcs.delays[entry.down]
    }
    let kept = (0..<arcs.count).filter { place[$0] < 0 }
    var isFirst = [Bool](repeating: false, count: arcs.count)
    var leaders: [Int32] = []
    for vertex in first ?? [] where !isFirst[Int(root[vertex])] {
      isFirst[Int(root[vertex])] = true
      leaders.append(root[vertex])
    }
    coreVertex = Array(repeating: -1, count: arcs.count)
    for (index, leader) in leaders.enumerated() { coreVertex[Int(leader)] = Int32(index) }
    for twins in GraphReduction.twins(of: kept.filter { !isFirst[$0] }, arcs, incoming, tails, places: place) {
      for vertex in twins { coreVertex[vertex] = Int32(leaders.count) }
      leaders.append(Int32(twins[0]))
    }
    var sizes = [Double](repeating: 0, count: leaders.count)
    for vertex in kept { sizes[Int(coreVertex[vertex])] += 1 }
    (core, physicalLinks, coreArc) = GraphReduction.merged(arcs, leaders, coreVertex, sizes, kept)
    for vertex in 0..<arcs.count where place[vertex] >= 0 { coreVertex[vertex] = coreVertex[Int(root[vertex])] }
  }

  /// Whether nothing was stripped or merged, and the order is that of the graph.
  var isTrivial: Bool {
    core.count == coreVertex.count && coreVertex.enumerated().allSatisfy { $0.offset == Int($0.element) }
  }

  /// By vertex of the core: the vertices that it stands for, and those that hang from them.
  var members: [[Int]] {
    var members = [[Int]](repeating: [], count: core.count)
    for (vertex, place) in coreVertex.enumerated() { members[Int(place)].append(vertex) }
    return members
  }

  /// Climbs from a vertex to another of the same tree and tells the arcs on the way.
  func walk(from source: Int, to destination: Int, _ visit: (_ arc: Int) -> Void) {
    var (low, high) = (source, destination)
    while low != high {
      // Whoever was stripped earlier is not above the other.
      let (one, other) = (place[low], place[high])
      if one >= 0, other < 0 || one < other {
        let entry = stripped[Int(one)]
        visit(entry.up)
        low = entry.parent
      } else {
        let entry = stripped[Int(other)]
        visit(entry.down)
        high = entry.parent
      }
    }
  }

  /// The delay between two vertices of one tree.
  func distance(from source: Int, to destination: Int) -> UInt64 {
    var sum: UInt64 = 0
    walk(from: source, to: destination) { sum += delays[$0] }
    return sum
  }

  // MARK: - Trees

  private static func strip(
    _ arcs: GraphArcs, _ incoming: (arcs: [Int32], starts: [Int32]), _ tails: [Int32]
  ) -> [Stripped] {
    var leaving = (0..<arcs.count).map { arcs.outgoing($0).count }
    var entering = (0..<arcs.count).map { Int(incoming.starts[$0 + 1] - incoming.starts[$0]) }
    var isStripped = [Bool](repeating: false, count: arcs.count)
    var waiting = (0..<arcs.count).filter { leaving[$0] == 1 && entering[$0] == 1 }
    var stripped: [Stripped] = []
    while let vertex = waiting.popLast() {
      guard !isStripped[vertex], leaving[vertex] == 1, entering[vertex] == 1,
        let up = arcs.outgoing(vertex).first(where: { !isStripped[Int(arcs.heads[$0])] }),
        let down = (Int(incoming.starts[vertex])..<Int(incoming.starts[vertex + 1])).lazy.map({ Int(incoming.arcs[$0]) }
        )
        .first(where: { !isStripped[Int(tails[$0])] }),
        arcs.heads[up] == tails[down]
      else { continue }
      let parent = Int(arcs.heads[up])
      guard parent != vertex, arcs.relays[parent] else { continue }
      isStripped[vertex] = true
      stripped.append(Stripped(vertex: vertex, parent: parent, up: up, down: down))
      leaving[parent] -= 1
      entering[parent] -= 1
      waiting.append(parent)
    }
    return stripped
  }

  // MARK: - Twins

  /// One end of an arc as the other sees it.
  private struct End: Hashable, Comparable {
    let other: Int32
    let delay: UInt64
    let links: Double

    static func < (left: End, right: End) -> Bool {
      (left.other, left.delay, left.links) < (right.other, right.delay, right.links)
    }

    var digest: UInt64 {
      var bits = UInt64(UInt32(bitPattern: other)) &* 0x9E37_79B9_7F4A_7C15
      bits = (bits ^ (bits >> 29) ^ delay) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 32) ^ links.bitPattern) &* 0x94D0_49BB_1331_11EB
      return bits ^ (bits >> 31)
    }
  }

  private struct Ends: Hashable {
    let relays: Bool
    let out: [End]
    let into: [End]
  }

  /// The vertices in classes of twins, by their first ones.
  private static func twins(
    of vertices: [Int], _ arcs: GraphArcs, _ incoming: (arcs: [Int32], starts: [Int32]), _ tails: [Int32],
    places: [Int32]
  ) -> [[Int]] {
    let out = { (vertex: Int) in
      arcs.outgoing(vertex).lazy.filter { places[Int(arcs.heads[$0])] < 0 }
        .map { End(other: arcs.heads[$0], delay: arcs.delays[$0], links: arcs.links[$0]) }
    }
    let into = { (vertex: Int) in
      (Int(incoming.starts[vertex])..<Int(incoming.starts[vertex + 1])).lazy.map { Int(incoming.arcs[$0]) }
        .filter { places[Int(tails[$0])] < 0 }
        .map { End(other: tails[$0], delay: arcs.delays[$0], links: arcs.links[$0]) }
    }
    // Sums that do not depend on the order of arcs tell most vertices apart; the rest are compared whole.
    var alike: [UInt64: [Int]] = [:]
    for vertex in vertices {
      let digest =
        out(vertex).reduce(UInt64(0)) { $0 &+ $1.digest } ^ (into(vertex).reduce(UInt64(7)) { $0 &+ $1.digest } &* 3)
      alike[digest, default: []].append(vertex)
    }
    var classes: [[Int]] = []
    for candidates in alike.values {
      guard candidates.count > 1 else {
        classes.append(candidates)
        continue
      }
      var same: [Ends: [Int]] = [:]
      for vertex in candidates {
        let ends = Ends(relays: arcs.relays[vertex], out: out(vertex).sorted(), into: into(vertex).sorted())
        same[ends, default: []].append(vertex)
      }
      classes += same.values
    }
    return classes.sorted { $0[0] < $1[0] }
  }

  // MARK: - The core

  private static func merged(
    _ arcs: GraphArcs, _ leaders: [Int32], _ coreVertex: [Int32], _ sizes: [Double], _ kept: [Int]
  ) -> (core: GraphArcs, physicalLinks: [Double], coreArc: [Int32]) {
    var starts: [Int32] = [0]
    var heads: [Int32] = []
    var delays: [UInt64] = []
    var links: [Double] = []
    var physical: [Double] = []
    let key = { (arc: Int) in (coreVertex[Int(arcs.heads[arc])], arcs.delays[arc]) }
    for (index, leader) in leaders.enumerated() {
      let own = arcs.outgoing(Int(leader)).filter { key($0).0 >= 0 }.sorted { key($0) < key($1) }
      var last: (Int32, UInt64)?
      for arc in own {
        if let last, last == key(arc) {
          links[links.count - 1] += arcs.links[arc]
        } else {
          heads.append(key(arc).0)
          delays.append(arcs.delays[arc])
          links.append(arcs.links[arc])
          last = key(arc)
        }
      }
      starts.append(Int32(heads.count))
      for arc in Int(starts[index])..<heads.count { physical.append(links[arc] * sizes[index]) }
    }
    let core = GraphArcs(
      starts: starts, heads: heads, delays: delays, links: links, relays: leaders.map { arcs.relays[Int($0)] },
      unit: arcs.unit)
    var coreArc = [Int32](repeating: -1, count: arcs.heads.count)
    for vertex in kept {
      let range = core.outgoing(Int(coreVertex[vertex]))
      for arc in arcs.outgoing(vertex) where key(arc).0 >= 0 {
        // The arcs of a vertex are few, or sorted anyway.
        var (low, high) = (range.lowerBound, range.upperBound)
        while high - low > 1 {
          let middle = (low + high) / 2
          if (core.heads[middle], core.delays[middle]) <= key(arc) { low = middle } else { high = middle }
        }
        coreArc[arc] = Int32(low)
      }
    }
    return (core, physical, coreArc)
  }
}
