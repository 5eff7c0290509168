import Foundation
import Quantities

/// What an axis of a chart counts, and so how it is divided and written.
enum ChartAxis: Sendable {
  /// Bytes of a message.
  case sizes
  /// Seconds.
  case times
  /// Bytes per second.
  case bandwidths
  /// One quantity over another; 1 is equality.
  case ratios
  /// A number of things, by their noun in the plural.
  case counts(String)
  /// Fractions of a whole, by what they are fractions of.
  case shares(String)
  /// Hours of a day.
  case hours
  /// Shares of requests that are done within a time, from a half on.
  case percentiles

  /// What stands at the axis.
  var label: String {
    switch self {
    case .sizes: "message size"
    case .times: "time"
    case .bandwidths: "bus bandwidth"
    case .ratios: "ratio"
    case .counts(let noun): noun
    case .shares(let whole): whole
    case .hours: "hour of the day, UTC"
    case .percentiles: "share of requests done"
    }
  }

  /// A value as people read it.
  func text(_ value: Double) -> String {
    switch self {
    case .sizes: Bytes(Int64(exactly: value.rounded()) ?? .max).description
    case .times: DecimalPrefix.format(value, unit: "s")
    case .bandwidths: DecimalPrefix.format(value, unit: "B/s")
    case .ratios: ratioText(value)
    case .counts: DecimalPrefix.fixed(value, decimals: 0)
    case .shares: percent(value)
    case .percentiles: DecimalPrefix.fixed(value * 100, decimals: value > 0.99 ? 1 : 0) + " %"
    case .hours: "\(DecimalPrefix.fixed(value, decimals: 0)):00"
    }
  }

  /// Places for values.
  func scale(_ values: [Double]) -> ChartScale {
    switch self {
    case .sizes: .sizes(values)
    case .times: .logarithmic(values, unit: "s")
    case .bandwidths: .logarithmic(values, unit: "B/s")
    case .counts: .doublings(values)
    case .ratios: .straight(values, holding: 1)
    case .shares: .straight(values, holding: 0, label: percent)
    case .hours: .straight(values, holding: 24, step: 6)
    case .percentiles: .percentiles(values, label: text)
    }
  }
}
