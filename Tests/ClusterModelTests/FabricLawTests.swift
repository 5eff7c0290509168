import ClusterModel
import Quantities
import Testing

@Suite("Laws of fabrics")
struct FabricLawTests {
  /// A fabric to check, with how many accelerators it must hold.
  struct Example: Sendable, CustomTestStringConvertible {
    var kind: String
    var sites: [FabricSite]
    var spec: FabricSpec
    var accelerators: Int
    var testDescription: String {
      let rows = sites.map { "\($0.block.count) \($0.block.name)" }.joined(separator: " + ")
      return "\(kind), \(rows), \(spec.ports) ports, \(spec.oversubscription):1, \(spec.planes) planes, "
        + "rails \(spec.rails ?? 0), racks per leaf \(spec.racksPerLeaf ?? 0), \(spec.accessLink.name)"
    }
  }

  static let examples: [Example] = {
    var examples: [Example] = []
    let specs = [
      FabricSketch.spec(ports: 64), FabricSketch.spec(ports: 32, oversubscription: 3),
      FabricSketch.spec(ports: 47, oversubscription: 1.75), FabricSketch.spec(ports: 144, port: 800, access: 800),
      FabricSketch.spec(ports: 64, access: 800), FabricSketch.spec(ports: 64, access: 200),
      FabricSketch.spec(ports: 64, port: 800, access: 800, trunk: 400, planes: 2),
      FabricSketch.spec(ports: 64, planes: 3, racksPerLeaf: 1), FabricSketch.spec(ports: 20, trunk: 100),
    ]
    for kind in FabricKinds.all where kind != Dragonfly.self {
      for spec in specs {
        for count in [1, 2, 3, 7, 31, 32, 33, 101, 257, 1009, 13_824] {
          examples.append(
            Example(kind: kind.name, sites: [FabricSketch.boxes(count)], spec: spec, accelerators: 8 * count))
          examples.append(
            Example(kind: kind.name, sites: [FabricSketch.racks(count)], spec: spec, accelerators: 72 * count))
        }
      }
      for (rails, ports) in [(72, 64), (72, 256), (36, 64), (12, 64), (2, 64), (1, 64), (8, 128)] {
        for count in [1, 5, 64, 997] {
          let spec = FabricSketch.spec(ports: ports, rails: rails)
          examples.append(
            Example(kind: kind.name, sites: [FabricSketch.racks(count)], spec: spec, accelerators: 72 * count))
        }
      }
      for (racks, others) in [(1, 1), (8, 8), (37, 3), (5, 411), (2003, 90)] {
        let sites = [FabricSketch.racks(racks), FabricSketch.racks(others, trays: 16, name: "shelf")]
        for spec in specs {
          examples.append(
            Example(kind: kind.name, sites: sites, spec: spec, accelerators: 72 * racks + 64 * others))
        }
      }
      examples.append(
        Example(
          kind: kind.name, sites: [FabricSketch.boxes(41)], spec: FabricSketch.spec(ports: 12), accelerators: 328))
    }
    return examples
  }()

  private func attach(_ example: Example) throws -> FabricResult {
    let kind = try #require(FabricKinds.named(example.kind))
    return try kind.attach(example.sites, example.spec)
  }

  @Test("Links of a switch fit its ports, uplinks carry the downlinks, and the summary says the same")
  func ports() throws {
    for example in Self.examples {
      let result = try attach(example)
      let count = PortCount(result.root)
      let port = example.spec.portBandwidth.gigabitsPerSecond
      for (path, row) in count.rows {
        let name = path.last ?? ""
        let context = "\(example.testDescription): \(path)"
        #expect(row.down > 0, "\(context)")
        if example.kind != "single-switch" {
          #expect(row.ports(of: port) <= example.spec.ports, "\(context)")
        }
        if row.up > 0 {
          let share = name.hasPrefix("leaf") ? example.spec.oversubscription : 1
          #expect(row.upCapacity * share >= row.downCapacity * (1 - 1e-9), "\(context)")
        }
        let tier = result.summary.first { name == $0.name || example.spec.planes > 1 && name.dropLast(2) == $0.name }
        #expect(tier?.down == row.down, "\(context)")
        #expect(tier?.up == row.up, "\(context)")
        if example.sites.count == 1, example.kind != "single-switch" {
          let unused = (example.spec.ports - row.ports(of: port))
          #expect((tier?.unused ?? -1) >= unused, "\(context)")
        }
      }
    }
  }

