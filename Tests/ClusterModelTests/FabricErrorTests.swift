import ClusterModel
import Foundation
import Quantities
import Testing

@Suite("What fabrics refuse")
struct FabricErrorTests {
  @Test("A wrong specification is refused by every kind with the cause", arguments: FabricKinds.all.map { $0.name })
  func specifications(kind: String) throws {
    let kind = try #require(FabricKinds.named(kind))
    let box = [FabricSketch.boxes(100)]
    func refuses(_ error: FabricError, _ sites: [FabricSite]? = nil, _ change: (inout FabricSpec) -> Void = { _ in }) {
      var spec = FabricSketch.spec(ports: 64)
      change(&spec)
      #expect(throws: error) { try kind.attach(sites ?? box, spec) }
    }
    refuses(.noSites, [])
    refuses(.duplicateName("box"), box + box)
    refuses(.invalidCount("box", 0), [FabricSketch.boxes(0)])
    refuses(.invalidCount("ports", 0)) { $0.ports = 0 }
    refuses(.invalidCount("planes", 27)) { $0.planes = 27 }
    refuses(.invalidCount("racks per leaf", 0)) { $0.racksPerLeaf = 0 }
    refuses(.radixTooLarge(limit: 100_000)) { $0.ports = .max }
    refuses(.invalidBandwidth("trunk link")) { $0.trunkLink.bandwidth = .zero }
    refuses(.invalidBandwidth("access link")) { $0.accessLink.bandwidth = .gigabitsPerSecond(.nan) }
    refuses(.invalidBandwidth("switch port")) { $0.portBandwidth = .gigabitsPerSecond(.infinity) }
    refuses(.invalidOversubscription(0.5)) { $0.oversubscription = 0.5 }
    refuses(.missingNICs(["box", "card"]), [FabricSite(block: box[0].block, nicPath: ["card"])])
    refuses(.countTooLarge, [FabricSketch.boxes(1_000_000_000_000_000_000)])
    refuses(.countTooLarge, [FabricSketch.racks(.max)])
  }

  @Test("More racks per leaf than fit name the limit")
  func racksPerLeaf() {
    #expect(throws: FabricError.tooManyRacksPerLeaf(asked: 5, limit: 4)) {
      try RailOptimised.attach(
        [FabricSketch.racks(100)], FabricSketch.spec(ports: 144, port: 800, access: 800, racksPerLeaf: 5))
    }
  }

  @Test("Rails that do not divide the NICs, or differ between networks of single rails, are refused")
  func rails() {
    #expect(throws: FabricError.railsDoNotDivide(rails: 5, block: "rack")) {
      try RailOptimised.attach([FabricSketch.racks(100)], FabricSketch.spec(ports: 64, rails: 5))
    }
    #expect(throws: FabricError.railsDiffer([4, 8])) {
      try RailOnly.attach([FabricSketch.racks(100), FabricSketch.boxes(100)], FabricSketch.spec(ports: 64))
    }
  }

  @Test("A switch with too few ports to make tiers of is refused", arguments: [1, 2, 3])
  func radix(ports: Int) {
    #expect(throws: FabricError.radixTooSmall(radix: ports)) {
      try FatTree.attach([FabricSketch.boxes(100)], FabricSketch.spec(ports: ports))
    }
  }

  @Test("Odd numbers never crash", arguments: FabricKinds.all.map { $0.name })
  func oddNumbers(kind: String) throws {
    let kind = try #require(FabricKinds.named(kind))
    var answered = 0
    for ports in [1, 3, 4, 7, 64, 100_000] {
      for rails in [nil, 3, 72, Int.max] {
        for gigabits in [1e-9, 399, 1e6, 1e300] {
          for count in [1, 1_000_003, 1_000_000_000_000_000] {
            let spec = FabricSketch.spec(
              ports: ports, access: gigabits, oversubscription: 1e9, planes: 5, rails: rails)
            if (try? kind.attach([FabricSketch.racks(count, ports: 7)], spec)) != nil { answered += 1 }
          }
        }
      }
    }
    #expect(answered > 0)
  }

  @Test("The list holds every kind of the sources once, and each is found by its name")
  func names() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/ClusterModel/Fabrics")
    let sources = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map {
      try String(contentsOf: $0, encoding: .utf8)
    }
    let conforming = sources.flatMap { $0.matches(of: /enum (\w+): FabricKind\b/).map { String($0.1) } }
    #expect(FabricKinds.all.map { "\($0)" }.sorted() == conforming.sorted() && conforming.count >= 5)
    #expect(Set(FabricKinds.all.map { $0.name }).count == FabricKinds.all.count)
    for kind in FabricKinds.all { #expect(FabricKinds.named(kind.name) == kind) }
    #expect(FabricKinds.named("hypercube") == nil)
  }
}
