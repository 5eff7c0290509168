import Foundation

extension Estate {
  /// A day as one wave: 1 at the peak, the trough twelve hours later.
  static func profile(hour: Double, peak: Double, trough: Double) -> Double {
    (1 + trough) / 2 + (1 - trough) / 2 * cos(2 * .pi * (hour - peak) / 24)
  }

  /// Requests per second of each population at an hour of the day in UTC.
  public func demands(hour: Int) -> [Double] {
    let total = populations.reduce(0) { $0 + $1.weight }
    return populations.map { total > 0 ? rate * $0.weight / total * $0.profile(hour: Double(hour)) : 0 }
  }

  /// The hour with the most requests.
  public var busiestHour: Int {
    (0..<24).max { demands(hour: $0).reduce(0, +) < demands(hour: $1).reduce(0, +) } ?? 0
  }
}
