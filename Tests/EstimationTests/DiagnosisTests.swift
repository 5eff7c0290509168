import Collectives
import Estimation
import Foundation
import Measurements
import Quantities
import Testing

/// Whole logs against estimates.
@Suite("Diagnoses") struct DiagnosisTests {
  private static let few = [Bytes(8), Bytes(1 << 20), Bytes(1 << 30)]

  private func diagnosis(
    _ text: String, on topology: String, _ context: LogContext = LogContext()
  ) throws -> Diagnosis {
    try Shipped.estimator(topology).diagnose(BenchmarkLogReader(text).finished(), context)
  }

  @Test("A log of the estimates themselves is sound in every row and has no finding")
  func sound() throws {
    let log = try PrintedLog("dgx-h100")
    let diagnosis = try diagnosis(log.text, on: "dgx-h100")
    #expect(diagnosis.rows.count == log.rows.count)
    #expect(diagnosis.rows.allSatisfy { $0.verdict == .ok && abs(($0.ratio ?? 0) - 1) < 0.01 })
    #expect(diagnosis.findings.isEmpty)
    for regime in MessageRegime.allCases { #expect(diagnosis.medianAbsoluteError(regime) ?? 1 < 0.01) }
    #expect(abs((diagnosis.bandwidthRatio ?? 0) - 1) < 0.01)
  }

  @Test("Rows beyond the interval are slow or fast")
  func verdicts() throws {
    let sizes = MadeLogs.sizes
    let text = try PrintedLog("dgx-h100", sizes: sizes) { $0 == sizes[2] ? 10 : $0 == sizes[9] ? 0.1 : 1 }.text
    let verdicts = try diagnosis(text, on: "dgx-h100").rows.map(\.verdict)
    #expect(verdicts.enumerated().allSatisfy { $1 == ($0 == 2 ? .slow : $0 == 9 ? .fast : .ok) })
  }

  @Test("The bandwidth ratio is that of large sizes, else of the largest there are")
  func bandwidthRatio() throws {
    let text = try PrintedLog("dgx-h100") { $0.count >= 1 << 26 ? 2 : 1 }.text
    #expect(abs((try diagnosis(text, on: "dgx-h100").bandwidthRatio ?? 0) - 0.5) < 0.01)
    let small = try PrintedLog("dgx-h100", sizes: [Bytes(1024), Bytes(4096)]) { _ in 1.25 }.text
    #expect(abs((try diagnosis(small, on: "dgx-h100").bandwidthRatio ?? 0) - 0.8) < 0.01)
  }

  @Test(
    "A log that is not of the cluster is not judged, and says why",
    arguments: [
      ("dgx-h100:nodes=2", "log-ranks"), ("gb200-nvl72:trays=2", "log-gpu"), ("dgx-h200", "log-gpu"),
    ])
  func otherCluster(topology: String, finding: String) throws {
    let diagnosis = try diagnosis(PrintedLog("dgx-h100", sizes: Self.few).text, on: topology)
    #expect(diagnosis.judged.isEmpty && diagnosis.rows.count == 3)
    #expect(diagnosis.rows.allSatisfy { $0.expected == nil && $0.reason != nil && $0.measured != nil })
    #expect(diagnosis.findings.map(\.id) == [finding])
    #expect(diagnosis.bandwidthRatio == nil)
    #expect(MessageRegime.allCases.allSatisfy { diagnosis.medianAbsoluteError($0) == nil })
  }

  @Test("The first ranks of a cluster are judged when they are asked for")
  func someRanks() throws {
    let text = try PrintedLog("dgx-h100", sizes: Self.few).text
    #expect(try diagnosis(text, on: "dgx-h100:nodes=2", LogContext(ranks: 8)).judged.count == 3)
  }

  @Test("A log of another collective is not judged; one that names none takes the asked one")
  func collectives() throws {
    let text = try PrintedLog("dgx-h100", .allGather, program: "all_gather_perf", sizes: Self.few).text
    #expect(try diagnosis(text, on: "dgx-h100").judged.count == 3)
    let other = try diagnosis(text, on: "dgx-h100", LogContext(collective: .allReduce))
    #expect(other.judged.isEmpty && other.findings.map(\.id) == ["log-collective"])
    let unknown = try diagnosis(text.replacing("all_gather_perf", with: "alltoallv_perf"), on: "dgx-h100")
    #expect(unknown.judged.isEmpty && unknown.findings.map(\.id) == ["log-collective"])
    let nameless = text.replacing("# Collective test starting: all_gather_perf\n", with: "").replacing(
      "sum", with: "none")
    #expect(try diagnosis(nameless, on: "dgx-h100").findings.map(\.id) == ["log-collective"])
    #expect(try diagnosis(nameless, on: "dgx-h100", LogContext(collective: .allGather)).judged.count == 3)
    // Bus over algorithm bandwidth tells that it is no all-reduce.
    #expect(try diagnosis(nameless, on: "dgx-h100", LogContext(collective: .allReduce)).judged.isEmpty)
  }

  @Test("A log without ranks is told by its bandwidths")
  func withoutRanks() throws {
    let text = try PrintedLog("dgx-h100", sizes: Self.few).text.split(separator: "\n")
      .filter { !$0.contains("Rank") }.joined(separator: "\n")
    #expect(try diagnosis(text, on: "dgx-h100").judged.count == 3)
    #expect(try diagnosis(text, on: "dgx-h100:nodes=2").findings.map(\.id) == ["log-ranks"])
  }

  @Test("Rows that are no measurement are left out one by one")
  func badRows() throws {
    var log = try PrintedLog("dgx-h100")
    log.rows[1].time = .zero
    log.rows[4].time = Seconds(-1)
    let text = log.text.replacing(" 0 inf", with: " 0 nan")
    let verdicts = try diagnosis(text, on: "dgx-h100").rows.map(\.verdict)
    #expect(verdicts[1] == .unusable && verdicts[4] == .unusable)
    #expect(verdicts.filter { $0 == .unusable }.count == 2)
  }

  @Test("Wrong results are a finding, and their rows are not judged")
  func wrongResults() throws {
    let lines = try PrintedLog("dgx-h100", sizes: Self.few).text.split(separator: "\n").map { line in
      line.hasPrefix("8 ") ? String(line).replacing(" 0 ", with: " 12 ") : String(line)
    }
    let diagnosis = try diagnosis(lines.joined(separator: "\n"), on: "dgx-h100")
    #expect(diagnosis.findings.map(\.id).contains("wrong-results"))
    #expect(diagnosis.judged.count == 2)
  }

  @Test("Several tables are judged side by side")
  func tables() throws {
    let reduce = try PrintedLog("dgx-h100", sizes: Self.few).text
    let gather = try PrintedLog("dgx-h100", .allGather, program: "all_gather_perf", sizes: Self.few).text
    let diagnosis = try diagnosis(reduce + gather, on: "dgx-h100")
    #expect(diagnosis.judged.count == 6)
    #expect(
      diagnosis.rows.map(\.collective) == [.allReduce, .allReduce, .allReduce, .allGather, .allGather, .allGather])
    #expect(diagnosis.findings.isEmpty)
  }

