import Collectives
import Foundation
import Quantities

extension LibraryProfile.Figure {
  /// The standard deviation of the logarithm of the figure between healthy clusters, from the fit's interval of 5 to
  /// 95 %; zero where there is none.
  var logarithmicSpread: Double {
    let ends = interval.components(separatedBy: " to ").map { LibraryProfile.Figure.number($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low > 0, high > low else { return 0 }
    return log(high / low) / (2 * LibraryProfile.Figure.ninetyFifthPercentile)
  }

  /// The 95th percentile of the normal distribution.
  fileprivate static let ninetyFifthPercentile = 1.6448536269514722

  private static func number(_ text: String) -> Double? {
    Double(text) ?? (try? Seconds(parsing: text))?.value ?? (try? Bandwidth(parsing: text))?.bytesPerSecond
  }
}

extension LibraryProfile {
  /// The standard deviation of the logarithm of time between healthy clusters, by regime.
  func spreadBetweenClusters(_ regime: MessageRegime) -> Double {
    log(max(errorFactor(regime), 1)) / LibraryProfile.Figure.ninetyFifthPercentile
  }

  /// States another spread between clusters, such as that of one site's own rows.
  mutating func setSpreadBetweenClusters(_ spread: Double, _ regime: MessageRegime) {
    figures["error-factor.\(regime.rawValue)"]?.value = exp(LibraryProfile.Figure.ninetyFifthPercentile * spread)
  }
}
