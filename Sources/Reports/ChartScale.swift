import Foundation
import Quantities

/// Maps values to places along an axis and says where its ticks are.
struct ChartScale {
  /// A place with what is written at it.
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  private static let mostSizeTicks = 8
  private static let mostRatioTicks = 6.0

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
  static func sizes(_ sizes: [Bytes]) -> ChartScale {
    let sorted = Set(sizes).sorted()
    let step = max(1, (sorted.count + mostSizeTicks - 1) / mostSizeTicks)
    let ticks = stride(from: 0, to: sorted.count, by: step).map { index in
      Tick(value: Double(sorted[index].count), label: "\(sorted[index])")
    }
    let ends = (Double(sorted.first?.count ?? 1), Double(sorted.last?.count ?? 1))
    return ChartScale(low: ends.0, high: ends.1, ticks: ticks) { log2(max($0, 1)) }
  }

  /// Times on a logarithmic axis of whole decades.
  /// - Parameter values: Seconds above zero.
  static func times(_ values: [Double]) -> ChartScale {
    let low = Int(log10(clamped(values.min() ?? 1)).rounded(.down))
    let high = max(Int(log10(clamped(values.max() ?? 1)).rounded(.up)), low + 1)
    let ticks = (low...high).map { exponent in
      let value = pow(10, Double(exponent))
      return Tick(value: value, label: DecimalPrefix.format(value, unit: "s", digits: 1))
    }
    return ChartScale(low: pow(10, Double(low)), high: pow(10, Double(high)), ticks: ticks) { log10($0) }
  }

  /// Ratios on a straight axis that begins at zero and holds 1.
  /// - Parameter values: Ratios of at least zero.
  static func ratios(_ values: [Double]) -> ChartScale {
    let high = clamped(max(values.max() ?? 1, 1)) * 1.05
    let decade = pow(10, log10(high / mostRatioTicks).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].map { $0 * decade }.first { high / $0 <= mostRatioTicks } ?? high
    let decimals = max(0, Int(1 - log10(step).rounded(.down)))
    let ticks = (0...Int(high / step)).map { index in
      Tick(value: Double(index) * step, label: DecimalPrefix.fixed(Double(index) * step, decimals: decimals))
    }
    return ChartScale(low: 0, high: high, ticks: ticks) { $0 }
  }

  /// Keeps axes away from the ends of what a number can hold.
  private static func clamped(_ value: Double) -> Double { min(max(value, 1e-200), 1e200) }
}
