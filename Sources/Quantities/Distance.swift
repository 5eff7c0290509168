/// A length of cable or a way on the ground, in metres.
public struct Distance: Hashable, Sendable {
  /// The number of metres.
  public var metres: Double

  /// Wraps a number of metres.
  public init(metres: Double) { self.metres = metres }

  /// The length in units of 1000 metres.
  public var kilometres: Double { metres / 1000 }
}

extension Distance: Comparable {
  /// Orders by length.
  public static func < (left: Distance, right: Distance) -> Bool { left.metres < right.metres }
}

extension Distance: CustomStringConvertible {
  /// The length in metres or kilometres with three significant digits: `12000 km`.
  public var description: String {
    metres < 1000
      ? "\(DecimalPrefix.significant(metres, digits: 3)) m" : "\(DecimalPrefix.significant(kilometres, digits: 3)) km"
  }
}
