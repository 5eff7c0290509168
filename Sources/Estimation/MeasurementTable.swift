public import Collectives
import Diagnostics
public import Foundation
import HardwareCatalog
public import Quantities

/// One public nccl-tests table with what was measured on what.
public struct MeasurementTable: Sendable {
  /// A size with the mean of its times in place and out of place.
  public struct Row: Sendable, Hashable {
    /// The message size as nccl-tests counts it.
    public var bytes: Bytes
    /// The measured time.
    public var time: Seconds

    /// A row of its parts.
    public init(bytes: Bytes, time: Seconds) {
      self.bytes = bytes
      self.time = time
    }
  }

  /// A name of its own.
  public var id: String
  /// Where it was published.
  public var source: String
  /// What its source says it is.
  public var title: String
  /// The shipped topology with parameters that describes the cluster.
  public var topology: String
  /// The family of hardware, such as `H100`.
  public var family: String
  /// The collective.
  public var collective: Collective
  /// How many ranks took part.
  public var ranks: Int
  /// The profile of the library that ran, `nccl` for RCCL as well, whose figures are fitted with NCCL's.
  public var profile = "nccl"
  /// The release of the library; nil where the source does not say.
  public var release: LibraryVersion?
  /// The algorithm, where the source names it.
  public var algorithm: String?
  /// Whether every message went through the NICs, also between GPUs of one host.
  public var isNetworkOnly = false
  /// What issued the collectives.
  public var harness: Question.Harness
  /// Whether its source says or shows that the cluster was in order; else that is not known.
  public var isHealthy: Bool
  /// The sizes in rising order.
  public var rows: [Row]

  /// The question that the table answers.
  public var question: Question {
    Question(
      collective, sizes: rows.map(\.bytes), ranks: ranks, algorithm: algorithm,
      library: profile == "nccl" ? nil : profile, harness: harness)
  }

  /// The sizes of one regime, as indices of `rows`.
  public func rows(in regime: MessageRegime) -> [Int] {
    rows.indices.filter { MessageRegime(rows[$0].bytes) == regime }
  }

  /// The tables that the program carries of a library, in the order of their names.
  /// - Throws: `DecodingError` when one is wrong, which the tests rule out.
  public static func shipped(of profile: String = "nccl") throws -> [MeasurementTable] {
    try HardwareCatalog.measurementNames.compactMap { name in
      try HardwareCatalog.measurementText(named: name).map { try MeasurementTable(json: Data($0.text.utf8)) }
    }.filter { $0.profile == profile }
  }
}

extension MeasurementTable {
  /// Reads the project's compact form: sizes in bytes with times in microseconds.
  /// - Throws: `DecodingError` for anything else.
  public init(json: Data) throws {
    let form = try JSONDecoder().decode(Form.self, from: json)
    guard let collective = Collective(rawValue: form.collective) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no collective '\(form.collective)'"))
    }
    self.init(
      id: form.id, source: form.source, title: form.title, topology: form.topology, family: form.family,
      collective: collective, ranks: form.ranks,
      harness: .init(gpusPerProcess: form.gpusPerProcess, graphLaunch: form.graphLaunch),
      isHealthy: form.healthy.isStated,
      rows: form.rows.compactMap { row in
        let times = row.dropFirst().compactMap { $0 }.filter { $0 > 0 }
        guard let bytes = row.first.flatMap({ $0 }).flatMap(Int64.init(exactly:)), !times.isEmpty else { return nil }
        return Row(bytes: Bytes(bytes), time: .microseconds(times.reduce(0, +) / Double(times.count)))
      })
    profile = form.profile ?? "nccl"
    release = form.library.split(separator: " ").dropFirst().first
      .flatMap { LibraryVersion(String($0.prefix { $0 != "+" && $0 != "-" })) }
    algorithm = form.algorithm
    isNetworkOnly = form.networkOnly ?? false
  }

  private struct Form: Decodable {
    var id: String
    var source: String
    var title: String
    var topology: String
    var family: String
    var collective: String
    var ranks: Int
    var library: String
    var profile: String?
    var algorithm: String?
    var networkOnly: Bool?
    var gpusPerProcess: Int
    var graphLaunch: Bool
    var healthy: Health
    var rows: [[Double?]]
  }

  /// `true`, or a word where the source does not say.
  private struct Health: Decodable {
    let isStated: Bool

    init(from decoder: any Decoder) throws {
      isStated = (try? decoder.singleValueContainer().decode(Bool.self)) ?? false
    }
  }
}
