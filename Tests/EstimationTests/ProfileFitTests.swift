import Collectives
import Estimation
import Foundation
import Matrices
import Quantities
import Testing

/// Times as a function of a library's figures, and figures fitted to times.
@Suite("Fitting a library's figures")
struct ProfileFitTests {
  static let profile = (try? LibraryProfiles.shipped(named: "nccl")) ?? nil

  /// Tables of every family, without their measured times.
  static func tables() throws -> [MeasurementTable] {
    var seen: Set<String> = []
    return try MeasurementTable.shipped().filter { seen.insert($0.family + $0.collective.rawValue).inserted }
  }

  @Test("The model of a table gives the times that an estimate gives")
  func agreement() throws {
    let profile = try #require(ProfileFitTests.profile)
    for table in try ProfileFitTests.tables() {
      let estimator = try Shipped.estimator(table.topology)
      let model = try TimeModel(table.question, on: estimator, profile: profile)
      var question = table.question
      question.library = "nccl"
      for (time, estimate) in zip(model.times(profile), try estimator.answer(question).estimates) {
        #expect(abs(time / estimate.time - 1) < 1e-9, "\(table.id) at \(estimate.bytes)")
      }
    }
  }

  @Test("Sensitivities are the derivatives of the times")
  func derivatives() throws {
    let profile = try #require(ProfileFitTests.profile)
    for table in try ProfileFitTests.tables().prefix(6) {
      let model = try TimeModel(table.question, on: Shipped.estimator(table.topology), profile: profile)
      let times = model.sensitiveTimes(profile)
      for name in Set(times.flatMap(\.sensitivities.keys)) where profile.figures[name] != nil {
        let step = 1e-5
        let sides = [-step, step].map { shift in
          var changed = profile
          changed.figures[name]?.value *= exp(shift)
          return model.times(changed)
        }
        for (place, time) in times.enumerated() {
          let slope = log(sides[1][place] / sides[0][place]) / (2 * step)
          #expect(abs(slope - (time.sensitivities[name] ?? 0)) < 1e-4, "\(table.id), \(name)")
        }
      }
    }
  }

  @Test("A fit finds the figures that made the times, where the times determine them")
  func plantedFigures() throws {
    let profile = try #require(ProfileFitTests.profile)
    var truth = profile
    truth.figures["efficiency.nvlink"]?.value *= 0.9
    truth.figures["hop-factor.network"]?.value *= 1.3
    let made = try MeasurementTable.shipped().filter { $0.family == "H100" || $0.family == "A100" }.map { table in
      var table = table
      let times = try TimeModel(table.question, on: Shipped.estimator(table.topology), profile: profile).times(truth)
      table.rows = zip(table.rows, times).map { .init(bytes: $0.bytes, time: $1) }
      return table
    }
    let fit = ProfileFit(profile, to: try Evidence(made, profile: profile))
    let solution = fit.solution(from: fit.ownLogarithms)
    let found = fit.profile(with: solution.logarithms)
    for name in ["efficiency.nvlink", "hop-factor.network"] {
      let place = try #require(fit.names.firstIndex(of: name))
      let (value, planted) = (try #require(found.figures[name]).value, try #require(truth.figures[name]).value)
      #expect(abs(log(value / planted)) < 2 * solution.covariance[place, place].squareRoot(), "\(name): \(value)")
      #expect(abs(value / planted - 1) < 0.1, "\(name): \(value)")
    }
    // Where the evidence is, the times come out.
    for index in made.indices {
      for residual in fit.residuals(of: index, with: found) { #expect(abs(residual) < 0.08, "\(made[index].id)") }
    }
  }

  @Test("The shipped figures are those of the fit")
  func shippedFigures() throws {
    let profile = try #require(ProfileFitTests.profile)
    let fit = ProfileFit(profile, to: try Evidence(MeasurementTable.shipped(), profile: profile))
    let start = fit.ownLogarithms
    let solution = fit.solution(from: start, steps: 2)
    for (index, name) in fit.names.enumerated() {
      let deviation = solution.covariance[index, index].squareRoot()
      #expect(abs(solution.logarithms[index] - start[index]) < deviation, "\(name)")
      #expect(fit.names == profile.covariance?.names)
    }
  }
}
