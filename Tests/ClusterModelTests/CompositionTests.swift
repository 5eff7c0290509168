import ClusterModel
import Quantities
import Testing

/// Small compositions that look like real clusters.
enum Sketch {
  static func link(_ name: String, _ technology: LinkTechnology, gigabytes: Double) -> LinkType {
    LinkType(
      name: name, technology: technology, bandwidth: .gigabytesPerSecond(gigabytes), latency: .nanoseconds(300))
  }

  static let nvlink = link("nvlink5", .nvlink, gigabytes: 50)
  static let c2c = link("c2c", .c2c, gigabytes: 450)
  static let pcie = link("pcie5", .pcie, gigabytes: 63)
  static let ndr = link("ndr-400g", .infiniband, gigabytes: 50)

  /// A rack of trays with two GPUs for each of two processors, one NIC for each GPU.
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
            .init(from: ["gpu"], to: ["cpu"], match: .aligned, link: c2c, tier: .device),
            .init(from: ["cpu"], to: ["nic"], match: .aligned, link: pcie, tier: .device),
          ])
      ],
      devices: [.init(name: "nvswitch", count: 18, kind: .scaleUpSwitch)],
      wirings: [.init(from: ["tray", "gpu"], to: ["nvswitch"], match: .all, link: nvlink, tier: .rack)])
  }

  static func cluster(groups: Int, racks: Int, trays: Int = 18, spines: Int = 4) -> Composition {
    Composition(
      root: .init(
        name: "cluster", tier: .spine,
        blocks: [
          .init(
            name: "group", count: groups, tier: .leaf, blocks: [rack(count: racks, trays: trays)],
            devices: [.init(name: "leaf", count: 4, kind: .networkSwitch)],
            wirings: [.init(from: ["rack", "tray", "nic"], to: ["leaf"], match: .aligned, link: ndr, tier: .leaf)])
        ],
        devices: [.init(name: "spine", count: spines, kind: .networkSwitch)],
        wirings: [
          .init(from: ["group", "leaf"], to: ["spine"], match: .all, linksPerPair: 8, link: ndr, tier: .spine)
        ]))
  }
}

@Suite("Compositions")
struct CompositionTests {
  @Test("A rail-optimised cluster compiles to a valid blueprint whose rail index belongs to the group")
  func railOptimised() throws {
    let compiled = try Sketch.cluster(groups: 3, racks: 2).compiled()
    #expect(compiled.blueprint.validate() == [])
    let topology = try compiled.blueprint.topology()
    #expect(topology.cells.filter { $0.kind == .accelerator }.map(\.size) == [3 * 2 * 72])
    #expect(topology.cells.count == 6)
    #expect(compiled.ranks.levels.map(\.tier) == [.board, .rack, .leaf, .spine])
    #expect(compiled.ranks.scaleUpLevel == 1)
    // The rail is the GPU's index in its tray: two digits, since two GPUs share a processor.
    #expect(compiled.ranks.railDigits == [2])
  }

  @Test(
    "Groups of ranks follow the blocks at any number of ranks",
    arguments: [(nil, [4, 72, 144, 432]), (7, [4, 7, 7, 7]), (73, [4, 72, 73, 73]), (150, [4, 72, 144, 150])])
  func ladder(count: Int?, largest: [Int]) throws {
    let compiled = try Sketch.cluster(groups: 3, racks: 2).compiled()
    let ladder = try TierLadder(compiled.ranks, in: compiled.blueprint, count: count)
    #expect(ladder.levels.map(\.largestSize) == largest)
    for level in ladder.levels { #expect(level.groups.reduce(0) { $0 + $1.size * $1.count } == ladder.ranks) }
  }

  @Test("Unused trays and absent racks leave gaps in the ladder but no others")
  func gaps() throws {
    var composition = Sketch.cluster(groups: 2, racks: 2)
    composition.inUse = ["tray": 16]
    composition.changes = [.absent(try DevicePath.parse("rack[3]")), .absent(try DevicePath.parse("rack[0]/tray[15]"))]
    let compiled = try composition.compiled()
    #expect(compiled.blueprint.validate() == [])
    let ladder = try TierLadder(compiled.ranks, in: compiled.blueprint)
    #expect(ladder.ranks == 60 + 64 + 64)
    #expect(ladder.levels[1].groups == [.init(size: 60, count: 1), .init(size: 64, count: 2)])
    let present = try compiled.blueprint.topology().cells.filter { $0.kind == .accelerator }.reduce(0) { $0 + $1.size }
    #expect(present == ladder.ranks)
  }

  @Test("Flat indices of a path count over the blocks it does not name")
  func flatIndices() throws {
    for rack in 0..<6 {
      var composition = Sketch.cluster(groups: 3, racks: 2, trays: 2)
      composition.changes = [.absent(try DevicePath.parse("rack[\(rack)]/tray[1]/gpu[3]"))]
      let compiled = try composition.compiled()
      let ladder = try TierLadder(compiled.ranks, in: compiled.blueprint)
      var sizes = [Int](repeating: 8, count: 6)
      sizes[rack] = 7
      #expect(ladder.levels[1].groups.flatMap { Array(repeating: $0.size, count: $0.count) } == sizes)
    }
  }

  @Test("A count that overflows, a missing part and unequal rows are refused with their names")
  func refusals() throws {
    var composition = Sketch.cluster(groups: 1_000_000_000_000_000_000, racks: 1_000)
    #expect(throws: CompositionError.self) { try composition.compiled() }
    composition = Sketch.cluster(groups: 1, racks: 1)
    composition.root.wirings[0].to = ["spine", "port"]
    #expect(throws: CompositionError.self) { try composition.compiled() }
    composition = Sketch.cluster(groups: 1, racks: 1)
    composition.root.blocks[0].devices[0].count = 3
    #expect(throws: CompositionError.unequalRows(wiring: 3, from: 4, to: 3)) { try composition.compiled() }
    composition = Sketch.cluster(groups: 1, racks: 2)
    composition.changes = [.absent(try DevicePath.parse("rack[2]"))]
    #expect(throws: CompositionError.indexOutOfRange(step: "rack", index: 2, count: 2)) { try composition.compiled() }
    composition.changes = [.absent(try DevicePath.parse("shelf[0]"))]
    #expect(throws: CompositionError.self) { try composition.compiled() }
  }
}

@Suite("Device paths")
struct DevicePathTests {
  @Test("A path that is written reads back as itself", arguments: ["rack[3]/tray[2]/gpu[1]", "leaf[*]", "gpu[0,2..5]"])
  func roundTrip(text: String) throws {
    #expect(DevicePath.format(try DevicePath.parse(text)) == text)
  }

  @Test(
    "What is not a path is refused with its place",
    arguments: [
      "", "rack[", "rack[1", "rack[-1]", "rack[5..2]", "ra ck[1]", "rack[1]x", "/gpu[0]", "rack[99999999999999999999]",
    ])
  func refusals(text: String) {
    #expect(throws: DevicePath.ParsingError.self) { try DevicePath.parse(text) }
  }
}
