/// A delay made ready for its Laplace transform to be taken at many places.
struct DelayTransform: Sendable {
  private indirect enum Form: Sendable {
    /// e^(−s · jump).
    case constant
    /// (1 + s · scale)^exponent.
    case gamma(scale: Double, exponent: Double)
    case mixture([(weight: Double, part: DelayTransform)])
    case sum([DelayTransform])
    case repeated(DelayTransform, counts: [Double])
  }

  /// The least time that the delay can take.
  let minimum: Double
  private let form: Form

  init(_ delay: Delay) {
    switch delay {
    case .constant(let value):
      (minimum, form) = (value, .constant)
    case .gamma(let mean, let scv) where scv > 1e-9 && mean > 0:
      (minimum, form) = (0, .gamma(scale: scv * mean, exponent: -1 / scv))
    case .gamma(let mean, let scv):
      (minimum, form) = (scv > 0 ? 0 : mean, scv > 0 ? .sum([DelayTransform(.constant(mean))]) : .constant)
    case .mixture(let parts):
      minimum = delay.minimum
      form = .mixture(parts.map { ($0.weight, DelayTransform($0.delay)) })
    case .sum(let stages):
      let parts = stages.map { DelayTransform($0) }
      (minimum, form) = (parts.reduce(0) { $0 + $1.minimum }, .sum(parts))
    case .repeated(let each, let counts):
      // By Horner's rule, from the last count on.
      (minimum, form) = (delay.minimum, .repeated(DelayTransform(each), counts: counts.reversed()))
    }
  }

  /// The transform of what exceeds a shift: `E e^(−s (T − shift))`.
  func value(at s: Complex, shift: Double) -> Complex {
    switch form {
    case .constant:
      return (-(minimum - shift) * s).exponential
    case .gamma(let scale, let exponent):
      let base = Complex(1) + scale * s
      return (exponent * base.logarithm + shift * s).exponential
    case .mixture(let parts):
      return parts.reduce(Complex(0)) { $0 + $1.weight * $1.part.value(at: s, shift: shift) }
    case .sum(let stages):
      // Each stage is taken without its own least time, so that what jumps is jumped exactly.
      let rest = shift - stages.reduce(0) { $0 + $1.minimum }
      return stages.reduce((rest * s).exponential) { $0 * $1.value(at: s, shift: $1.minimum) }
    case .repeated(let each, let counts):
      let one = each.value(at: s, shift: 0)
      let sum = counts.reduce(Complex(0)) { $0 * one + Complex($1) }
      return sum * (shift * s).exponential
    }
  }
}
