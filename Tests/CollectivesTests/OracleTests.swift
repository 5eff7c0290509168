import Collectives
import Foundation
import Quantities
import Testing

/// Runs reference cases of the kinds that collectives answer for; other kinds are reported as not known here.
@Suite("Reference cases")
struct OracleTests {
  struct Header: Decodable {
    var id: String
    var kind: String
  }

  struct AlphaBetaCase: Decodable {
    struct Input: Decodable {
      var n: Int
      var bytes: Int64
      var alpha: Double
      var bandwidth: Double

      enum CodingKeys: String, CodingKey {
        case n, bytes
        case alpha = "alpha_s"
        case bandwidth = "bw_Bps"
      }
    }

    var input: Input
    var expected: [String: Double?]
    var tolerance: Double

    enum CodingKeys: String, CodingKey {
      case input, expected
      case tolerance = "tolerance_rel"
    }
  }

  @Test("Every case of a known kind gives the expected values")
  func cases() throws {
    let environment = ProcessInfo.processInfo.environment
    let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/oracles")
    let folder = environment["ISOCHRONE_ORACLES"].map { URL(filePath: $0) } ?? own
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    #expect(!files.isEmpty, "no cases in \(folder.path)")
    var report: [String] = []
    for file in files {
      let data = try Data(contentsOf: file)
      guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
        Issue.record("\(file.lastPathComponent) has no id and kind")
        report.append("failed \(file.deletingPathExtension().lastPathComponent) unreadable")
        continue
      }
      guard header.kind == "alpha_beta" else {
        report.append("unsupported \(header.id) \(header.kind)")
        continue
      }
      let faults = alphaBetaFaults(data)
      #expect(faults.isEmpty, "\(header.id): \(faults.joined(separator: "; "))")
      report.append("\(faults.isEmpty ? "passed" : "failed") \(header.id) \(header.kind)")
    }
    if let path = environment["ISOCHRONE_CASE_REPORT"] { try append(report, to: path) }
  }

  private static let questions: [String: (Collective, String)] = [
    "ring_allreduce": (.allReduce, "ring"), "ring_allgather": (.allGather, "ring"),
    "ring_reduce_scatter": (.reduceScatter, "ring"), "direct_alltoall": (.allToAll, "pairwise"),
    "recursive_doubling_allreduce_pow2": (.allReduce, "recursive-doubling"),
    "rabenseifner_pow2": (.allReduce, "halving-doubling"),
  ]

  private func alphaBetaFaults(_ data: Data) -> [String] {
    do {
      let reference = try JSONDecoder().decode(AlphaBetaCase.self, from: data)
      return try reference.expected.sorted { $0.key < $1.key }.compactMap { name, expected in
        let actual = try value(of: name, in: reference.input)
        switch (expected, actual) {
        case (nil, nil): return nil
        case (let expected?, let actual?) where abs(actual - expected) <= reference.tolerance * abs(expected):
          return nil
        default: return "\(name) is \(describe(actual)), expected \(describe(expected))"
        }
      }
    } catch {
      return ["\(error)"]
    }
  }

  private func describe(_ value: Double?) -> String { value.map { "\($0)" } ?? "not applicable" }

  /// The time of a named question; nil where the algorithm does not apply.
  private func value(of name: String, in input: AlphaBetaCase.Input) throws -> Double? {
    let (collective, algorithm) = try #require(Self.questions[name], "unknown value \(name)")
    // The names ask for the forms without further rounds for other numbers of ranks.
    if name.hasSuffix("pow2"), input.n.nonzeroBitCount != 1 { return nil }
    let model = try AlphaBetaModel(
      levels: [
        .init(
          members: input.n, alpha: Seconds(input.alpha), bandwidth: Bandwidth(bytesPerSecond: input.bandwidth))
      ])
    guard
      let schedule = Ladders.schedules(collective, on: model.ladder).first(where: { $0.algorithm == algorithm })
    else { return nil }
    return model.time(of: schedule, size: Bytes(input.bytes)).value
  }

  /// Adds lines in one write, because tests of other parts report to the same file.
  private func append(_ lines: [String], to path: String) throws {
    guard !lines.isEmpty else { return }
    guard let file = fopen(path, "a") else { throw CocoaError(.fileWriteUnknown) }
    defer { fclose(file) }
    fputs(lines.map { $0 + "\n" }.joined(), file)
  }
}
