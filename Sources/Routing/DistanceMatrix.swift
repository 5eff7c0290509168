public import ClusterModel
import Dispatch
public import Quantities

/// The distances between all vertices of an explicit graph, whose cells all have size 1.
///
/// Two, four or eight bytes per pair, the least that holds the longest distance in units of the delays' greatest common
/// divisor. Equal delays are searched by hops, a bit for each destination; others by lanes.
public struct DistanceMatrix: Sendable {
  private enum Storage: Sendable {
    case narrow([Int16], unreachable: Int16)
    case medium([Int32], unreachable: Int32)
    case wide([Int64], unreachable: Int64)
  }

  /// How many vertices there are.
  public let count: Int
  private let unit: UInt64
  private let storage: Storage

  /// Finds all distances; nil where they do not fit 62 bits of picoseconds.
  /// - Parameters:
  ///   - topology: The graph.
  ///   - threads: How many blocks of destinations are worked on at once.
  /// - Complexity: O(levels · arcs · vertices / 512) words, or O(sweeps · arcs · vertices / 64) vectors, and the matrix.
  public init?(of topology: Topology, threads: Int = 1) {
    let arcs = GraphArcs(topology)
    count = arcs.count
    unit = arcs.unit
    guard let longest = arcs.longest else { return nil }
    if let lanes = LaneDistances<Int16>(arcs, longest: longest) {
      let matrix = DistanceMatrix.filled(arcs, lanes, threads: threads)
      storage = .narrow(matrix, unreachable: lanes.unreachable)
    } else if let lanes = LaneDistances<Int32>(arcs, longest: longest) {
      storage = .medium(DistanceMatrix.filled(arcs, lanes, threads: threads), unreachable: lanes.unreachable)
    } else if let lanes = LaneDistances<Int64>(arcs, longest: longest) {
      storage = .wide(DistanceMatrix.filled(arcs, lanes, threads: threads), unreachable: lanes.unreachable)
    } else {
      return nil
    }
  }

  /// The delay from one vertex to another; nil where there is no path.
  public func distance(from source: CellID, to destination: CellID) -> Latency? {
    let place = source.index * count + destination.index
    let units: Int64? =
      switch storage {
      case .narrow(let values, let none): values[place] == none ? nil : Int64(values[place])
      case .medium(let values, let none): values[place] == none ? nil : Int64(values[place])
      case .wide(let values, let none): values[place] == none ? nil : values[place]
      }
    return units.map {
      Latency(picoseconds: Int64(clamping: UInt64($0).multipliedReportingOverflow(by: unit).partialValue))
    }
  }

  private static func filled<Lane: FixedWidthInteger & SignedInteger & Sendable>(
    _ arcs: GraphArcs, _ lanes: LaneDistances<Lane>, threads: Int
  ) -> [Lane] {
    let count = arcs.count
    let isUniform = arcs.isUniform
    let width = isUniform ? HopDistances.width : LaneDistances<Lane>.width
    let blocks = (count + width - 1) / width
    return [Lane](unsafeUninitializedCapacity: count * count) { buffer, filled in
      filled = count * count
      guard let matrix = buffer.baseAddress else { return }
      nonisolated(unsafe) let rows = matrix
      Workers.run(blocks, threads: threads) { mine in
        let scratch = UnsafeMutableBufferPointer<Lane>.allocate(capacity: isUniform ? 0 : count * width)
        let stamps = UnsafeMutableBufferPointer<Int32>.allocate(capacity: isUniform ? 0 : count)
        scratch.initialize(repeating: 0)
        stamps.initialize(repeating: 0)
        defer {
          scratch.deallocate()
          stamps.deallocate()
        }
        for block in mine {
          let destinations = block * width..<min(count, (block + 1) * width)
          if isUniform {
            fill(rows, count, HopDistances(arcs: arcs), destinations, unreachable: lanes.unreachable)
          } else {
            lanes.find(to: destinations, scratch, stamps)
            for vertex in 0..<count {
              let row = rows + vertex * count + destinations.lowerBound
              for lane in 0..<destinations.count { row[lane] = scratch[vertex * width + lane] }
            }
          }
        }
      }
    }
  }

  private static func fill<Lane: FixedWidthInteger & SignedInteger>(
    _ rows: UnsafeMutablePointer<Lane>, _ count: Int, _ search: HopDistances, _ destinations: Range<Int>,
    unreachable: Lane
  ) {
    for vertex in 0..<count {
      let row = rows + vertex * count + destinations.lowerBound
      for lane in 0..<destinations.count { row[lane] = unreachable }
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
}

/// Work in blocks on several threads, each block by one of them.
enum Workers {
  /// Runs every block once.
  /// - Parameter body: Takes the blocks of one thread, which it may work through with scratch space of its own.
  static func run(_ blocks: Int, threads: Int, _ body: @Sendable ([Int]) -> Void) {
    let workers = max(1, min(threads, blocks))
    guard workers > 1 else {
      body(Array(0..<blocks))
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      body(Array(stride(from: worker, to: blocks, by: workers)))
    }
  }
}
