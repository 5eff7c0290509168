import ClusterModel
import Quantities

/// The capacities of a topology's links as whole multiples of one unit, so that flows are exact.
struct CellCapacities {
  /// Bytes per second of one unit.
  let unit: Fraction
  /// By kind of link.
  let byLink: [Int128]

  init(_ topology: Topology) throws(FlowError) {
    var fractions: [Fraction] = []
    for link in topology.linkTypes {
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

  /// What all links of an arc carry together, in units; nil where it does not fit.
  func total(_ arc: Topology.Arc, in topology: Topology) -> Int128? {
    let links = Int128(arc.linksPerMember) * Int128(topology.cells[arc.from.index].size)
    let (total, overflow) = links.multipliedReportingOverflow(by: byLink[arc.link])
    return overflow ? nil : total
  }
}
