import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// Reduction in the switches between racks and boxes.
@Suite("Reduction in the network") struct NetworkReductionTests {
  private static func boxes(_ system: String, on networkSwitch: String, reduces: Bool = true) throws -> Estimator {
    try OwnTopology.estimator(
      "cluster:\n  boxes: 4 × \(system)\n"
        + "  fabric: {kind: rail-optimised, switch: \(networkSwitch), in-switch-reduction: \(reduces)}")
  }

  private func answer(_ estimator: Estimator, _ inSwitch: Question.InSwitch, library: String? = nil) throws -> Answer {
    try estimator.answer(
      Question(.allReduce, sizes: [Bytes(1 << 30)], library: library, inSwitch: inSwitch))
  }

  @Test("It is used where the fabric is set up for it and it is asked for, and never otherwise")
  func asked() throws {
    let capable = try Self.boxes("DGX-A100", on: "Quantum")
    #expect(try answer(capable, .on).estimates[0].algorithm == "sharp")
    for inSwitch in [Question.InSwitch.auto, .off] {
      let answer = try answer(capable, inSwitch)
      #expect(answer.estimates[0].algorithm != "sharp")
      #expect(answer.refusals.contains { $0.algorithm == "sharp" && $0.reason.contains("do not reduce") })
    }
    let plain = try Self.boxes("DGX-A100", on: "Quantum", reduces: false)
    #expect(try answer(plain, .on).estimates[0].algorithm != "sharp")
  }

  @Test("Every rank's adapter carries its share once, and the bound stays below")
  func volume() throws {
    let estimate = try answer(try Self.boxes("DGX-A100", on: "Quantum"), .on, library: "alpha-beta").estimates[0]
    let sharp = try #require((estimate.candidates + estimate.alternatives).first { $0.algorithm == "sharp" })
    // Rings inside the box send 7/8 of the message twice over 300 GB/s and are slower than an eighth over 25 GB/s.
    let size = Double(1 << 30)
    let inside = 2 * 7.0 / 8 * size / 300e9
    #expect(sharp.time.value >= inside && sharp.time.value < inside * 1.1)
    #expect(Soundness.close(estimate.leastTime.value, size / 200e9, 1e-9))
    #expect(sharp.time >= estimate.leastTime)
    let plain = try answer(try Self.boxes("DGX-A100", on: "Quantum", reduces: false), .on).estimates[0]
    #expect(plain.leastTime.value > estimate.leastTime.value * 1.4)
  }
}
