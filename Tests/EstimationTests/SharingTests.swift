import ClusterModel
import Collectives
import Matrices
import Quantities
import Routing
import Testing

@testable import Estimation

/// Collectives that run at the same time over the same links.
@Suite("Jobs side by side") struct SharingTests {
  /// A cluster with the ranks of some jobs.
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var jobs: [(ranks: Range<Int>, axes: [(String, Int?)], along: String)]

    init(_ text: String, _ jobs: [(Range<Int>, [(String, Int?)], String)]) {
      self.text = text
      self.jobs = jobs.map { (ranks: $0.0, axes: $0.1, along: $0.2) }
    }

    /// One all-gather for each.
    var asked: [Job] {
      jobs.enumerated().map { place, job in
        let grouping = RankGrouping(job.axes.map { .init(name: $0, size: $1) }, along: job.along)
        return Job(
          name: "\(place)",
          question: Question(
            .allGather, sizes: [Bytes(1 << 30)], ranks: job.ranks.count, grouping: job.axes.isEmpty ? nil : grouping),
          firstRank: job.ranks.lowerBound)
      }
    }

    var testDescription: String { "\(text) \(jobs.map(\.ranks)) \(jobs.map(\.axes))" }
  }

  private static let racks =
    "cluster:\n  racks: 3 × GB300-NVL72-2x400G\n  in-use: {tray: 4}\n  fabric: {kind: rail-only, switch: Quantum-2}"
  private static let boxes = OwnTopology.boxes("boxes: 8 × DGX-H100\n  in-use: {gpu: 4}", kind: "fat-tree", ports: 16)
  private static let uneven = OwnTopology.boxes("boxes: 7 × DGX-H100\n  in-use: {gpu: 4}", kind: "fat-tree", ports: 16)
  private static let tensor: [(String, Int?)] = [("tensor", 4), ("data", nil)]

  static let cases = [
    Case(racks, [(0..<16, [], ""), (16..<32, [], "")]),
    Case(racks, [(0..<48, [], ""), (16..<48, [], ""), (8..<20, [], "")]),
    Case(racks, [(0..<48, tensor, "tensor"), (0..<48, tensor, "data")]),
    Case(racks, [(16..<48, tensor, "data"), (0..<32, [], "")]),
    Case(boxes, [(0..<16, [], ""), (16..<32, [], "")]),
    Case(boxes, [(0..<16, tensor, "data"), (16..<32, tensor, "data"), (8..<24, [], "")]),
    Case(boxes, [(3..<13, [], ""), (0..<32, [], ""), (5..<6, [], "")]),
    Case(boxes, [(0..<32, [("tensor", 2), ("data", nil)], "data"), (4..<20, [], "")]),
    Case(uneven, [(0..<16, [], ""), (12..<28, [], "")]),
  ]

  @Test("Every physical link carries of each job what single vertices give it", arguments: cases)
  func loads(example: Case) throws {
    let cluster = try OwnTopology.cluster(example.text)
    let fabric = try SharedFabric(cluster, example.asked)
    let blueprint = try #require(fabric.blueprint)
    var parties: [CommonLinks.Party] = []
    var amounts: [[Double]] = []
    var expected: [[[Int]: Double]] = []
    for (job, view) in zip(example.asked, fabric.views) {
      let own = try FabricView(view.cluster, ranks: job.question.ranks, grouping: job.question.grouping)
      #expect(own.unlike == nil)
      let ownBlueprint = try #require(own.blueprint)
      let classes = own.ladder.levels.indices.map { TrafficClass.peers(level: $0, aligned: false) }
      // Levels weigh differently, so that none stands for another.
      let weights = classes.indices.map { 1 + Double($0) * 0.37 }
      let traffic = try RankTraffic(ownBlueprint, order: own.order, ranks: own.sharedLadder.ranks, classes: classes)
      amounts.append(
        traffic.loads.rows.indices.map { row in
          classes.indices.reduce(0) { $0 + traffic.loads.matrix[row, $1] * weights[$1] }
        })
      parties.append(
        .init(blueprint: ownBlueprint, rows: .ranks(own.order, count: own.sharedLadder.ranks), turn: view.turn))
      let expansion = try ownBlueprint.expanded()
      let accelerators = view.cluster.ranks.accelerators(in: expansion, of: ownBlueprint)
      // The ranks before those of a job that is not turned to them are absent.
      let isWhole = view.turn != nil || job.firstRank == 0
      let ranks = Array(accelerators.dropFirst(isWhole ? job.firstRank : 0).prefix(own.sharedLadder.ranks))
      let demands = FabricView.members(own.groups, of: ranks).flatMap { members in
        SharingTests.demands(among: members, ladder: own.ladder, weights: weights)
      }
      let loads = LoadOperator(of: expansion.topology, traffics: [demands])
      expected.append(
        Dictionary(
          uniqueKeysWithValues: expansion.topology.arcs.enumerated().map {
            (SharingTests.name(of: $1, in: expansion), loads.matrix[$0, 0])
          }))
    }
    let common = try CommonLinks(blueprint, parties: parties)
    let found = SharingTests.counted(common.topology, jobs: parties.count) { link, job in
      common.rows[link][job].map { amounts[job][$0] } ?? 0
    }
    let expansion = try blueprint.expanded()
    let wanted = SharingTests.counted(expansion.topology, jobs: parties.count) { link, job in
      expected[job][SharingTests.name(of: expansion.topology.arcs[link], in: expansion)] ?? 0
    }
    #expect(found == wanted)
    #expect(wanted.count > 1)
  }

  /// A link by the places of its ends.
  private static func name(of arc: Topology.Arc, in graph: (topology: Topology, indices: [[Int]])) -> [Int] {
    [arc.rule.index, arc.forward ? 1 : 0] + graph.indices[arc.from.index] + graph.indices[arc.to.index]
  }

  /// What each rank sends to the others of each level, evenly.
  private static func demands(among members: [CellID], ladder: TierLadder, weights: [Double]) -> [Demand] {
    members.indices.flatMap { place in
      ladder.levels.indices.flatMap { level in
        let own = level > 0 ? ladder.group(of: place, at: level - 1) : place..<place + 1
        let peers = ladder.group(of: place, at: level).filter { !own.contains($0) }
        return peers.map { peer -> Demand in
          let inner = level > 0 ? ladder.group(of: peer, at: level - 1) : peer..<peer + 1
          let its = ladder.group(of: peer, at: level).count - inner.count
          return Demand(
            from: members[place], to: members[peer], bytes: weights[level] / Double(max(peers.count, its)))
        }
      }
    }
  }

  /// How many links of each rule carry so much of each job.
  private static func counted(
    _ topology: Topology, jobs: Int, _ load: (Int, Int) -> Double
  ) -> [[Int]: Int] {
    var counts: [[Int]: Int] = [:]
    for (link, arc) in topology.arcs.enumerated() {
      let loads = (0..<jobs).map { Int((load(link, $0) * 1e7).rounded()) }
      counts[[arc.rule.index, arc.forward ? 1 : 0] + loads, default: 0] +=
        arc.linksPerMember * topology.cells[arc.from.index].size
    }
    return counts
  }

  private func share(_ name: String, _ jobs: [Job]) throws -> SharingAnswer {
    try Estimator(try Shipped.cluster(name), subject: Subject(topology: name, title: name, parameters: [:])).share(jobs)
  }

  private func job(
    _ collective: Collective, _ bytes: Int64 = 1 << 30, _ ranks: Range<Int>? = nil, start: Double = 0,
    algorithm: String? = nil, grouping: RankGrouping? = nil
  ) -> Job {
    Job(
      name: "\(collective)",
      question: Question(
        collective, sizes: [Bytes(bytes)], ranks: ranks?.count, grouping: grouping, algorithm: algorithm,
        library: "alpha-beta"),
      firstRank: ranks?.lowerBound ?? 0, start: Seconds(start))
  }

  private static let names = [
    "gb200-nvl72:racks=4", "dgx-h100:nodes=16", "gcp-a3-high:nodes=4", "mixed-gb200-gb300", "rtx-pro-6000-pcie",
  ]

  @Test(
    "A job alone takes what its estimate says", arguments: names + ["tpu-v5p-torus"])
  func alone(name: String) throws {
    for collective in [Collective.allReduce, .allGather, .allToAll] {
      let answer = try share(name, [job(collective)])
      let part = try #require(answer.parts.first)
      #expect(abs(part.slowdown - 1) < 1e-9 && part.holder == nil)
      #expect(abs(answer.lowerBound / part.time - 1) < 1e-9)
    }
  }

  @Test("Two alike jobs whose bytes decide take twice as long, and a third as much more", arguments: names)
  func twins(name: String) throws {
    for count in 2...3 {
      let answer = try share(name, (0..<count).map { _ in job(.allGather, 1 << 36) })
      for part in answer.parts {
        #expect(part.slowdown > Double(count) * 0.97 && part.slowdown <= Double(count) * (1 + 1e-9))
        #expect(part.holder?.jobs == Array(0..<count))
      }
    }
  }

  @Test("Jobs in racks or boxes of their own do not touch each other")
  func apart() throws {
    for (name, size) in [("gb200-nvl72:racks=2", 72), ("dgx-h100:nodes=2", 8), ("mixed-gb200-gb300", 72)] {
      let answer = try share(name, [job(.allReduce, 1 << 30, 0..<size), job(.allToAll, 1 << 30, size..<2 * size)])
      for part in answer.parts { #expect(abs(part.slowdown - 1) < 1e-9 && part.holder == nil) }
    }
  }

  @Test("Work is neither lost nor made, and no end is before the bound or after one job at a time")
  func conservation() throws {
    let grouping = RankGrouping([.init(name: "tensor", size: 8), .init(name: "data", size: nil)], along: "data")
    let mixes: [[Job]] = [
      [job(.allReduce), job(.allToAll, 1 << 28), job(.broadcast, 1 << 26)],
      [job(.allReduce, 1 << 30, 0..<64), job(.allToAll, 1 << 28, 32..<96), job(.allGather, 1 << 29, 40..<128)],
      [job(.allReduce, 1 << 30, grouping: grouping), job(.allGather, start: 0.001), job(.reduceScatter, start: 0.02)],
    ]
    for name in ["dgx-h100:nodes=16,oversubscription=2", "gb200-nvl72:racks=2,trays=16,oversubscription=4"] {
      for jobs in mixes {
        let answer = try share(name, jobs)
        for (place, part) in answer.parts.enumerated() {
          let done = answer.periods.reduce(0.0) {
            $0 + ($1.rates[place] ?? 0) * ($1.end - $1.start).value
          }
          #expect(abs(done / part.alone.time.value - 1) < 1e-9)
          #expect(part.slowdown >= 1 - 1e-9)
        }
        #expect(answer.end.value >= answer.lowerBound.value * (1 - 1e-9))
        if jobs.allSatisfy({ $0.start == .zero }) {
          #expect(answer.end.value <= answer.oneAfterAnother.value * (1 + 1e-9))
        }
        #expect(zip(answer.periods, answer.periods.dropFirst()).allSatisfy { $0.end <= $1.start })
      }
    }
  }

  @Test("Groups side by side as one job cannot be faster than as jobs of their own")
  func groups() throws {
    let along = { RankGrouping([.init(name: "tensor", size: 8), .init(name: "data", size: nil)], along: $0) }
    let together = try share(
      "dgx-h100:nodes=8",
      [job(.allReduce, 1 << 30, grouping: along("tensor")), job(.allReduce, 1 << 30, grouping: along("data"))])
    // Groups of the tensor axis stay on NVLink, those of the data axis leave the box by the NICs.
    #expect(together.parts.allSatisfy { $0.slowdown < 1.6 })
    let twice = try share("dgx-h100:nodes=8", [0, 1].map { _ in job(.allReduce, 1 << 34, grouping: along("data")) })
    #expect(twice.parts.allSatisfy { $0.slowdown > 1.9 })
  }

  @Test("Ranks that there are not are refused, each job at its place")
  func refusals() throws {
    for ranks in [60..<80, 72..<73, 100..<101] {
      #expect {
        _ = try share("gb200-nvl72", [job(.allReduce), job(.allGather, 1 << 20, ranks)])
      } throws: { error in
        guard case .job(1, .ranks) = error as? SharingError else { return false }
        return true
      }
    }
  }
}
