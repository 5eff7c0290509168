import ClusterModel
import Quantities
import Testing

/// The tables of NVIDIA's DGX SuperPOD reference architectures, as published on docs.nvidia.com.
@Suite("Fabrics of reference designs")
struct FabricReferenceDesignTests {
  private func switches(_ result: FabricResult) -> [Int] { result.summary.map(\.switches) }

  @Test(
    "DGX SuperPOD of B200 or H100 over NDR, 32 boxes a unit",
    arguments: [
      (2, [16, 8]), (4, [32, 16]), (8, [64, 32]), (16, [128, 128, 64]), (32, [256, 256, 128]), (64, [512, 512, 256]),
    ])
  func ndr(units: Int, expected: [Int]) throws {
    let result = try RailOptimised.attach([FabricSketch.boxes(32 * units)], FabricSketch.spec(ports: 64))
    #expect(switches(result) == expected)
    #expect(result.changes.isEmpty)
    #expect(result.remarks.isEmpty)
  }

  /// The row of 18 units prints 9216 GPUs; 1296 boxes of 8 have 10,368, and the switches are those of 1296 boxes.
  @Test(
    "DGX SuperPOD of B300 over XDR, 72 boxes a unit",
    arguments: [(1, [8, 4]), (2, [16, 8]), (4, [32, 18]), (8, [64, 36]), (18, [144, 72])])
  func xdr(units: Int, expected: [Int]) throws {
    let spec = FabricSketch.spec(ports: 144, port: 800, access: 800)
    #expect(switches(try RailOptimised.attach([FabricSketch.boxes(72 * units)], spec)) == expected)
  }

  @Test(
    "DGX SuperPOD of B300 over two Spectrum-X planes, 64 boxes a unit, with NICs of one split or of two whole ports",
    arguments: [(1, [16, 8]), (2, [32, 16]), (4, [64, 32]), (8, [128, 64]), (16, [256, 128])], [1, 2])
  func twinPlane(row: (units: Int, expected: [Int]), ports: Int) throws {
    let spec = FabricSketch.spec(
      ports: 64, port: 800, access: 800 / Double(ports), trunk: 400, planes: 2)
    let result = try RailOptimised.attach([FabricSketch.boxes(64 * row.units, ports: ports)], spec)
    #expect(switches(result) == row.expected)
  }

  @Test(
    "DGX SuperPOD of GB300: two leaves per rail for 8 racks, 72 spines for 16 units",
    arguments: [(8, 8, nil), (128, 128, 72)])
  func gb300(racks: Int, leaves: Int, spines: Int?) throws {
    let spec = FabricSketch.spec(ports: 144, port: 800, access: 800)
    let result = try RailOptimised.attach([FabricSketch.racks(racks)], spec)
    #expect(result.summary[0].switches == leaves)
    #expect(result.summary.count == 2)
    if let spines { #expect(result.summary[1].switches == spines) }
  }
}
