import ClusterModel
import Quantities
import Routing
import TestSupport
import Testing

@Suite("Bounds by flows and cuts") struct CapacityBoundsTests {
  @Test("Flows give the least ratio over all cuts of small directed graphs", arguments: 0..<60)
  func enumeration(seed: Int) throws {
    let cuts = CutEnumeration(seed: seed)
    let bounds = try CapacityBounds(cuts.graph, ranks: cuts.ranks)
    guard cuts.isConnected else {
      #expect(throws: FlowError.unreachable) { try bounds.allGather() }
      #expect(throws: FlowError.unreachable) { try bounds.separation() }
      return
    }
    let ranks = cuts.ranks.count
    let expected: [(String, CapacityBound?, Double?)] = [
      ("all-gather", try bounds.allGather(), cuts.least { $0.count < ranks && !$0.isEmpty ? $0.count : nil }),
      (
        "reduce-scatter", try bounds.reduceScatter(),
        cuts.least { !$0.isEmpty && $0.count < ranks ? ranks - $0.count : nil }
      ),
      ("separation", try bounds.separation(), cuts.least { $0.isEmpty || $0.count == ranks ? nil : 1 }),
      ("broadcast", try bounds.broadcast(), cuts.least { $0.contains(0) && $0.count < ranks ? 1 : nil }),
      ("reduce", try bounds.reduce(), cuts.least { !$0.contains(0) && !$0.isEmpty ? 1 : nil }),
      ("scatter", try bounds.scatter(), cuts.least { $0.contains(0) && $0.count < ranks ? ranks - $0.count : nil }),
      ("gather", try bounds.gather(), cuts.least { !$0.contains(0) && !$0.isEmpty ? $0.count : nil }),
      (
        "all-to-all", try bounds.allToAllCut(),
        cuts.least { $0.isEmpty || $0.count == ranks ? nil : $0.count * (ranks - $0.count) }
      ),
    ]
    for (name, bound, least) in expected {
      let bound = try #require(bound)
      #expect(abs(bound.rate.value - (least ?? 0)) <= 1e-12 * bound.rate.value, "\(name)")
      let cut = try #require(bound.cut)
      #expect(cut.ranksInside > 0 && cut.ranksOutside > 0, "\(name)")
      let carried = cut.arcs.reduce(0.0) {
        $0 + cut.topology.link(of: cut.topology.arcs[$1]).bandwidth.bytesPerSecond
          * Double(cut.topology.arcs[$1].linksPerMember)
      }
      #expect(abs(carried - cut.capacity.value) <= 1e-12 * carried, "\(name): the links named are those of the cut")
    }
    let free = try #require(try bounds.allToAll())
    #expect(free.rate.value <= (try #require(try bounds.allToAllCut())).rate.value * (1 + 1e-9))
  }

  @Test("Cells give exactly the rates of the expansion, whatever fails and whoever takes part", arguments: 0..<40)
  func agreesWithExpansion(seed: Int) throws {
    var cluster = SampleCluster(seed: seed)
    let explicit = try ExplicitRanks(cluster)
    cluster.ranks = cluster.ranks.map { min($0, explicit.ranks.count) }
    let cells = try CapacityBounds(cluster.blueprint, order: cluster.order, ranks: cluster.ranks)
    let single = try CapacityBounds(explicit.graph.topology, ranks: explicit.ranks.map { CellID($0.vertex) })
    #expect(cells.ranks == single.ranks)
    let functions: [(CapacityBounds) throws -> CapacityBound?] = [
      { try $0.allGather() }, { try $0.reduceScatter() }, { try $0.separation() }, { try $0.broadcast() },
      { try $0.reduce() }, { try $0.scatter() }, { try $0.gather() },
    ]
    for (place, function) in functions.enumerated() {
      let expected = Result { try function(single)?.rate }
      let found = Result { try function(cells)?.rate }
      switch (expected, found) {
      case (.success(let expected), .success(let found)): #expect(expected == found, "function \(place)")
      case (.failure(let expected), .failure(let found)):
        #expect(expected as? FlowError == .unreachable && found as? FlowError == .unreachable)
      default: Issue.record("function \(place): \(expected), \(found)")
      }
    }
    guard let cut = try? cells.allToAllCut() else { return }
    guard explicit.ranks.count <= 4 else { return }
    let (optimum, expected) = (try #require(try cells.allToAll()), try #require(try single.allToAll()))
    #expect(optimum.isOptimum && expected.isOptimum && optimum.rate.value <= cut.rate.value * (1 + 1e-9))
    #expect(abs(optimum.rate.value - expected.rate.value) <= 1e-6 * expected.rate.value)
  }

  @Test("Domains that are free inside bound what passes between them")
  func domains() throws {
    let fabric = NVLClos(
      sizes: [1, 1, 1, 4, 2, 2, 2, 2, 2], nvc: 400, nic: 50, up: 100, latencies: [1, 1, 1, 1, 1], leafUp: 2, spineUp: 1)
    let bounds = try CapacityBounds(fabric.blueprint, order: NVLClos.rankOrder)
    let (bound, domains) = try #require(try bounds.allGatherBetweenDomains())
    #expect(domains == 4)
    // Four accelerators of 50 let three other racks' parts in.
    #expect(bound.rate == Fraction(200, over: 3))
    #expect(
      try CapacityBounds(fabric.blueprint, order: NVLClos.rankOrder, ranks: 4).allGatherBetweenDomains()?.domains == nil
    )
  }

