import ClusterModel
import Collectives
public import Estimation
import Quantities

/// A log against the estimate, a row a size, with what was found.
public struct DiagnosisReport: Report {
  /// What is reported.
  public var diagnosis: Diagnosis
  /// The share of the expected bus bandwidth below which the check fails; nil where none was asked for.
  public var failBelow: Double?

  /// A report of a diagnosis.
  public init(_ diagnosis: Diagnosis, failBelow: Double? = nil) {
    self.diagnosis = diagnosis
    self.failBelow = failBelow
  }

  /// The findings first, then the table, then how it was read.
  public var page: Page {
    var answer = [headline]
    if let failBelow, let ratio = diagnosis.bandwidthRatio {
      answer.append(
        "The check for \(percent(failBelow)) of the expected bandwidth \(ratio < failBelow ? "fails" : "holds").")
    }
    answer.append("\(diagnosis.subject.fullName); library \(diagnosis.library).")
    let findings = diagnosis.findings.map { "\($0.id): \($0.message)" }
    let errors = MessageRegime.allCases.map { regime in
      "\(regime.rawValue) \(diagnosis.medianAbsoluteError(regime).map { percent($0) } ?? "–")"
    }
    return Page(
      title: "Diagnosis on \(diagnosis.subject.fullName)", question: "Is the measured cluster as fast as it should be?",
      answer: answer,
      sections: [
        .init("Found", findings.isEmpty ? [] : [.list(findings)]),
        .init("Measured and expected", figures.map { .figure($0) }, in: .document), .init(nil, [.table(table)]),
        .init(nil, [.sentences(["Median error of the estimate: \(errors.joined(separator: ", "))."])]),
        .remarks(diagnosis.remarks + reasons),
      ])
  }

  private var headline: String {
    let judged = diagnosis.judged
    guard !judged.isEmpty, let ratio = diagnosis.bandwidthRatio else { return "No row of the log can be judged." }
    let counts = Diagnosis.Verdict.allCases.compactMap { verdict -> String? in
      let count = diagnosis.rows.filter { $0.verdict == verdict }.count
      return count == 0 ? nil : "\(count) \(verdict.rawValue)"
    }
    return "Over \(counted(diagnosis.ranks, "GPU")): \(counts.joined(separator: ", ")); large sizes reach "
      + "\(percent(ratio)) of the expected bandwidth."
  }

  private var hasSeveralTables: Bool { Set(diagnosis.rows.map(\.table)).count > 1 }

  private var table: TextTable {
    let which: [TextTable.Column] = hasSeveralTables ? [.init("table", isNumeric: true), .init("collective")] : []
    var table = TextTable(
      which + [
        .init("size", isNumeric: true), .init("measured", isNumeric: true), .init("expected", isNumeric: true),
        .init("9 in 10 within", rank: 1), .init("ratio", isNumeric: true), .init("verdict"),
      ])
    for row in diagnosis.rows {
      var fields = hasSeveralTables ? ["\(row.table + 1)", row.collective?.rawValue ?? "–"] : []
      fields.append("\(row.bytes)")
      fields += [row.measured, row.expected].map { time in time.map { "\($0)" } ?? "–" }
      fields.append(row.interval.map { intervalText($0) } ?? "–")
      fields += [row.ratio.map { ratioText($0) } ?? "–", row.verdict.rawValue]
      table.append(fields)
    }
    return table
  }

  /// Why rows could not be judged, each reason once.
  private var reasons: [String] {
    var counts: [String: Int] = [:]
    for reason in diagnosis.rows.compactMap(\.reason) { counts[reason, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { "\(counted($0.value, "row")) not judged: \($0.key)" }
  }
}

extension DiagnosisReport {
  /// The rows, errors and findings.
  public var json: JSON {
    .object([
      Release.member,
      ("topology", .string(diagnosis.subject.topology)),
      ("parameters", diagnosis.subject.parametersJSON),
      ("ranks", .count(diagnosis.ranks)),
      ("library", .string(diagnosis.library)),
      ("rows", .array(diagnosis.rows, \.json)),
      (
        "medianAbsoluteError",
        .object(
          MessageRegime.allCases.map { ($0.rawValue, diagnosis.medianAbsoluteError($0).map { .number($0) } ?? .null) })
      ),
      ("bandwidthRatio", diagnosis.bandwidthRatio.map { .number($0) } ?? .null),
      ("findings", .array(diagnosis.findings, \.json)),
      ("remarks", .array(diagnosis.remarks, JSON.string)),
    ])
  }

  /// A row a size; the columns are the members of the JSON form.
  public var csv: CSV? {
    CSV(
      header: ["table", "collective", "bytes", "measuredSeconds", "expectedSeconds", "ratio", "verdict", "reason"],
      rows: diagnosis.rows.map { row in
        [
          "\(row.table + 1)", row.collective?.rawValue ?? "", String(row.bytes.count),
          row.measured.map { CSV.number($0.value) } ?? "", row.expected.map { CSV.number($0.value) } ?? "",
          row.ratio.map { CSV.number($0) } ?? "", row.verdict.rawValue, row.reason ?? "",
        ]
      })
  }
}

extension Diagnosis.Row {
  fileprivate var json: JSON {
    .object([
      ("bytes", .integer(bytes.count)),
      ("measuredSeconds", measured.map { .number($0.value) } ?? .null),
      ("expectedSeconds", expected.map { .number($0.value) } ?? .null),
      ("ratio", ratio.map { .number($0) } ?? .null),
      ("verdict", .string(verdict.rawValue)),
      ("interval", interval.map { .array([.number($0.lowerBound.value), .number($0.upperBound.value)]) } ?? .null),
      ("collective", .optional(collective?.rawValue)),
      ("table", .count(table + 1)),
      ("reason", .optional(reason)),
    ])
  }
}

extension Diagnosis.Finding {
  fileprivate var json: JSON {
    .object([
      ("id", .string(id)),
      ("message", .string(message)),
      ("tier", .optional(tier?.description)),
      ("logLikelihoodGain", gain.map { .number($0) } ?? .null),
    ])
  }
}
