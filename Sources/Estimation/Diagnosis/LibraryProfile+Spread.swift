import Collectives
import Foundation
import Matrices
import Quantities

extension LibraryProfile {
  /// How far figures stray together, as a map from independent standard normal numbers to their logarithms.
  struct FigureSpread {
    /// The figures that stray.
    let names: [String]
    /// What one unit of each number adds to the logarithm of each figure, by figure and number.
    let factor: Matrix

    /// The logarithms of the figures' factors for some numbers.
    func shifts(_ numbers: [Double]) -> [String: Double] {
      var shifts: [String: Double] = [:]
      for (row, name) in names.enumerated() {
        shifts[name] = numbers.indices.reduce(0) { $0 + factor[row, $1] * numbers[$1] }
      }
      return shifts
    }
  }

  /// How far some of the figures stray together: by the profile's covariance, or, where it states none, each by its own
  /// interval.
  /// - Parameter wanted: The figures; nil: all that stray.
  /// - Complexity: O(figures³).
  func figureSpread(of wanted: Set<String>? = nil) -> FigureSpread {
    let known = covariance?.names ?? figures.keys.sorted()
    let rows = known.indices.filter { row in
      (wanted?.contains(known[row]) ?? true) && logarithmicSpread(known[row]) > 0
    }
    let names = rows.map { known[$0] }
    guard let covariance else {
      return FigureSpread(
        names: names,
        factor: Matrix(rows: names.count, columns: names.count) { $0 == $1 ? logarithmicSpread(names[$0]) : 0 })
    }
    let part = Matrix(rows: rows.count, columns: rows.count) { covariance.matrix[rows[$0], rows[$1]] }
    // Of a covariance, singular values are variances along directions at right angles.
    guard let (values, directions) = part.singularValues else {
      return FigureSpread(names: [], factor: Matrix(rows: 0, columns: 0))
    }
    return FigureSpread(
      names: names,
      factor: Matrix(rows: rows.count, columns: rows.count) { directions[$1, $0] * max(0, values[$1]).squareRoot() })
  }

  /// The standard deviation of the logarithm of a figure; zero where none is stated.
  func logarithmicSpread(_ name: String) -> Double {
    if let covariance {
      guard let place = covariance.names.firstIndex(of: name) else { return 0 }
      return max(0, covariance.matrix[place, place]).squareRoot()
    }
    return figures[name]?.logarithmicSpread ?? 0
  }

  /// The profile with figures multiplied by the exponentials of some shifts.
  func shifted(by shifts: [String: Double]) -> LibraryProfile {
    var shifted = self
    for (name, shift) in shifts { shifted.figures[name]?.value *= exp(shift) }
    return shifted
  }

  /// The standard deviation of the logarithm of time between healthy clusters, by regime.
  func spreadBetweenClusters(_ regime: MessageRegime) -> Double { errorSpread(regime, isExtrapolated: false) }

  /// States the spread of one site's own rows in place of that between clusters.
  /// - Parameter spreads: The standard deviations of the logarithm of time, by measured regime.
  mutating func setSpreads(_ spreads: [MessageRegime: Double]) {
    for (regime, spread) in spreads {
      for kind in ["", "extrapolated."] { figures["error-spread.\(kind)\(regime.rawValue)"]?.value = spread }
    }
    // What was not known of the figures is in the rows' own spread; where a regime was not measured it still counts.
    if MessageRegime.allCases.allSatisfy({ spreads[$0] != nil }) { covariance = nil }
  }
}

extension LibraryProfile.Figure {
  /// The standard deviation of the logarithm of the figure, from the fit's interval of 5 to 95 %; zero where there is
  /// none.
  fileprivate var logarithmicSpread: Double {
    let ends = interval.components(separatedBy: " to ").map { LibraryProfile.Figure.number($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low > 0, high > low else { return 0 }
    return log(high / low) / (2 * ErrorBand.deviations)
  }

  private static func number(_ text: String) -> Double? {
    Double(text) ?? (try? Seconds(parsing: text))?.value ?? (try? Bandwidth(parsing: text))?.bytesPerSecond
  }
}
