/// A binary heap of items by key, ties by item; outdated entries stay until they surface.
struct MinimumHeap<Key: Comparable & Sendable>: Sendable {
  private var entries: [(key: Key, item: Int)] = []

  /// The least entry, which stays.
  func peek() -> (key: Key, item: Int)? { entries.first }

  mutating func push(_ key: Key, _ item: Int) {
    var place = entries.count
    entries.append((key, item))
    while place > 0, entries[place] < entries[(place - 1) / 2] {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> (key: Key, item: Int)? {
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
