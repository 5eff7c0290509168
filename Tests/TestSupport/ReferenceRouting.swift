package import ClusterModel
import Quantities

/// Shortest paths and equal-cost loads to one destination of an explicit graph by the plainest means: repeated
/// relaxation, and a recursion along the next hops of each source.
package struct ReferenceRouting {
  private let topology: Topology
  private let destination: Int
  /// By vertex: the delay in picoseconds; nil where there is no path.
  package private(set) var distances: [Int64?]
  /// By vertex: the arcs on shortest paths.
  private var nextHops: [[Int]] = []

  package init(_ topology: Topology, to destination: CellID) {
    self.topology = topology
    self.destination = destination.index
    distances = Array(repeating: nil, count: topology.cells.count)
    distances[destination.index] = 0
    var changed = true
    while changed {
      changed = false
      for arc in topology.arcs where relays(arc.to.index) {
        guard let rest = distances[arc.to.index] else { continue }
        let candidate = rest + delay(of: arc)
        if distances[arc.from.index].map({ candidate < $0 }) ?? true {
          distances[arc.from.index] = candidate
          changed = true
        }
      }
    }
    nextHops = Array(repeating: [], count: topology.cells.count)
    for (index, arc) in topology.arcs.enumerated() where relays(arc.to.index) {
      guard let own = distances[arc.from.index], let rest = distances[arc.to.index], own == rest + delay(of: arc) else {
        continue
      }
      nextHops[arc.from.index].append(index)
    }
  }

  private func relays(_ vertex: Int) -> Bool { vertex == destination || topology.cells[vertex].relays }

  private func delay(of arc: Topology.Arc) -> Int64 { max(1, topology.link(of: arc).latency.picoseconds) }

  /// How many shortest paths there are from a vertex.
  package func pathCount(from vertex: Int) -> Double {
    if vertex == destination { return 1 }
    return nextHops[vertex].reduce(0) {
      $0 + Double(topology.arcs[$1].linksPerMember) * pathCount(from: topology.arcs[$1].to.index)
    }
  }

  /// Adds to the load of each physical link of each arc what an amount from one vertex puts there; false where there
  /// is no path.
  package func addLoads(from vertex: Int, amount: Double, to loads: inout [Double]) -> Bool {
    if vertex == destination { return true }
    let hops = nextHops[vertex]
    let links = hops.reduce(0) { $0 + Double(topology.arcs[$1].linksPerMember) }
    guard links > 0 else { return false }
    for hop in hops {
      let arc = topology.arcs[hop]
      loads[hop] += amount / links
      _ = addLoads(from: arc.to.index, amount: amount * Double(arc.linksPerMember) / links, to: &loads)
    }
    return true
  }
}
