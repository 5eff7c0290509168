public import ClusterModel
import Quantities

extension LevelDistances {
  /// Measures the distances between the vertices of each of several groups of an explicit graph, as one level.
  /// - Complexity: As for the distances of all vertices to these, by blocks; no matrix is held.
  public static func measure(_ topology: Topology, between groups: [[CellID]]) -> LevelDistances {
    let group = groups.enumerated().flatMap { [Int](repeating: $0, count: $1.count) }
    return measure(topology, between: groups.flatMap(\.self), levels: 1) { group[$0] == group[$1] ? 0 : nil }[0]
  }

  /// Measures the distances between vertices by the smallest of nested groups that holds both.
  /// - Parameter groups: By level, innermost first: the lengths of the groups, vertices in order; a last level holds all.
  /// - Complexity: As for one level, and in proportion to the levels.
  public static func measure(
    _ topology: Topology, between vertices: [CellID], groups: [[Int]]
  ) -> [LevelDistances] {
    let group = groups.map { lengths in lengths.enumerated().flatMap { [Int](repeating: $0, count: $1) } }
    return measure(topology, between: vertices, levels: groups.count + 1) { from, to in
      group.firstIndex { $0[from] == $0[to] } ?? groups.count
    }
  }

  /// - Parameter level: The level of a pair of different vertices, by their places; nil: not measured.
  private static func measure(
    _ topology: Topology, between vertices: [CellID], levels: Int, level: (Int, Int) -> Int?
  ) -> [LevelDistances] {
    var spans = [Span?](repeating: nil, count: levels)
    if let lengths = PathLengths(topology, between: vertices) {
      var extremes = [PathLengths.Extremes?](repeating: nil, count: levels)
      lengths.visit { from, to, length in
        guard from != to, let level = level(from, to) else { return }
        var own = extremes[level] ?? PathLengths.Extremes()
        own.take(length)
        extremes[level] = own
      }
      spans = extremes.map { $0.map(lengths.span) }
    } else {
      var paths = ShortestPaths(in: topology)
      for (to, destination) in vertices.enumerated() {
        paths.find(to: destination)
        let lengths = paths.lengths()
        for (from, source) in vertices.enumerated() where from != to {
          guard let level = level(from, to) else { continue }
          spans[level] = Span(spans[level], and: lengths[source.index])
        }
      }
    }
    return spans.enumerated().map { LevelDistances(level: $0, aligned: nil, unaligned: $1) }
  }
}

/// The lengths of shortest paths between some vertices of an explicit graph, as one number each: the delay, then the hops,
/// then the switches passed, so that the least number is the shortest path with the fewest hops.
struct PathLengths: Sendable {
  /// The least and the greatest of some lengths.
  struct Extremes {
    var least: UInt64?
    var most: UInt64?
    var hasUnreachable = false

    mutating func take(_ length: UInt64?) {
      guard let length else {
        hasUnreachable = true
        return
      }
      least = least.map { min($0, length) } ?? length
      most = most.map { max($0, length) } ?? length
    }
  }

  private enum Lanes: Sendable {
    case medium(LaneDistances<Int32>)
    case wide(LaneDistances<Int64>)
  }

  private let ends: [Int]
  private let reduction: GraphReduction
  private let lanes: Lanes
  /// Bits that hold the number of vertices.
  private let bits: UInt64
  /// Picoseconds of one unit of delay.
  private let unit: UInt64

  /// Prepares searches; nil where a length does not fit 62 bits.
  init?(_ topology: Topology, between vertices: [CellID]) {
    let unit = GraphArcs(topology).unit
    self.unit = unit
    let bits = UInt64(Int.bitWidth - topology.cells.count.leadingZeroBitCount)
    self.bits = bits
    let kinds: Set<DeviceKind> = [.scaleUpSwitch, .networkSwitch, .gateway]
    let isSwitch = topology.cells.map { kinds.contains($0.kind) }
    let units = topology.linkTypes.map { UInt64(max(1, $0.latency.picoseconds)) / unit }
    guard units.allSatisfy({ $0 >> (62 - min(62, 2 * bits)) == 0 }) else { return nil }
    let arcs = GraphArcs(topology) { units[$0.link] << (2 * bits) + 1 << bits + (isSwitch[$0.to.index] ? 1 : 0) }
    guard let longest = arcs.longest, case let (sum, overflow) = longest.multipliedReportingOverflow(by: arcs.unit),
      !overflow, sum >> 62 == 0
    else { return nil }
    ends = vertices.map(\.index)
    reduction = GraphReduction(arcs, first: ends)
    if let medium = LaneDistances<Int32>(reduction.core, longest: longest) {
      lanes = .medium(medium)
    } else if let wide = LaneDistances<Int64>(reduction.core, longest: longest) {
      lanes = .wide(wide)
    } else {
      return nil
    }
  }

  /// Hands over the length of every pair by the places of its ends; nil where there is no path.
  /// - Complexity: O(sweeps · arcs · ends / 64) vector operations and O(ends²).
  func visit(_ body: (_ from: Int, _ to: Int, _ length: UInt64?) -> Void) {
    switch lanes {
    case .medium(let lanes): visit(lanes, body)
    case .wide(let lanes): visit(lanes, body)
    }
  }

  private func visit<Lane: FixedWidthInteger & SignedInteger & Sendable>(
    _ lanes: LaneDistances<Lane>, _ body: (Int, Int, UInt64?) -> Void
  ) {
    var placesOf: [[Int]] = []
    for (place, end) in ends.enumerated() {
      let vertex = Int(reduction.coreVertex[end])
      while placesOf.count <= vertex { placesOf.append([]) }
      placesOf[vertex].append(place)
    }
    let width = LaneDistances<Lane>.width
    let scratch = LaneDistances<Lane>.Scratch(lanes.arcs.count)
    defer { scratch.deallocate() }
    for first in stride(from: 0, to: placesOf.count, by: width) {
      let destinations = first..<min(placesOf.count, first + width)
      lanes.find(to: destinations, scratch)
      for destination in destinations {
        for (from, source) in ends.enumerated() {
          let start = Int(reduction.coreVertex[source])
          let middle = scratch.lanes[start * width + destination - first]
          for to in placesOf[destination] {
            if start == destination {
              body(from, to, reduction.distance(from: source, to: ends[to]) * reduction.core.unit)
            } else if middle == lanes.unreachable {
              body(from, to, nil)
            } else {
              let length = UInt64(middle) + reduction.rise[source] + reduction.fall[ends[to]]
              body(from, to, length * reduction.core.unit)
            }
          }
        }
      }
    }
  }

  /// Extremes as paths.
  func span(_ extremes: Extremes) -> LevelDistances.Span {
    LevelDistances.Span(
      nearest: extremes.least.map(path), farthest: extremes.most.map(path),
      hasUnreachablePair: extremes.hasUnreachable)
  }

  private func path(_ length: UInt64) -> LevelDistances.Path {
    let mask = (UInt64(1) << bits) - 1
    let (latency, overflow) = (length >> (2 * bits)).multipliedReportingOverflow(by: unit)
    return LevelDistances.Path(
      latency: Latency(picoseconds: overflow ? .max : Int64(clamping: latency)),
      hops: Int((length >> bits) & mask), switches: Int(length & mask))
  }
}
