import ClusterModel
import Quantities

/// The capacities of a topology's links as whole multiples of one unit, so that flows are exact.
struct CellCapacities {
  /// Bytes per second of one unit.
  let unit: Fraction
  /// By kind of link.
  let byLink: [Int128]

  init(_ links: [LinkType]) throws(FlowError) {
    var fractions: [Fraction] = []
    for link in links {
      let rate = link.bandwidth.bytesPerSecond
      guard rate > 0, rate.isFinite else { throw .capacity(link) }
      guard let fraction = Fraction(exactly: rate) else { throw .tooFineCapacities }
      fractions.append(fraction)
    }
    let denominator = fractions.reduce(1) { max($0, $1.denominator) }
    // All denominators are powers of two, so the largest is a multiple of the others.
    var scaled: [Int128] = []
    for fraction in fractions {
      let product = fraction.numerator.multipliedReportingOverflow(by: denominator / fraction.denominator)
      guard !product.overflow else { throw .tooFineCapacities }
      scaled.append(product.partialValue)
    }
    let divisor = scaled.isEmpty ? 1 : scaled.reduce(0) { Fraction.greatestCommonDivisor($0, $1) }
    guard let unit = Fraction(divisor, over: denominator) else { throw .tooFineCapacities }
    self.unit = unit
    byLink = scaled.map { $0 / divisor }
  }
}
