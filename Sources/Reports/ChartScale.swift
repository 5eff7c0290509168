import Foundation
import Quantities

/// Maps values to places along an axis and says where its ticks are.
struct ChartScale: Sendable {
  /// A place with what is written at it.
  struct Tick: Equatable, Sendable {
    var value: Double
    var label: String
  }

  private static let mostSizeTicks = 6
  private static let mostStraightTicks = 6.0
  private static let mostDecades = 4

  let ticks: [Tick]
  private let low: Double
  private let high: Double
  private let transform: @Sendable (Double) -> Double

  private init(low: Double, high: Double, ticks: [Tick], transform: @escaping @Sendable (Double) -> Double) {
    self.low = transform(low)
    self.high = transform(high)
    self.ticks = ticks
    self.transform = transform
  }

  /// How far along the axis a value is: 0 at its beginning, 1 at its end.
  func position(_ value: Double) -> Double {
    high > low ? min(max((transform(value) - low) / (high - low), 0), 1) : 0.5
  }

  /// Message sizes on a logarithmic axis, with a tick at each size or, where they are many, at every so-manieth.
  static func sizes(_ sizes: [Double]) -> ChartScale {
    doublings(sizes) { Bytes(Int64(exactly: $0.rounded()) ?? .max).description }
  }

  /// Counts on a logarithmic axis, labelled like sizes.
  static func doublings(
    _ values: [Double], label: (Double) -> String = { DecimalPrefix.fixed($0, decimals: 0) }
  ) -> ChartScale {
    let sorted = Set(values).sorted()
    let step = max(1, (sorted.count + mostSizeTicks - 1) / mostSizeTicks)
    let ticks = stride(from: 0, to: sorted.count, by: step).map { Tick(value: sorted[$0], label: label(sorted[$0])) }
    return ChartScale(low: sorted.first ?? 1, high: sorted.last ?? 1, ticks: ticks) { log2(max($0, 1)) }
  }

  /// A logarithmic axis that begins and ends at 1, 2 or 5 times a power of ten.
  /// - Parameter values: Values above zero.
  static func logarithmic(_ values: [Double], unit: String) -> ChartScale {
    let low = clamped(values.min() ?? 1)
    let high = clamped(values.max() ?? 1)
    let first = Int(log10(low).rounded(.down))
    let last = max(Int(log10(high).rounded(.up)), first + 1)
    let steps = last - first > mostDecades ? [1.0] : [1, 2, 5]
    let every = (last - first) / (2 * mostDecades) + 1
    let all = stride(from: first, through: last, by: every).flatMap { exponent in
      steps.map { $0 * pow(10, Double(exponent)) }
    }
    let begin = all.last { $0 <= low * 1.000_001 } ?? all[0]
    let end = all.first { $0 >= high * 0.999_999 && $0 > begin } ?? all[all.count - 1]
    let ticks = all.filter { $0 >= begin && $0 <= end }
      .map { Tick(value: $0, label: DecimalPrefix.format($0, unit: unit, digits: 1)) }
    return ChartScale(low: begin, high: end, ticks: ticks) { log10(max($0, .leastNormalMagnitude)) }
  }

  /// A straight axis from zero.
  /// - Parameters:
  ///   - values: Values of at least zero.
  ///   - held: A value that the axis reaches in any case.
  ///   - step: The distance of ticks; nil: what gives a handful.
  ///   - label: How a value is written; nil: with as many decimals as the step has.
  static func straight(
    _ values: [Double], holding held: Double, step: Double? = nil, label: ((Double) -> String)? = nil
  ) -> ChartScale {
    let greatest = clamped(max(values.max() ?? held, held))
    let high = step == nil ? greatest * 1.05 : greatest
    let decade = pow(10, log10(high / mostStraightTicks).rounded(.down))
    let step = step ?? [1, 2, 5, 10].map { $0 * decade }.first { high / $0 <= mostStraightTicks } ?? high
    let decimals = max(0, Int(1 - log10(step).rounded(.down)))
    let ticks = (0...Int(high / step)).map { index in
      let value = Double(index) * step
      return Tick(value: value, label: label?(value) ?? DecimalPrefix.fixed(value, decimals: step < 1 ? decimals : 0))
    }
    return ChartScale(low: 0, high: high, ticks: ticks) { $0 }
  }

  /// Percentiles from a half on, each further nine as wide as the one before.
  /// - Parameter values: Shares from a half to less than one.
  static func percentiles(_ values: [Double], label: (Double) -> String) -> ChartScale {
    let high = min(values.max() ?? 0.99, 0.999_999)
    let ticks = [0.5, 0.9, 0.99, 0.999, 0.9999].filter { $0 <= high }.map { Tick(value: $0, label: label($0)) }
    return ChartScale(low: 0.5, high: max(high, 0.9), ticks: ticks) { -log10(max(1 - $0, 1e-9)) }
  }

  /// Keeps axes away from the ends of what a number can hold.
  private static func clamped(_ value: Double) -> Double { min(max(value, 1e-200), 1e200) }
}
