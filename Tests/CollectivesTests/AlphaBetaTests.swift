import ClusterModel
import Collectives
import Foundation
import Quantities
import Testing

@Suite("Plain alpha-beta model")
struct AlphaBetaTests {
  struct RingRuns: Decodable {
    struct Level: Decodable {
      var members: Int
      var alphaSeconds: Double
      var bytesPerSecond: Double
    }

    struct Run: Decodable {
      var network: Int
      var collective: String
      var bytes: Int64
      var nanoseconds: Double
    }

    var networks: [[Level]]
    var runs: [Run]
  }

  @Test("Rings in one and several dimensions take the time that a network simulator computes, within 0.3 %")
  func simulatedRings() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/astra-sim-rings.json")
    let data = try JSONDecoder().decode(RingRuns.self, from: Data(contentsOf: file))
    var worst = (deviation: 0.0, run: "")
    for run in data.runs {
      let model = try AlphaBetaModel(
        levels: data.networks[run.network].map {
          .init(
            members: $0.members, alpha: Seconds($0.alphaSeconds),
            bandwidth: Bandwidth(bytesPerSecond: $0.bytesPerSecond))
        })
      let algorithm = ["ring", "hierarchical", "hierarchical-per-tier"][model.levels.count - 1]
      let collective = try #require(Collective(rawValue: run.collective))
      let schedule = try #require(CollectiveAlgorithms.named(algorithm)).schedule(
        for: collective, on: model.ladder, capabilities: FabricCapabilities())
      let time = model.time(of: schedule, size: Bytes(run.bytes))
      let deviation = abs(time.value * 1e9 / run.nanoseconds - 1)
      if deviation > worst.deviation { worst = (deviation, "\(run) takes \(time.value * 1e9) ns") }
    }
    #expect(data.runs.count == 181)
    #expect(worst.deviation < 0.003, "largest deviation \(worst.deviation): \(worst.run)")
  }

  private func model(_ members: [Int]) throws -> AlphaBetaModel {
    try AlphaBetaModel(
      levels: members.enumerated().map {
        .init(
          members: $0.element, alpha: .microseconds(Double($0.offset + 1)),
          bandwidth: .gigabytesPerSecond(400 / Double(1 + 7 * $0.offset)))
      })
  }

  @Test("Time grows with size, with alpha, and as bandwidth falls")
  func monotone() throws {
    let model = try model([8, 4])
    let slower = try AlphaBetaModel(
      levels: model.levels.map { .init(members: $0.members, alpha: $0.alpha, bandwidth: $0.bandwidth * 0.5) })
    let later = try AlphaBetaModel(
      levels: model.levels.map { .init(members: $0.members, alpha: $0.alpha * 2, bandwidth: $0.bandwidth) })
    for collective in Collective.allCases {
      for schedule in Ladders.schedules(collective, on: model.ladder) {
        let times = [8, 1 << 10, 1 << 20, 1 << 30].map { model.time(of: schedule, size: Bytes($0)) }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(slower.time(of: schedule, size: Bytes(1 << 20)) > times[2])
        #expect(later.time(of: schedule, size: Bytes(1 << 20)) > times[2])
      }
    }
  }

  @Test("Phases that overlap take the time of the slowest level, others the sum")
  func overlap() throws {
    let model = try model([8, 4])
    var schedule = try Hierarchical.schedule(
      for: .allReduce, on: model.ladder, capabilities: FabricCapabilities())
    let size = Bytes(1 << 30)
    let inside = size / model.levels[0].bandwidth * (2 * 7.0 / 8)
    let between = size / model.levels[1].bandwidth * (2 * 3.0 / 4 / 8)
    let latency = Seconds.microseconds(2 * 7 * 1 + 2 * 3 * 2)
    #expect(abs(model.time(of: schedule, size: size) / (latency + inside + between) - 1) < 1e-12)
    schedule.isPipelined = true
    #expect(abs(model.time(of: schedule, size: size) / (latency + max(inside, between)) - 1) < 1e-12)
  }

  @Test("The time is that of the expansion's steps, one after the other, where nothing is shared")
  func replayedTime() throws {
    let (alpha, rate) = (Seconds.microseconds(1), Bandwidth.gigabytesPerSecond(50))
    let size = Bytes(1 << 20)
    for n in Array(2...33) + [63, 64, 72, 80] {
      let model = try AlphaBetaModel(levels: [.init(members: n, alpha: alpha, bandwidth: rate)])
      for schedule in Collective.allCases.flatMap({ Ladders.schedules($0, on: model.ladder) })
      where !schedule.isPipelined && !schedule.usesInSwitchReduction {
        let expansion = try schedule.expansion()
        var time = Seconds.zero
        for step in expansion.steps {
          var sent = [Int](repeating: 0, count: n)
          var received = sent
          for transfer in step.transfers {
            if case .rank(let from) = transfer.from { sent[from] += transfer.chunks.count }
            if case .rank(let to) = transfer.to { received[to] += transfer.chunks.count }
          }
          let most = Double(max(sent.max() ?? 0, received.max() ?? 0))
          time = time + alpha + size / rate * (most * expansion.chunkShare)
        }
        let claimed = model.time(of: schedule, size: size)
        #expect(
          abs(claimed / time - 1) < 1e-9, "\(schedule.collective) by \(schedule.algorithm), \(n): \(claimed), \(time)")
      }
    }
  }

  @Test("Levels without members, and more ranks than can be counted, are refused")
  func badLevels() {
    for members in [[], [0], [8, -1], [1 << 40, 1 << 40]] {
      #expect(throws: AlgorithmError.self) { try model(members) }
    }
  }
}
