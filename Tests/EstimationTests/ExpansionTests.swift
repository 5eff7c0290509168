import ClusterModel
import Collectives
import HardwareCatalog
import Matrices
import Quantities
import Routing
import TestSupport
import Testing

@testable import Estimation

/// Cells against the graph of single vertices that they stand for.
@Suite("Cells against the expansion") struct ExpansionTests {
  private static func spined(_ exceptions: [String]) -> String {
    OwnTopology.boxes("boxes: 3 × DGX-H100\n  in-use: {gpu: 2}", kind: "fat-tree", ports: 4, exceptions: exceptions)
  }

  /// Small clusters, each with something peculiar about it.
  static let clusters: [(name: String, text: String)] = [
    ("a rack of GB200", "cluster:\n  racks: 1 × GB200-NVL72"),
    ("68 of 72", "cluster:\n  racks: 1 × GB300-NVL72\nexceptions:\n  - absent: rack[0]/tray[5]"),
    (
      "two racks, few trays",
      "cluster:\n  racks: 2 × GB300-NVL72-2x400G\n  in-use: {tray: 2}\n  fabric: {kind: rail-only, switch: Quantum-2}"
    ),
    ("DGX H100 on one switch", "cluster:\n  boxes: 3 × DGX-H100\n  fabric: {kind: single-switch, switch: Quantum-2}"),
    ("DGX A100 on rails", "cluster:\n  boxes: 2 × DGX-A100\n  fabric: {kind: rail-optimised, switch: Quantum}"),
    (
      "DGX B200, a part in use",
      "cluster:\n  boxes: 3 × DGX-B200\n  in-use: {gpu: 3}\n  fabric: {kind: rail-optimised, switch: Quantum-2}"
    ),
    ("leaves and spines", spined([])),
    ("a failed link between leaf and spine", spined(["failed: {from: \"leaf[0]\", to: \"spine[0]\", count: 1}"])),
    ("a degraded interface", spined(["degraded: {from: \"box[1]/nic[0]\", to: leaf, share: 0.5}"])),
    ("an absent box", spined(["absent: box[1]"])),
    (
      "an absent accelerator and a failed leaf link",
      spined(["absent: \"box[2]/gpu[1]\"", "failed: {from: \"leaf[1]\", to: \"spine[0]\", count: 1}"])
    ),
    ("a degraded NVLink", spined(["degraded: {from: \"box[0]/gpu[0]\", to: nvswitch, share: 0.25}"])),
  ]

  @Test("Every physical link carries what single vertices give it, class by class", arguments: clusters)
  func loads(name: String, text: String) throws {
    try expectAlike(try OwnTopology.cluster(text))
  }

  @Test("Traffic kept to rails loads every link as message after message does, relays and all", arguments: clusters)
  func railLoads(name: String, text: String) throws {
    try expectAlike(try OwnTopology.cluster(text), policy: .railAligned)
  }

  /// The largest shipped topology, by vertices, that is expanded.
  static let largestExpansion = 420

  @Test("Every shipped topology that is small carries on each link what single vertices give it")
  func shippedLoads() throws {
    var compared: [String] = []
    for name in HardwareCatalog().topologyNames {
      let cluster = try Shipped.cluster(name)
      guard case .blueprint(let blueprint) = cluster.graph,
        try blueprint.topology().vertexCount <= ExpansionTests.largestExpansion
      else { continue }
      try expectAlike(cluster)
      compared.append(name)
    }
    // One rack or box of each kind is small; scalable units and whole estates are not.
    #expect(compared.count >= 40, "\(compared)")
  }

  private func expectAlike(_ cluster: Cluster, policy: RoutingPolicy = .equalSplit) throws {
    guard case .blueprint(let blueprint) = cluster.graph else { return }
    let all = try TierLadder(cluster.ranks, in: blueprint).ranks
    for count in [all, all - 1] {
      let expansion = try RankExpansion(blueprint, order: cluster.ranks, ranks: count)
      #expect(expansion.ranks.count == count)
      let classes = expansion.classes
      let traffic = try RankTraffic(blueprint, order: cluster.ranks, ranks: count, classes: classes, policy: policy)
      let expected = expansion.loads(by: policy)
      #expect(classes.indices.allSatisfy { abs(traffic.loads.unroutable[$0] - expected.unroutable[$0]) < 1e-9 })
      let rows = try expansion.rows(in: traffic.loads)
      var worst = 0.0
      for (arc, row) in rows.enumerated() {
        for column in classes.indices {
          let load = expected.matrix[arc, column]
          worst = max(worst, abs(traffic.loads.matrix[row, column] - load) / max(1, load))
        }
      }
      #expect(worst < 1e-9, "\(cluster.name), \(count) ranks")
    }
  }

