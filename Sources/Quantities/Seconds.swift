/// A time or time span in seconds, as a real number: what estimates are made of.
public struct Seconds: Hashable, Sendable {
  /// The number of seconds.
  public var value: Double

  /// Wraps a number of seconds.
  public init(_ value: Double) { self.value = value }

  /// No time.
  public static let zero = Seconds(0)

  /// A time in microseconds.
  public static func microseconds(_ value: Double) -> Seconds { Seconds(value * 1e-6) }

  /// The time in microseconds.
  public var microseconds: Double { value * 1e6 }

  /// The sum of two times.
  public static func + (left: Seconds, right: Seconds) -> Seconds { Seconds(left.value + right.value) }

  /// Adds a time in place.
  public static func += (left: inout Seconds, right: Seconds) { left.value += right.value }

  /// The difference of two times.
  public static func - (left: Seconds, right: Seconds) -> Seconds { Seconds(left.value - right.value) }

  /// The time multiplied by a count or a share.
  public static func * (time: Seconds, factor: Double) -> Seconds { Seconds(time.value * factor) }

  /// How many times the right time the left one is.
  public static func / (left: Seconds, right: Seconds) -> Double { left.value / right.value }
}

extension Seconds: Comparable {
  /// Orders by duration.
  public static func < (left: Seconds, right: Seconds) -> Bool { left.value < right.value }
}

extension Seconds: CustomStringConvertible {
  /// The time with a decimal prefix and three significant digits: `18.7 ms`.
  public var description: String { DecimalPrefix.format(value, unit: "s") }
}

extension Bytes {
  /// The time that the size takes at a rate.
  public static func / (size: Bytes, rate: Bandwidth) -> Seconds {
    Seconds(Double(size.count) / rate.bytesPerSecond)
  }

  /// The rate at which the size moves in a time.
  public static func / (size: Bytes, time: Seconds) -> Bandwidth {
    Bandwidth(bytesPerSecond: Double(size.count) / time.value)
  }
}
