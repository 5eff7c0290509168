import ClusterModel
import Quantities

/// What a shortest-path search needs of a topology, in a form that can be patched: the arcs of a cell may lie anywhere.
///
/// A search looks at every arc and follows few, so what tells whether an arc is on a shortest path lies close together.
struct RoutingGraph: Sendable {
  /// The head of an arc.
  struct Arc {
    var to: UInt32
    /// The kind of its links: a place in `delays` and `capacities`.
    var kind: UInt32
  }

  /// An arc as its end sees it.
  struct Entry {
    var from: UInt32
    var kind: UInt32
  }

  var arcs: [Arc]
  /// By arc: the links that leave each member of its cell.
  var links: [Double]
  /// By cell: its arcs' places in `arcs`.
  var outgoing: [Range<Int>]
  var entries: [Entry]
  /// By cell: the places in `entries` of the arcs that enter it.
  var incoming: [Range<Int>]
  var sizes: [Double]
  var relays: [Bool]
  /// Whether a cell's members count as switches on a path.
  var switches: [Bool]
  /// By kind of link: its delay in picoseconds, at least one.
  let delays: [UInt64]
  /// By kind of link: what each carries, in bytes per second.
  let capacities: [Double]

  init(_ topology: Topology) {
    arcs = topology.arcs.map { Arc(to: UInt32($0.to.index), kind: UInt32($0.link)) }
    links = topology.arcs.map { Double($0.linksPerMember) }
    outgoing = topology.cells.indices.map { topology.outgoing[$0]..<topology.outgoing[$0 + 1] }
    entries = topology.arcsByTarget.map { place in
      Entry(from: UInt32(topology.arcs[place].from.index), kind: UInt32(topology.arcs[place].link))
    }
    incoming = topology.cells.indices.map { topology.incoming[$0]..<topology.incoming[$0 + 1] }
    sizes = topology.cells.map { Double($0.size) }
    relays = topology.cells.map(\.relays)
    let kinds: Set<DeviceKind> = [.scaleUpSwitch, .networkSwitch, .gateway]
    switches = topology.cells.map { kinds.contains($0.kind) }
    delays = topology.linkTypes.map { UInt64(max(1, $0.latency.picoseconds)) }
    capacities = topology.linkTypes.map(\.bandwidth.bytesPerSecond)
  }
}
