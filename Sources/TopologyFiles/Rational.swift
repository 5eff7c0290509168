/// An exact fraction, so that arithmetic in counts never rounds.
struct Rational: Hashable, Sendable {
  let numerator: Int
  /// Always positive, and without a common factor with the numerator.
  let denominator: Int

  init(_ value: Int) {
    numerator = value
    denominator = 1
  }

  /// A fraction; nil for a zero denominator or one that cannot be held.
  init?(_ numerator: Int, over denominator: Int) {
    guard denominator != 0, numerator != .min, denominator != .min else { return nil }
    let divisor = Rational.commonDivisor(abs(numerator), abs(denominator))
    let sign = denominator < 0 ? -1 : 1
    self.numerator = sign * numerator / divisor
    self.denominator = abs(denominator) / divisor
  }

  /// The whole number, if it is one.
  var whole: Int? { denominator == 1 ? numerator : nil }
  /// The nearest real number.
  var real: Double { Double(numerator) / Double(denominator) }

  func adding(_ other: Rational) -> Rational? {
    guard let left = product(numerator, other.denominator), let right = product(other.numerator, denominator),
      let below = product(denominator, other.denominator)
    else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : Rational(sum, over: below)
  }

  func subtracting(_ other: Rational) -> Rational? {
    Rational(-other.numerator, over: other.denominator).flatMap(adding)
  }

  func multiplied(by other: Rational) -> Rational? {
    guard let above = product(numerator, other.numerator), let below = product(denominator, other.denominator) else {
      return nil
    }
    return Rational(above, over: below)
  }

  func divided(by other: Rational) -> Rational? {
    Rational(other.denominator, over: other.numerator).flatMap(multiplied)
  }

  private func product(_ left: Int, _ right: Int) -> Int? {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? nil : product
  }

  private static func commonDivisor(_ left: Int, _ right: Int) -> Int {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return max(1, left)
  }
}

extension Rational {
  /// Reads a decimal number such as `18`, `1_000` or `1.5`; nil for anything else and for what is too large.
  init?(decimal text: some StringProtocol) {
    let digits = String(text.filter { $0 != "_" })
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, digits.allSatisfy({ $0 == "." || ($0.isASCII && $0.isNumber) }),
      let value = Int(whole)
    else { return nil }
    guard parts.count == 2 else {
      self.init(value)
      return
    }
    var scale = 1
    var fraction = 0
    guard !parts[1].isEmpty, parts[1].count <= 9, let read = Int(parts[1]) else { return nil }
    for _ in parts[1] { scale *= 10 }
    fraction = read
    guard let sum = Rational(fraction, over: scale)?.adding(Rational(value)) else { return nil }
    self = sum
  }
}

extension Rational: CustomStringConvertible {
  /// The number as a decimal where it is one of few digits, else as a fraction.
  var description: String {
    if let whole { return "\(whole)" }
    return 1000 % denominator == 0 ? "\(real)" : "\(numerator)/\(denominator)"
  }
}
