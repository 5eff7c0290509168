import Collectives
import Foundation
import Quantities
import TestSupport
import Testing

@testable import ClusterModel
@testable import Estimation

/// Logs of made clusters: the model with figures that stray as those of healthy clusters do, broken or not, with noise.
struct MadeLogs {
  static let noise = 0.03

  let questions: [Question]
  let cluster: Cluster
  let profile: LibraryProfile
  let catalog: CauseCatalog
  let model: CauseModel
  private let base: WhatIf
  private let fabric: FabricView

  init(_ topology: String, _ collectives: Collective..., sizes: [Bytes] = MadeLogs.sizes, only: Set<String>? = nil)
    throws
  {
    let estimator = try Shipped.estimator(topology)
    cluster = estimator.cluster
    profile = try estimator.profile(named: nil)
    var catalog = try #require(CauseCatalog.shipped())
    catalog.causes.removeAll { !(only?.contains($0.id) ?? true) }
    self.catalog = catalog
    questions = collectives.map { Question($0, sizes: sizes) }
    model = try CauseModel(questions, on: cluster, profile: profile, catalog: catalog)
    base = WhatIf(cluster: cluster, profile: profile, inSwitch: .auto)
    fabric = try FabricView(cluster, ranks: nil)
  }

  /// 8 B to 8 GiB in steps of four.
  static let sizes = stride(from: 3, through: 33, by: 2).map { Bytes(1 << Int64($0)) }

  /// The grades of a cause that can be on the cluster.
  func grades(_ id: String) -> [Cause.Grade] {
    (catalog.causes.first { $0.id == id }?.grades ?? []).filter { base.with($0, fabric: fabric) != nil }
  }

  /// A source of logs with a cause, or healthy ones.
  func source(_ grade: Cause.Grade? = nil) throws -> Source {
    let whatIf = try grade.map { try #require(base.with($0, fabric: fabric)) } ?? base
    return Source(
      models: try questions.map {
        try TimeModel(
          QuestionGraph($0, on: whatIf.cluster, profile: profile), profile: whatIf.profile, inSwitch: whatIf.inSwitch)
      },
      profile: whatIf.profile, delay: whatIf.delay)
  }

  struct Source {
    let models: [TimeModel]
    let profile: LibraryProfile
    let delay: Seconds

    /// The times of one made cluster.
    func times(_ random: inout SeededGenerator) -> [Seconds] {
      let spread = profile.figureSpread()
      let numbers = spread.names.map { _ in random.normal() }
      let drawn = profile.shifted(by: spread.shifts(numbers))
      return models.flatMap { $0.times(drawn) }.map { ($0 + delay) * exp(MadeLogs.noise * random.normal()) }
    }
  }
}

extension SeededGenerator {
  /// A standard normal number (Box and Muller).
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude..<1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }
}
