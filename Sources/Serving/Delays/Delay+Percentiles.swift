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
  public func tail(_ time: Double) -> Double { tail(time, by: DelayTransform(self), isCertain: variance <= 0) }

  /// - Parameters:
  ///   - transform: That of this delay.
  ///   - isCertain: Whether it has no variance.
  private func tail(_ time: Double, by transform: DelayTransform, isCertain: Bool) -> Double {
    let shift = transform.minimum
    let excess = time - shift
    guard excess > 0 else { return time < shift ? 1 : max(0, min(1, aboveMinimum(by: transform))) }
    guard !isCertain else { return 0 }
    func value(_ k: Int) -> Double {
      let s = Complex(Delay.decades / (2 * excess), Double(k) * .pi / excess)
      return ((Complex(1) - transform.value(at: s, shift: shift)) / s).real
    }
    var sum = 0.5 * value(0)
    var sign = -1.0
    for k in 1...Delay.terms {
      sum += sign * value(k)
      sign = -sign
    }
    var average = 0.0
    for (index, weight) in Delay.binomials.enumerated() {
      if index > 0 {
        sum += sign * value(Delay.terms + index)
        sign = -sign
      }
      average += weight * sum
    }
    return min(1, max(0, exp(Delay.decades / 2) / excess * average))
  }

  /// The probability of more than the least time.
  private func aboveMinimum(by transform: DelayTransform) -> Double {
    let far = 1e12 / max(mean, 1e-9)
    return 1 - transform.value(at: Complex(far), shift: transform.minimum).real
  }

  /// The time that a share of all does not exceed.
  /// - Parameter share: Above 0 and below 1.
  public func percentile(_ share: Double) -> Double {
    let shift = minimum
    guard variance > 1e-18 * mean * mean else { return mean }
    // The inversion rings where a distribution is all but a step; there a normal one differs by nothing that counts.
    if variance < 4e-4 * (mean - shift) * (mean - shift) {
      return max(shift, mean + Delay.normalPercentile(share) * variance.squareRoot())
    }
    let transform = DelayTransform(self)
    return shift
      + Serving.percentile(share, mean: max(mean - shift, 1e-12), precision: 1e-7) {
        tail(shift + $0, by: transform, isCertain: false)
      }
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
    DelaySummary(mean: mean, p50: percentile(0.5), p99: percentile(0.99), p999: percentile(0.999))
  }
}
