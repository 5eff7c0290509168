import ClusterModel
import Foundation
import Quantities

/// A graph that is measured, for us and for others.
struct SampleGraph {
  /// A cable between two vertices, alike in both directions.
  struct Edge: Hashable {
    var one: Int
    var other: Int
    var delay: Int64
  }

  var name: String
  var vertices: Int
  var edges: [Edge]
  /// How many of the first vertices send and receive.
  var ends: Int

  /// Joins vertices by rings in random orders, two links to each vertex a ring; those that are there already are left out.
  static func random(_ vertices: Int, degree: Int, delays: ClosedRange<Int64>) -> SampleGraph {
    var generator = SplitMix(state: 42)
    var seen: Set<[Int]> = []
    var edges: [Edge] = []
    for _ in 0..<degree / 2 {
      let ring = (0..<vertices).shuffled(using: &generator)
      for place in ring.indices {
        let ends = [ring[place], ring[(place + 1) % vertices]].sorted()
        guard ends[0] != ends[1], seen.insert(ends).inserted else { continue }
        edges.append(
          Edge(one: ends[0], other: ends[1], delay: Int64.random(in: delays, using: &generator)))
      }
    }
    let kind = delays.count == 1 ? "equal delays" : "delays \(delays.lowerBound) to \(delays.upperBound)"
    return SampleGraph(
      name: "random, \(grouped(vertices)) vertices of degree \(degree), \(kind)", vertices: vertices, edges: edges,
      ends: vertices)
  }

  /// Three tiers of switches with `radix` ports, hosts first (Al-Fares and others, 2008).
  static func fatTree(radix: Int) -> SampleGraph {
    let half = radix / 2
    let hosts = radix * half * half
    let (edge, middle, core) = (hosts, hosts + radix * half, hosts + 2 * radix * half)
    var edges: [Edge] = []
    for pod in 0..<radix {
      for place in 0..<half {
        let leaf = edge + pod * half + place
        for port in 0..<half {
          edges.append(Edge(one: (pod * half + place) * half + port, other: leaf, delay: 1))
          edges.append(Edge(one: leaf, other: middle + pod * half + port, delay: 1))
          edges.append(Edge(one: middle + pod * half + place, other: core + place * half + port, delay: 1))
        }
      }
    }
    let vertices = core + half * half
    return SampleGraph(
      name: "fat tree of radix \(radix), \(grouped(vertices)) vertices", vertices: vertices, edges: edges, ends: hosts)
  }

  var topology: Topology {
    let delays = Array(Set(edges.map(\.delay))).sorted()
    let types = delays.map {
      LinkType(
        name: "link", technology: .other, bandwidth: .gigabytesPerSecond(50), latency: Latency(picoseconds: $0))
    }
    let place = Dictionary(uniqueKeysWithValues: delays.enumerated().map { ($1, $0) })
    let cell = Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: true)
    let arcs = edges.flatMap { edge in
      [(edge.one, edge.other), (edge.other, edge.one)].map { from, to in
        Topology.Arc(
          from: CellID(from), to: CellID(to), linksPerMember: 1, link: place[edge.delay] ?? 0, rule: RuleID(0),
          forward: from == edge.one, tier: .leaf)
      }
    }
    return Topology(cells: Array(repeating: cell, count: vertices), arcs: arcs, linkTypes: types)
  }

  /// Writes the arcs to a file of lines "tail head delay".
  func file() throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(path: "isochrone-\(abs(name.hashValue)).txt")
    let lines = edges.flatMap { ["\($0.one) \($0.other) \($0.delay)", "\($0.other) \($0.one) \($0.delay)"] }
    try Data(lines.joined(separator: "\n").utf8).write(to: url)
    return url.path
  }
}

/// A small generator of random numbers with a seed (Steele and others, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
