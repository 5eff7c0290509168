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
    typealias Word = SIMD8<UInt64>
    var seen = [Word](repeating: .zero, count: arcs.count)
    var fresh = seen
    var next = seen
    for (place, destination) in destinations.enumerated() {
      seen[destination][place / 64] |= 1 << UInt64(place % 64)
      fresh[destination][place / 64] |= 1 << UInt64(place % 64)
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
            arcs.heads.withUnsafeBufferPointer { heads in
              arcs.relays.withUnsafeBufferPointer { relays in
                for vertex in 0..<arcs.count {
                  var reached = Word.zero
                  for arc in arcs.outgoing(vertex) {
                    let head = Int(heads[arc])
                    // Only the destination itself may be a vertex that does not relay.
                    if hops == 1 || relays[head] { reached |= fresh[head] }
                  }
                  let new = reached & ~seen[vertex]
                  next[vertex] = new
                  guard new != .zero else { continue }
                  seen[vertex] |= new
                  isMoving = true
                  for word in 0..<Self.words where new[word] != 0 { note(hops, vertex, word, new[word]) }
                }
              }
            }
          }
        }
      }
      swap(&fresh, &next)
    }
  }
}
