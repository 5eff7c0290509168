/// Why a text is not a quantity.
public enum QuantityError: Error, Hashable, Sendable {
  /// The text does not begin with a number.
  case notANumber
  /// A number without a unit; the units that would do.
  case missingUnit(suggestions: [String])
  /// A unit that is not known for this kind of quantity; the units that would do.
  case unknownUnit(String, suggestions: [String])
  /// A number below zero.
  case negative
  /// A number that is infinite, not a number, or too large for the type.
  case outOfRange
  /// A part of something that comes whole, such as a byte.
  case notWhole
}

/// A quantity that is written as a number and a unit.
public protocol UnitParsable {
  /// Reads the quantity from a text such as `900 GB/s`.
  /// - Throws: `QuantityError` when the text is not such a quantity.
  init(parsing text: some StringProtocol) throws(QuantityError)

  /// Whether there is nothing of it.
  var isZero: Bool { get }
}

struct UnitTable {
  let factors: [(unit: String, factor: Double)]
  let suggestions: [String]

  func parse(_ text: some StringProtocol) throws(QuantityError) -> Double {
    let trimmed = text.trimmed
    let numeral = trimmed.prefix { $0.isASCII && ($0.isNumber || "+-.eE_".contains($0)) }
    var digits = String(numeral)
    // An `E` that starts the unit (EB, EiB) is not an exponent.
    while let last = digits.last, "eE".contains(last) { digits.removeLast() }
    guard let number = Double(digits.replacingUnderscores) else { throw .notANumber }
    guard number.isFinite else { throw .outOfRange }
    guard number >= 0 else { throw .negative }
    let unit = String(trimmed.dropFirst(digits.count).trimmed)
    guard !unit.isEmpty else { throw .missingUnit(suggestions: suggestions.map { "\(digits) \($0)" }) }
    guard let entry = factors.first(where: { $0.unit == unit }) else {
      throw .unknownUnit(unit, suggestions: suggestions)
    }
    let value = number * entry.factor
    guard value.isFinite else { throw .outOfRange }
    return value
  }
}

extension StringProtocol {
  var trimmed: SubSequence {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
    return self[start..<end]
  }

  var replacingUnderscores: String { String(filter { $0 != "_" }) }
}

private typealias Prefixes = [(name: String, factor: Double)]

private let decimal: Prefixes = [
  ("", 1), ("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18),
]
private let binary: Prefixes = [
  ("Ki", 1024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("Ti", 1_099_511_627_776), ("Pi", 1_125_899_906_842_624),
]

private func units(_ prefixes: Prefixes, _ unit: String, per factor: Double = 1) -> [(unit: String, factor: Double)] {
  prefixes.map { (unit: $0.name + unit, factor: $0.factor / factor) }
}

private let byteUnits = UnitTable(
  factors: units(decimal, "B") + units(binary, "B"), suggestions: ["B", "KiB", "MiB", "GB", "GiB"])

private let bandwidthUnits = UnitTable(
  factors: units(decimal, "B/s") + units(binary, "B/s") + units(decimal, "b/s", per: 8)
    + units(decimal, "bit/s", per: 8) + units(decimal, "bps", per: 8),
  suggestions: ["GB/s", "Gb/s"])

private let timeUnits = UnitTable(
  factors: [("ps", 1), ("ns", 1e3), ("us", 1e6), ("µs", 1e6), ("μs", 1e6), ("ms", 1e9), ("s", 1e12)],
  suggestions: ["ns", "us", "ms"])

private let distanceUnits = UnitTable(factors: [("m", 1), ("km", 1e3)], suggestions: ["m", "km"])

extension Bytes: UnitParsable {
  /// Reads a size such as `64KiB`, `1 GB` or `8B`.
  /// - Throws: `QuantityError` when the text is not a size, or is a fraction of a byte.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    let value = try byteUnits.parse(text)
    guard value < 9.2e18 else { throw .outOfRange }
    // A decimal such as 1.1 GB is a whole number of bytes but for the rounding of its product.
    guard abs(value - value.rounded()) <= 1e-12 * value else { throw .notWhole }
    self.init(Int64(value.rounded()))
  }

  /// Whether there is no byte.
  public var isZero: Bool { count == 0 }
}

extension Bandwidth: UnitParsable {
  /// Reads a rate such as `900 GB/s` (bytes) or `400 Gb/s` (bits).
  /// - Throws: `QuantityError` when the text is not a rate.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    self.init(bytesPerSecond: try bandwidthUnits.parse(text))
  }

  /// Whether nothing moves.
  public var isZero: Bool { bytesPerSecond == 0 }
}

extension Latency: UnitParsable {
  /// Reads a delay such as `350 ns` or `1.5us`.
  /// - Throws: `QuantityError` when the text is not a delay or exceeds 107 days.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    let value = try timeUnits.parse(text).rounded()
    guard value < 9.2e18 else { throw .outOfRange }
    self.init(picoseconds: Int64(value))
  }

  /// Whether there is no delay.
  public var isZero: Bool { picoseconds == 0 }
}

extension Seconds: UnitParsable {
  /// Reads a time such as `12 us` or `0.3 ms`.
  /// - Throws: `QuantityError` when the text is not a time.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    self.init(try timeUnits.parse(text) / 1e12)
  }

  /// Whether it takes no time.
  public var isZero: Bool { value == 0 }
}

extension Distance: UnitParsable {
  /// Reads a length such as `12000 km` or `30 m`.
  /// - Throws: `QuantityError` when the text is not a length.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    self.init(metres: try distanceUnits.parse(text))
  }

  /// Whether there is no length.
  public var isZero: Bool { metres == 0 }
}
