/// An electric power in watts.
public struct Power: Hashable, Sendable {
  /// Watts.
  public var watts: Double

  /// Wraps a power in watts.
  public init(watts: Double) { self.watts = watts }
}

extension Power: Comparable {
  /// Orders by watts.
  public static func < (left: Power, right: Power) -> Bool { left.watts < right.watts }
}

extension Power: CustomStringConvertible {
  /// The power with a decimal prefix and three significant digits: `1.20 kW`.
  public var description: String { DecimalPrefix.format(watts, unit: "W") }
}

extension Power: UnitParsable {
  private static let units = UnitTable(
    factors: [("W", 1), ("kW", 1e3), ("MW", 1e6), ("GW", 1e9)], suggestions: ["W", "kW", "MW"])

  /// Reads a power such as `1400 W`.
  /// - Throws: `QuantityError` when the text is not a power.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    self.init(watts: try Power.units.parse(text))
  }

  /// Whether the power is zero.
  public var isZero: Bool { watts == 0 }
}