  @Test("Domains are counted whatever the failures between them leave alike", arguments: [1, 2])
  func domainsAroundFailures(failing: Int) throws {
    let fabric = NVLClos(
      sizes: [1, 1, 1, 5, 2, 2, 2, 2, 2], nvc: 400, nic: 50, up: 100, latencies: [1, 1, 1, 1, 1], leafUp: 2, spineUp: 1)
    var blueprint = fabric.blueprint
    // A rack in the middle, so that the racks that remain alike do not follow each other.
    let gpu = blueprint.templates[0].axes
    let ends = [0, 1].map { end in
      let template = blueprint.templates[[blueprint.rules[1].from, blueprint.rules[1].to][end].index]
      return Blueprint.Selection(
        Dictionary(uniqueKeysWithValues: template.axes.map { ($0, [$0 == gpu[3] ? failing..<failing + 1 : 0..<1]) }))
    }
    blueprint.exceptions.append(.failedLinks(RuleID(1), from: ends[0], to: ends[1], count: nil))
    let cells = try CapacityBounds(blueprint, order: NVLClos.rankOrder)
    let (bound, domains) = try #require(try cells.allGatherBetweenDomains())
    #expect(domains == 5)
    // Three accelerators of 50 let four other racks' parts in.
    #expect(bound.rate == Fraction(150, over: 4))
  }

  @Test("A million accelerators are bounded by what enters one of them")
  func million() throws {
    let fabric = NVLClos(
      sizes: [4, 16, 12, 18, 18, 4, 18, 32, 64], nvc: 50, nic: 50, up: 50, latencies: [300, 600, 600, 800, 20000],
      leafUp: 2, spineUp: 1)
    let bounds = try CapacityBounds(fabric.blueprint, order: NVLClos.rankOrder)
    let bound = try #require(try bounds.allGather())
    #expect(bound.rate == Fraction(950, over: 995_327))
    #expect(bound.isOptimum && bound.cut?.ranksOutside == 1 && bound.cut?.ranksInside == 995_327)
  }

  @Test("Capacities that are no whole numbers are taken as they are")
  func fractions() throws {
    let graph = CutEnumeration.graph(vertices: 2, links: [(0, 1, 0.1), (1, 0, 1e11)])
    let bounds = try CapacityBounds(graph, ranks: [CellID(0), CellID(1)])
    #expect(try bounds.allGather()?.rate.value == 0.1)
    #expect(try bounds.allGather()?.rate == Fraction(exactly: 0.1))
  }