  @Test("The bandwidth term of every candidate is that of the slowest single link", arguments: clusters)
  func transfers(name: String, text: String) throws {
    let estimator = try OwnTopology.estimator(text)
    guard case .blueprint(let blueprint) = estimator.cluster.graph else { return }
    let fabric = try FabricView(estimator.cluster, ranks: nil)
    // Where domains differ in size, what the classes count is a bound, and is scaled.
    guard fabric.ladder.scaleUpLevel.map({ fabric.ladder.levels[$0].uniformSize != nil }) ?? true else { return }
    let expansion = try RankExpansion(blueprint, order: fabric.order, ranks: nil)
    let (classes, loads) = (expansion.classes, expansion.loads(by: .equalSplit).matrix)
    for collective in LawCases.collectives {
      for library in ["nccl", "alpha-beta"] {
        let size = Bytes(1 << 30)
        let answer = try estimator.answer(Question(collective, sizes: [size], library: library))
        let profile = try #require(try LibraryProfiles.shipped(named: library))
        let model = CostModel(profile: profile, setting: fabric.setting(harness: .init()))
        for candidate in answer.estimates[0].candidates where candidate.messageProtocol == .simple {
          let algorithm = try #require(CollectiveAlgorithms.named(candidate.algorithm))
          let schedule = try algorithm.schedule(
            for: collective, on: fabric.ladder,
            capabilities: .init(inSwitchReduction: estimator.cluster.inSwitchReduction))
          // Where one rank sends more than the others, its own links may be slower than any that the classes load.
          guard schedule.phases.allSatisfy({ $0.rankTraffic == $0.traffic }) else { continue }
          let arcs = expansion.graph.topology.arcs
          let rates = arcs.map { arc in
            let link = expansion.graph.topology.link(of: arc)
            return link.bandwidth.bytesPerSecond * model.efficiency(of: link.technology, tier: arc.tier)
          }
          let phases = schedule.phases.map { phase in
            let all = model.equivalentTraffic(of: phase, in: schedule, using: .simple)
            // The busiest rank's own bytes cross a link once, however many ranks share it.
            let own = model.equivalentRankTraffic(of: phase, in: schedule, using: .simple)
            return arcs.indices.map { arc in
              var (shared, single) = (0.0, 0.0)
              for (column, kind) in classes.enumerated() {
                shared += (all[kind] ?? 0) * loads[arc, column]
                single += (own[kind] ?? 0) * min(1, loads[arc, column])
              }
              return max(shared, single) / rates[arc]
            }
          }
          let groups =
            schedule.isPipelined
            ? [phases.reduce(phases[0].map { _ in 0 }) { zip($0, $1).map { $0 + $1 } }] : phases
          let seconds = groups.reduce(0) { $0 + ($1.max() ?? 0) } * Double(size.count)
          let pinned = try estimator.answer(
            Question(
              collective, sizes: [size], algorithm: candidate.algorithm, messageProtocol: .simple, library: library))
          let term = try #require(pinned.estimates[0].terms.first { $0.name.hasPrefix("bytes over") })
          #expect(Soundness.close(term.time.value, seconds, 1e-9), "\(library), \(collective), \(candidate.algorithm)")
        }
      }
    }
  }
}

/// The ranks of a blueprint one by one on its expansion.
struct RankExpansion {
  struct Rank {
    var vertex: Int
    var segment: Int
    var digits: [Int]
  }

  let order: RankOrder
  let blueprint: Blueprint
  let graph: (topology: Topology, indices: [[Int]])
  let ranks: [Rank]

  init(_ blueprint: Blueprint, order: RankOrder, ranks count: Int?) throws {
    self.order = order
    self.blueprint = blueprint
    let graph = try blueprint.expanded(limit: 2000)
    self.graph = graph
    var ranks: [Rank] = []
    for (number, segment) in order.segments.enumerated() {
      let axes = blueprint.templates[segment.template.index].axes
      let places = segment.digits.compactMap { axes.firstIndex(of: $0) }
      ranks += graph.topology.cells.indices.filter { graph.topology.cells[$0].template == segment.template }
        .map { vertex in Rank(vertex: vertex, segment: number, digits: places.map { graph.indices[vertex][$0] }) }
        .filter { zip(segment.digits, $0.digits).allSatisfy { $1 < segment.inUse[$0] ?? .max } }
        .sorted { $0.digits.lexicographicallyPrecedes($1.digits) }
    }
    self.ranks = Array(ranks.prefix(count ?? .max))
  }

