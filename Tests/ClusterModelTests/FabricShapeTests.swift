import ClusterModel
import Quantities
import Testing

/// Which NICs share switches, on fabrics small enough to expand.
@Suite("Shapes of fabrics")
struct FabricShapeTests {
  /// For every switch row member the NICs below it, and for every NIC its leaves; from explicit links.
  private struct Graph {
    var names: [String]
    var indices: [[Int]]
    var neighbours: [[Int]]

    init(_ result: FabricResult) throws {
      let blueprint = try Composition(root: result.root, changes: result.changes).compiled().blueprint
      var names: [String] = []
      var indices: [[Int]] = []
      let topology = try blueprint.topology(marking: Graph.everything(blueprint))
      for cell in topology.cells {
        #expect(cell.size == 1)
        names.append(blueprint.templates[cell.template.index].name)
        indices.append(cell.blocks.map { $0.first?.lowerBound ?? 0 })
      }
      var neighbours = [[Int]](repeating: [], count: names.count)
      for arc in topology.arcs { neighbours[arc.from.index].append(arc.to.index) }
      (self.names, self.indices, self.neighbours) = (names, indices, neighbours)
    }

    /// Marks that make every vertex a cell of its own.
    private static func everything(_ blueprint: Blueprint) -> [Blueprint.Selection] {
      func marks(_ axes: [AxisID]) -> [[AxisID: [Range<Int>]]] {
        guard let first = axes.first else { return [[:]] }
        return marks(Array(axes.dropFirst())).flatMap { rest in
          (0..<blueprint.axes[first.index].size).map { index in rest.merging([first: [index..<index + 1]]) { $1 } }
        }
      }
      return blueprint.templates.flatMap { marks($0.axes) }.map { Blueprint.Selection($0) }
    }

    func vertices(_ prefix: String) -> [Int] { names.indices.filter { names[$0].hasPrefix(prefix) } }
    func neighbours(_ vertex: Int, _ prefix: String) -> Set<Int> {
      Set(neighbours[vertex].filter { names[$0].hasPrefix(prefix) })
    }
  }

