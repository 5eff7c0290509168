import ClusterModel
import Quantities

/// What a shortest-path search needs of a topology, in a form that can be patched: the arcs of a cell may lie anywhere.
struct RoutingGraph: Sendable {
  struct Arc {
    var from: Int
    var to: Int
    var delay: UInt64
    /// Links that leave each member of `from`.
    var links: Double
    /// What each link carries, in bytes per second.
    var capacity: Double
  }

  /// An arc as its end sees it.
  struct Entry {
    var from: Int
    var delay: UInt64
  }

  var arcs: [Arc]
  /// By cell: its arcs' places in `arcs`.
  var outgoing: [Range<Int>]
  var entries: [Entry]
  /// By cell: the places in `entries` of the arcs that enter it.
  var incoming: [Range<Int>]
  var sizes: [Double]
  var relays: [Bool]
  /// Whether a cell's members count as switches on a path.
  var switches: [Bool]

  init(_ topology: Topology) {
    arcs = topology.arcs.map { arc in
      Arc(
        from: arc.from.index, to: arc.to.index,
        delay: UInt64(max(1, topology.link(of: arc).latency.picoseconds)), links: Double(arc.linksPerMember),
        capacity: topology.link(of: arc).bandwidth.bytesPerSecond)
    }
    outgoing = topology.cells.indices.map { topology.outgoing[$0]..<topology.outgoing[$0 + 1] }
    entries = topology.arcsByTarget.map { [arcs] in Entry(from: arcs[$0].from, delay: arcs[$0].delay) }
    incoming = topology.cells.indices.map { topology.incoming[$0]..<topology.incoming[$0 + 1] }
    sizes = topology.cells.map { Double($0.size) }
    relays = topology.cells.map(\.relays)
    let kinds: Set<DeviceKind> = [.scaleUpSwitch, .networkSwitch, .gateway]
    switches = topology.cells.map { kinds.contains($0.kind) }
  }
}
