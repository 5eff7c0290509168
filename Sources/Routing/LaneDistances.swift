/// Distances of all vertices to blocks of destinations, one lane of a vector for each destination.
///
/// Repeated sweeps over the vertices, each taking the least over its arcs, lane by lane, until nothing changes: a
/// label-correcting search (Bellman, 1958) that needs no heap and whose inner loop is a vector minimum. Lanes have the
/// narrowest width that holds the longest distance, checked beforehand, so that nothing wraps.
struct LaneDistances<Lane: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
  /// How many destinations a block has.
  static var width: Int { 64 }

  /// Memory of one thread for one block after another.
  struct Scratch {
    /// By vertex: `width` distances.
    let lanes: UnsafeMutablePointer<Lane>
    /// By vertex: the last sweep that changed it.
    fileprivate let stamps: UnsafeMutablePointer<Int32>

    init(_ vertices: Int) {
      lanes = .allocate(capacity: vertices * LaneDistances.width)
      lanes.initialize(repeating: 0, count: vertices * LaneDistances.width)
      stamps = .allocate(capacity: vertices)
      stamps.initialize(repeating: 0, count: vertices)
    }

    func deallocate() {
      lanes.deallocate()
      stamps.deallocate()
    }
  }

  let arcs: GraphArcs
  let delays: [Lane]
  /// What stands for no path; delays can be added without wrapping.
  let unreachable: Lane

  /// Prepares searches; nil where distances do not fit the lanes.
  init?(_ arcs: GraphArcs, longest: UInt64) {
    let most = arcs.delays.max() ?? 0
    guard most < UInt64(Lane.max), longest < UInt64(Lane.max) - most else { return nil }
    self.arcs = arcs
    delays = arcs.delays.map { Lane($0) }
    unreachable = Lane.max - Lane(most)
  }

  /// By vertex of a core: how far twins that it stands for are from each other; of use only where there are several.
  ///
  /// A shortest path between twins leaves the one for a neighbour, from which both are equally far.
  func betweenTwins(distance: (_ from: Int, _ to: Int) -> Lane) -> [Lane] {
    (0..<arcs.count).map { vertex in
      var least = unreachable
      for arc in arcs.outgoing(vertex) where arcs.relays[Int(arcs.heads[arc])] {
        let rest = distance(Int(arcs.heads[arc]), vertex)
        if rest != unreachable { least = min(least, rest + delays[arc]) }
      }
      return least
    }
  }

  /// Finds the distances to some destinations.
  /// - Parameters:
  ///   - destinations: At most `width` of them.
  ///   - scratch: Where the distances go; lanes without a destination are left as unreachable.
  /// - Complexity: O(sweeps · arcs) vector operations; as many sweeps as the longest run of a path against the sweep.
  func find(to destinations: Range<Int>, _ scratch: Scratch) {
    let (lanes, stamps) = (scratch.lanes, scratch.stamps)
    lanes.update(repeating: unreachable, count: arcs.count * Self.width)
    stamps.update(repeating: -1, count: arcs.count)
    arcs.starts.withUnsafeBufferPointer { starts in
      arcs.heads.withUnsafeBufferPointer { heads in
        delays.withUnsafeBufferPointer { delays in
          arcs.relays.withUnsafeBufferPointer { relays in
            let graph = Slices(starts: starts, heads: heads, delays: delays, relays: relays)
            for (lane, destination) in destinations.enumerated() {
              lanes[destination * Self.width + lane] = 0
              stamps[destination] = 0
            }
            seedNeighbours(of: destinations, lanes, stamps, graph)
            var pass: Int32 = 1
            while sweep(pass, lanes, stamps, graph) { pass += 1 }
          }
        }
      }
    }
  }

  /// The arcs without checks and counts of references.
  private struct Slices {
    let starts: UnsafeBufferPointer<Int32>
    let heads: UnsafeBufferPointer<Int32>
    let delays: UnsafeBufferPointer<Lane>
    let relays: UnsafeBufferPointer<Bool>
  }

  /// A destination that does not relay is reached by its neighbours, but nothing is passed on through it.
  private func seedNeighbours(
    of destinations: Range<Int>, _ lanes: UnsafeMutablePointer<Lane>, _ stamps: UnsafeMutablePointer<Int32>,
    _ graph: Slices
  ) {
    guard destinations.contains(where: { !graph.relays[$0] }) else { return }
    for vertex in 0..<arcs.count {
      for arc in Int(graph.starts[vertex])..<Int(graph.starts[vertex + 1]) {
        let head = Int(graph.heads[arc])
        guard !graph.relays[head], destinations.contains(head), head != vertex else { continue }
        let place = vertex * Self.width + head - destinations.lowerBound
        lanes[place] = min(lanes[place], graph.delays[arc])
        stamps[vertex] = 0
      }
    }
  }

  /// One sweep, forwards on odd and backwards on even passes; whether something changed.
  private func sweep(
    _ pass: Int32, _ lanes: UnsafeMutablePointer<Lane>, _ stamps: UnsafeMutablePointer<Int32>, _ graph: Slices
  ) -> Bool {
    var isChanged = false
    let count = arcs.count
    for step in 0..<count {
      let vertex = pass & 1 == 1 ? step : count - 1 - step
      let own = lanes + vertex * Self.width
      var change: Lane = 0
      for arc in Int(graph.starts[vertex])..<Int(graph.starts[vertex + 1]) {
        let head = Int(graph.heads[arc])
        // What did not change since the sweep before this one has been taken account of.
        guard stamps[head] >= pass - 1, graph.relays[head] else { continue }
        let other = lanes + head * Self.width
        let delay = graph.delays[arc]
        for lane in 0..<Self.width {
          let old = own[lane]
          let least = min(old, other[lane] &+ delay)
          own[lane] = least
          change |= old ^ least
        }
      }
      if change != 0 {
        stamps[vertex] = pass
        isChanged = true
      }
    }
    return isChanged
  }
}
