import ClusterModel
import Estimation
import Quantities
import Testing

@Suite("Descriptions") struct DescriptionTests {
  private func count(_ kind: DeviceKind, in description: Description) -> Int {
    description.devices.filter { $0.kind == kind }.reduce(0) { $0 + $1.count }
  }

  @Test(
    "One rack of 72 is one switch hop wide and leaves by one network interface for each accelerator",
    arguments: [("gb200-nvl72", 50.0), ("gb300-nvl72", 100.0)])
  func oneRack(topology: String, out: Double) throws {
    let description = try Shipped.estimator(topology).describe()
    #expect(description.acceleratorCount == 72)
    #expect(description.acceleratorsPresent == 72)
    #expect(count(.accelerator, in: description) == 72)
    #expect(count(.scaleUpSwitch, in: description) == 18)
    let rack = try #require(description.tiers.first { $0.tier == .rack })
    #expect(rack.groups == 1 && rack.acceleratorsPerGroup == 72)
    #expect(rack.bandwidthPerAccelerator == .gigabytesPerSecond(900))
    #expect(rack.switchHops == 1)
    #expect(rack.oversubscription == 1)
    #expect(description.bisection == .gigabytesPerSecond(36 * 900))
    let two = try Shipped.estimator("\(topology):racks=2").describe()
    let leaf = try #require(two.tiers.first { $0.tier == .leaf })
    #expect(abs(leaf.bandwidthPerAccelerator / .gigabytesPerSecond(out) - 1) < 1e-12)
    #expect(try #require(two.tiers.first { $0.tier == .rack }).groups == 2)
  }

  @Test("Thousands of racks are described in four or more tiers without being expanded")
  func many() throws {
    let description = try Shipped.estimator("gb200-nvl72:racks=13824").describe()
    #expect(description.acceleratorCount == 13_824 * 72)
    #expect(description.tiers.count >= 4)
    #expect(description.cellCount < 100)
    for (inner, outer) in zip(description.tiers, description.tiers.dropFirst()) {
      #expect(inner.tier < outer.tier)
      #expect(inner.groups >= outer.groups)
      #expect(inner.acceleratorsPerGroup <= outer.acceleratorsPerGroup)
      #expect(try #require(inner.latency) <= #require(outer.latency))
      #expect(inner.bandwidthPerAccelerator >= outer.bandwidthPerAccelerator)
    }
    #expect(description.tiers.last?.groups == 1)
  }

  @Test("Counts are those of the expansion", arguments: ExpansionTests.clusters)
  func counts(name: String, text: String) throws {
    let estimator = try OwnTopology.estimator(text)
    guard case .blueprint(let blueprint) = estimator.cluster.graph else { return }
    let (graph, _) = try blueprint.expanded()
    let description = try estimator.describe()
    #expect(description.vertexCount == graph.cells.count)
    #expect(description.linkCount * 2 == graph.arcs.reduce(0) { $0 + $1.linksPerMember })
    #expect(description.devices.reduce(0) { $0 + $1.count } == graph.cells.count)
    #expect(description.links.reduce(0) { $0 + $1.count } == description.linkCount)
    for kind in DeviceKind.allCases {
      #expect(count(kind, in: description) == graph.cells.filter { $0.kind == kind }.count)
    }
  }

  @Test("What is there and what is missing are together what was planned", arguments: ExpansionTests.clusters)
  func missing(name: String, text: String) throws {
    let estimator = try OwnTopology.estimator(text)
    guard case .blueprint(var blueprint) = estimator.cluster.graph else { return }
    let isBroken = !blueprint.exceptions.isEmpty
    blueprint.exceptions = []
    let (planned, _) = try blueprint.expanded()
    let description = try estimator.describe()
    #expect(description.devices.reduce(0) { $0 + $1.count + $1.missing } == planned.cells.count)
    let gone =
      description.devices.reduce(0) { $0 + $1.missing } + description.links.reduce(0) { $0 + $1.missing }
    #expect(gone >= 0 && (isBroken || gone == 0))
    let isMeshed = description.links.contains { $0.between.first == $0.between.last }
    if !isMeshed {
      let links = description.links.reduce(0) { $0 + $1.count + $1.missing }
      #expect(links * 2 == planned.arcs.reduce(0) { $0 + $1.linksPerMember })
    }
  }
}
