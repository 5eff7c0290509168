/// A rate of arithmetic in operations per second.
public struct OperationRate: Hashable, Sendable {
  /// Operations per second.
  public var operationsPerSecond: Double

  /// Wraps a rate in operations per second.
  public init(operationsPerSecond: Double) { self.operationsPerSecond = operationsPerSecond }
}

extension OperationRate: Comparable {
  /// Orders by operations per second.
  public static func < (left: OperationRate, right: OperationRate) -> Bool {
    left.operationsPerSecond < right.operationsPerSecond
  }
}

extension OperationRate: CustomStringConvertible {
  /// The rate with a decimal prefix and three significant digits: `2.50 PFLOPS`.
  public var description: String { DecimalPrefix.format(operationsPerSecond, unit: "FLOPS") }
}

extension OperationRate: UnitParsable {
  private static let units = UnitTable(
    factors: [
      ("FLOPS", 1), ("MFLOPS", 1e6), ("GFLOPS", 1e9), ("TFLOPS", 1e12), ("PFLOPS", 1e15), ("EFLOPS", 1e18),
    ],
    suggestions: ["TFLOPS", "PFLOPS"])

  /// Reads a rate such as `989 TFLOPS`.
  /// - Throws: `QuantityError` when the text is not a rate of arithmetic.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    self.init(operationsPerSecond: try OperationRate.units.parse(text))
  }

  /// Whether the rate is zero.
  public var isZero: Bool { operationsPerSecond == 0 }
}
