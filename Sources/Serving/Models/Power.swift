import Foundation

/// Real powers, under a name that does not meet those of other modules.
enum Power {
  static func of(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