  @Test("What cannot be bounded is an error, never a number")
  func badInput() throws {
    let graph = CutEnumeration.graph(vertices: 3, links: [(0, 1, 1), (1, 0, 1)])
    let apart = try CapacityBounds(graph, ranks: [CellID(0), CellID(2)])
    for function in [
      { try $0.allGather() }, { try $0.allToAll() }, { try $0.broadcast() }, { try $0.scatter() },
      { try $0.sendReceiveCut() },
    ] as [(CapacityBounds) throws -> CapacityBound?] {
      #expect(throws: FlowError.unreachable) { try function(apart) }
    }
    for rate in [0, -1, Double.nan, .infinity] {
      let faulty = CutEnumeration.graph(vertices: 2, links: [(0, 1, rate), (1, 0, 1)])
      #expect(throws: FlowError.self) { try CapacityBounds(faulty, ranks: [CellID(0), CellID(1)]).allGather() }
    }
    let far = CutEnumeration.graph(vertices: 2, links: [(0, 1, 1e-15), (1, 0, 1e19)])
    #expect(throws: FlowError.tooFineCapacities) {
      try CapacityBounds(far, ranks: [CellID(0), CellID(1)]).allGather()
    }
    #expect(throws: FlowError.rank(CellID(3))) { try CapacityBounds(graph, ranks: [CellID(0), CellID(3)]) }
    #expect(throws: FlowError.rank(CellID(0))) { try CapacityBounds(graph, ranks: [CellID(0), CellID(0)]) }
    #expect(throws: FlowError.self) { try CapacityBounds(graph, ranks: []) }
    let fabric = NVLClos(
      sizes: [1, 1, 1, 2, 2, 2, 2, 2, 2], nvc: 50, nic: 50, up: 50, latencies: [1, 1, 1, 1, 1], leafUp: 1, spineUp: 1)
    #expect(throws: FlowError.routing(.ranks(asked: 9, available: 8))) {
      try CapacityBounds(fabric.blueprint, order: NVLClos.rankOrder, ranks: 9)
    }
  }

  @Test("A single rank waits for nothing")
  func singleRank() throws {
    let bounds = try CapacityBounds(CutEnumeration.graph(vertices: 1, links: []), ranks: [CellID(0)])
    #expect(try bounds.allGather()?.rate == nil)
    #expect(try bounds.separation()?.rate == nil)
    #expect(try bounds.allToAll()?.rate == nil)
  }
}

/// A small directed graph all of whose cuts are looked at.
struct CutEnumeration {
  let graph: Topology
  let ranks: [CellID]

  init(seed: Int) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 2...7, using: &generator)
    var links: [(Int, Int, Double)] = []
    for from in 0..<count {
      for to in 0..<count where from != to && generator.chance(0.5) {
        links.append((from, to, Double(Int.random(in: 1...6, using: &generator)) / 2))
      }
    }
    let ranks = Int.random(in: 2...count, using: &generator)
    graph = CutEnumeration.graph(vertices: count, links: links) { $0 < ranks || generator.chance(0.8) }
    self.ranks = (0..<ranks).map { CellID($0) }
  }

  static func graph(
    vertices count: Int, links: [(Int, Int, Double)], relays: (Int) -> Bool = { _ in true }
  ) -> Topology {
    let cells = (0..<count).map {
      Topology.Cell(template: TemplateID(0), size: 1, blocks: [], kind: .networkSwitch, relays: relays($0))
    }
    var types: [LinkType] = []
    let arcs = links.map { from, to, rate in
      let link = LinkType(
        name: "", technology: .other, bandwidth: Bandwidth(bytesPerSecond: rate), latency: .nanoseconds(1))
      types.append(link)
      return Topology.Arc(
        from: CellID(from), to: CellID(to), linksPerMember: 1, link: types.count - 1, rule: RuleID(0), forward: true,
        tier: .leaf)
    }
    return Topology(cells: cells, arcs: arcs, linkTypes: types)
  }

  /// The least capacity of a cut over its weight; cuts without a weight do not count.
  func least(_ weight: (_ ranksInside: Set<Int>) -> Int?) -> Double? {
    let usable = graph.arcs.filter { passes($0.from) && passes($0.to) }
    return (0..<(1 << graph.cells.count)).compactMap { bits -> Double? in
      let isInside = { (cell: CellID) in bits >> cell.index & 1 == 1 }
      guard let weight = weight(Set(ranks.filter(isInside).map(\.index))) else { return nil }
      let capacity = usable.reduce(0.0) {
        isInside($1.from) && !isInside($1.to) ? $0 + graph.link(of: $1).bandwidth.bytesPerSecond : $0
      }
      return capacity / Double(weight)
    }.min()
  }

  private func passes(_ cell: CellID) -> Bool { ranks.contains(cell) || graph.cells[cell.index].relays }

  /// Whether every rank reaches every other.
  var isConnected: Bool { (least { $0.isEmpty || $0.count == ranks.count ? nil : 1 } ?? 1) > 0 }
}
