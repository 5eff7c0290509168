import Collectives
import Foundation
import Quantities
import TestSupport
import Testing

@testable import Estimation

/// Causes found in logs of made clusters, broken in the model.
@Suite("Causes of shortfalls") struct CauseModelTests {
  /// Clusters and collectives on which a cause is felt.
  static let plants: [(topology: String, collective: Collective, causes: [String])] = [
    (
      "dgx-h100:nodes=4", .allReduce,
      ["half-rails", "slow-link", "no-gpudirect", "tcp-sockets", "pcie-instead-of-nvlink", "low-latency-protocol"]
    ),
    (
      "dgx-h100", .allReduce,
      ["slow-start", "no-in-switch-reduction"]
    ),
    ("dgx-a100:nodes=4", .allReduce, ["network-latency", "protocol-dip"]),
  ]

  @Test("The planted cause is named first in nine of ten logs", arguments: plants)
  func planted(topology: String, collective: Collective, causes: [String]) throws {
    let logs = try MadeLogs(topology, collective)
    var random = SeededGenerator(seed: 3)
    for id in causes {
      let sources = try logs.grades(id).map { try logs.source($0) }
      try #require(!sources.isEmpty, "\(id) cannot be on \(topology)")
      var found: [String: Int] = [:]
      for log in 0..<10 {
        let times = sources[log % sources.count].times(&random)
        found[logs.model.findings(in: times).first?.cause.id ?? "none", default: 0] += 1
      }
      #expect(found[id] ?? 0 >= 9, "\(id) on \(topology): \(found)")
    }
  }

  /// Causes that are felt little, or that others resemble, with where they are felt most, and in how many of ten logs
  /// they are among the three likeliest at least: one NIC of eight is near what healthy clusters differ by.
  static let faint: [(topology: String, collective: Collective, causes: [String], least: Int)] = [
    ("dgx-h100:nodes=4", .allReduce, ["wrong-algorithm", "scale-up-width", "slow-gpus"], 9),
    ("dgx-h100:nodes=4", .allReduce, ["nic-missing"], 7),
  ]

  @Test("Causes that are felt little are among the three likeliest in most logs", arguments: faint)
  func ranked(topology: String, collective: Collective, causes: [String], least: Int) throws {
    let logs = try MadeLogs(topology, collective)
    var random = SeededGenerator(seed: 4)
    for id in causes {
      let sources = try logs.grades(id).map { try logs.source($0) }
      try #require(!sources.isEmpty, "\(id) cannot be on \(topology)")
      let places = (0..<10).map { log in
        logs.model.ranking(of: sources[log % sources.count].times(&random)).firstIndex { $0.cause.id == id } ?? .max
      }
      #expect(places.filter { $0 < 3 }.count >= least, "\(id) on \(topology): \(places)")
    }
  }

  @Test("Congested links between switches are told from slow ports by a log of an all-reduce beside an all-to-all")
  func congestedSpine() throws {
    let logs = try MadeLogs(
      CauseModelTests.leaves, .allReduce, .allToAll, sizes: CauseModelTests.few, only: CauseModelTests.ofPorts)
    var random = SeededGenerator(seed: 6)
    for (id, other) in [("congested-spine", "half-rails"), ("half-rails", "congested-spine")] {
      let grade = try #require(logs.grades(id).first)
      let source = try logs.source(grade)
      let first = (0..<10).map { _ in logs.model.findings(in: source.times(&random)).first }
      #expect(first.filter { $0?.cause.id == id }.count >= 9, "\(id): \(first.map { $0?.cause.id })")
      #expect(!first.contains { $0?.alike.contains { $0.id == other } ?? false })
    }
  }

  static let few = [Bytes(1024), Bytes(1 << 20), Bytes(1 << 26), Bytes(1 << 30)]
  /// Causes that are felt in the network's bandwidth.
  static let ofPorts: Set<String> = ["nic-missing", "half-rails", "slow-link", "no-gpudirect", "congested-spine"]

  /// Boxes of eight GPUs under several leaf switches, over which rings and trees pass seldom.
  static let leaves = "dgx-h100:nodes=16,fabric=fat-tree"

