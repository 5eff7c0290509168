import Foundation

/// Arrivals whose times between are independent and of one distribution, known by its Laplace transform φ.
///
/// What a pool of exponential servers refuses of such a stream is one again (Palm 1943), and so is what is left when
/// each arrival is dropped by chance. All is told by the odds `R(s) = 1 / φ(s) − 1`, which rise from 0.
struct RenewalStream: Sendable {
  private indirect enum Form: Sendable {
    /// Exponential times of a rate.
    case poisson(Double)
    /// Arrivals at a rate while a switch is on that goes on and off at rates (Kuczura 1973).
    case interrupted(rate: Double, on: Double, off: Double)
    case tabled(OddsTable)
  }

  /// Arrivals per second.
  let rate: Double
  private let form: Form
  /// The share of the arrivals of the form that is left.
  private let share: Double

  private init(rate: Double, form: Form, share: Double = 1) {
    self.rate = rate
    self.form = form
    self.share = share
  }

  /// Fresh traffic.
  static func poisson(_ rate: Double) -> RenewalStream { .init(rate: rate, form: .poisson(rate)) }

  /// The stream with each arrival kept by chance.
  func thinned(to kept: Double) -> RenewalStream { .init(rate: rate * kept, form: form, share: share * kept) }

  /// The odds at a place above zero; those of a thinned stream are divided by what is kept.
  func odds(_ s: Double) -> Double {
    let whole: Double
    switch form {
    case .poisson(let rate): whole = s / rate
    case .interrupted(let rate, let on, let off): whole = s * (s + on + off) / (rate * (s + on))
    case .tabled(let table): whole = table.odds(s)
    }
    return whole / share
  }

  /// Variance over mean of the servers that it keeps busy where there is no end of them, less one.
  func excess(serviceRate: Double) -> Double { 1 / odds(serviceRate) - rate / serviceRate }

  /// The share that a pool refuses (Palm 1943; Takács 1962), and what it refuses as a stream.
  ///
  /// `1 / B = Σ_k C(c, k) Π_{i=1…k} R(i μ)`. The odds of what is refused are the mean of `R(s + j μ)` with the weights
  /// `C(c, j) Π_{i<j} R(s + i μ)`; no term is negative, so that nothing cancels.
  /// - Parameters:
  ///   - span: Places between which the stream of what is refused will be asked.
  /// - Complexity: O(servers).
  func refused(servers: Int, serviceRate: Double, span: ClosedRange<Double>) -> (share: Double, stream: RenewalStream) {
    let loss = exp(-sums(at: serviceRate, servers: servers, serviceRate: serviceRate).logarithm)
    guard rate * loss > 0 else { return (0, .init(rate: 0, form: .poisson(1), share: 0)) }
    let table = OddsTable(span) { sums(at: $0, servers: servers, serviceRate: serviceRate).odds }
    return (loss, .init(rate: rate * loss, form: .tabled(table)))
  }

  /// The logarithm of the sum of the weights, and the odds of what is refused.
  private func sums(at s: Double, servers: Int, serviceRate: Double) -> (logarithm: Double, odds: Double) {
    var (weight, total, mean, scale) = (1.0, 0.0, 0.0, 0.0)
    for busy in 0...servers {
      let odds = odds(s + Double(busy) * serviceRate)
      total += weight
      mean += weight * odds
      weight *= Double(servers - busy) / Double(busy + 1) * odds
      if max(weight, mean) > 1e250 {
        (weight, total, mean) = (weight * 1e-250, total * 1e-250, mean * 1e-250)
        scale += 250 * log(10)
      }
    }
    return (log(total) + scale, mean / total)
  }

  /// A stream of a rate whose excess at two rates of service is given.
  ///
  /// An interrupted one has the excess `A / (s + B)`.
  static func matching(
    rate: Double, first: (serviceRate: Double, excess: Double), second: (serviceRate: Double, excess: Double)
  ) -> RenewalStream {
    let (near, far) = (first.excess, second.excess)
    let sum = (far * second.serviceRate - near * first.serviceRate) / (near - far)
    guard near > 1e-9, far > 0, near > far, sum > 0, sum.isFinite else { return .poisson(rate) }
    let burst = near * (first.serviceRate + sum)
    let on = rate * sum / (rate + burst)
    return .init(rate: rate, form: .interrupted(rate: rate + burst, on: on, off: sum - on))
  }
}

/// Odds between two places by Chebyshev's interpolation of their logarithm over that of the place.
///
/// The odds have no singularity but for negative places, π away from all logarithms, so that the error falls by a factor
/// with each node.
private struct OddsTable: Sendable {
  private static let count = 64
  private let places: [Double]
  private let values: [Double]

  init(_ span: ClosedRange<Double>, _ odds: (Double) -> Double) {
    let (low, high) = (log(span.lowerBound), log(span.upperBound))
    places = (0..<Self.count).map {
      0.5 * (low + high) - 0.5 * (high - low) * cos(.pi * Double($0) / Double(Self.count - 1))
    }
    values = places.map { log(odds(exp($0))) }
  }

  func odds(_ s: Double) -> Double {
    let place = log(s)
    var (top, bottom) = (0.0, 0.0)
    for index in 0..<Self.count {
      let off = place - places[index]
      if abs(off) < 1e-14 { return exp(values[index]) }
      let ends = index == 0 || index == Self.count - 1 ? 0.5 : 1
      let weight = (index.isMultiple(of: 2) ? ends : -ends) / off
      top += weight * values[index]
      bottom += weight
    }
    return exp(top / bottom)
  }
}
