/// Maximum flow and minimum cut between two vertices, exact in integers.
///
/// Level graphs and blocking flows (Dinitz, 1970). The walk keeps its path in an array, so that its depth is bounded by
/// memory and not by the stack.
struct FlowNetwork<Capacity: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
  /// Arcs in pairs: the partner of arc `a` is `a ^ 1`.
  private var heads: [Int32] = []
  private var residual: [Capacity] = []
  private var tails: [Int32] = []
  private let count: Int
  private var starts: [Int32] = []
  private var order: [Int32] = []

  /// A network without arcs.
  /// - Parameter arcs: How many will be added, as far as is known.
  init(vertices count: Int, arcs: Int = 0) {
    self.count = count
    heads.reserveCapacity(2 * arcs)
    tails.reserveCapacity(2 * arcs)
    residual.reserveCapacity(2 * arcs)
  }

  /// Adds a pair of arcs of opposite direction; all arcs are added before flows are asked for.
  mutating func join(_ from: Int, _ to: Int, capacity: Capacity, back: Capacity = 0) {
    tails.append(Int32(from))
    tails.append(Int32(to))
    heads.append(Int32(to))
    heads.append(Int32(from))
    residual.append(capacity)
    residual.append(back)
  }

  /// Sends as much as possible.
  /// - Returns: The flow's value; the sum of the source's capacities must fit the type.
  /// - Complexity: O(vertices² · arcs) at worst; a few passes over the arcs in practice.
  mutating func maximumFlow(from source: Int, to sink: Int) -> Capacity {
    index()
    var total: Capacity = 0
    var levels = [Int32](repeating: -1, count: count)
    var places = starts
    while findLevels(from: source, to: sink, &levels) {
      places = starts
      total += blockingFlow(from: source, to: sink, levels, &places)
    }
    return total
  }

  /// By vertex: whether more could still be sent from it to the sink; the others are the source's side of the largest
  /// minimum cut.
  func reachesSink(_ sink: Int) -> [Bool] {
    var reaches = [Bool](repeating: false, count: count)
    reaches[sink] = true
    var waiting = [sink]
    while let vertex = waiting.popLast() {
      for place in starts[vertex]..<starts[vertex + 1] {
        let arc = Int(order[Int(place)])
        let other = Int(heads[arc])
        if !reaches[other], residual[arc ^ 1] > 0 {
          reaches[other] = true
          waiting.append(other)
        }
      }
    }
    return reaches
  }

  private mutating func index() {
    starts = [Int32](repeating: 0, count: count + 1)
    for tail in tails { starts[Int(tail) + 1] += 1 }
    for vertex in 0..<count { starts[vertex + 1] += starts[vertex] }
    var next = starts
    order = [Int32](repeating: 0, count: tails.count)
    for (arc, tail) in tails.enumerated() {
      order[Int(next[Int(tail)])] = Int32(arc)
      next[Int(tail)] += 1
    }
  }

  private func findLevels(from source: Int, to sink: Int, _ levels: inout [Int32]) -> Bool {
    for vertex in 0..<count { levels[vertex] = -1 }
    levels[source] = 0
    var queue = [source]
    var next = 0
    while next < queue.count {
      let vertex = queue[next]
      next += 1
      for place in starts[vertex]..<starts[vertex + 1] {
        let arc = Int(order[Int(place)])
        let other = Int(heads[arc])
        if residual[arc] > 0, levels[other] < 0 {
          levels[other] = levels[vertex] + 1
          queue.append(other)
        }
      }
      if levels[sink] >= 0 { return true }
    }
    return false
  }

  private mutating func blockingFlow(
    from source: Int, to sink: Int, _ levels: [Int32], _ places: inout [Int32]
  ) -> Capacity {
    var total: Capacity = 0
    var path: [Int] = []
    var vertex = source
    while true {
      if vertex == sink {
        let amount = path.reduce(Capacity.max) { min($0, residual[$1]) }
        for arc in path {
          residual[arc] -= amount
          residual[arc ^ 1] += amount
        }
        total += amount
        // Continues from the first arc that is now full.
        let full = path.firstIndex { residual[$0] == 0 } ?? 0
        vertex = Int(tails[path[full]])
        path.removeSubrange(full...)
        continue
      }
      if let arc = nextArc(from: vertex, levels, &places) {
        path.append(arc)
        vertex = Int(heads[arc])
      } else if let last = path.popLast() {
        vertex = Int(tails[last])
        places[vertex] += 1
      } else {
        return total
      }
    }
  }

  private func nextArc(from vertex: Int, _ levels: [Int32], _ places: inout [Int32]) -> Int? {
    while places[vertex] < starts[vertex + 1] {
      let arc = Int(order[Int(places[vertex])])
      if residual[arc] > 0, levels[Int(heads[arc])] == levels[vertex] + 1 { return arc }
      places[vertex] += 1
    }
    return nil
  }
}
