import Foundation

extension Delay {
  /// Terms of the alternating series before its average is taken, and terms that are averaged.
  private static let (terms, averaged) = (24, 12)
  /// Decides the error of discretisation, e^−18.4 = 1e−8.
  private static let decades = 18.4

  private static let binomials: [Double] = {
    var row = [1.0]
    for _ in 0..<averaged { row = zip([0] + row, row + [0]).map(+) }
    let total = row.reduce(0, +)
    return row.map { $0 / total }
  }()

  /// The probability that it takes longer than a time.
  ///
  /// By the numerical inversion of the Laplace transform of Abate and Whitt (1995), with an error of about 1e-8 where
  /// the distribution is smooth.
  public func tail(_ time: Double) -> Double {
    let transform = DelayTransform(self)
    let excess = time - transform.minimum
    if excess < 0 { return 1 }
    guard variance > 0 else { return 0 }
    return excess > 0
      ? Delay.inversion(at: excess, of: transform).tail : Delay.aboveMinimum(mean: mean, of: transform)
  }

  /// The probability of more than the least time.
  private static func aboveMinimum(mean: Double, of transform: DelayTransform) -> Double {
    let far = Complex(1e12 / max(mean, 1e-9))
    return min(1, max(0, 1 - (transform.values(from: far, step: 0, count: 1).first?.real ?? 0)))
  }

  /// The probability of more than the least time and an excess above zero, and the density there.
  private static func inversion(at excess: Double, of transform: DelayTransform) -> (tail: Double, density: Double) {
    let first = Complex(decades / (2 * excess))
    let step = Double.pi / excess
    let values = transform.values(from: first, step: step, count: terms + averaged + 1)
    var (tail, density) = (0.0, 0.0)
    var (tailMean, densityMean) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      let weight = (index == 0 ? 0.5 : 1) * (index.isMultiple(of: 2) ? 1.0 : -1)
      tail += weight * ((Complex(1) - value) / Complex(first.real, Double(index) * step)).real
      density += weight * value.real
      guard index >= terms else { continue }
      tailMean += binomials[index - terms] * tail
      densityMean += binomials[index - terms] * density
    }
    let scale = exp(decades / 2) / excess
    return (min(1, max(0, scale * tailMean)), scale * densityMean)
  }

  /// The time that a share of all does not exceed.
  /// - Parameter share: Above 0 and below 1.
  public func percentile(_ share: Double) -> Double { percentiles([share]).first ?? mean }

  /// The times that shares of all do not exceed.
  /// - Parameter shares: Each above 0 and below 1.
  public func percentiles(_ shares: [Double]) -> [Double] {
    let (mean, variance) = (mean, variance)
    guard variance > 1e-18 * mean * mean else { return shares.map { _ in mean } }
    let transform = DelayTransform(self)
    let shift = transform.minimum
    // The inversion rings where a distribution is all but a step; there a normal one differs by nothing that counts.
    if variance < 4e-4 * (mean - shift) * (mean - shift) {
      return shares.map { max(shift, mean + Delay.normalPercentile($0) * variance.squareRoot()) }
    }
    return shares.map {
      shift + Delay.excess($0, mean: max(mean - shift, 1e-12), deviation: variance.squareRoot(), of: transform)
    }
  }

  /// How much a share of all exceeds the least time at most, by Newton's method on the logarithm of the tail.
  private static func excess(
    _ share: Double, mean: Double, deviation: Double, of transform: DelayTransform
  ) -> Double {
    let target = 1 - min(max(share, 0), 1 - 1e-12)
    guard aboveMinimum(mean: mean, of: transform) > target else { return 0 }
    var (low, high) = (0.0, Double.infinity)
    // Exact for an exponential distribution, after which tails fall in the end.
    var time = max(0.05 * mean, mean + deviation * (-log(target) - 1))
    for round in 0..<200 {
      let (tail, density) = inversion(at: time, of: transform)
      let rest = log(max(tail, 1e-300) / target)
      if rest == 0 { return time }
      if rest > 0 { low = time } else { high = time }
      guard high == .infinity || high - low > 1e-7 * high else { break }
      let step = density > 0 ? rest * tail / density : .infinity
      let next = time + step
      if next > low, next < high, round % 8 != 7, step < 4 * time {
        // Each step squares the error, so that after one this small nothing is left.
        if abs(step) < 1e-5 * time { return next }
        time = next
      } else {
        // In case the tail is anything but smooth.
        time = high.isFinite ? 0.5 * (low + high) : 2 * time
      }
      guard time < mean * 1e6 else { break }
    }
    return high.isFinite ? 0.5 * (low + high) : low
  }

  /// The deviations above the mean that a share of a normal distribution does not exceed.
  private static func normalPercentile(_ share: Double) -> Double {
    guard share >= 0.5 else { return -normalPercentile(1 - share) }
    return Serving.percentile(2 * share - 1, mean: 1) { erfc($0 / 2.0.squareRoot()) }
  }

  /// A delay of the same distribution as a falling tail says, in parts of equal weight.
  ///
  /// - Parameters:
  ///   - mean: A time of the right order.
  ///   - parts: How many parts; each is a narrow gamma distribution about its middle.
  static func quantised(mean: Double, parts: Int = 48, tail: (Double) -> Double) -> Delay {
    let shares = (0..<parts).map { (Double($0) + 0.5) / Double(parts) }
    let middles = shares.map { Serving.percentile($0, mean: mean, precision: 1e-7, tail: tail) }
    return .mixture(
      middles.map { Part(weight: 1 / Double(parts), delay: .gamma(mean: max($0, 1e-12), scv: 2e-3)) })
  }

  /// The time until the last of several independent delays has passed, from the product of their distributions.
  public static func longest(_ delays: [Delay]) -> Delay {
    guard delays.count > 1 else { return delays.first ?? .constant(0) }
    let mean = delays.map { $0.mean + $0.variance.squareRoot() }.max() ?? 0
    guard mean > 0 else { return .constant(0) }
    return quantised(mean: mean) { time in 1 - delays.reduce(1) { $0 * (1 - $1.tail(time)) } }
  }
}

/// A delay's mean and percentiles in seconds.
public struct DelaySummary: Sendable, Hashable {
  /// The mean.
  public var mean: Double
  /// Half of all take no longer.
  public var p50: Double
  /// 99 of 100 take no longer.
  public var p99: Double
  /// 999 of 1000 take no longer.
  public var p999: Double
}

extension Delay {
  /// The mean and percentiles.
  public var summary: DelaySummary {
    let times = percentiles([0.5, 0.99, 0.999])
    return DelaySummary(mean: mean, p50: times[0], p99: times[1], p999: times[2])
  }
}
