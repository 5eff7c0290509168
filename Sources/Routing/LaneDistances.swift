import Dispatch

/// Distances of all vertices to blocks of destinations, one lane of a vector for each destination.
///
/// Repeated sweeps over the vertices, each taking the least over its arcs, lane by lane, until nothing changes: a
/// label-correcting search (Bellman, 1958) that needs no heap and whose inner loop is a vector minimum. Lanes have the
/// narrowest width that holds the longest distance, checked beforehand, so that nothing wraps.
struct LaneDistances<Lane: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
  /// How many destinations a block has.
  static var width: Int { 64 }

  private let arcs: GraphArcs
  private let delays: [Lane]
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

  /// Finds the distances to some destinations.
  /// - Parameters:
  ///   - destinations: At most `width` of them.
  ///   - distances: By vertex, `width` lanes each; lanes without a destination are left as unreachable.
  ///   - stamps: By vertex, scratch space.
  /// - Complexity: O(sweeps · arcs) vector operations; as many sweeps as the longest run of a path against the sweep.
  func find(
    to destinations: Range<Int>, _ distances: UnsafeMutableBufferPointer<Lane>,
    _ stamps: UnsafeMutableBufferPointer<Int32>
  ) {
    guard let lanes = distances.baseAddress else { return }
    distances.update(repeating: unreachable)
    stamps.update(repeating: -1)
    arcs.starts.withUnsafeBufferPointer { starts in
      arcs.heads.withUnsafeBufferPointer { heads in
        delays.withUnsafeBufferPointer { delays in
          for (lane, destination) in destinations.enumerated() {
            lanes[destination * Self.width + lane] = 0
            stamps[destination] = 0
          }
          seedNeighbours(of: destinations, lanes, stamps, starts, heads, delays)
          var pass: Int32 = 1
          while sweep(pass, lanes, stamps, starts, heads, delays) { pass += 1 }
        }
      }
    }
  }

  /// A destination that does not relay is reached by its neighbours, but nothing is passed on through it.
  private func seedNeighbours(
    of destinations: Range<Int>, _ lanes: UnsafeMutablePointer<Lane>, _ stamps: UnsafeMutableBufferPointer<Int32>,
    _ starts: UnsafeBufferPointer<Int32>, _ heads: UnsafeBufferPointer<Int32>, _ delays: UnsafeBufferPointer<Lane>
  ) {
    guard destinations.contains(where: { !arcs.relays[$0] }) else { return }
    for vertex in 0..<arcs.count {
      for arc in Int(starts[vertex])..<Int(starts[vertex + 1]) {
        let head = Int(heads[arc])
        guard !arcs.relays[head], destinations.contains(head), head != vertex else { continue }
        let place = vertex * Self.width + head - destinations.lowerBound
        lanes[place] = min(lanes[place], delays[arc])
        stamps[vertex] = 0
      }
    }
  }

  /// One sweep, forwards on odd and backwards on even passes; whether something changed.
  private func sweep(
    _ pass: Int32, _ lanes: UnsafeMutablePointer<Lane>, _ stamps: UnsafeMutableBufferPointer<Int32>,
    _ starts: UnsafeBufferPointer<Int32>, _ heads: UnsafeBufferPointer<Int32>, _ delays: UnsafeBufferPointer<Lane>
  ) -> Bool {
    var isChanged = false
    let count = arcs.count
    for step in 0..<count {
      let vertex = pass & 1 == 1 ? step : count - 1 - step
      let own = lanes + vertex * Self.width
      var change: Lane = 0
      for arc in Int(starts[vertex])..<Int(starts[vertex + 1]) {
        let head = Int(heads[arc])
        // What did not change since the sweep before this one has been taken account of.
        guard stamps[head] >= pass - 1, arcs.relays[head] else { continue }
        let other = lanes + head * Self.width
        let delay = delays[arc]
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
