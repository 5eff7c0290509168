import Collectives
import Estimation
import Quantities
import Testing

/// The interval of nine in ten healthy clusters.
@Suite("Error bands")
struct ErrorBandTests {
  static func relativeWidth(_ estimate: Estimate) -> Double {
    estimate.interval.upperBound / estimate.interval.lowerBound
  }

  @Test("The interval holds 85 to 99 % of the measured sizes of healthy tables", arguments: MessageRegime.allCases)
  func coverage(regime: MessageRegime) throws {
    var covered = 0
    var count = 0
    for table in try MeasurementTable.shipped() where table.isHealthy {
      let estimates = try Shipped.estimator(table.topology).answer(table.question).estimates
      for index in table.rows(in: regime) {
        count += 1
        if estimates[index].interval.contains(table.rows[index].time) { covered += 1 }
      }
    }
    let share = Double(covered) / Double(count)
    #expect(share >= 0.85 && share <= 0.99, "\(covered) of \(count)")
  }

  @Test("Estimates beyond what was fitted have wider intervals")
  func extrapolation() throws {
    let sizes = [Bytes(1 << 10), Bytes(1 << 20), Bytes(1 << 30)]
    let near = try Shipped.estimator("dgx-h100:nodes=2").answer(Question(.allReduce, sizes: sizes))
    let far = try Shipped.estimator("dgx-h100:nodes=64").answer(Question(.allReduce, sizes: sizes))
    for (one, other) in zip(near.estimates, far.estimates) {
      #expect(one.basis == .calibrated && other.basis == .extrapolated)
      #expect(ErrorBandTests.relativeWidth(one) < ErrorBandTests.relativeWidth(other))
    }
  }

  @Test("Every interval holds its estimate and is as wide either way")
  func symmetry() throws {
    for topology in ["gb200-nvl72", "aws-p5:nodes=4", "mi300x", "alps-gh200:nodes=2"] {
      let answer = try Shipped.estimator(topology).answer(
        Question(.allGather, sizes: [Bytes(8), Bytes(1 << 20), Bytes(1 << 33)]))
      for estimate in answer.estimates {
        let (up, down) = (estimate.interval.upperBound / estimate.time, estimate.time / estimate.interval.lowerBound)
        #expect(up > 1 && abs(up - down) < 1e-9)
      }
    }
  }
}
