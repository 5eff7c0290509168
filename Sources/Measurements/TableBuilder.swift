import Collectives
import Quantities

/// A table that is being read, and what it comes to.
struct TableBuilder {
  var name: String?
  var highestRank: Int?
  var groups: Set<Int> = []
  /// The count of ranks as the library's own messages tell it.
  var toldRanks: Int?
  var gpus: [String] = []
  var hosts: Set<String> = []
  var processes: Set<String> = []
  var gpusPerProcess: Int?
  var graphLaunch: Bool?
  var reportsProcessorTime = false
  var isEnded = false
  private(set) var rows: [PrintedRow] = []

  mutating func append(_ row: PrintedRow) { rows.append(row) }

  /// What the log says of the run, for a further table of it.
  var withoutRows: TableBuilder {
    var next = self
    next.rows = []
    next.isEnded = false
    return next
  }

  /// The ranks of one communicator: those of a run over its groups where it was split.
  private var ranks: Int? {
    guard let highestRank else { return toldRanks }
    let count = highestRank + 1
    return groups.count > 1 && count % groups.count == 0 ? count / groups.count : count
  }

  /// The rows sorted, each size once, and judged by what they say themselves.
  var table: BenchmarkLog.Table {
    let samples = rows.flatMap { row in row.samples.map { (row.bytes, $0) } }
    let conventions = samples.compactMap { TableBuilder.convention(of: $1, bytes: $0) }
    let convention = conventions.count >= 3 ? TableBuilder.median(conventions) ?? 1 : 1
    var bySize: [Int64: [PrintedRow]] = [:]
    for row in rows { bySize[row.bytes, default: []].append(row) }
    var remarks: [String] = []
    if bySize.count < rows.count {
      remarks.append("Sizes stand in the log more than once: the median of each is taken.")
    }
    if zip(rows, rows.dropFirst()).contains(where: { $0.bytes > $1.bytes }) {
      remarks.append("The rows are not in the order of sizes: they are sorted.")
    }
    let busFactors = samples.compactMap { _, sample -> Double? in
      guard let algorithm = sample.algorithmBandwidth, let bus = sample.busBandwidth, algorithm >= 1, bus > 0 else {
        return nil
      }
      return bus / algorithm
    }
    let perProcess = gpusPerProcess ?? (processes.isEmpty ? nil : ranks.map { max(1, $0 / processes.count) })
    return BenchmarkLog.Table(
      name: name, collective: name.flatMap { CollectiveNames.collective($0) } ?? deducedCollective(busFactors),
      ranks: ranks, gpus: gpus, hosts: hosts.isEmpty ? nil : hosts.count, gpusPerProcess: perProcess,
      graphLaunch: graphLaunch, reportsProcessorTime: reportsProcessorTime,
      busFactor: TableBuilder.median(busFactors),
      rows: bySize.sorted { $0.key < $1.key }.map { TableBuilder.row($0.key, $0.value, convention: convention) },
      remarks: remarks)
  }

  /// The collective of a log that does not name it: only all-reduce has more bus than algorithm bandwidth; of the
  /// others that reduce, reduce-scatter has less.
  private func deducedCollective(_ busFactors: [Double]) -> Collective? {
    guard name == nil, let factor = TableBuilder.median(busFactors) else { return nil }
    let reduces = rows.contains { $0.reduction.map { $0 != "none" } ?? false }
    if factor > 1.02 { return .allReduce }
    return reduces && factor < 0.98 ? .reduceScatter : nil
  }

  /// Bandwidth times time over size: 1 by today's convention.
  private static func convention(of sample: PrintedRow.Sample, bytes: Int64) -> Double? {
    guard let time = sample.time, time > 0, let bandwidth = sample.algorithmBandwidth, bandwidth >= 0.1, bytes > 0
    else {
      return nil
    }
    return bandwidth * time * 1000 / Double(bytes)
  }

  private static func row(_ bytes: Int64, _ printed: [PrintedRow], convention: Double) -> BenchmarkLog.Row {
    var times: [[Double]] = [[], []]
    var faults: [BenchmarkLog.Fault] = []
    for row in printed {
      if row.samples.isEmpty { faults.append(.cut) }
      for (kind, sample) in row.samples.prefix(2).enumerated() {
        switch fault(of: sample, bytes: bytes, convention: convention) {
        case nil: times[kind].append(sample.time ?? 0)
        case let fault?: faults.append(fault)
        }
      }
    }
    // Data that were wrong once make the other time of the size doubtful as well.
    let isUsable = times.contains { !$0.isEmpty } && !faults.contains(.wrongResults) && bytes > 0
    let medians = times.map { isUsable ? median($0).map { Seconds.microseconds($0) } : nil }
    let fault = bytes == 0 ? .noBytes : faults.first { $0 == .wrongResults } ?? faults.first ?? .cut
    return BenchmarkLog.Row(
      bytes: Bytes(bytes), outOfPlace: medians[0], inPlace: medians[1], fault: isUsable ? nil : fault)
  }

  private static func fault(
    of sample: PrintedRow.Sample, bytes: Int64, convention: Double
  ) -> BenchmarkLog.Fault? {
    guard let time = sample.time else { return .notANumber }
    guard time > 0 else { return .notPositive }
    // Old versions print the largest error, which is tiny where all is well; newer ones count wrong elements.
    if let wrong = sample.wrong, wrong >= 0.1 { return .wrongResults }
    if let own = TableBuilder.convention(of: sample, bytes: bytes),
      abs(own / convention - 1) > 0.1 || abs(convention - 1) > 0.1
    {
      return .inconsistent
    }
    return nil
  }

  private static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