  /// Every class of traffic that the order of ranks knows.
  var classes: [TrafficClass] {
    order.levels.indices.flatMap { [.peers(level: $0, aligned: false), .peers(level: $0, aligned: true)] }
      + (ranks.allSatisfy { !switches(of: $0).isEmpty } ? [.inSwitch] : [])
  }

  private func level(_ left: Rank, _ right: Rank) -> Int? {
    order.levels.firstIndex { level in
      let leading = level.leadingDigits[left.segment]
      return left.segment == right.segment
        ? left.digits.prefix(leading) == right.digits.prefix(leading)
        : leading == 0 && level.leadingDigits[right.segment] == 0
    }
  }

  private func areOfOneGroup(_ left: Rank, _ right: Rank) -> Bool {
    guard let group = order.groupDigits else { return true }
    return left.digits.indices.allSatisfy { group.contains($0) || left.digits[$0] == right.digits[$0] }
  }

  /// By rank, the places of its peers among the ranks.
  private func peers(_ level: Int, aligned: Bool) -> [[Int]] {
    let rails = ranks.map { Array($0.digits.suffix(order.railDigits[$0.segment])) }
    return ranks.indices.map { rank in
      ranks.indices.filter { other in
        other != rank && (!aligned || rails[rank] == rails[other]) && self.level(ranks[rank], ranks[other]) == level
          && areOfOneGroup(ranks[rank], ranks[other])
      }
    }
  }

  /// Links from a rank to switches of its domain, by switch.
  private func switches(of rank: Rank) -> [(vertex: CellID, links: Int)] {
    graph.topology.arcs.filter {
      $0.from.index == rank.vertex && graph.topology.cells[$0.to.index].kind == .scaleUpSwitch
    }.map { ($0.to, $0.linksPerMember) }
  }

  /// The demands of one unit of a class.
  private func demands(_ traffic: TrafficClass) -> [Demand] {
    switch traffic {
    case .neighbours: return []
    case .peers(let level, let aligned):
      let peers = peers(level, aligned: aligned)
      return ranks.indices.flatMap { rank in
        peers[rank].map { other in
          Demand(
            from: CellID(ranks[rank].vertex), to: CellID(ranks[other].vertex),
            bytes: 1 / Double(max(peers[rank].count, peers[other].count)))
        }
      }
    case .inSwitch:
      return ranks.flatMap { rank in
        let switches = switches(of: rank)
        let links = Double(switches.reduce(0) { $0 + $1.links })
        return switches.flatMap { other in
          [(CellID(rank.vertex), other.vertex), (other.vertex, CellID(rank.vertex))].map {
            Demand(from: $0.0, to: $0.1, bytes: Double(other.links) / links)
          }
        }
      }
    }
  }

  /// Loads of each physical link of each arc of the graph.
  func loads(by policy: RoutingPolicy) -> (matrix: Matrix, unroutable: [Double]) {
    let traffics = classes.map(demands)
    let routed = LoadOperator(
      of: graph.topology, traffics: policy == .railAligned ? traffics.map(relays.relayed) : traffics)
    return (routed.matrix, routed.unroutable)
  }

  /// The ranks by domain and rail; each is a domain of its own where there are none.
  private var relays: RailRelays {
    var domains: [[Int]] = []
    return RailRelays(
      ranks.enumerated().map { place, rank in
        let leading = order.scaleUpLevel.map { order.levels[$0].leadingDigits[rank.segment] }
        let name = leading.map { $0 == 0 ? [] : [rank.segment] + rank.digits.prefix($0) } ?? [-1, place]
        if !domains.contains(name) { domains.append(name) }
        return RailRelays.Rank(
          CellID(rank.vertex), domain: domains.firstIndex(of: name) ?? 0,
          rail: Array(rank.digits.suffix(order.railDigits[rank.segment])))
      })
  }

  /// By arc of the graph: the row of an operator on cells.
  func rows(in loads: LoadOperator) throws -> [Int] {
    let holding = loads.topology.cells(holding: graph).compactMap(\.first)
    try #require(holding.count == graph.topology.cells.count)
    var places: [String: Int] = [:]
    for (row, described) in loads.rows.enumerated() {
      places["\(described.from) \(described.to) \(described.rule) \(described.forward) \(described.link)"] = row
    }
    return try graph.topology.arcs.map { arc in
      let (from, to) = (holding[arc.from.index], holding[arc.to.index])
      return try #require(places["\(from) \(to) \(arc.rule) \(arc.forward) \(graph.topology.link(of: arc))"])
    }
  }
}
