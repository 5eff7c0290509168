import Collectives
import Diagnostics
import Foundation
import Measurements
import Quantities
import TestSupport
import Testing

@testable import Estimation

/// Factors of a site fitted to logs.
@Suite("Calibration") struct CalibrationTests {
  /// A cluster with known factors, as a log.
  private func log(
    _ topology: String, factors: [String: Double], sizes: [Bytes], noise: Double = 0, seed: Int = 1
  ) throws -> BenchmarkLog {
    let estimator = try Shipped.estimator(topology)
    let base = try estimator.profile(named: nil)
    let scaled = base.scaled(
      by: SiteFactor.shipped().map { ($0, factors[$0.name] ?? 1) })
    let answer = try Estimator(estimator.cluster, subject: estimator.subject, profile: scaled)
      .answer(Question(.allReduce, sizes: sizes))
    var random = SeededGenerator(seed: seed)
    return BenchmarkLog(
      tables: [
        .init(
          name: "all_reduce_perf", collective: .allReduce, ranks: answer.ranks,
          rows: answer.estimates.map {
            .init(bytes: $0.bytes, outOfPlace: $0.time * exp(noise * random.normal()), inPlace: nil)
          })
      ])
  }

  private func errors(_ profile: SiteProfile, _ topology: String, against log: BenchmarkLog) throws -> [Double] {
    var list = DiagnosticList()
    let read = try #require(SiteProfile.profile(SourceText(name: "site.yaml", text: profile.text), &list))
    #expect(!list.hasErrors)
    let estimator = try Shipped.estimator(topology)
    let rows = log.tables[0].rows
    let answer = try Estimator(estimator.cluster, subject: estimator.subject, profile: read)
      .answer(Question(.allReduce, sizes: rows.map(\.bytes)))
    return zip(answer.estimates, rows).compactMap { estimate, row in row.time.map { abs(estimate.time / $0 - 1) } }
  }

  private static let site = [
    "start-up": 1.2, "domain-hops": 1.15, "network-hops": 1.3, "network-links": 1.15, "domain-links": 1.05,
  ]

  @Test(
    "A whole log brings estimates close to it, through the file", arguments: ["dgx-h100:nodes=4", "dgx-a100:nodes=2"])
  func wholeLog(topology: String) throws {
    let made = try log(topology, factors: Self.site, sizes: MadeLogs.sizes, noise: 0.02)
    let calibration = try Shipped.estimator(topology).calibrate([("made.log", made)])
    let errors = try errors(calibration.profile, topology, against: made)
    #expect(errors.sorted()[errors.count / 2] < 0.03, "\(errors)")
    for change in calibration.errors.values { #expect(change.after <= change.before + 0.01) }
  }

  @Test("One size of each regime already helps at the other sizes")
  func threePoints() throws {
    let topology = "dgx-h100:nodes=4"
    let whole = try log(topology, factors: Self.site, sizes: MadeLogs.sizes)
    let few = try log(topology, factors: Self.site, sizes: [Bytes(4096), Bytes(4 << 20), Bytes(1 << 30)])
    let calibration = try Shipped.estimator(topology).calibrate([("few.log", few)])
    let before = try Shipped.estimator(topology).answer(Question(.allReduce, sizes: MadeLogs.sizes)).estimates
      .map { estimate in estimate.time }
    let after = try errors(calibration.profile, topology, against: whole)
    let plain = zip(before, whole.tables[0].rows).map { abs($0 / ($1.time ?? $0) - 1) }
    #expect(after.reduce(0, +) < 0.5 * plain.reduce(0, +), "\(after) \(plain)")
  }

  @Test("What the logs tell has narrower intervals than what they do not, and the rest is named")
  func identified() throws {
    let topology = "dgx-h100:nodes=4"
    let large = try log(topology, factors: [:], sizes: [Bytes(1 << 32), Bytes(1 << 33)])
    let profile = try Shipped.estimator(topology).calibrate([("large.log", large)]).profile
    #expect(profile.factors.contains { !$0.isIdentified })
    #expect(!profile.unidentified.isEmpty)
    for factor in profile.factors { #expect(factor.interval.contains(factor.value)) }
  }

  @Test("Calibrated estimates state narrower intervals where there were measurements")
  func intervals() throws {
    let topology = "dgx-h100:nodes=4"
    let made = try log(topology, factors: [:], sizes: MadeLogs.sizes)
    let profile = try Shipped.estimator(topology).calibrate([("made.log", made)]).profile
    let base = try Shipped.estimator(topology).profile(named: nil)
    for regime in MessageRegime.allCases {
      #expect(try #require(profile.spreads[regime]) <= base.spreadBetweenClusters(regime))
    }
  }

  @Test("Logs of which no row can be used are refused")
  func unusable() throws {
    let made = try log("dgx-h100", factors: [:], sizes: MadeLogs.sizes)
    #expect(throws: CalibrationError.self) {
      try Shipped.estimator("dgx-h100:nodes=2").calibrate([("other.log", made)])
    }
    #expect(throws: CalibrationError.noRows([])) {
      try Shipped.estimator("dgx-h100").calibrate([("empty.log", BenchmarkLog(tables: []))])
    }
  }

  @Test(
    "Mistakes of a profile are told at their place",
    arguments: [
      ("isochrone: 1\nsite-profile-of: ncll\nfactors: {}\n", "library.unknown"),
      ("isochrone: 1\nsite-profile-of: nccl\nfactors: {start: {value: 1}}\n", "factor.unknown"),
      ("isochrone: 1\nsite-profile-of: nccl\nfactors: {ramp: {value: -1}}\n", "number.range"),
      ("isochrone: 99\nsite-profile-of: nccl\nfactors: {}\n", "file.newer-version"),
      ("isochrone: 1\nsite-profile-of: nccl\n", "key.missing"),
    ])
  func mistakes(text: String, id: String) {
    var list = DiagnosticList()
    _ = SiteProfile.profile(SourceText(name: "site.yaml", text: text), &list)
    #expect(list.diagnostics.contains { $0.id == id || id == "number.range" }, "\(list.diagnostics.map(\.id))")
    #expect(list.diagnostics.allSatisfy { $0.range != nil })
  }
}
