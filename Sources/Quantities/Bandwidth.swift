/// A data rate of one direction of a link, in bytes per second.
public struct Bandwidth: Hashable, Sendable {
  /// Bytes per second.
  public var bytesPerSecond: Double

  /// Wraps a rate in bytes per second.
  public init(bytesPerSecond: Double) { self.bytesPerSecond = bytesPerSecond }

  /// A rate in units of 10⁹ bytes per second.
  public static func gigabytesPerSecond(_ value: Double) -> Bandwidth { Bandwidth(bytesPerSecond: value * 1e9) }

  /// A rate in units of 10⁹ bits per second.
  public static func gigabitsPerSecond(_ value: Double) -> Bandwidth { Bandwidth(bytesPerSecond: value * 1e9 / 8) }

  /// The rate in units of 10⁹ bytes per second.
  public var gigabytesPerSecond: Double { bytesPerSecond / 1e9 }

  /// The rate in units of 10⁹ bits per second.
  public var gigabitsPerSecond: Double { bytesPerSecond * 8 / 1e9 }

  /// No data at all; the capacity of a failed link.
  public static let zero = Bandwidth(bytesPerSecond: 0)

  /// The rate multiplied by a share or a count.
  public static func * (rate: Bandwidth, factor: Double) -> Bandwidth {
    Bandwidth(bytesPerSecond: rate.bytesPerSecond * factor)
  }

  /// How many times the right rate the left one is.
  public static func / (left: Bandwidth, right: Bandwidth) -> Double { left.bytesPerSecond / right.bytesPerSecond }

  /// The sum of two rates.
  public static func + (left: Bandwidth, right: Bandwidth) -> Bandwidth {
    Bandwidth(bytesPerSecond: left.bytesPerSecond + right.bytesPerSecond)
  }
}

extension Bandwidth: Comparable {
  /// Orders by bytes per second.
  public static func < (left: Bandwidth, right: Bandwidth) -> Bool { left.bytesPerSecond < right.bytesPerSecond }
}

extension Bandwidth: CustomStringConvertible {
  /// The rate in bytes with a decimal prefix and three significant digits: `900 GB/s`.
  public var description: String { DecimalPrefix.format(bytesPerSecond, unit: "B/s") }
}
