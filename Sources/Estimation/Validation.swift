public import Collectives
import Foundation
import Matrices
import Quantities

/// A profile against measured tables: as shipped, and refitted without the table, or without its family, each time.
public struct Validation: Sendable {
  /// How the figures behind an error were fitted.
  public enum Fit: String, Sendable, CaseIterable {
    /// On all tables: the profile as it is shipped.
    case all
    /// On all tables but the one.
    case withoutTable
    /// On all tables but those of the family.
    case withoutFamily
  }

  /// What was found in one regime of a table.
  public struct Finding: Sendable, Hashable {
    /// The median over the sizes of |predicted / measured − 1| of time.
    public var medianError: Double
    /// The share of the sizes that the interval of nine in ten holds.
    public var covered: Double
  }

  /// One table's findings.
  public struct Row: Sendable {
    /// The table.
    public var table: MeasurementTable
    /// By fit and regime; none where the table has no sizes of the regime.
    public var findings: [Fit: [MessageRegime: Finding]]
  }

  /// One per table, in the order of the tables.
  public var rows: [Row]
  /// The fit on all tables, from the profile's own figures.
  public var solution: ProfileFit.Solution
  /// The library's name.
  public var library: String
  /// The fitted figures, in the order of the solution.
  public var figures: [FittedFigure]
  /// The spread between clusters that makes the interval hold nine in ten left-out sizes, by fit and regime: one
  /// standard deviation of the time's logarithm.
  public var spreads: [Fit: [MessageRegime: Double]]

  /// Compares a profile with tables.
  /// - Parameter reached: Is told after each fit how many are done, of how many.
  /// - Complexity: O(tables · rows · figures²) for each of a few steps of each fit.
  public init(_ fit: ProfileFit, reached: (_ done: Int, _ total: Int) -> Void = { _, _ in }) {
    let own = fit.ownLogarithms
    library = fit.profile.name
    let whole = fit.solution(from: own)
    solution = whole
    figures = FittedFigure.all(of: fit, whole)
    let tables = fit.evidence.items.map(\.table)
    let everything = Predictions(fit, whole)
    var predictions: [Fit: [[Prediction]]] = [.all: tables.indices.map { Predictions(fit, own, whole).rows(of: $0) }]
    let families = Dictionary(grouping: tables.indices, by: { tables[$0].family })
    var done = 0
    func report() {
      done += 1
      reached(done, tables.count + families.count)
    }
    predictions[.withoutTable] = tables.indices.map { index in
      defer { report() }
      return Predictions(fit, fit.solution(from: everything.logarithms, leavingOut: [index], steps: 6)).rows(of: index)
    }
    var withoutFamily = [[Prediction]](repeating: [], count: tables.count)
    for (_, members) in families.sorted(by: { $0.key < $1.key }) {
      let left = Predictions(
        fit, fit.solution(from: everything.logarithms, leavingOut: Set(members), steps: 12))
      for index in members { withoutFamily[index] = left.rows(of: index) }
      report()
    }
    predictions[.withoutFamily] = withoutFamily
    let found = predictions
    spreads = found.mapValues { Validation.spreads($0, tables) }
    rows = tables.indices.map { index in
      Row(
        table: tables[index],
        findings: found.mapValues { all in
          Validation.findings(all[index], tables[index], fit.profile)
        })
    }
  }

  /// The median over the tables with sizes of a regime; only tables that match, if asked.
  public func medianError(
    _ fit: Fit, _ regime: MessageRegime, where isCounted: (MeasurementTable) -> Bool = { _ in true }
  ) -> Double? {
    median(rows.filter { isCounted($0.table) }.compactMap { $0.findings[fit]?[regime]?.medianError })
  }

  /// The median error of a table in a regime, the figures fitted without it; nil where it has no such sizes.
  public func leftOutError(_ table: MeasurementTable, _ regime: MessageRegime) -> Double? {
    rows.first { $0.table.id == table.id }?.findings[.withoutTable]?[regime]?.medianError
  }

  /// The share of sizes of healthy tables that the interval of nine in ten holds.
  public func coverage(_ fit: Fit, _ regime: MessageRegime) -> Double? {
    var covered = 0.0
    var count = 0
    for row in rows where row.table.isHealthy {
      guard let finding = row.findings[fit]?[regime] else { continue }
      let sizes = row.table.rows(in: regime).count
      covered += finding.covered * Double(sizes)
      count += sizes
    }
    return count > 0 ? covered / Double(count) : nil
  }

  /// A size of a table: how far the prediction is off, and how well the figures behind it are known.
  private struct Prediction {
    /// The logarithm of predicted over measured time.
    let residual: Double
    /// The variance that the figures' covariance gives it.
    let variance: Double
  }

  /// What a solution predicts.
  private struct Predictions {
    let fit: ProfileFit
    let logarithms: [Double]
    let covariance: FigureCovariance
    let profile: LibraryProfile

    init(_ fit: ProfileFit, _ solution: ProfileFit.Solution) { self.init(fit, solution.logarithms, solution) }

    init(_ fit: ProfileFit, _ logarithms: [Double], _ solution: ProfileFit.Solution) {
      self.fit = fit
      self.logarithms = logarithms
      covariance = FigureCovariance(names: fit.names, matrix: solution.covariance)
      profile = fit.profile(with: logarithms)
    }

    func rows(of index: Int) -> [Prediction] {
      let item = fit.evidence.items[index]
      let times = item.model.sensitiveTimes(profile)
      let variances = covariance.variances(of: times.map(\.sensitivities))
      return times.indices.map {
        Prediction(residual: log(times[$0].time / item.table.rows[$0].time), variance: variances[$0])
      }
    }
  }

  private static func findings(
    _ predictions: [Prediction], _ table: MeasurementTable, _ profile: LibraryProfile
  ) -> [MessageRegime: Finding] {
    var result: [MessageRegime: Finding] = [:]
    for regime in MessageRegime.allCases {
      let rows = table.rows(in: regime)
      guard let error = median(rows.map { abs(exp(predictions[$0].residual) - 1) }) else { continue }
      let covered = rows.filter { row in
        let factor = ErrorBand.factor(
          spread: profile.errorSpread(regime, isExtrapolated: false), variance: predictions[row].variance)
        return abs(predictions[row].residual) <= log(factor)
      }
      result[regime] = Finding(medianError: error, covered: Double(covered.count) / Double(rows.count))
    }
    return result
  }

  /// The least spread with which the interval holds nine in ten sizes of healthy tables.
  private static func spreads(
    _ predictions: [[Prediction]], _ tables: [MeasurementTable]
  ) -> [MessageRegime: Double] {
    var result: [MessageRegime: Double] = [:]
    for regime in MessageRegime.allCases {
      let needed = tables.indices.filter { tables[$0].isHealthy }.flatMap { index in
        tables[index].rows(in: regime).map { row in
          let deviation = predictions[index][row].residual / ErrorBand.deviations
          return max(0, deviation * deviation - predictions[index][row].variance).squareRoot()
        }
      }.sorted()
      guard !needed.isEmpty else { continue }
      result[regime] = needed[min(needed.count - 1, Int((Double(needed.count) * 0.9).rounded(.up)))]
    }
    return result
  }
}

/// The middle value, or the mean of the two in the middle; nil for none.
func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
