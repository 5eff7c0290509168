import ClusterModel
import Collectives
import Foundation
import HardwareCatalog
import Measurements
import Quantities

/// The tables of a log as questions about a cluster, and why some are none.
struct LogMatch {
  /// A table with what is asked of it.
  struct Entry {
    let table: BenchmarkLog.Table
    let collective: Collective?
    /// Which of the questions it belongs to; nil for a table that cannot be judged.
    var question: Int?
    /// Why it cannot be judged; nil where it can.
    let reason: String?
  }

  /// So many sizes of a question are judged; logs of benchmarks have a few dozen.
  static let mostSizes = 1000

  private(set) var entries: [Entry] = []
  private(set) var questions: [Question] = []
  private(set) var findings: [Diagnosis.Finding] = []
  private(set) var remarks: [String] = []
  let ranks: Int

  init(_ log: BenchmarkLog, on estimator: Estimator, _ context: LogContext) throws(EstimationError) {
    ranks = try FabricView(estimator.cluster, ranks: context.ranks).ladder.ranks
    for (place, table) in log.tables.enumerated() {
      let collective = table.name == nil ? context.collective ?? table.collective : table.collective
      let problem = problem(of: table, collective, context, estimator.cluster)
      entries.append(Entry(table: table, collective: collective, question: nil, reason: problem?.message))
      if let problem {
        report(problem.id, problem.message, table: place, of: log.tables.count)
      } else if let collective {
        entries[place].question = question(collective, table, context)
      }
      if problem == nil, let collective, let own = table.busFactor {
        let factor = collective.busBandwidthFactor(ranks: ranks)
        // Old releases of nccl-tests had other conventions, so that this alone is no proof.
        if factor > 0, abs(own / factor - 1) > 0.02 {
          remarks.append(
            "Bus over algorithm bandwidth is \(DecimalPrefix.fixed(own, decimals: 3)) in a table, though "
              + "\(DecimalPrefix.fixed(factor, decimals: 3)) for \(collective) over \(ranks) ranks: it may be of "
              + "another collective than its program's name says.")
        }
      }
      for remark in table.remarks where !remarks.contains(remark) { remarks.append(remark) }
      let wrong = table.rows.filter { $0.fault == .wrongResults }.count
      if wrong > 0 {
        report(
          "wrong-results", "\(wrong) sizes gave wrong results: the data were corrupted, and their times say nothing.",
          table: place, of: log.tables.count)
      }
    }
    if log.rowsLeftOut > 0 {
      remarks.append(
        "The log has more than \(BenchmarkLogReader.mostRows) rows: the \(log.rowsLeftOut) after those are left out.")
    }
  }

  /// Why a table is not a log of this cluster; nil where it may be.
  private func problem(
    of table: BenchmarkLog.Table, _ collective: Collective?, _ context: LogContext, _ cluster: Cluster
  ) -> (id: String, message: String)? {
    guard let collective else {
      return table.name.map { ("log-collective", "The log is of '\($0)', which estimates do not know.") }
        ?? ("log-collective", "The log does not tell its collective: name it with --collective.")
    }
    if let asked = context.collective, asked != collective {
      return ("log-collective", "The log is of \(collective), not of \(asked).")
    }
    if let own = table.ranks, own != ranks {
      return (
        "log-ranks",
        "The log is of \(own) ranks, but the topology has \(ranks): choose its parameters so that they agree, or give "
          + "--ranks for its first accelerators."
      )
    }
    if table.reportsProcessorTime {
      return ("log-time", "The log reports the processor's time, not that of the collective.")
    }
    if let other = table.gpus.lazy.compactMap({ LogMatch.otherPart($0, than: cluster) }).first {
      return ("log-gpu", "The log is of \(other.log), but the topology has \(other.cluster).")
    }
    let factor = collective.busBandwidthFactor(ranks: ranks)
    // A log that names neither its ranks nor its collective is told by its bandwidths.
    if let own = table.busFactor, factor > 0, abs(own / factor - 1) > 0.02, table.ranks == nil || table.name == nil {
      return (
        "log-ranks",
        "Bus over algorithm bandwidth is \(DecimalPrefix.fixed(own, decimals: 3)) in the log, but "
          + "\(DecimalPrefix.fixed(factor, decimals: 3)) for \(collective) over \(ranks) ranks: the log is of another "
          + "collective or of another number of ranks."
      )
    }
    return nil
  }

  /// The accelerators of a log whose name holds that of another known part than the cluster's; nil where they agree or
  /// nothing is known of them.
  private static func otherPart(_ name: String, than cluster: Cluster) -> (log: String, cluster: String)? {
    let own = Set(cluster.accelerators.map { words($0.part) })
    let logged = words(name)
    let known = HardwareCatalog().names(of: .accelerators).map { words($0) }
    let found = (known + own).filter { logged.contains($0) }.max { $0.count < $1.count }
    guard let found, !own.isEmpty, !own.contains(found) else { return nil }
    return (name, cluster.accelerators.first?.part ?? "others")
  }

  /// The words of a part's name without the size of its memory: `A100` of `A100-40GB`.
  private static func words(_ name: String) -> [String] {
    let separators = CharacterSet(charactersIn: " -_/")
    return name.uppercased().components(separatedBy: separators)
      .filter { !$0.isEmpty && !($0.hasSuffix("GB") && $0.dropLast(2).allSatisfy(\.isNumber)) }
  }

  private mutating func question(
    _ collective: Collective, _ table: BenchmarkLog.Table, _ context: LogContext
  ) -> Int {
    let harness = Question.Harness(
      gpusPerProcess: max(1, context.gpusPerProcess ?? table.gpusPerProcess ?? 1),
      graphLaunch: context.graphLaunch ?? table.graphLaunch ?? false, launcher: context.launcher)
    let sizes = table.rows.filter { $0.time != nil }.map(\.bytes)
    let place = questions.firstIndex { $0.collective == collective && $0.harness == harness } ?? questions.count
    if place == questions.count {
      questions.append(
        Question(
          collective, sizes: [], ranks: context.ranks, library: context.library, harness: harness,
          inSwitch: context.inSwitch))
    }
    let all = Set(questions[place].sizes + sizes).sorted()
    questions[place].sizes = Array(all.prefix(LogMatch.mostSizes))
    return place
  }

  private mutating func report(_ id: String, _ message: String, table: Int, of count: Int) {
    let prefix = count > 1 ? "Table \(table + 1): " : ""
    findings.append(.init(id: id, message: prefix + message, tier: nil, gain: nil))
  }
}

extension [String] {
  /// Whether the words of another list stand in this one, one after the other.
  fileprivate func contains(_ other: [String]) -> Bool {
    guard !other.isEmpty, other.count <= count else { return false }
    return (0...(count - other.count)).contains { Array(self[$0..<($0 + other.count)]) == other }
  }
}
