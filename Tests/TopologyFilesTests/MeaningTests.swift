import ClusterModel
import Diagnostics
import Documents
import HardwareCatalog
import Quantities
import Testing
import TopologyFiles

/// The reading of a text that is a file of its own.
func read(_ text: String, _ overrides: [String: String] = [:]) -> TopologyReading {
  let overrides = overrides.sorted { $0.key < $1.key }.map { TopologyReference.Override(name: $0.key, value: $0.value) }
  return TopologyReader(files: .memory(["test.yaml": text])).read(.init(name: "test.yaml", overrides: overrides))
}

extension Cluster {
  /// The graph on cells.
  func topology() throws -> Topology {
    switch graph {
    case .blueprint(let blueprint): try blueprint.topology()
    case .explicit(let topology, _, _): topology
    }
  }

  /// How many vertices of each kind there are.
  func census() throws -> [DeviceKind: Int] {
    try topology().cells.reduce(into: [:]) { $0[$1.kind, default: 0] += $1.size }
  }

  /// The kinds of links with the directed links of each.
  func links() throws -> [String: Int] {
    let topology = try topology()
    return topology.arcs.reduce(into: [:]) { counts, arc in
      counts[topology.link(of: arc).name, default: 0] += arc.linksPerMember * topology.cells[arc.from.index].size
    }
  }
}

private let eightRacks = """
  isochrone: 1
  cluster:
    racks: 8 × GB200-NVL72
    fabric: {kind: rail-optimised, switch: Quantum-2, oversubscription: 1}

  """

@Suite("What files mean")
struct MeaningTests {
  @Test("Every shipped topology is read without a diagnostic")
  func shipped() {
    let names = HardwareCatalog().topologyNames
    #expect(names.count >= 10)
    for name in names {
      let reading = TopologyReader().read(.init(name: name))
      #expect(reading.cluster != nil, "\(reading.rendered)")
      #expect(reading.diagnostics == [])
    }
  }

  @Test("Eight racks are 576 accelerators, their NICs and the switches between them")
  func smallest() throws {
    let cluster = try read(eightRacks).get()
    let census = try cluster.census()
    #expect(census[.accelerator] == 576)
    #expect(census[.nic] == 576)
    #expect(census[.scaleUpSwitch] == 144)
    #expect(cluster.accelerators.map(\.part) == ["GB200"])
    #expect(cluster.accelerators.map(\.hostCPU) == ["arm-grace"])
    #expect(cluster.inSwitchReduction)
    #expect(cluster.transport == .infiniband)
    #expect(try cluster.links()["nvlink5"] == 2 * 576 * 18)
  }

  @Test("The sign between count and name may be × or x, with or without blanks")
  func signs() throws {
    let reference = try read(eightRacks).get().census()
    for sign in ["×", "x", "X", " × ", " x "] {
      let blank = sign.contains("×") || sign.contains(" ") ? sign : sign + " "
      let text = eightRacks.replacing("8 × GB200", with: "8\(blank)GB200")
      #expect(try read(text).get().census() == reference)
    }
    #expect(try read(eightRacks.replacing("8 × GB200", with: "8xGB200")).get().census() == reference)
  }

  @Test("Trays beyond those in use lose their accelerators and keep everything else")
  func inUse() throws {
    let all = try read(eightRacks).get().census()
    let some = try read(eightRacks.replacing("NVL72\n", with: "NVL72\n  in-use: {tray: 16}\n")).get()
    let census = try some.census()
    #expect(census[.accelerator] == 512)
    #expect(census.filter { $0.key != .accelerator } == all.filter { $0.key != .accelerator })
    guard case .blueprint(let blueprint) = some.graph else { return }
    let ladder = try TierLadder(some.ranks, in: blueprint)
    #expect(ladder.levels.first { $0.tier == .rack }?.groups == [.init(size: 64, count: 8)])
  }

  @Test("Racks in use do not depend on how the fabric divides them")
  func inUseDivided() throws {
    for kind in FabricKinds.all.map({ $0.name }) where kind != Dragonfly.name {
      for factor in ["1", "2", "3"] {
        let text = eightRacks.replacing("rail-optimised", with: kind).replacing("tion: 1", with: "tion: \(factor)")
          .replacing("NVL72\n", with: "NVL72\n  in-use: {tray: 7, gpu: 3}\n")
        #expect(try read(text).get().census()[.accelerator] == 8 * 7 * 3, "\(kind) \(factor)")
      }
    }
  }

  @Test("A part of one's own takes over the rest of the one it is like, and its figures count with their source")
  func ownParts() throws {
    let cluster = try Fixture(name: "good-own-parts.yaml").read().get()
    let topology = try cluster.topology()
    let rates = Set(topology.linkTypes.filter { $0.name == "ndr-400g" }.map(\.bandwidth))
    #expect(rates.contains(.gigabitsPerSecond(300)))
    #expect(topology.linkTypes.first { $0.name == "ndr-400g" }?.latency == .nanoseconds(500))
    let own = cluster.assumptions.filter { $0.name == "port-bandwidth of My-NIC" }
    #expect(own.map(\.value) == ["300 Gb/s"])
    #expect(own.first?.source.contains("Data sheet of the adapter") == true)
    #expect(cluster.assumptions.contains { $0.name == "latency of NDR-400G" && $0.source == "assumed: measured here" })
  }

  @Test("Parameters take the place of their defaults, also in words and in arithmetic")
  func parameters() throws {
    let fixture = Fixture(name: "good-parameters.yaml")
    let cluster = try fixture.read().get()
    #expect(cluster.parameters == ["racks": 8, "trays": 18, "thin": 1.5])
    #expect(try cluster.census()[.accelerator] == 8 * 16 * 4)
  }

