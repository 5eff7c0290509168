import Collectives
import Foundation
import Measurements
import Quantities

/// Sets the rows of a log against estimates.
struct Judge {
  /// So many sizes of a question are weighed against causes; more tell nothing new.
  private static let mostWeighed = 96

  private(set) var rows: [Diagnosis.Row] = []
  private let matching: LogMatch
  /// For each question, the measured times by size.
  private var measured: [[Int64: [Double]]]
  private var places: [[Int]] = []

  init(_ matching: LogMatch) {
    self.matching = matching
    measured = matching.questions.map { _ in [:] }
    for (table, entry) in matching.entries.enumerated() {
      places.append([])
      for row in entry.table.rows {
        places[table].append(rows.count)
        rows.append(
          Diagnosis.Row(
            table: table, collective: entry.collective, bytes: row.bytes,
            measured: row.time ?? [row.outOfPlace, row.inPlace].compactMap { $0 }.first, verdict: .unusable,
            reason: entry.reason ?? row.fault.map { "\($0.rawValue.capitalisedFirst)." }
              ?? "There are more than \(LogMatch.mostSizes) sizes."))
      }
    }
  }

  /// Judges the rows of a question.
  mutating func take(_ answer: Answer, to question: Int) {
    let estimates = Dictionary(answer.estimates.map { ($0.bytes, $0) }) { first, _ in first }
    for (table, entry) in matching.entries.enumerated() where entry.question == question {
      for (row, place) in zip(entry.table.rows, places[table]) {
        guard let time = row.time, let estimate = estimates[row.bytes] else { continue }
        measured[question][row.bytes.count, default: []].append(log(time.value))
        rows[place].expected = estimate.time
        rows[place].interval = estimate.interval
        rows[place].verdict =
          time > estimate.interval.upperBound ? .slow : time < estimate.interval.lowerBound ? .fast : .ok
        rows[place].reason = nil
      }
    }
  }

  /// The sizes of each question that are weighed against causes.
  private func weighed(_ question: Int) -> [Int64] {
    let sizes = measured[question].keys.sorted()
    let step = (sizes.count + Judge.mostWeighed - 1) / Judge.mostWeighed
    return sizes.enumerated().filter { $0.offset % max(step, 1) == 0 }.map(\.element)
  }

  /// The questions with the sizes that are weighed against causes.
  func questions(_ questions: [Question]) -> [Question] {
    questions.enumerated().map { place, question in
      var question = question
      question.sizes = weighed(place).map { Bytes($0) }
      return question
    }
  }

  /// The measured times of those sizes: the mean over tables of the logarithm.
  var times: [Seconds] {
    measured.indices.flatMap { question in
      weighed(question).map { size in
        let logarithms = measured[question][size] ?? []
        return Seconds(exp(logarithms.reduce(0, +) / Double(max(logarithms.count, 1))))
      }
    }
  }

  /// Regimes most of whose rows are slow, for logs that no cause explains.
  var unexplained: [Diagnosis.Finding] {
    MessageRegime.allCases.compactMap { regime in
      let judged = rows.filter { $0.verdict != .unusable && MessageRegime($0.bytes) == regime }
      let slow = judged.filter { $0.verdict == .slow }
      guard !slow.isEmpty, slow.count * 2 >= judged.count, let ratio = slow.compactMap(\.ratio).median else {
        return nil
      }
      return .init(
        id: "unexplained-\(regime.rawValue)",
        message:
          "\(slow.count) of \(judged.count) \(regime.rawValue) sizes are slower than nine in ten healthy clusters, "
          + "in the median \(DecimalPrefix.fixed(ratio, decimals: 2)) times the estimate, and no known cause fits.",
        tier: nil, gain: nil)
    }
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
