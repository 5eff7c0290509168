import Collectives
import Foundation
import Matrices
public import Measurements
import Quantities

extension Estimator {
  /// Fits a site's factors to logs.
  ///
  /// The factors multiply parts of the time; the model is linearised where they stand, the linear problem is solved
  /// robustly with the spread between sites as what is known before, and again, until the factors stand still.
  /// - Parameter logs: The logs with their names.
  /// - Throws: `CalibrationError` when no log can be used.
  /// - Complexity: A few dozen pricings of the rows.
  public func calibrate(
    _ logs: [(name: String, log: BenchmarkLog)], _ context: LogContext = LogContext()
  ) throws(CalibrationError) -> Calibration {
    var reasons: [String] = []
    var sources: [Calibration.Source] = []
    var questions: [Question] = []
    var times: [Double] = []
    let base: LibraryProfile
    do throws(EstimationError) {
      base = try profile(named: context.library)
      for (name, log) in logs {
        let matching = try LogMatch(log, on: self, context)
        reasons += matching.findings.map { "\(name): \($0.message)" }
        var judge = Judge(matching)
        for (place, question) in matching.questions.enumerated() { judge.take(try answer(question), to: place) }
        let weighed = judge.questions(matching.questions)
        questions += weighed
        times += judge.times.map(\.value)
        sources.append(.init(name: name, rows: weighed.reduce(0) { $0 + $1.sizes.count }))
      }
    } catch {
      throw .estimation(error)
    }
    guard !times.isEmpty else { throw .noRows(reasons) }
    let fit: SiteFit?
    do throws(EstimationError) {
      fit = try SiteFit(questions, times: times, on: cluster, profile: base)
    } catch {
      throw .estimation(error)
    }
    guard let fit else { throw .undetermined }
    return Calibration(
      subject: subject,
      profile: SiteProfile(
        library: base.name, fittedOn: sources.map { "\($0.name), \($0.rows) rows, on \(subject.topology)" },
        factors: fit.factors, unidentified: fit.unidentified, spreads: fit.spreads),
      sources: sources, leftOut: reasons, errors: fit.errors)
  }
}
