import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

/// Boxes whose accelerators reach each other through PCIe switches and processors.
@Suite("Accelerators behind one host") struct HostDomainTests {
  private func transfer(_ collective: Collective, _ algorithm: String, on cluster: Cluster, ranks: Int?) throws
    -> Double
  {
    let answer = try Estimator(cluster, subject: Subject(topology: "own", title: "own", parameters: [:])).answer(
      Question(collective, sizes: [Bytes(1 << 30)], ranks: ranks, algorithm: algorithm, library: "alpha-beta"))
    return try #require(answer.estimates[0].terms.first { $0.name.hasPrefix("bytes over") }).time.value
  }

  @Test(
    "A ring takes what its messages take on single vertices: neighbours share a switch, borders are crossed once",
    arguments: ["rtx-pro-6000-pcie", "rtx-pro-6000-pcie:roots=1", "rtx-6000d"])
  func rings(name: String) throws {
    let cluster = try Shipped.cluster(name)
    let single = try cluster.asSingleVertices()
    for (collective, ranks) in [(Collective.allReduce, nil), (.allGather, nil), (.reduceScatter, 4), (.allReduce, 2)] {
      let cells = try transfer(collective, "ring", on: cluster, ranks: ranks)
      let vertices = try transfer(collective, "ring", on: single, ranks: ranks)
      #expect(Soundness.close(cells, vertices, 1e-9), "\(collective), \(ranks ?? 8) ranks: \(cells), \(vertices)")
    }
  }

  @Test("An exchange between all takes what its messages load the busiest link with")
  func exchange() throws {
    let cluster = try Shipped.cluster("rtx-pro-6000-pcie")
    // Four ranks behind each root send half of what they have to the other four.
    let crossing = 4 * 4.0 / 8 * Double(1 << 30)
    let time = try transfer(.allToAll, "pairwise", on: cluster, ranks: nil)
    #expect(time >= crossing / 64e9 * 0.5 && time >= 7.0 / 8 * Double(1 << 30) / 64e9)
    #expect(time <= (try transfer(.allToAll, "pairwise", on: cluster.asSingleVertices(), ranks: nil)) * (1 + 1e-9))
  }
}
