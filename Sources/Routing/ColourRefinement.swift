public import ClusterModel
import Quantities

/// The coarsest equitable partition of an explicit graph that refines an initial one.
///
/// Vertices of one class have, for every kind of arc (latency, bandwidth, parallel links), direction and class at its
/// other end, the same number of arcs. Vertices that a symmetry exchanges are never separated, but a class may hold
/// vertices that no symmetry exchanges: classes serve to check and to shrink, not to choose representatives.
public struct ColourRefinement: Sendable {
  /// By vertex: its class, numbered from zero in the order of first members.
  public let colours: [Int]

  /// The classes, each with its vertices in ascending order, by first member.
  public var classes: [[Int]] {
    var classes = [[Int]](repeating: [], count: (colours.max() ?? -1) + 1)
    for (vertex, colour) in colours.enumerated() { classes[colour].append(vertex) }
    return classes
  }

  /// Refines an initial partition until nothing changes.
  /// - Parameters:
  ///   - topology: A graph whose cells all have size 1.
  ///   - initial: By vertex, any number; vertices of different numbers stay apart.
  /// - Complexity: O(rounds · arcs · log degree); there are at most as many rounds as vertices.
  public init(of topology: Topology, initial: [Int]) {
    precondition(initial.count == topology.cells.count, "one colour per vertex")
    let ends = ColourRefinement.labelledEnds(of: topology)
    var colours = ColourRefinement.numbered(initial)
    var count = Set(colours).count
    while true {
      let signatures = colours.indices.map { vertex in
        Signature(own: colours[vertex], ends: ends[vertex].map { End(label: $0.label, other: colours[$0.other]) })
      }
      let next = ColourRefinement.numbered(signatures)
      let nextCount = Set(next).count
      if nextCount == count { break }
      (colours, count) = (next, nextCount)
    }
    self.colours = colours
  }

  private struct End: Hashable, Comparable {
    var label: Int
    var other: Int

    static func < (left: End, right: End) -> Bool { (left.label, left.other) < (right.label, right.other) }
  }

  private struct Signature: Hashable {
    var own: Int
    var ends: [End]

    init(own: Int, ends: [End]) {
      self.own = own
      self.ends = ends.sorted()
    }
  }

  private struct Label: Hashable {
    var latency: Int64
    var bandwidth: Double
    var links: Int
    var leaves: Bool
  }

  private static func labelledEnds(of topology: Topology) -> [[End]] {
    var ends = [[End]](repeating: [], count: topology.cells.count)
    var labels: [Label: Int] = [:]
    for arc in topology.arcs {
      let link = topology.link(of: arc)
      for leaves in [true, false] {
        let label = Label(
          latency: link.latency.picoseconds, bandwidth: link.bandwidth.bytesPerSecond, links: arc.linksPerMember,
          leaves: leaves)
        let (vertex, other) = leaves ? (arc.from.index, arc.to.index) : (arc.to.index, arc.from.index)
        let number = labels[label] ?? labels.count
        labels[label] = number
        ends[vertex].append(End(label: number, other: other))
      }
    }
    return ends
  }

  private static func numbered<Key: Hashable>(_ keys: [Key]) -> [Int] {
    var numbers: [Key: Int] = [:]
    return keys.map { key in
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return number
    }
  }
}
