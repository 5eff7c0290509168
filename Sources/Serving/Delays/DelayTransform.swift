import Foundation

/// A delay made ready for its Laplace transform to be taken at many places.
///
/// Parts that occur several times, such as the stages of a site that serves many populations, are taken once. Each part
/// is taken without its own least time, `E e^(−s (T − minimum))`, so that what jumps is jumped exactly.
struct DelayTransform: Sendable {
  private enum Form: Sendable {
    case constant
    /// (1 + s · scale)^exponent.
    case gamma(scale: Double, exponent: Double)
    /// Each part with its weight and what its least time exceeds that of the whole by.
    case mixture([(weight: Double, part: Int, excess: Double)])
    case product([Int])
    /// Probabilities of counts from the least that is possible on, the last first.
    case repeated(part: Int, least: Int, counts: [Double], jump: Double)
  }

  /// The parts, each after those that it consists of; the last is the whole.
  private var forms: [Form] = []
  private var minima: [Double] = []

  /// The least time that the delay can take.
  var minimum: Double { minima.last ?? 0 }

  init(_ delay: Delay) {
    var known: [Delay: Int] = [:]
    add(delay, &known)
  }

  @discardableResult private mutating func add(_ delay: Delay, _ known: inout [Delay: Int]) -> Int {
    if let index = known[delay] { return index }
    let form: Form
    switch delay {
    case .constant: form = .constant
    case .gamma(let mean, let scv):
      form = Delay.isCertain(mean: mean, scv: scv) ? .constant : .gamma(scale: scv * mean, exponent: -Self.shape(scv))
    case .mixture(let parts):
      let least = delay.minimum
      form = .mixture(
        parts.filter { $0.weight > 0 }.map {
          let part = add($0.delay, &known)
          return ($0.weight, part, minima[part] - least)
        })
    case .sum(let stages): form = .product(stages.map { add($0, &known) })
    case .repeated(let each, let counts):
      let part = add(each, &known)
      let least = counts.firstIndex { $0 > 0 } ?? 0
      form = .repeated(part: part, least: least, counts: counts.dropFirst(least).reversed(), jump: minima[part])
    }
    forms.append(form)
    minima.append(delay.minimum)
    known[delay] = forms.count - 1
    return forms.count - 1
  }

  /// The reciprocal, whole where it is but for rounding, as whole powers are quick.
  private static func shape(_ scv: Double) -> Double {
    let shape = 1 / scv
    return abs(shape - shape.rounded()) < 1e-12 * shape ? shape.rounded() : shape
  }

  /// The transform of what exceeds the least time, at places in a row one step apart.
  func values(from first: Complex, step: Double, count: Int) -> [Complex] {
    let places = (0..<count).map { Complex(first.real, first.imaginary + Double($0) * step) }
    let one = [Complex](repeating: Complex(1), count: count)
    /// `e^(−s jump)` at all places, each from the one before.
    func jumps(_ jump: Double) -> [Complex] {
      guard jump != 0 else { return one }
      var value = (-jump * first).exponential
      let turn = Complex(0, -jump * step).exponential
      return (0..<count).map { _ in
        defer { value = value * turn }
        return value
      }
    }
    var values: [[Complex]] = []
    values.reserveCapacity(forms.count)
    for form in forms {
      switch form {
      case .constant: values.append(one)
      case .gamma(let scale, let exponent):
        values.append(places.map { (Complex(1) + scale * $0).power(exponent) })
      case .mixture(let parts):
        var sum = [Complex](repeating: Complex(0), count: count)
        for (weight, part, excess) in parts {
          let jumps = jumps(excess)
          for index in 0..<count { sum[index] = sum[index] + weight * (values[part][index] * jumps[index]) }
        }
        values.append(sum)
      case .product(let parts):
        var product = one
        for part in parts {
          if case .constant = forms[part] { continue }
          for index in 0..<count { product[index] = product[index] * values[part][index] }
        }
        values.append(product)
      case .repeated(let part, let least, let counts, let jump):
        let jumps = jumps(jump)
        values.append(
          (0..<count).map { index in
            // By Horner's rule, from the last count on.
            let turn = values[part][index] * jumps[index]
            let sum = counts.reduce(Complex(0)) { $0 * turn + Complex($1) }
            return sum * values[part][index].power(Double(least))
          })
      }
    }
    return values.last ?? one
  }
}
