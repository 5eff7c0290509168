import ClusterModel
import Interchange
import TestSupport
import Testing
import TopologyFiles

/// Regular fabrics come out as blueprints, with exceptions for what is missing.
@Suite("Recognition")
struct RecognitionTests {
  private static func imported(radix: Int, missing: Int, seed: Int) throws -> TopologyText {
    var generator = SeededGenerator(seed: seed)
    var tree = FatTreeText(radix: radix)
    tree.remove(missing, using: &generator)
    return TopologyText(try site("ibnetdiscover", tree.text(using: &generator)), origin: "test")
  }

  @Test("A fat tree is a blueprint of a page, whatever the order of its records", arguments: [4, 6, 8])
  func whole(radix: Int) throws {
    let text = try Self.imported(radix: radix, missing: 0, seed: radix)
    #expect(text.isBlueprint && !text.text.contains("exceptions:"))
    #expect(text.text.split(separator: "\n").count < 50)
    let cluster = try reading(text.text).get()
    let graph = try ExportedCluster(cluster)
    let half = radix / 2
    #expect(graph.acceleratorCount == radix * half * half)
    guard case .blueprint(let blueprint) = cluster.graph else { throw FoundGraph() }
    let topology = try blueprint.topology()
    // Hosts with accelerator and adapter, 5/4 k² switches; a link in each host and three tiers of cables.
    #expect(topology.vertexCount == 2 * radix * half * half + radix * radix + half * half)
    #expect(topology.directedLinkCount / 2 == 4 * radix * half * half)
    var links: [Tier: Int] = [:]
    for arc in topology.arcs where arc.forward {
      links[arc.tier, default: 0] += arc.linksPerMember * topology.cells[arc.from.index].size
    }
    for tier in [Tier.device, .leaf, .spine, .core(1)] { #expect(links[tier] == radix * half * half, "\(tier)") }
  }

  @Test("Each missing cable is one exception, and the links that are left are all there", arguments: 0..<6)
  func missing(seed: Int) throws {
    let text = try Self.imported(radix: 8, missing: 5, seed: seed)
    #expect(text.isBlueprint)
    #expect(text.text.matches(of: /- failed:/).count == 5)
    let cluster = try reading(text.text).get()
    guard case .blueprint(let blueprint) = cluster.graph else { throw FoundGraph() }
    #expect(try blueprint.topology().directedLinkCount / 2 == 4 * 128 - 5)
  }

  @Test("A fat tree of 32 ports with five cables missing is a page with five exceptions")
  func large() throws {
    let text = try Self.imported(radix: 32, missing: 5, seed: 1)
    #expect(text.isBlueprint)
    #expect(text.text.matches(of: /- failed:/).count == 5)
    #expect(text.text.split(separator: "\n").count < 60)
  }

  @Test(
    "Leaves that serve a run of a rack's hosts each, and a last leaf of fewer boxes, are blueprints",
    arguments: ["oci-gb300:racks=2", "aws-p6e-gb300", "dgx-h100:nodes=33", "rail-only-h100:nodes=4"])
  func parts(_ name: String) throws {
    let text = TopologyText(try site("graphml", exported("graphml", name)), origin: "test")
    #expect(text.isBlueprint && text.text.split(separator: "\n").count < 60, "\(text.text)")
  }

  @Test("Links between switches of one tier are no tree and are listed one by one")
  func mesh() throws {
    let text = TopologyText(
      try site(
        "ibnetdiscover",
        """
        Switch 4 "S-01" # "MF0;a:MQM9700/U1"
        [1] "H-01"[1](01) # "n1 mlx5_0" lid 1 4xNDR
        [2] "S-02"[2] # "MF0;b:MQM9700/U1" lid 1 4xNDR
        Switch 4 "S-02" # "MF0;b:MQM9700/U1"
        [1] "H-02"[1](02) # "n2 mlx5_0" lid 1 4xNDR
        """), origin: "test")
    #expect(!text.isBlueprint)
    #expect(try ExportedCluster(try reading(text.text).get()).acceleratorCount == 2)
  }

  private struct FoundGraph: Error {}
}
