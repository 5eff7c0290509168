public import ClusterModel
import Matrices
public import Quantities

/// The distances between all vertices of an explicit graph, whose cells all have size 1.
///
/// Two, four or eight bytes per pair, the least that holds the longest distance in units of the delays' greatest common
/// divisor. Searched is the graph's core, without hanging trees and with one of each set of twins; equal delays are
/// searched by hops, a bit for each destination; others by lanes.
public struct DistanceMatrix: Sendable {
  private enum Storage: Sendable {
    case narrow(Distances<Int16>)
    case medium(Distances<Int32>)
    case wide(Distances<Int64>)
  }

  /// How many vertices there are.
  public let count: Int
  private let unit: UInt64
  private let storage: Storage

  /// Finds all distances; nil where they do not fit 62 bits of picoseconds.
  /// - Parameters:
  ///   - topology: The graph.
  ///   - threads: How many blocks of destinations are worked on at once.
  /// - Complexity: O(levels · arcs · vertices / 512) words, or O(sweeps · arcs · vertices / 64) vectors, of the core, and
  ///   the matrix.
  public init?(of topology: Topology, threads: Int = 1) {
    let arcs = GraphArcs(topology)
    count = arcs.count
    unit = arcs.unit
    guard let longest = arcs.longest else { return nil }
    let reduction = GraphReduction(arcs)
    if let lanes = LaneDistances<Int16>(reduction.core, longest: longest) {
      storage = .narrow(Distances(reduction, lanes, threads: threads))
    } else if let lanes = LaneDistances<Int32>(reduction.core, longest: longest) {
      storage = .medium(Distances(reduction, lanes, threads: threads))
    } else if let lanes = LaneDistances<Int64>(reduction.core, longest: longest) {
      storage = .wide(Distances(reduction, lanes, threads: threads))
    } else {
      return nil
    }
  }

  /// The delay from one vertex to another; nil where there is no path.
  public func distance(from source: CellID, to destination: CellID) -> Latency? {
    precondition(source.index < count && destination.index < count, "a vertex outside the graph")
    let place = source.index * count + destination.index
    let units: Int64? =
      switch storage {
      case .narrow(let distances): distances[place].map { Int64($0) }
      case .medium(let distances): distances[place].map { Int64($0) }
      case .wide(let distances): distances[place]
      }
    return units.map {
      Latency(picoseconds: Int64(clamping: UInt64($0).multipliedReportingOverflow(by: unit).partialValue))
    }
  }
}

/// A matrix of distances in lanes of one width, by source and destination.
private struct Distances<Lane: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
  private let values: [Lane]
  private let unreachable: Lane

  subscript(place: Int) -> Lane? { values[place] == unreachable ? nil : values[place] }

  init(_ reduction: GraphReduction, _ lanes: LaneDistances<Lane>, threads: Int) {
    unreachable = lanes.unreachable
    let core = Distances.searched(reduction.core, lanes, threads: threads)
    values = reduction.isTrivial ? core : Distances.spread(core, reduction, lanes, threads: threads)
  }

  /// The distances in the core.
  private static func searched(_ arcs: GraphArcs, _ lanes: LaneDistances<Lane>, threads: Int) -> [Lane] {
    let count = arcs.count
    let isUniform = arcs.isUniform
    let width = isUniform ? HopDistances.width : LaneDistances<Lane>.width
    let blocks = (count + width - 1) / width
    return [Lane](unsafeUninitializedCapacity: count * count) { buffer, filled in
      filled = count * count
      guard let matrix = buffer.baseAddress else { return }
      // Every block writes the columns of its own destinations, so that no element has two writers.
      nonisolated(unsafe) let rows = matrix
      Workers.run(blocks, threads: threads) { mine in
        let scratch = LaneDistances<Lane>.Scratch(isUniform ? 0 : count)
        defer { scratch.deallocate() }
        for block in mine {
          let destinations = block * width..<min(count, (block + 1) * width)
          if isUniform {
            fill(rows, count, HopDistances(arcs: arcs), destinations, unreachable: lanes.unreachable)
          } else {
            lanes.find(to: destinations, scratch)
            for vertex in 0..<count {
              let row = rows + vertex * count + destinations.lowerBound
              row.update(from: scratch.lanes + vertex * width, count: destinations.count)
            }
          }
        }
      }
    }
  }

  private static func fill(
    _ rows: UnsafeMutablePointer<Lane>, _ count: Int, _ search: HopDistances, _ destinations: Range<Int>,
    unreachable: Lane
  ) {
    for vertex in 0..<count {
      (rows + vertex * count + destinations.lowerBound).update(repeating: unreachable, count: destinations.count)
    }
    search.find(to: destinations) { hops, vertex, word, bits in
      let row = rows + vertex * count + destinations.lowerBound + 64 * word
      let distance = Lane(truncatingIfNeeded: hops)
      var bits = bits
      while bits != 0 {
        row[bits.trailingZeroBitCount] = distance
        bits &= bits - 1
      }
    }
  }

  /// The distances between all vertices from those of the core.
  private static func spread(
    _ core: [Lane], _ reduction: GraphReduction, _ lanes: LaneDistances<Lane>, threads: Int
  ) -> [Lane] {
    let count = reduction.coreVertex.count
    let width = reduction.core.count
    let unreachable = lanes.unreachable
    let between = lanes.betweenTwins { core[$0 * width + $1] }
    let rise = reduction.rise.map { Lane(truncatingIfNeeded: $0) }
    let fall = reduction.fall.map { Lane(truncatingIfNeeded: $0) }
    // By vertex of the core: the vertices that it stands for, or that hang from those.
    let members = reduction.members
    return [Lane](unsafeUninitializedCapacity: count * count) { buffer, filled in
      filled = count * count
      guard let matrix = buffer.baseAddress else { return }
      // Every source's row is written by one thread.
      nonisolated(unsafe) let rows = matrix
      Workers.run(count, threads: threads) { mine in
        core.withUnsafeBufferPointer { core in
          reduction.coreVertex.withUnsafeBufferPointer { places in
            fall.withUnsafeBufferPointer { fall in
              for source in mine {
                let row = rows + source * count
                let own = Int(places[source])
                let base = UnsafeBufferPointer(rebasing: core[own * width..<(own + 1) * width])
                for vertex in 0..<count {
                  let middle = base[Int(places[vertex])]
                  row[vertex] = middle == unreachable ? unreachable : middle &+ rise[source] &+ fall[vertex]
                }
                for vertex in members[own] {
                  if reduction.root[vertex] == reduction.root[source] {
                    row[vertex] = Lane(truncatingIfNeeded: reduction.distance(from: source, to: vertex))
                  } else {
                    let middle = between[own]
                    row[vertex] = middle == unreachable ? unreachable : middle &+ rise[source] &+ fall[vertex]
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
