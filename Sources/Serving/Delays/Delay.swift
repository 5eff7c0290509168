import Foundation

/// A random time of a stage or of a whole request, in seconds.
///
/// Delays are added, mixed and repeated as such, so that percentiles are those of the sum and never sums of percentiles.
public indirect enum Delay: Sendable, Hashable {
  /// One case of several.
  public struct Part: Sendable, Hashable {
    /// Its probability; those of all cases sum to one.
    public var weight: Double
    /// Its time.
    public var delay: Delay

    /// A case of its parts.
    public init(weight: Double, delay: Delay) {
      self.weight = weight
      self.delay = delay
    }
  }

  /// Always the same time.
  case constant(Double)
  /// A gamma distribution by its mean and its squared coefficient of variation; 1 is exponential.
  case gamma(mean: Double, scv: Double)
  /// One of several cases.
  case mixture([Part])
  /// Independent stages one after another.
  case sum([Delay])
  /// Independent times one after another, as many as a random count: probabilities of 0, 1, 2, … times.
  case repeated(Delay, counts: [Double])

  /// The mean in seconds.
  public var mean: Double {
    switch self {
    case .constant(let value): value
    case .gamma(let mean, _): mean
    case .mixture(let parts): parts.reduce(0) { $0 + $1.weight * $1.delay.mean }
    case .sum(let stages): stages.reduce(0) { $0 + $1.mean }
    case .repeated(let delay, let counts): delay.mean * Delay.moments(of: counts).mean
    }
  }

  /// The variance in square seconds.
  public var variance: Double {
    switch self {
    case .constant: return 0
    case .gamma(let mean, let scv): return mean * mean * scv
    case .mixture(let parts):
      let middle = mean
      return parts.reduce(0) {
        let off = $1.delay.mean - middle
        return $0 + $1.weight * ($1.delay.variance + off * off)
      }
    case .sum(let stages): return stages.reduce(0) { $0 + $1.variance }
    case .repeated(let delay, let counts):
      let (mean, variance) = Delay.moments(of: counts)
      return mean * delay.variance + variance * delay.mean * delay.mean
    }
  }

  /// The least time that it can take.
  public var minimum: Double {
    switch self {
    case .constant(let value): value
    case .gamma(let mean, let scv): Delay.isCertain(mean: mean, scv: scv) ? mean : 0
    case .mixture(let parts): parts.filter { $0.weight > 0 }.map(\.delay.minimum).min() ?? 0
    case .sum(let stages): stages.reduce(0) { $0 + $1.minimum }
    case .repeated(let delay, let counts): Double(counts.firstIndex { $0 > 0 } ?? 0) * delay.minimum
    }
  }

  /// Whether a gamma distribution is as good as its mean.
  static func isCertain(mean: Double, scv: Double) -> Bool { scv <= 1e-9 || mean <= 0 }

  /// The time of this and then of another, independent one.
  public static func + (left: Delay, right: Delay) -> Delay { .sum([left, right]) }

  private static func moments(of counts: [Double]) -> (mean: Double, variance: Double) {
    let mean = counts.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    let square = counts.enumerated().reduce(0) { $0 + Double($1.offset * $1.offset) * $1.element }
    return (mean, square - mean * mean)
  }
}