  @Test("Links between datacenters have the delay that is written or that follows from the distance")
  func datacenters() throws {
    let topology = try Fixture(name: "good-datacenters.yaml").read().get().topology()
    let far = topology.arcs.filter { $0.tier == .wideArea }
    #expect(Set(far.map { topology.link(of: $0).latency.picoseconds }) == [60_000_000_000])
    #expect(far.map(\.linksPerMember).sorted() == [1, 1, 32, 32])
    #expect(topology.cells.filter { $0.kind == .gateway }.reduce(0) { $0 + $1.size } == 2)
  }

  @Test("An absent tray, a failed switch, failed and degraded links are missing from the graph, and nothing else")
  func exceptions() throws {
    let healthy = try read(eightRacks).get()
    let tray = try read(eightRacks + "exceptions: [absent: \"rack[3]/tray[17]\"]\n").get()
    #expect(try tray.census()[.accelerator] == 572)
    #expect(try tray.census()[.nic] == 572)
    let leaf = try read(eightRacks + "exceptions: [failed: \"leaf[0]\"]\n").get()
    #expect(try leaf.census()[.networkSwitch] == healthy.census()[.networkSwitch].map { $0 - 1 })
    let link = "failed: {from: \"rack[0]/tray[0]/gpu[0]\", to: \"rack[0]/nvswitch[5]\"}"
    let before = try healthy.links()["nvlink5"] ?? 0
    #expect(try read(eightRacks + "exceptions: [\(link)]\n").get().links()["nvlink5"] == before - 2)
    let slow = "degraded: {from: \"rack[0]/tray[0]/nic[0]\", to: leaf, bandwidth: 200 Gb/s}"
    #expect(try read(eightRacks + "exceptions: [\(slow)]\n").get().links()["ndr-400g-degraded"] == 2)
  }

  @Test("A replaced rack has the links of the other system, and the other racks keep theirs")
  func replaced() throws {
    let mixed = try read(eightRacks + "exceptions: [replaced: {part: \"rack[2..3]\", with: GB300-NVL72}]\n").get()
    let own = try read(eightRacks).get().links()
    let other = try read(eightRacks.replacing("GB200-NVL72", with: "GB300-NVL72")).get().links()
    let links = try mixed.links()
    #expect(other["pcie6-x16"] == 2 * 8 * 72)
    #expect(links["pcie6-x16"] == 2 * 2 * 72)
    #expect(links["nvlink5"] == own["nvlink5"])
    #expect(links["xdr-800g"] == 2 * 2 * 72)
    #expect(try mixed.census()[.accelerator] == 576)
  }

  @Test("A graph's devices are vertices of their own, with links as written")
  func explicit() throws {
    let cluster = try Fixture(name: "good-graph.yaml").read().get()
    guard case .explicit(let topology, let accelerators, let names) = cluster.graph else {
      Issue.record("not an explicit graph")
      return
    }
    #expect(accelerators.map { names[$0.index] } == (0..<7).map { "gpu[\($0)]" })
    #expect(topology.cells.allSatisfy { $0.size == 1 })
    let trunk = topology.arcs.filter { names[$0.from.index] == "sw0" && names[$0.to.index] == "sw1" }
    #expect(trunk.map(\.linksPerMember) == [3])
    #expect(trunk.map(\.tier) == [.spine])
    let slow = topology.arcs.filter { topology.link(of: $0).name == "ndr-400g-degraded" }
    #expect(slow.map { topology.link(of: $0).bandwidth } == [.gigabitsPerSecond(200), .gigabitsPerSecond(200)])
  }

  @Test("The same fabric described by rule and as a list has the same vertices and links")
  func ruleAndList() throws {
    let rule = """
      isochrone: 1
      estate:
        blocks:
          box:
            count: 3
            devices: {gpu: {count: 2, part: H100}, nic: {count: 2, part: ConnectX-7}}
            links: [{from: gpu, to: nic, match: aligned, link: PCIe-5-x16}]
        devices: {sw: {count: 2, part: Quantum-2}}
        links: [{from: box/nic, to: sw, match: aligned, link: NDR-400G}, {from: sw, to: sw, match: mesh, link: NDR-400G}]
      """
    let links = (0..<6).map { index in
      "{between: [\"gpu[\(index)]\", \"nic[\(index)]\"], link: PCIe-5-x16}, "
        + "{between: [\"nic[\(index)]\", \"sw[\(index % 2)]\"], link: NDR-400G}"
    }
    let list = """
      isochrone: 1
      graph:
        devices: {"gpu[0..5]": {part: H100}, "nic[0..5]": {part: ConnectX-7}, "sw[0..1]": {part: Quantum-2}}
        links: [\(links.joined(separator: ", ")), {between: ["sw[0]", "sw[1]"], link: NDR-400G}]
      """
    let (ruled, listed) = (try read(rule).get(), try read(list).get())
    #expect(try ruled.census() == listed.census())
    #expect(try ruled.links() == listed.links())
  }

  @Test("Everything that the reference names is used in some good file")
  func reference() throws {
    let text = Language.reference
    let good = try Fixture.all.filter { $0.expected.isEmpty }.map { try $0.text() }.joined(separator: "\n")
    for schema in Language.schemas { #expect(text.contains("## \(schema.name)\n")) }
    for schema in Language.own {
      for key in schema.keys {
        #expect(text.contains("| `\(key.name)` |"))
        #expect(!key.about.isEmpty)
        let isUsed = good.contains("\(key.name):")
        #expect(isUsed, "\(schema.name).\(key.name)")
      }
    }
  }
}
