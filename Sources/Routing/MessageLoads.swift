package import ClusterModel
import Matrices

/// The loads of one set of messages after another on an explicit graph, over all shortest paths, split evenly at every hop.
///
/// For sets in which few vertices send to any one destination, such as the steps of a schedule: only what lies on a
/// message's paths is touched. Messages are routed in the graph's core; sets are worked on in blocks that bound the memory.
package struct MessageLoads: Sendable {
  private enum Lanes: Sendable {
    case narrow(LaneDistances<Int16>)
    case medium(LaneDistances<Int32>)
    case wide(LaneDistances<Int64>)
  }

  /// Numbers that the loads of one block may take, 64 MiB.
  private static let mostNumbers = 1 << 23

  private let arcs: GraphArcs
  private let reduction: GraphReduction
  private let lanes: Lanes

  /// Prepares a graph; nil where distances do not fit 62 bits of picoseconds.
  /// - Parameters:
  ///   - topology: A graph whose cells all have size 1.
  ///   - ends: All vertices at which messages start or end.
  package init?(on topology: Topology, between ends: [CellID]) {
    arcs = GraphArcs(topology)
    guard let longest = arcs.longest else { return nil }
    reduction = GraphReduction(arcs, first: ends.map(\.index))
    if let narrow = LaneDistances<Int16>(reduction.core, longest: longest) {
      lanes = .narrow(narrow)
    } else if let medium = LaneDistances<Int32>(reduction.core, longest: longest) {
      lanes = .medium(medium)
    } else if let wide = LaneDistances<Int64>(reduction.core, longest: longest) {
      lanes = .wide(wide)
    } else {
      return nil
    }
  }

  /// Routes sets of messages; what has no path is left out.
  /// - Parameters:
  ///   - sets: The messages of each set.
  ///   - threads: How many blocks of sets are worked on at once; the loads do not depend on it.
  ///   - take: Takes the number of a set and its loads, of each physical link of each arc; one set after the other.
  /// - Complexity: O(messages · arcs on their paths + sets · arcs), and per block of sets one search to all destinations.
  package func route(
    _ sets: [[Demand]], threads: Int = Workers.available, _ take: (_ set: Int, _ loads: [Double]) -> Void
  ) {
    switch lanes {
    case .narrow(let lanes): route(sets, lanes, threads: threads, take)
    case .medium(let lanes): route(sets, lanes, threads: threads, take)
    case .wide(let lanes): route(sets, lanes, threads: threads, take)
    }
  }

  private func route<Lane: FixedWidthInteger & SignedInteger & Sendable>(
    _ sets: [[Demand]], _ lanes: LaneDistances<Lane>, threads: Int, _ take: (Int, [Double]) -> Void
  ) {
    let size = max(1, arcs.heads.count)
    let block = max(1, min((sets.count + threads - 1) / max(threads, 1), MessageLoads.mostNumbers / size))
    let wave = block * max(threads, 1)
    for first in stride(from: 0, to: sets.count, by: wave) {
      let part = first..<min(sets.count, first + wave)
      var loads = [[Double]](repeating: [], count: part.count)
      loads.withUnsafeMutableBufferPointer { loads in
        // Every block writes the loads of its own sets, so that none has two writers.
        nonisolated(unsafe) let loads = loads
        Workers.run((part.count + block - 1) / block, threads: threads) { mine in
          for index in mine {
            let own = part.lowerBound + index * block..<min(part.upperBound, part.lowerBound + (index + 1) * block)
            for (place, found) in loaded(sets, own, lanes).enumerated() { loads[index * block + place] = found }
          }
        }
      }
      for set in part { take(set, loads[set - part.lowerBound]) }
    }
  }

  /// A message between vertices of the core.
  private struct Message {
    var set: Int
    var from: Int
    var bytes: Double
  }

  /// By set of a range: the loads of all arcs.
  private func loaded<Lane: FixedWidthInteger & SignedInteger & Sendable>(
    _ sets: [[Demand]], _ range: Range<Int>, _ lanes: LaneDistances<Lane>
  ) -> [[Double]] {
    var loads = range.map { _ in [Double](repeating: 0, count: arcs.heads.count) }
    var core = [Double](repeating: 0, count: range.count * lanes.arcs.heads.count)
    var messages: [Int: [Message]] = [:]
    for set in range {
      for demand in sets[set] where demand.from != demand.to && demand.bytes > 0 {
        let (from, to) = (demand.from.index, demand.to.index)
        let ends = (Int(reduction.coreVertex[from]), Int(reduction.coreVertex[to]))
        if ends.0 == ends.1 {
          reduction.walk(from: from, to: to) { loads[set - range.lowerBound][$0] += demand.bytes / arcs.links[$0] }
        } else {
          messages[ends.1, default: []].append(Message(set: set, from: ends.0, bytes: demand.bytes))
        }
      }
    }
    var walk = DestinationWalk(lanes)
    defer { walk.deallocate() }
    var unreached: Set<[Int]> = []
    var prepared = 0..<0
    core.withUnsafeMutableBufferPointer { core in
      guard let core = core.baseAddress else { return }
      for destination in messages.keys.sorted() {
        if !prepared.contains(destination) {
          let first = destination / LaneDistances<Lane>.width * LaneDistances<Lane>.width
          prepared = first..<min(lanes.arcs.count, first + LaneDistances<Lane>.width)
          walk.prepare(prepared)
        }
        walk.turn(to: destination)
        let own = messages[destination] ?? []
        // Messages come set by set.
        var place = 0
        while place < own.count {
          let set = own[place].set
          while place < own.count, own[place].set == set {
            if walk.reaches(own[place].from) {
              walk.give(own[place].bytes, to: own[place].from)
            } else {
              unreached.insert([own[place].from, destination])
            }
            place += 1
          }
          walk.carry(core + (set - range.lowerBound) * lanes.arcs.heads.count)
        }
      }
    }
    for set in range {
      let first = (set - range.lowerBound) * lanes.arcs.heads.count
      for arc in arcs.heads.indices where reduction.coreArc[arc] >= 0 {
        let place = Int(reduction.coreArc[arc])
        loads[set - range.lowerBound][arc] += core[first + place] / reduction.physicalLinks[place]
      }
      addTrees(sets[set], unreached: unreached, to: &loads[set - range.lowerBound])
    }
    return loads
  }

  /// Adds what messages put on the trees that hang from the core.
  private func addTrees(_ demands: [Demand], unreached: Set<[Int]>, to loads: inout [Double]) {
    guard !reduction.stripped.isEmpty else { return }
    for demand in demands where demand.bytes > 0 {
      let (from, to) = (demand.from.index, demand.to.index)
      let ends = [Int(reduction.coreVertex[from]), Int(reduction.coreVertex[to])]
      guard ends[0] != ends[1], unreached.isEmpty || !unreached.contains(ends) else { continue }
      reduction.walk(from: from, to: Int(reduction.root[from])) { loads[$0] += demand.bytes / arcs.links[$0] }
      reduction.walk(from: Int(reduction.root[to]), to: to) { loads[$0] += demand.bytes / arcs.links[$0] }
    }
  }
}
