import Foundation

/// A complex number, as far as transforms of delays need one.
struct Complex: Sendable, Hashable {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  static func + (left: Complex, right: Complex) -> Complex {
    Complex(left.real + right.real, left.imaginary + right.imaginary)
  }

  static func - (left: Complex, right: Complex) -> Complex {
    Complex(left.real - right.real, left.imaginary - right.imaginary)
  }

  static func * (left: Complex, right: Complex) -> Complex {
    Complex(
      left.real * right.real - left.imaginary * right.imaginary,
      left.real * right.imaginary + left.imaginary * right.real)
  }

  static func * (left: Double, right: Complex) -> Complex { Complex(left * right.real, left * right.imaginary) }

  static func / (left: Complex, right: Complex) -> Complex {
    let size = right.real * right.real + right.imaginary * right.imaginary
    let product = left * Complex(right.real, -right.imaginary)
    return Complex(product.real / size, product.imaginary / size)
  }

  /// e to the power of this number.
  var exponential: Complex {
    let size = exp(real)
    return Complex(size * cos(imaginary), size * sin(imaginary))
  }

  /// A real power, by its principal value; small whole ones by multiplication.
  func power(_ exponent: Double) -> Complex {
    guard let whole = Int(exactly: exponent), abs(whole) <= 16 else { return (exponent * logarithm).exponential }
    var (result, square, left) = (Complex(1), whole < 0 ? Complex(1) / self : self, abs(whole))
    while left > 0 {
      if left % 2 == 1 { result = result * square }
      square = square * square
      left /= 2
    }
    return result
  }

  /// The principal logarithm.
  var logarithm: Complex { Complex(0.5 * log(real * real + imaginary * imaginary), atan2(imaginary, real)) }
}
