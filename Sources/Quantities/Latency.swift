/// The delay of a link or a path in whole picoseconds.
///
/// Routing metrics are integers so that equal cost is exact; 64 bits hold 107 days.
public struct Latency: Hashable, Sendable {
  /// The number of picoseconds.
  public var picoseconds: Int64

  /// Wraps a number of picoseconds.
  public init(picoseconds: Int64) { self.picoseconds = picoseconds }

  /// No delay.
  public static let zero = Latency(picoseconds: 0)

  /// A delay in whole nanoseconds.
  public static func nanoseconds(_ value: Int64) -> Latency { Latency(picoseconds: value * 1000) }

  /// The delay as a real number of seconds.
  public var seconds: Seconds { Seconds(Double(picoseconds) / 1e12) }

  /// The sum of two delays; stops at the largest value rather than wrapping.
  public static func + (left: Latency, right: Latency) -> Latency {
    let (sum, overflow) = left.picoseconds.addingReportingOverflow(right.picoseconds)
    return Latency(picoseconds: overflow ? .max : sum)
  }
}

extension Latency: Comparable {
  /// Orders by delay.
  public static func < (left: Latency, right: Latency) -> Bool { left.picoseconds < right.picoseconds }
}

extension Latency: CustomStringConvertible {
  /// The delay with a decimal prefix and three significant digits: `350 ns`.
  public var description: String { seconds.description }
}
