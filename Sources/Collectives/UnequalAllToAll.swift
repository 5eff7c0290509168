public import ClusterModel
public import Quantities

/// An all-to-all in which pairs of ranks exchange different amounts, such as tokens routed to experts.
///
/// Volumes of its schedules are per byte of `size`, what the rank with most to send holds.
public struct UnequalAllToAll: Sendable, Hashable {
  /// Why amounts cannot be used; the indices are those of the matrix as given.
  public enum AmountError: Error, Sendable, Hashable {
    /// There must be as many rows as ranks.
    case rows(Int, expected: Int)
    /// A row must have as many entries as there are ranks.
    case columns(Int, row: Int, expected: Int)
    /// Bytes below zero.
    case negative(Int64, row: Int, column: Int)
    /// A rank's bytes cannot be counted.
    case overflow(row: Int)
    /// More ranks than amounts are taken for.
    case tooManyRanks(Int, limit: Int)
    /// A skew must be from 1 to the number of other ranks.
    case skew(Double, ranks: Int)
    /// The groups of ranks cannot be used.
    case groups(AlgorithmError)
  }

  /// The largest number of ranks for which a matrix is taken.
  public static let rankLimit = 1024

  /// Bytes that each rank has for each other one, row by row.
  public let bytes: [[Int64]]
  /// What the rank with most for others has for them.
  public let size: Bytes

  /// Amounts by sender (row) and receiver (column).
  /// - Parameters:
  ///   - bytes: A square matrix; what a rank has for itself is not sent.
  ///   - ranks: How many ranks there are.
  /// - Throws: `AmountError` for a wrong side length and negative bytes.
  public init(bytes: [[Int64]], ranks: Int) throws(AmountError) {
    guard ranks <= UnequalAllToAll.rankLimit else {
      throw .tooManyRanks(ranks, limit: UnequalAllToAll.rankLimit)
    }
    guard bytes.count == ranks else { throw .rows(bytes.count, expected: ranks) }
    var largest: Int64 = 0
    for (row, entries) in bytes.enumerated() {
      guard entries.count == ranks else { throw .columns(entries.count, row: row, expected: ranks) }
      var sum: Int64 = 0
      for (column, amount) in entries.enumerated() {
        guard amount >= 0 else { throw .negative(amount, row: row, column: column) }
        guard column != row else { continue }
        let (next, overflowed) = sum.addingReportingOverflow(amount)
        guard !overflowed else { throw .overflow(row: row) }
        sum = next
      }
      largest = max(largest, sum)
    }
    self.bytes = bytes
    size = Bytes(largest)
  }

  /// The messages as a schedule: what leaves or enters the busiest group of each level, and the busiest rank.
  /// - Throws: `AlgorithmError.notApplicable` for another number of ranks than the matrix has.
  /// - Complexity: O(ranks² · levels).
  public func schedule(on ladder: TierLadder) throws(AlgorithmError) -> Schedule {
    try ladder.validate()
    guard ladder.ranks == bytes.count else {
      throw .notApplicable(reason: "The amounts are for \(bytes.count) ranks, not \(ladder.ranks).")
    }
    guard size.count > 0 else {
      return Schedule(
        algorithm: Pairwise.name, collective: .allToAll, ladder: ladder, phases: [], family: .pointToPoint)
    }
    let total = Double(size.count)
    let peers = bytes.indices.map { rank in bytes.indices.filter { $0 != rank && bytes[rank][$0] > 0 } }
    let outside = { (level: Int) in
      Double(
        bytes.indices.map { rank in
          let group = ladder.group(of: rank, at: level)
          return peers[rank].filter { !group.contains($0) }.count
        }.max() ?? 0)
    }
    let far = Int(outside(ladder.domainLevel))
    let phase = Schedule.Phase(
      name: "exchange", summary: "Each rank sends every other rank what it has for it, one after the other.",
      traffic: ladder.traffic(crossing: { crossing($0) / total }, class: ladder.unaligned),
      rankTraffic: BusiestRank.traffic(on: ladder, class: ladder.unaligned) { rank in
        (
          peers[rank].map { ($0, Double(bytes[rank][$0]) / total) },
          bytes.indices.filter { $0 != rank }.map { ($0, Double(bytes[$0][rank]) / total) }
        )
      },
      latency: ladder.hops(leaving: outside, class: ladder.unaligned), repeats: max(1, ladder.ranks - 1),
      peersPerRank: .init(insideDomain: Int(outside(-1)) - far, outsideDomain: far))
    return Schedule(
      algorithm: Pairwise.name, collective: .allToAll, ladder: ladder, phases: [phase], family: .pointToPoint)
  }