  @Test("Every fabric compiles to a valid blueprint with the accelerators asked for and the switches reported")
  func compiles() throws {
    for example in Self.examples {
      let result = try attach(example)
      let compiled = try Composition(root: result.root, changes: result.changes).compiled()
      #expect(compiled.blueprint.validate() == [], "\(example.testDescription)")
      let topology = try compiled.blueprint.topology()
      let sizes = topology.cells.reduce(into: [DeviceKind: Int]()) { $0[$1.kind, default: 0] += $1.size }
      #expect(sizes[.accelerator] == example.accelerators, "\(example.testDescription)")
      #expect(
        sizes[.networkSwitch] == result.summary.reduce(0) { $0 + $1.switches }, "\(example.testDescription)")
      #expect(topology.arcs.allSatisfy { $0.linksPerMember > 0 })
    }
  }

  /// The most groups that a Clos network of a number of tiers joins, by the rule alone.
  private func mostGroups(tiers: Int, leavesPerGroup: Int, radix: Int) -> Int {
    if tiers == 2 { return radix / leavesPerGroup }
    return (3..<tiers).reduce((radix / 2 / leavesPerGroup) * radix) { product, _ in product * (radix / 2) }
  }

  @Test(
    "The number of tiers is the least that holds all racks",
    arguments: [8, 16, 32, 47, 64], [1, 2, 5, 16, 17, 63, 64, 65, 499, 512, 513, 8191, 32_768, 32_769])
  func leastTiers(ports: Int, boxes: Int) throws {
    for kind in [FatTree.self, RailOnly.self] as [any FabricKind.Type] {
      let result = try kind.attach([FabricSketch.boxes(boxes, gpus: 4)], FabricSketch.spec(ports: ports))
      let tiers = result.summary.count
      let inOneSwitch = boxes * (kind.name == "fat-tree" ? 4 : 1) <= ports
      #expect((tiers == 1) == inOneSwitch)
      guard tiers > 1 else { continue }
      let boxesPerGroup = min(boxes, ports / 2 / (kind.name == "fat-tree" ? 4 : 1))
      let groups = (boxes + boxesPerGroup - 1) / boxesPerGroup
      #expect(groups <= mostGroups(tiers: tiers, leavesPerGroup: 1, radix: ports))
      if tiers > 2 { #expect(groups > mostGroups(tiers: tiers - 1, leavesPerGroup: 1, radix: ports)) }
    }
    guard ports >= 16 else { return }
    let result = try RailOptimised.attach([FabricSketch.boxes(boxes)], FabricSketch.spec(ports: ports))
    let tiers = result.summary.count
    #expect((tiers == 1) == (boxes * 8 <= ports))
    let groups = (boxes - 1) / (ports / 2) + 1
    if tiers > 1 { #expect(groups <= mostGroups(tiers: tiers, leavesPerGroup: 8, radix: ports)) }
    if tiers > 2 { #expect(groups > mostGroups(tiers: tiers - 1, leavesPerGroup: 8, radix: ports)) }
  }

  @Test("All accelerators and network switches are joined, through accelerators only where rails are apart")
  func connected() throws {
    for example in Self.examples where example.sites[0].block.count <= 1009 {
      let result = try attach(example)
      let topology = try Composition(root: result.root, changes: result.changes).compiled().blueprint.topology()
      // Reaching some member of every cell suffices: cells of one row are joined through the tier above.
      let start = try #require(topology.cells.firstIndex { $0.kind == .accelerator })
      var reached: Set<Int> = [start]
      var frontier = [start]
      while let cell = frontier.popLast() {
        guard cell == start || topology.cells[cell].relays else { continue }
        for arc in topology.arcs where arc.from.index == cell && reached.insert(arc.to.index).inserted {
          frontier.append(arc.to.index)
        }
      }
      // Scale-up switches of other racks lie behind their accelerators, which need not relay.
      let apart = topology.cells.indices.filter {
        !reached.contains($0) && topology.cells[$0].kind != .scaleUpSwitch
      }
      #expect(apart.isEmpty, "\(example.testDescription)")
    }
  }
}
