import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// Clusters without anything but their network.
@Suite("Network only")
struct NetworkOnlyTests {
  static let sizes = [Bytes(4096), Bytes(1 << 20), Bytes(1 << 30)]

  static func times(_ reference: String, _ question: Question) throws -> [Seconds] {
    try Shipped.estimator(reference).networkOnly().answer(question).estimates.map(\.time)
  }

  @Test("One GPU a box takes as long with its network only as with all that it has")
  func oneEach() throws {
    let question = Question(.allReduce, sizes: NetworkOnlyTests.sizes)
    let whole = try Shipped.estimator("dgx-h100:nodes=4,gpus=1").answer(question).estimates.map(\.time)
    for (one, other) in zip(whole, try NetworkOnlyTests.times("dgx-h100:nodes=4,gpus=1", question)) {
      #expect(abs(one / other - 1) < 0.01)
    }
  }

  @Test("It does not matter which GPUs share a box")
  func boxes() throws {
    let question = Question(.allGather, sizes: NetworkOnlyTests.sizes)
    let dense = try NetworkOnlyTests.times("dgx-h100:nodes=1,fabric=single-switch", question)
    let spread = try NetworkOnlyTests.times("dgx-h100:nodes=8,gpus=1,fabric=single-switch", question)
    for (one, other) in zip(dense, spread) { #expect(abs(one / other - 1) < 1e-9) }
  }

  @Test("Each GPU has its share of the NICs: one of its own, two, half of one, or two ports of a shared one")
  func shares() throws {
    for (reference, rate) in [
      ("dgx-h100:nodes=2", 50.0), ("oci-gb200-v3:racks=1,trays=2", 100), ("aws-p4d:nodes=2", 6.25),
      ("rtx-6000d:nodes=2", 50), ("gb200-nvl72:racks=1,trays=4", 50),
    ] {
      let estimator = Estimator(
        try Shipped.estimator(reference).networkOnly().cluster,
        subject: Subject(topology: reference, title: "", parameters: [:]))
      let size = Bytes(1 << 34)
      let question = Question(.allReduce, sizes: [size], algorithm: "ring", library: "alpha-beta")
      let answer = try estimator.answer(question)
      let ranks = Double(answer.ranks)
      let time = 2 * (ranks - 1) / ranks * Double(size.count) / (rate * 1e9)
      #expect(abs(answer.estimates[0].time.value / time - 1) < 0.01, "\(reference)")
    }
  }

  @Test("Nothing is faster without NVLink, and no switch of its domain reduces")
  func slower() throws {
    let question = Question(.allReduce, sizes: NetworkOnlyTests.sizes)
    let whole = try Shipped.estimator("gb300-nvl72:racks=1").answer(question)
    let limited = try Shipped.estimator("gb300-nvl72:racks=1").networkOnly().answer(question)
    for (one, other) in zip(whole.estimates, limited.estimates) {
      #expect(other.time > one.time)
      #expect(!other.candidates.contains { $0.algorithm.hasPrefix("nvls") })
    }
    #expect(limited.remarks.contains { $0.hasPrefix("Network only") })
  }

  @Test("A cluster without a network, or with failed links, is refused")
  func refusals() throws {
    #expect(throws: EstimationError.self) { try Shipped.estimator("tpu-v5p-torus").networkOnly() }
    #expect(throws: EstimationError.self) { try Shipped.estimator("mixed-gb200-gb300").networkOnly() }
  }

  @Test("The named algorithms of NCCLX come out as measured over the network alone")
  func namedAlgorithms() throws {
    let tables = try MeasurementTable.shipped(of: "nccl-ctran")
    #expect(tables.count == 12)
    var errors: [MessageRegime: [Double]] = [:]
    for table in tables {
      let times = try NetworkOnlyTests.times(table.topology, table.question)
      for (regime, error) in table.medianErrors(times) { errors[regime, default: []].append(error) }
    }
    for (regime, most) in [(MessageRegime.small, 0.1), (.medium, 0.1), (.large, 0.08)] {
      let median = try #require(MeasurementTests.median(errors[regime] ?? []))
      #expect(median < most, "\(regime): \(median)")
    }
  }
}
