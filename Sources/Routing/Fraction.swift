/// An exact fraction of 128-bit integers in lowest terms.
///
/// Arithmetic whose result does not fit gives nil; nothing wraps or rounds.
public struct Fraction: Hashable, Sendable {
  /// The number above the line.
  public let numerator: Int128
  /// The number below the line; at least 1.
  public let denominator: Int128

  /// A whole number.
  public init(_ value: Int) {
    numerator = Int128(value)
    denominator = 1
  }

  /// A quotient in lowest terms; nil where the divisor is zero or a sign does not fit.
  public init?(_ numerator: Int128, over denominator: Int128) {
    guard denominator != 0, numerator != .min, denominator != .min else { return nil }
    let divisor = Fraction.greatestCommonDivisor(numerator, denominator)
    let sign: Int128 = denominator < 0 ? -1 : 1
    self.numerator = sign * (numerator / divisor)
    self.denominator = sign * (denominator / divisor)
  }

  /// The value of a floating-point number, which is a fraction itself; nil where it is not finite or does not fit.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    guard value != 0 else {
      self.init(0)
      return
    }
    var significand = Int128(value.significand * 0x1p52) * (value < 0 ? -1 : 1)
    let zeros = significand.trailingZeroBitCount
    significand >>= Int128(zeros)
    let exponent = Int(value.exponent) - 52 + zeros
    guard abs(exponent) < 70 else { return nil }
    if exponent >= 0 {
      self.init(significand << Int128(exponent), over: 1)
    } else {
      self.init(significand, over: 1 << Int128(-exponent))
    }
  }

  /// The nearest floating-point number.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The product; nil where it does not fit.
  public func times(_ other: Fraction) -> Fraction? {
    // Dividing crosswise first keeps what fits from overflowing on the way.
    guard let left = Fraction(numerator, over: other.denominator),
      let right = Fraction(other.numerator, over: denominator)
    else { return nil }
    let above = left.numerator.multipliedReportingOverflow(by: right.numerator)
    let below = left.denominator.multipliedReportingOverflow(by: right.denominator)
    return above.overflow || below.overflow ? nil : Fraction(above.partialValue, over: below.partialValue)
  }

  /// The quotient; nil where the divisor is zero or the result does not fit.
  public func divided(by other: Fraction) -> Fraction? {
    Fraction(other.denominator, over: other.numerator).flatMap { times($0) }
  }

  static func greatestCommonDivisor(_ one: Int128, _ other: Int128) -> Int128 {
    var (large, small) = (abs(one), abs(other))
    while small != 0 { (large, small) = (small, large % small) }
    return max(large, 1)
  }
}

extension Fraction: Comparable {
  /// Whether one value is below another; exact, without forming products that might not fit.
  public static func < (left: Fraction, right: Fraction) -> Bool {
    var (a, b, c, d) = (left.numerator, left.denominator, right.numerator, right.denominator)
    // Compares whole parts, then the reciprocals of what is left over, as in Euclid's algorithm.
    var isSwapped = false
    while true {
      let (one, other) = (floor(a, b), floor(c, d))
      if one != other { return isSwapped ? other < one : one < other }
      (a, c) = (a - one * b, c - other * d)
      if a == 0 || c == 0 { return isSwapped ? c == 0 && a != 0 : a == 0 && c != 0 }
      (a, b, c, d) = (b, a, d, c)
      isSwapped.toggle()
    }
  }

  private static func floor(_ value: Int128, _ divisor: Int128) -> Int128 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

extension Fraction: CustomStringConvertible {
  /// The fraction as `25/3`; whole numbers without a line.
  public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
