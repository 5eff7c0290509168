import ClusterModel
import Estimation
import Testing

/// Switches and cables of NVIDIA's DGX SuperPOD reference architectures, counted by describing shipped topologies.
@Suite("DGX SuperPOD tables")
struct SuperPODTests {
  /// Switches by tier, over all planes, and links between the rows of neighbouring tiers.
  private struct Counts: Equatable {
    var switches: [String: Int] = [:]
    var cables: [Tier: Int] = [:]

    init(_ description: Description) {
      for row in description.devices where row.kind == .networkSwitch {
        switches[String(row.name.prefix { $0.isLetter }), default: 0] += row.count
      }
      for row in description.links where row.tier >= .leaf { cables[row.tier, default: 0] += row.count }
    }
  }

  private func counts(_ reference: String) throws -> Counts { Counts(try Shipped.estimator(reference).describe()) }

  @Test(
    "B200 and H100 over NDR, 32 boxes a unit, every tier with a cable for each GPU",
    arguments: [
      (2, [16, 8]), (4, [32, 16]), (8, [64, 32]), (16, [128, 128, 64]), (32, [256, 256, 128]), (64, [512, 512, 256]),
    ])
  func ndr(units: Int, expected: [Int]) throws {
    for name in ["dgx-b200", "dgx-h100"] {
      let counts = try counts("\(name):nodes=\(32 * units)")
      let tiers = Array(zip(["leaf", "spine", "core"], expected))
      #expect(counts.switches == Dictionary(uniqueKeysWithValues: tiers))
      #expect(counts.cables.values.allSatisfy { $0 == 256 * units } && counts.cables.count == expected.count)
    }
  }

  /// The row of 18 units prints 9216 GPUs; 1296 boxes of 8 have 10,368, and the switches are those of 1296 boxes.
  @Test(
    "B300 over XDR, 72 boxes a unit",
    arguments: [(1, 8, 4), (2, 16, 8), (4, 32, 18), (8, 64, 36), (18, 144, 72)])
  func xdr(units: Int, leaves: Int, spines: Int) throws {
    let counts = try counts("dgx-b300:nodes=\(72 * units)")
    #expect(counts.switches == ["leaf": leaves, "spine": spines])
    #expect(counts.cables[.leaf] == 576 * units)
  }

  @Test(
    "B300 over two Spectrum-X planes, 64 boxes a unit, two cables for each GPU",
    arguments: [(1, 16, 8), (2, 32, 16), (4, 64, 32), (8, 128, 64), (16, 256, 128)])
  func twinPlane(units: Int, leaves: Int, spines: Int) throws {
    let text = """
      cluster:
        boxes: \(64 * units) × DGX-B300
        with: {nic: ConnectX-8-2x400G}
        fabric: {kind: rail-optimised, switch: SN5600-64x2x400G, planes: 2}
      """
    let counts = Counts(try OwnTopology.estimator(text).describe())
    #expect(counts.switches == ["leaf": leaves, "spine": spines])
    #expect(counts.cables[.leaf] == 1024 * units && counts.cables[.spine] == 1024 * units)
  }

  @Test("GB300, two leaves for each of four rails in a unit, 72 spines for 16 units", arguments: [(1, 8), (16, 128)])
  func gb300(units: Int, leaves: Int) throws {
    let counts = try counts("dgx-superpod-gb300:units=\(units)")
    #expect(counts.switches["leaf"] == leaves)
    #expect(counts.cables[.leaf] == 576 * units && counts.cables[.spine] == 576 * units)
    #expect(counts.switches.count == 2)
    if units == 16 { #expect(counts.switches["spine"] == 72) }
  }

  @Test("A GB200 unit is 576 GPUs with a cable for each, on one plane of spines", arguments: [1, 4])
  func gb200(units: Int) throws {
    let counts = try counts("dgx-superpod-gb200:units=\(units)")
    #expect(counts.cables[.leaf] == 576 * units && counts.cables[.spine] == 576 * units)
  }

  @Test("131,072 GPUs on eight planes need two tiers in each: 512 leaves and 256 spines")
  func multiplane() throws {
    let counts = try counts("multiplane-131072")
    #expect(counts.switches == ["leaf": 8 * 512, "spine": 8 * 256])
    #expect(counts.cables == [.leaf: 8 * 131_072, .spine: 8 * 131_072])
  }
}
