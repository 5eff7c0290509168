/// Real numbers with a decimal prefix, as people read them.
public enum DecimalPrefix {
  private static let prefixes: [(exponent: Int, name: String)] = [
    (18, "E"), (15, "P"), (12, "T"), (9, "G"), (6, "M"), (3, "k"), (0, ""), (-3, "m"), (-6, "µ"), (-9, "n"), (-12, "p"),
  ]

  /// A number with a decimal prefix and a unit: `format(9e11, unit: "B/s")` is `900 GB/s`.
  /// - Parameters:
  ///   - value: The number in the plain unit.
  ///   - unit: The unit without a prefix.
  ///   - digits: How many significant digits to show.
  public static func format(_ value: Double, unit: String, digits: Int = 3) -> String {
    // Less than a thousandth of the smallest prefix is nothing to a reader.
    guard value.isFinite, abs(value) >= powerOfTen(-15) else {
      return value.isFinite ? "0 \(unit)" : "\(value) \(unit)"
    }
    var rounded = round(value, digits: digits)
    for prefix in prefixes where abs(rounded) >= powerOfTen(prefix.exponent) || prefix.exponent == -12 {
      rounded /= powerOfTen(prefix.exponent)
      return "\(significant(rounded, digits: digits)) \(prefix.name)\(unit)"
    }
    return "\(value) \(unit)"
  }

  /// A number with so many significant digits and no exponent: `significant(18.734, digits: 3)` is `18.7`.
  public static func significant(_ value: Double, digits: Int) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let rounded = round(value, digits: digits)
    let decimals = max(0, digits - 1 - exponent(of: rounded))
    return fixed(rounded, decimals: decimals)
  }

  /// A number with so many decimals: `fixed(2, decimals: 2)` is `2.00`.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 9e15 else { return "\(value)" }
    let scale = powerOfTen(decimals)
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e18, scale < 9e18 else { return "\(value)" }
    let whole = Int64(scaled)
    let unit = Int64(scale)
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % unit)
    return "\(sign)\(whole / unit).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }

  private static func round(_ value: Double, digits: Int) -> Double {
    let shift = digits - 1 - exponent(of: value)
    // A power of ten beyond what a number holds could round nothing; so small a value stays as it is.
    guard shift < 300 else { return value }
    return shift >= 0
      ? (value * powerOfTen(shift)).rounded() / powerOfTen(shift)
      : (value / powerOfTen(-shift)).rounded() * powerOfTen(-shift)
  }

  private static func exponent(of value: Double) -> Int {
    var exponent = 0
    var rest = abs(value)
    guard rest > 0, rest.isFinite else { return 0 }
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= 10 }
    return exponent < 0 ? 1 / result : result
  }
}
