import ClusterModel
import Collectives
import Estimation
import Quantities
import Testing

enum Sketch {
  static func link(_ name: String, _ technology: LinkTechnology, gigabytes: Double, ns: Int64 = 300) -> LinkType {
    LinkType(name: name, technology: technology, bandwidth: .gigabytesPerSecond(gigabytes), latency: .nanoseconds(ns))
  }
  static func rack(count: Int, trays: Int = 18) -> Composition.Block {
    Composition.Block(
      name: "rack", count: count, tier: .rack,
      blocks: [
        Composition.Block(
          name: "tray", count: trays, tier: .board,
          devices: [
            .init(name: "gpu", count: 4, kind: .accelerator), .init(name: "cpu", count: 2, kind: .cpu),
            .init(name: "nic", count: 4, kind: .nic),
          ],
          wirings: [
            .init(from: ["gpu"], to: ["cpu"], match: .aligned, link: link("c2c", .c2c, gigabytes: 450), tier: .device),
            .init(from: ["cpu"], to: ["nic"], match: .aligned, link: link("pcie5", .pcie, gigabytes: 63), tier: .device),
          ])
      ],
      devices: [.init(name: "nvswitch", count: 18, kind: .scaleUpSwitch)],
      wirings: [.init(from: ["tray", "gpu"], to: ["nvswitch"], match: .all, link: link("nvlink5", .nvlink, gigabytes: 50, ns: 150), tier: .rack)])
  }
  static func cluster(groups: Int, racks: Int, trays: Int = 18, spines: Int = 4) -> Composition {
    Composition(
      root: .init(
        name: "cluster", tier: .spine,
        blocks: [
          .init(
            name: "group", count: groups, tier: .leaf, blocks: [rack(count: racks)],
            devices: [.init(name: "leaf", count: 4, kind: .networkSwitch)],
            wirings: [.init(from: ["rack", "tray", "nic"], to: ["leaf"], match: .aligned, link: link("ndr", .infiniband, gigabytes: 50), tier: .leaf)])
        ],
        devices: [.init(name: "spine", count: spines, kind: .networkSwitch)],
        wirings: [
          .init(from: ["group", "leaf"], to: ["spine"], match: .all, linksPerPair: 8, link: link("ndr", .infiniband, gigabytes: 50), tier: .spine)
        ]), inUse: trays < 18 ? ["tray": trays] : [:])
  }
}

@Test("scratch") func scratch() throws {
  for (groups, racks, trays, ranks) in [(1, 1, 18, nil), (1, 2, 16, nil), (4, 8, 18, nil), (1,1,18,7), (1,2,18,73), (2, 1, 18, 144)] as [(Int, Int, Int, Int?)] {
    let compiled = try Sketch.cluster(groups: groups, racks: racks, trays: trays).compiled()
    let cluster = Cluster(
      name: "x", graph: .blueprint(compiled.blueprint), ranks: compiled.ranks,
      accelerators: [.init(part: "GB200", generation: "blackwell", vendor: "nvidia", hostCPU: "grace")],
      inSwitchReduction: true, transport: .infiniband)
    let estimator = Estimator(cluster, subject: .init(topology: "x", title: "x", parameters: [:]))
    let d = try estimator.describe()
    print(d.acceleratorCount, d.vertexCount, d.linkCount, d.cellCount, d.bisection, d.diameter?.description ?? "-", d.diameterHops ?? 0)
    for t in d.tiers { print("  ", t.tier, t.groups, t.acceleratorsPerGroup, t.bandwidthPerAccelerator, t.latency?.description ?? "-", t.switchHops ?? -1, t.oversubscription) }
    for collective in [Collective.allReduce, .allGather, .allToAll] {
      let a = try estimator.answer(Question(collective, sizes: [Bytes(8), Bytes(1 << 20), Bytes(8 << 30)], ranks: ranks))
      for e in a.estimates {
        print(collective, a.ranks, e.bytes, e.time, "bus", a.busBandwidth(of: e)/1e9, e.algorithm, e.messageProtocol, "lat", e.latencyTime, "bound", e.lowerBound, e.bottleneck.map { "\($0.link) \($0.tier) \($0.between) eff \($0.efficiency)" } ?? "-")
        print("     ", e.candidates.map { "\($0.algorithm)/\($0.messageProtocol.rawValue) \($0.time)" }.joined(separator: ", "), "|", e.alternatives.map { "\($0.algorithm) \($0.time)" }.joined(separator: ", "))
      }
      if groups == 1 && racks == 1 { print(a.refusals) ; for t in a.estimates[2].terms { print("   ", t.name, t.time, t.formula) } }
    }
  }
}
