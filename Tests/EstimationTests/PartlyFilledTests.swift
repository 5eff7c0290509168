import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// Ranks that fill their last domain in part.
@Suite("Partly filled domains") struct PartlyFilledTests {
  static let size = Bytes(16 << 30)

  /// One accelerator in each of two racks.
  private func pair(_ system: String) throws -> Estimator {
    try OwnTopology.estimator(
      "cluster:\n  racks: 2 × \(system)\n  in-use: {tray: 1, gpu: 1}\n"
        + "  fabric: {kind: rail-optimised, switch: Quantum-2}")
  }

  @Test(
    "One accelerator of a second rack is the bottleneck with about twice the time of two ranks at most",
    arguments: LawCases.collectives)
  func oneBeyond(collective: Collective) throws {
    let two = try pair("GB200-NVL72").answer(Question(collective, sizes: [PartlyFilledTests.size])).estimates[0]
    let estimator = try Shipped.estimator("gb200-nvl72:racks=2")
    let beyond = try estimator.answer(Question(collective, sizes: [PartlyFilledTests.size], ranks: 73)).estimates[0]
    let bottleneck = try #require(beyond.bottleneck)
    #expect(bottleneck.tier == .leaf)
    #expect(bottleneck.link == two.bottleneck?.link)
    // A ring or tree takes the message once each way over the border; a rank sends each other one a 73rd of it.
    // Two interfaces are equally near to an accelerator.
    let crossing = Double(PartlyFilledTests.size.count) * (collective == .allReduce ? 1 : 72.0 / 73) / 2
    #expect((0.99...1.01).contains(bottleneck.bytesPerLink / crossing))
    #expect((0.99...2.01).contains(beyond.time / two.time), "\(beyond.time) against \(two.time)")
  }

  @Test("A few more nodes than fit under one group of leaves cost a few per cent", arguments: LawCases.collectives)
  func oneMoreNode(collective: Collective) throws {
    let times = try [32, 33, 34, 40, 48].map { nodes in
      try Shipped.estimator("dgx-h100:nodes=\(nodes)").answer(Question(collective, sizes: [PartlyFilledTests.size]))
        .estimates[0].time
    }
    for time in times.dropFirst() { #expect(time / times[0] < 1.1, "\(time) against \(times[0])") }
  }

  @Test("The ranks of the last domain need the time that their own network links take", arguments: LawCases.collectives)
  func lastDomain(collective: Collective) throws {
    for (topology, ranks) in [
      ("gb200-nvl72:racks=2", [73, 74, 76, 80, 108, 143, 144]), ("gb300-nvl72:racks=3", [145, 150, 215]),
      ("gb200-nvl72:racks=3,fabric=fat-tree", [145, 180]), ("dgx-h100:nodes=40", [10, 12, 15, 314, 317]),
      ("dgx-a100:nodes=3", [17, 20]),
    ] {
      let estimator = try Shipped.estimator(topology)
      let description = try estimator.describe()
      let domain = topology.hasPrefix("dgx") ? 8 : 72
      let perRank = try #require(description.tiers.first { $0.tier == .leaf }).bandwidthPerAccelerator.bytesPerSecond
      for count in ranks {
        let last = Double(count % domain == 0 ? domain : count % domain)
        let total = Double(count)
        let share =
          switch collective {
          case .allReduce: 1.0
          case .allToAll: last * (total - last) / total
          default: 1 - last / total
          }
        // The two accelerators of a processor of a rack are equally near to both of its interfaces.
        let interfaces = domain == 72 ? 2 * (last / 2).rounded(.up) : last
        let needed = share * Double(PartlyFilledTests.size.count) / (interfaces * perRank)
        let answer = try estimator.answer(Question(collective, sizes: [PartlyFilledTests.size], ranks: count))
        for candidate in answer.estimates[0].candidates + answer.estimates[0].alternatives {
          #expect(candidate.time.value >= needed * (1 - 1e-9), "\(topology), \(count) ranks, \(candidate.algorithm)")
        }
      }
    }
  }
}