  @Test("A shortfall that nothing explains is said to be one")
  func unexplained() throws {
    let text = try PrintedLog("dgx-h100") { $0.count <= 1 << 16 ? ($0.count % 3 == 1 ? 9 : 3) : 1 }.text
    let ids = try diagnosis(text, on: "dgx-h100").findings.map(\.id)
    #expect(!ids.isEmpty)
  }

  @Test("Measured tables of healthy clusters are sound in most rows")
  func measured() throws {
    var counts: [Diagnosis.Verdict: Int] = [:]
    for table in try MeasuredTable.all(in: MeasurementTests.folder).prefix(16) where table.isHealthy {
      guard let collective = table.collective, let topology = table.topology else { continue }
      let log = BenchmarkLog(
        tables: [
          .init(
            name: collective.rawValue, collective: collective, ranks: table.ranks, gpusPerProcess: table.gpusPerProcess,
            graphLaunch: table.graphLaunch,
            rows: table.rows.map { .init(bytes: $0.bytes, outOfPlace: $0.time, inPlace: nil) })
        ])
      for row in try Shipped.estimator(topology).diagnose(log).rows { counts[row.verdict, default: 0] += 1 }
    }
    let judged = counts.values.reduce(0, +)
    #expect(judged == 0 || Double(counts[.ok] ?? 0) >= 0.75 * Double(judged), "\(counts)")
  }
}
