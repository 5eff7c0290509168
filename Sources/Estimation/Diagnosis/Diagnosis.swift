public import ClusterModel
public import Collectives
public import Quantities

/// A log set against the estimate, row by row, and what explains the difference.
public struct Diagnosis: Sendable {
  /// What a row is found to be.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// Inside the interval that holds nine in ten healthy clusters.
    case ok
    /// Slower than that.
    case slow
    /// Faster than that.
    case fast
    /// Not to be judged; the row says why.
    case unusable
  }

  /// One size of one table.
  public struct Row: Sendable, Hashable {
    /// Which of the log's tables, from 0.
    public var table: Int
    /// The collective; nil where the log does not tell.
    public var collective: Collective?
    /// The size.
    public var bytes: Bytes
    /// The mean of the measured times in place and out of place; nil where there is none.
    public var measured: Seconds?
    /// The estimate; nil for a row that cannot be judged.
    public var expected: Seconds?
    /// Holds nine in ten healthy clusters; nil for a row that cannot be judged.
    public var interval: ClosedRange<Seconds>?
    /// What the row is found to be.
    public var verdict: Verdict
    /// Why the row cannot be judged; nil where it can.
    public var reason: String?

    /// Measured over expected time.
    public var ratio: Double? {
      guard let measured, let expected, expected > .zero else { return nil }
      return measured / expected
    }

    /// |expected − measured| over measured.
    public var error: Double? {
      guard let measured, let expected, measured > .zero else { return nil }
      return abs(expected / measured - 1)
    }
  }

  /// Something found.
  public struct Finding: Sendable, Hashable {
    /// Its stable name: `nic-missing`.
    public var id: String
    /// One or more sentences.
    public var message: String
    /// The tier that the shortfall fits; nil where it fits none.
    public var tier: Tier?
    /// Rise of the logarithm of the likelihood over that of a healthy cluster; nil for what needs no weighing.
    public var gain: Double?
  }

  /// What the log was set against.
  public var subject: Subject
  /// The library profile's name.
  public var library: String
  /// Ranks of the estimate.
  public var ranks: Int
  /// The rows in the order of the tables and sizes.
  public var rows: [Row]
  /// What was found, the likeliest first.
  public var findings: [Finding]
  /// Choices that were made in reading the log.
  public var remarks: [String]

  /// Rows that could be judged.
  public var judged: [Row] { rows.filter { $0.verdict != .unusable } }

  /// The median of the rows' errors in a regime; nil without rows.
  public func medianAbsoluteError(_ regime: MessageRegime) -> Double? {
    judged.filter { MessageRegime($0.bytes) == regime }.compactMap(\.error).median
  }

  /// The measured over the expected bus bandwidth of large sizes: the median over the rows from 64 MiB, else over those
  /// of the largest regime that has any; nil without rows.
  public var bandwidthRatio: Double? {
    for regime in [MessageRegime.large, .medium, .small] {
      let ratios = judged.filter { MessageRegime($0.bytes) == regime }.compactMap { $0.ratio.map { 1 / $0 } }
      if let median = ratios.median { return median }
    }
    return nil
  }
}

extension [Double] {
  /// The middle of the sorted values; nil where there are none.
  var median: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
