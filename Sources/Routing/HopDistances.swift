/// Distances in hops of all vertices to blocks of destinations, one bit for each destination.
///
/// A breadth-first search from many destinations at once: what is new at a vertex is what was new at its neighbours, less
/// what it has seen (Then and others, The more the merrier, 2014).
struct HopDistances: Sendable {
  /// Words of 64 destinations in a block.
  static let words = 8
  static let width = 64 * words

  let arcs: GraphArcs

  /// Finds the distances to some destinations.
  /// - Parameters:
  ///   - destinations: At most `width` of them.
  ///   - note: Takes the hops, a vertex, the number of a word and the destinations newly reached in it as bits.
  /// - Complexity: O(levels · arcs) operations on words.
  func find(to destinations: Range<Int>, _ note: (_ hops: Int, _ vertex: Int, _ word: Int, _ bits: UInt64) -> Void) {
    let words = Self.words
    let size = arcs.count * words
    var seen = [UInt64](repeating: 0, count: size)
    var fresh = [UInt64](repeating: 0, count: size)
    var next = [UInt64](repeating: 0, count: size)
    for (place, destination) in destinations.enumerated() {
      seen[destination * words + place / 64] |= 1 << UInt64(place % 64)
      fresh[destination * words + place / 64] |= 1 << UInt64(place % 64)
      note(0, destination, place / 64, 1 << UInt64(place % 64))
    }
    var hops = 0
    var isMoving = true
    while isMoving {
      isMoving = false
      hops += 1
      seen.withUnsafeMutableBufferPointer { seen in
        fresh.withUnsafeBufferPointer { fresh in
          next.withUnsafeMutableBufferPointer { next in
            for vertex in 0..<arcs.count {
              var reached = SIMD8<UInt64>.zero
              for arc in Int(arcs.starts[vertex])..<Int(arcs.starts[vertex + 1]) {
                let head = Int(arcs.heads[arc])
                // Only the destination itself may be a vertex that does not relay.
                guard hops == 1 || arcs.relays[head] else { continue }
                for word in 0..<words { reached[word] |= fresh[head * words + word] }
              }
              for word in 0..<words {
                let place = vertex * words + word
                let new = reached[word] & ~seen[place]
                next[place] = new
                guard new != 0 else { continue }
                seen[place] |= new
                isMoving = true
                note(hops, vertex, word, new)
              }
            }
          }
        }
      }
      swap(&fresh, &next)
    }
  }
}
