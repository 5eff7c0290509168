import Collectives
import Estimation
import Quantities
import Testing

/// Profiles of certain releases of a library.
@Suite("Releases of libraries")
struct ReleaseTests {
  static func profile(_ name: String) throws -> LibraryProfile {
    try #require(try LibraryProfiles.shipped(named: name), "\(name)")
  }

  @Test("A release has what held before all later changes, and goes by its own reckoning")
  func changes() throws {
    for (release, base, hop) in [
      ("2.12.12", 3.6, 28.0), ("2.17.1", 3.6, 28), ("2.18.1", 6.6, 28), ("2.18.5", 6.6, 4), ("2.19.4", 6.6, 28),
      ("2.22.3", 6.6, 28), ("2.23.4", 6.6, 4), ("2.30.7", 6.6, 4), ("2.31", 6.6, 4),
    ] {
      let tuner = try ReleaseTests.profile("nccl-tuner@\(release)")
      #expect(abs(tuner.factor("base.LL") * 1e6 - base) < 1e-9, "\(release)")
      #expect(abs(tuner.factor("hop.nvlink.tree.simple") * 1e6 - hop) < 1e-9, "\(release)")
      #expect(try ReleaseTests.profile("nccl@\(release)").tuner == tuner.name)
    }
  }

  @Test("Releases that are not known, and libraries that tell none apart, are refused")
  func unknown() throws {
    for name in ["nccl@2.4.8", "nccl@", "nccl@x", "nccl@2.20@1", "alpha-beta@1", "@2.20", "nothing@2.20"] {
      #expect(try LibraryProfiles.shipped(named: name) == nil, "\(name)")
    }
    #expect(throws: EstimationError.unknownLibrary("nccl@2.4", known: ["nccl@2.12 to nccl@2.30.7"])) {
      try Shipped.estimator("dgx-h100").answer(Question(.allReduce, sizes: [Bytes(8)], library: "nccl@2.4"))
    }
  }

  @Test("Hopper has neither LL128 nor NVLS before 2.17, nor NVLSTree before 2.18")
  func algorithms() throws {
    func offered(_ release: String, _ topology: String) throws -> Set<String> {
      let question = Question(.allReduce, sizes: [Bytes(1 << 20)], library: "nccl@\(release)")
      let estimate = try Shipped.estimator(topology).answer(question).estimates[0]
      return Set(estimate.candidates.flatMap { [$0.algorithm, $0.messageProtocol.rawValue] })
    }
    #expect(try offered("2.16.5", "dgx-h100:nodes=2") == ["ring", "tree", "LL", "simple"])
    #expect(try offered("2.16.5", "dgx-a100:nodes=2") == ["ring", "tree", "LL", "LL128", "simple"])
    #expect(try offered("2.17.1", "dgx-h100").isSuperset(of: ["nvls", "LL128"]))
    #expect(try !offered("2.17.1", "dgx-h100:nodes=2").contains("nvls-tree"))
    #expect(try offered("2.18.1", "dgx-h100:nodes=2").contains("nvls-tree"))
  }

  @Test("What the library picks by its stated release fits its tables no worse than what the newest would pick")
  func picks() throws {
    var errors: [(stated: Double, newest: Double)] = []
    for table in try MeasurementTable.shipped() where table.isHealthy && table.collective == .allReduce {
      guard let release = table.release, try LibraryProfiles.shipped(named: "nccl@\(release)") != nil,
        !table.topology.hasPrefix("mi")
      else { continue }
      func error(_ library: String) throws -> [Double] {
        var question = table.question
        question.library = library
        question.selection = .library
        let times = try Shipped.estimator(table.topology).answer(question).estimates.map(\.time)
        return zip(times, table.rows).map { abs($0 / $1.time - 1) }
      }
      errors += try zip(error("nccl@\(release)"), error("nccl")).map { ($0, $1) }
    }
    #expect(errors.count > 60)
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    #expect(mean(errors.map(\.stated)) <= mean(errors.map(\.newest)) + 1e-9)
  }
}
