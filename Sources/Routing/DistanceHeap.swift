/// A heap of cells by distance whose least distance never falls; outdated entries stay until they surface.
///
/// Entries lie in buckets by the highest bit in which their distance differs from the last one taken, so each moves at most
/// once per bit (Ahuja, Mehlhorn, Orlin and Tarjan, 1990); distances that are sums of a few delays move two or three times.
struct DistanceHeap: Sendable {
  private var buckets = [[(distance: UInt64, cell: Int)]](repeating: [], count: UInt64.bitWidth + 1)
  /// One bit for each bucket after the first: whether it holds entries.
  private var occupied: UInt64 = 0
  private var last: UInt64 = 0

  /// Adds a cell.
  /// - Parameter distance: At least the last one taken.
  mutating func push(distance: UInt64, cell: Int) {
    let bucket = UInt64.bitWidth - (distance ^ last).leadingZeroBitCount
    if bucket > 0 { occupied |= 1 << UInt64(bucket - 1) }
    buckets[bucket].append((distance, cell))
  }

  /// Takes a cell of the least distance; nil where there is none, after which any distance may be added.
  mutating func pop() -> (distance: UInt64, cell: Int)? {
    if let entry = buckets[0].popLast() { return entry }
    guard occupied != 0 else {
      last = 0
      return nil
    }
    let place = occupied.trailingZeroBitCount
    occupied &= ~(1 << UInt64(place))
    var entries: [(distance: UInt64, cell: Int)] = []
    swap(&entries, &buckets[place + 1])
    last = entries.reduce(.max) { min($0, $1.distance) }
    for entry in entries { push(distance: entry.distance, cell: entry.cell) }
    entries.removeAll(keepingCapacity: true)
    swap(&entries, &buckets[place + 1])
    return buckets[0].popLast()
  }
}