  @Test("Causes with the same times are one finding that names both")
  func sameTimes() throws {
    let logs = try MadeLogs(
      "dgx-h100:nodes=4", .allReduce, sizes: CauseModelTests.few, only: ["half-rails", "network-latency"])
    var catalog = logs.catalog
    var twin = try #require(catalog.causes.first { $0.id == "half-rails" })
    twin.id = "twin"
    catalog.causes.append(twin)
    let model = try CauseModel(logs.questions, on: logs.cluster, profile: logs.profile, catalog: catalog)
    var random = SeededGenerator(seed: 7)
    let first = try #require(model.findings(in: logs.source(twin.grades[0]).times(&random)).first)
    #expect(first.cause.id == "half-rails" && first.alike.map(\.id) == ["twin"])
  }

  @Test("A list of fewer adapters than the hosts have names the missing ones in nine of ten logs")
  func listedAdapters() throws {
    let logs = try MadeLogs("dgx-h100:nodes=4", .allReduce, only: CauseModelTests.ofPorts)
    var random = SeededGenerator(seed: 4)
    for (id, adapters) in [("nic-missing", 7), ("half-rails", 4)] {
      let grade: Cause.Grade = try #require(logs.grades(id).first)
      let source = try logs.source(grade)
      let first = (0..<10).map { _ in
        logs.model.findings(in: source.times(&random), .init(networkAdapters: adapters)).first?.cause.id
      }
      #expect(first.filter { $0 == id }.count >= 9, "\(first)")
    }
    let healthy = try logs.source()
    for _ in 0..<10 {
      #expect(logs.model.findings(in: healthy.times(&random), .init(networkAdapters: 8)).isEmpty)
    }
  }

  @Test("At least ten causes are planted")
  func count() { #expect(Set(CauseModelTests.plants.flatMap(\.causes)).count >= 10) }

  @Test("In at least 95 of 100 healthy logs nothing is found")
  func healthy() throws {
    var random = SeededGenerator(seed: 5)
    var alarms: [String] = []
    for (topology, collective) in [("dgx-h100:nodes=2", Collective.allReduce), ("gb200-nvl72", .allReduce)] {
      let logs = try MadeLogs(topology, collective)
      let source = try logs.source()
      for _ in 0..<50 { alarms += logs.model.findings(in: source.times(&random)).prefix(1).map(\.cause.id) }
    }
    #expect(alarms.count <= 5, "\(alarms)")
  }

  @Test("A few wild rows are no cause")
  func outliers() throws {
    let logs = try MadeLogs("dgx-h100", .allReduce)
    var random = SeededGenerator(seed: 8)
    var times = try logs.source().times(&random)
    times[3] = times[3] * 6
    times[11] = times[11] * 3
    #expect(logs.model.findings(in: times).isEmpty)
  }

  @Test("Faster than expected is no finding")
  func fast() throws {
    let logs = try MadeLogs("dgx-h100", .allReduce)
    var random = SeededGenerator(seed: 9)
    let times = try logs.source().times(&random).map { $0 * 0.6 }
    #expect(logs.model.findings(in: times).isEmpty)
  }

  @Test("The shipped causes are whole: each has grades, and their figures are figures of the profile")
  func catalog() throws {
    let catalog = try #require(CauseCatalog.shipped())
    #expect(catalog.causes.count >= 10)
    let profile = try #require(try LibraryProfiles.shipped(named: "nccl"))
    let algorithms = Set(profile.offers.values.flatMap { $0.map(\.algorithm) })
    for cause in catalog.causes {
      for grade in cause.grades {
        for change in grade.added + grade.multiplied {
          #expect(profile.figures.keys.contains { LibraryProfile.matches($0, change.figure) }, "\(cause.id)")
        }
        #expect(grade.onlyAlgorithms.allSatisfy { algorithms.contains($0) }, "\(cause.id)")
      }
    }
    for factor in SiteFactor.shipped() {
      for name in factor.times + factor.rates {
        #expect(profile.figures.keys.contains { LibraryProfile.matches($0, name) }, "\(factor.name): \(name)")
      }
    }
    #expect(!SiteFactor.shipped().isEmpty)
  }
}
