import Collectives
import Estimation
import Quantities
import Testing

/// More domains take longer as the measured tables say.
@Suite("Scaling with the number of domains")
struct ScalingTests {
  /// The mean ratio of the times of two tables over the sizes that both have: measured and estimated.
  static func ratios(_ few: String, _ many: String) throws -> (measured: Double, estimated: Double) {
    let tables = try MeasurementTable.shipped()
    func table(_ id: String) throws -> MeasurementTable { try #require(tables.first { $0.id == id }) }
    let (one, other) = (try table(few), try table(many))
    let sizes = one.rows.map(\.bytes).filter { size in other.rows.contains { $0.bytes == size } }
    #expect(!sizes.isEmpty)
    func times(_ table: MeasurementTable) throws -> (measured: [Double], estimated: [Double]) {
      var question = table.question
      question.sizes = sizes
      return (
        sizes.compactMap { size in table.rows.first { $0.bytes == size }?.time.value },
        try Shipped.estimator(table.topology).answer(question).estimates.map(\.time.value)
      )
    }
    let (first, second) = (try times(one), try times(other))
    func mean(_ one: [Double], _ other: [Double]) -> Double {
      zip(one, other).reduce(0) { $0 + $1.1 / $1.0 } / Double(one.count)
    }
    return (mean(first.measured, second.measured), mean(first.estimated, second.estimated))
  }

  @Test(
    "The ratio of times over more and fewer domains is that of the tables",
    arguments: [
      ("gb200-oci-allreduce-16n", "gb200-oci-allreduce-32n"),
      ("gb200-oci-alltoall-16n", "gb200-oci-alltoall-32n"),
      ("h100-dgxc-allreduce-1n", "h100-coreweave-allreduce-12n"),
      ("v100-p3dn-efa-allreduce-2n-gist", "v100-p3dn-efa-allreduce-4n-gist"),
    ])
  func ratio(few: String, many: String) throws {
    let (measured, estimated) = try ScalingTests.ratios(few, many)
    #expect(measured > 1 && estimated > 1)
    #expect(abs(estimated / measured - 1) < 0.2, "\(few) to \(many): measured \(measured), estimated \(estimated)")
  }

  @Test(
    "An all-reduce over more domains takes longer, by a bounded factor",
    arguments: ["gb200-nvl72:racks=", "dgx-h100:nodes=", "aws-p4d:nodes="])
  func rising(topology: String) throws {
    var last = 0.0
    for domains in [1, 2, 4, 12, 64] {
      let time = try Shipped.estimator("\(topology)\(domains)")
        .answer(Question(.allReduce, sizes: [Bytes(8 << 30)])).estimates[0].time.value
      #expect(time > last * 0.999, "\(domains) domains")
      if last > 0 { #expect(time < last * 12, "\(domains) domains") }
      last = time
    }
  }
}
