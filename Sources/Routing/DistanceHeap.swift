/// A binary heap of cells by distance, ties by cell; outdated entries stay until they surface.
struct DistanceHeap: Sendable {
  private var entries: [(distance: UInt64, cell: Int)] = []

  mutating func push(distance: UInt64, cell: Int) {
    var place = entries.count
    entries.append((distance, cell))
    while place > 0, entries[place] < entries[(place - 1) / 2] {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> (distance: UInt64, cell: Int)? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var place = 0
    while 2 * place + 1 < entries.count {
      var child = 2 * place + 1
      if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
      guard entries[child] < entries[place] else { break }
      entries.swapAt(place, child)
      place = child
    }
    return first
  }
}