  @Test("A rail-optimised fabric gives each leaf one NIC of every tray, and every spine all leaves")
  func railOptimised() throws {
    let result = try RailOptimised.attach([FabricSketch.racks(5, trays: 3)], FabricSketch.spec(ports: 12))
    let graph = try Graph(result)
    #expect(graph.vertices("nic").count == 60)
    #expect(graph.vertices("leaf").count == 12)
    for leaf in graph.vertices("leaf") {
      let boards = graph.neighbours(leaf, "nic").map { graph.neighbours($0, "cpu") }
      for (index, board) in boards.enumerated() {
        #expect(boards[..<index].allSatisfy { $0.isDisjoint(with: board) })
      }
      #expect(graph.neighbours(leaf, "spine") == Set(graph.vertices("spine")))
    }
    for nic in graph.vertices("nic") { #expect(graph.neighbours(nic, "leaf").count == 1) }
  }

  @Test("A rail-only fabric never joins leaves of different rails")
  func railOnly() throws {
    let result = try RailOnly.attach([FabricSketch.boxes(20, gpus: 3)], FabricSketch.spec(ports: 4))
    let graph = try Graph(result)
    var parts = 0
    var seen: Set<Int> = []
    let fabric = graph.names.indices.filter { !["gpu", "nvswitch"].contains(graph.names[$0]) }
    for start in fabric where seen.insert(start).inserted {
      parts += 1
      var frontier = [start]
      var nics = 0
      while let vertex = frontier.popLast() {
        if graph.names[vertex] == "nic" { nics += 1 }
        for next in graph.neighbours[vertex] where fabric.contains(next) && seen.insert(next).inserted {
          frontier.append(next)
        }
      }
      #expect(nics == 20)
    }
    #expect(parts == 3)
    #expect(result.summary.count == 4)
  }

  @Test("In a fat tree all NICs of a box end in one leaf, and a rack too large for one is dealt evenly by trays")
  func fatTree() throws {
    let boxes = try Graph(FatTree.attach([FabricSketch.boxes(7, gpus: 4)], FabricSketch.spec(ports: 16)))
    for gpu in boxes.vertices("nvswitch") {
      let nics = boxes.neighbours(gpu, "gpu").flatMap { boxes.neighbours($0, "nic") }
      #expect(Set(nics.flatMap { boxes.neighbours($0, "leaf") }).count == 1)
    }
    let result = try FatTree.attach([FabricSketch.racks(2, trays: 6)], FabricSketch.spec(ports: 20))
    let racks = try Graph(result)
    #expect(racks.vertices("leaf").count == 6)
    for leaf in racks.vertices("leaf") { #expect(racks.neighbours(leaf, "nic").count == 8) }
    for cpu in racks.vertices("cpu") {
      #expect(Set(racks.neighbours(cpu, "nic").flatMap { racks.neighbours($0, "leaf") }).count == 1)
    }
  }

  @Test("Switches of one plane are linked to no other plane's, and every NIC is in all planes")
  func planes() throws {
    let spec = FabricSketch.spec(ports: 16, port: 800, access: 800, trunk: 400, planes: 2)
    let graph = try Graph(RailOptimised.attach([FabricSketch.boxes(20, gpus: 2)], spec))
    for nic in graph.vertices("nic") {
      #expect(Set(graph.neighbours(nic, "leaf").map { graph.names[$0] }) == ["leaf-a", "leaf-b"])
    }
    for leaf in graph.vertices("leaf") {
      let letter = graph.names[leaf].suffix(1)
      #expect(!graph.neighbours(leaf, "spine").isEmpty)
      #expect(graph.neighbours(leaf, "spine").allSatisfy { graph.names[$0].suffix(1) == letter })
    }
  }

  @Test("Rails number the NICs of a rack modulo their count, also across trays")
  func railsAcrossTrays() throws {
    let spec = FabricSketch.spec(ports: 8, rails: 8)
    let graph = try Graph(RailOnly.attach([FabricSketch.racks(3, trays: 6)], spec))
    for leaf in graph.vertices("leaf") { #expect(graph.neighbours(leaf, "nic").count <= 4) }
    // Two consecutive trays have all eight rails: no leaf takes two NICs of one tray.
    for leaf in graph.vertices("leaf") {
      let boards = graph.neighbours(leaf, "nic").map { graph.neighbours($0, "cpu") }
      for (index, board) in boards.enumerated() {
        #expect(boards[..<index].allSatisfy { $0.isDisjoint(with: board) })
      }
    }
  }

  @Test("13,824 racks of 72 NICs on 64 ports make four tiers")
  func fourTiers() throws {
    for rails in [nil, 72] {
      let result = try RailOptimised.attach([FabricSketch.racks(13_824)], FabricSketch.spec(ports: 64, rails: rails))
      #expect(result.summary.map(\.tier) == [.leaf, .spine, .core(1), .core(2)])
    }
  }

  @Test("Unused ports and partly filled groups are told")
  func remarks() throws {
    let result = try RailOptimised.attach(
      [FabricSketch.racks(9)], FabricSketch.spec(ports: 144, port: 800, access: 800))
    #expect(result.remarks.contains { $0.hasPrefix("group: 3 × rack") })
    #expect(result.changes == [.absent([.init(name: "rack", indices: [9..<12])])])
    let single = try SingleSwitch.attach([FabricSketch.boxes(9)], FabricSketch.spec(ports: 64))
    #expect(single.remarks == ["leaf: 72 ports are needed, the switch has 64"])
    let small = try RailOptimised.attach([FabricSketch.boxes(4)], FabricSketch.spec(ports: 64))
    #expect(small.remarks.contains("leaf: one switch serves all rails"))
    #expect(small.remarks.contains("leaf: 32 of 64 ports unused on the switch"))
  }
}
