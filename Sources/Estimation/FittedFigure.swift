import Collectives
import Foundation
import Matrices
import Quantities

/// A figure of a profile as a fit found it.
public struct FittedFigure: Sendable, Hashable {
  /// How far the tables determine it.
  public enum Identification: String, Sendable, Hashable {
    /// They halve what was not known, or better.
    case well
    /// They say something.
    case weakly
    /// They hardly say more than was believed before.
    case not
  }

  /// The figure's name.
  public var name: String
  /// The value with its unit.
  public var value: String
  /// The lower end of the interval that holds nine in ten.
  public var low: String
  /// The upper end.
  public var high: String
  /// How far the tables determine it.
  public var identification: Identification
  /// How many tables it moves by more than half a per cent when it changes by ten.
  public var tables: Int

  /// The figures of a fit, in its order.
  static func all(of fit: ProfileFit, _ solution: ProfileFit.Solution) -> [FittedFigure] {
    let profile = fit.profile(with: solution.logarithms)
    var moved: [String: Int] = [:]
    for item in fit.evidence.items {
      var most: [String: Double] = [:]
      for time in item.model.sensitiveTimes(profile) {
        for (name, value) in time.sensitivities { most[name] = max(most[name] ?? 0, abs(value)) }
      }
      for (name, value) in most where value > 0.05 { moved[name, default: 0] += 1 }
    }
    return fit.names.enumerated().compactMap { index, name in
      guard let old = fit.profile.figures[name], let prior = old.prior, old.value > 0 else { return nil }
      let deviation = max(0, solution.covariance[index, index]).squareRoot()
      let ratio = exp(solution.logarithms[index]) / old.value
      let width = exp(ErrorBand.deviations * deviation)
      return FittedFigure(
        name: name, value: scaled(old.text, by: ratio), low: scaled(old.text, by: ratio / width),
        high: scaled(old.text, by: ratio * width),
        identification: deviation < prior.spread / 2 ? .well : deviation < prior.spread * 0.9 ? .weakly : .not,
        tables: moved[name] ?? 0)
    }
  }

  /// A number with its unit, multiplied.
  private static func scaled(_ text: String, by factor: Double) -> String {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard let number = parts.first.flatMap({ Double($0) }) else { return text }
    return ([DecimalPrefix.significant(number * factor, digits: 4)] + parts.dropFirst().map(String.init))
      .joined(separator: " ")
  }
}

extension Validation {
  /// The lower triangle of the fit's covariance, a row a figure.
  public var covarianceRows: [String] {
    figures.indices.map { row in
      (0...row).map { column in
        let value = solution.covariance[row, column]
        return String(format: "%.3g", abs(value) < 1e-7 ? 0 : value)
      }.joined(separator: " ")
    }
  }
}