  /// What the rank that receives most receives from others, per byte of `size`.
  public var mostReceived: Double {
    let received = bytes.indices.map { rank in
      bytes.indices.reduce(0) { $0 + ($1 == rank ? 0 : Double(bytes[$1][rank])) }
    }
    return size.count > 0 ? (received.max() ?? 0) / Double(size.count) : 0
  }

  /// The schedule, where groups that cannot be used are faults of the amounts.
  /// - Throws: `AmountError` for another number of ranks than the matrix has.
  public func fittedSchedule(on ladder: TierLadder) throws(AmountError) -> Schedule {
    guard ladder.ranks == bytes.count else { throw .rows(bytes.count, expected: ladder.ranks) }
    do throws(AlgorithmError) {
      return try schedule(on: ladder)
    } catch {
      throw .groups(error)
    }
  }

  /// Bytes that leave a group, or enter it where that is more.
  private func crossing(_ group: Range<Int>) -> Double {
    var (out, into) = (0.0, 0.0)
    for rank in bytes.indices where !group.contains(rank) {
      for member in group {
        out += Double(bytes[member][rank])
        into += Double(bytes[rank][member])
      }
    }
    return max(out, into)
  }
}

extension UnequalAllToAll {
  /// What one rank has for another in an exchange with one hot receiver, rank 0, per byte of S.
  /// - Parameter skew: As for `schedule(skew:on:)`.
  public static func share(skew: Double, from: Int, to: Int, ranks: Int) -> Double {
    let n = Double(ranks)
    if from == 0 || ranks <= 2 { return 1 / n }
    return to == 0 ? skew / n : (1 - (skew - 1) / (n - 2)) / n
  }

  /// The schedule of an exchange in which one rank receives `skew` times what it would in an even one, and the others
  /// share the rest evenly; every rank sends S/n per peer on average, as the even one does.
  /// - Parameters:
  ///   - skew: From 1 (even) to the number of other ranks (everything goes to that rank).
  ///   - ladder: The groups of the ranks.
  /// - Throws: `AmountError.skew`, or `AmountError.groups` for groups that do not add up.
  public static func schedule(skew: Double, on ladder: TierLadder) throws(AmountError) -> Schedule {
    var schedule: Schedule
    do throws(AlgorithmError) {
      schedule = try Pairwise.schedule(for: .allToAll, on: ladder, capabilities: FabricCapabilities())
    } catch {
      throw .groups(error)
    }
    let n = Double(ladder.ranks)
    guard skew >= 1, skew <= max(n - 1, 1) else { throw AmountError.skew(skew, ranks: ladder.ranks) }
    guard ladder.ranks > 2, !schedule.phases.isEmpty else { return schedule }
    // Rank 0 is the one that receives most; a rank's messages to the n-2 others shrink by as much as that to it grows.
    let (hot, rest) = (skew / n, (1 - (skew - 1) / (n - 2)) / n)
    schedule.phases[0].traffic = ladder.traffic(
      crossing: { group in
        let (inside, others) = (Double(group.count), n - Double(group.count))
        // All ranks send the hot one `hot`; rank 0 itself sends as in an even exchange.
        guard group.lowerBound == 0 else {
          return max(inside * (hot + (others - 1) * rest), inside * ((others - 1) * rest + 1 / n))
        }
        return max((inside - 1) * others * rest + others / n, others * (hot + (inside - 1) * rest))
      }, class: ladder.unaligned)
    schedule.phases[0].rankTraffic = ladder.traffic(
      leaving: { Double(ladder.ranks - ladder.rootSize($0)) * hot }, class: ladder.unaligned)
    return schedule
  }
}
