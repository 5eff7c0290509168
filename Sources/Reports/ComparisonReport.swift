import ClusterModel
import Collectives
public import Estimation
import Quantities

/// The same questions put to several clusters, side by side.
public struct ComparisonReport: Report {
  /// What is reported.
  public var comparison: Comparison
  /// What is in each subject, for the drawings of the HTML form; may be empty.
  public var descriptions: [Description]

  /// A report of a comparison.
  public init(_ comparison: Comparison, descriptions: [Description] = []) {
    self.comparison = comparison
    self.descriptions = descriptions
  }

  /// For each collective what decides at its ends and where the ratio changes, then the times of all sizes.
  public var page: Page {
    let labels = self.labels
    let told = sections.map { section in
      Page.Section(
        section.collective.capitalised,
        [.sentences(section.sentences(labels))] + figures(of: section, labels).map { .figure($0) })
    }
    let tables = sections.map { section in
      Page.Section("\(section.collective.capitalised), time for each size", [.table(section.table(labels))])
    }
    return Page(
      title: labels.joined(separator: " against "), answer: groupSentences(labels),
      sections: told + [.init(nil, [.table(subjectTable(labels))]), .init("The layouts", drawings, in: .document)]
        + tables + [.remarks(remarks), .assumptions(assumptions)])
  }

  /// The subjects and a row for each collective and size.
  public var json: JSON {
    .object([
      Release.member,
      (
        "subjects",
        .array(comparison.subjects.indices) { index in
          .object([
            ("topology", .string(comparison.subjects[index].topology)),
            ("title", .string(comparison.subjects[index].title)),
            ("parameters", comparison.subjects[index].parametersJSON),
            ("ranks", .count(comparison.ranks[index])),
            ("group", comparison.answers.first?[index].groups?.json ?? .null),
          ])
        }
      ),
      ("rows", .array(comparison.rows, json(of:))),
      ("remarks", .array(remarks, JSON.string)),
    ])
  }

  private func json(of row: Comparison.Row) -> JSON {
    .object([
      ("collective", .string(row.collective.rawValue)),
      ("bytes", .integer(row.estimates.first?.bytes.count ?? 0)),
      ("seconds", .array(row.estimates) { .number($0.time.value) }),
      ("ratioToFirst", .array(row.ratiosToFirst, JSON.number)),
      (
        "bottleneck",
        .array(row.estimates) { estimate in
          guard let bottleneck = estimate.bottleneck else { return .null }
          return .object([("link", .string(bottleneck.link)), ("tier", .string(bottleneck.tier.description))])
        }
      ),
      ("algorithm", .array(row.estimates) { .string($0.algorithm) }),
      ("protocol", .array(row.estimates) { .string($0.messageProtocol.rawValue) }),
    ])
  }

  /// A row for each collective, size and subject.
  public var csv: CSV? {
    let labels = self.labels
    return CSV(
      header: [
        "collective", "bytes", "subject", "seconds", "ratioToFirst", "algorithm", "protocol", "bottleneckLink",
        "bottleneckTier",
      ],
      rows: comparison.rows.flatMap { row in
        zip(row.estimates.indices, row.ratiosToFirst).map { index, ratio in
          let estimate = row.estimates[index]
          return [
            row.collective.rawValue, String(estimate.bytes.count), labels[index], CSV.number(estimate.time.value),
            CSV.number(ratio), estimate.algorithm, estimate.messageProtocol.rawValue, estimate.bottleneck?.link ?? "",
            estimate.bottleneck?.tier.description ?? "",
          ]
        }
      })
  }
}

extension ComparisonReport {
  /// A short name for each subject, unlike the others': parameters are named where the topology's name is not enough.
  var labels: [String] {
    let subjects = comparison.subjects
    let short = subjects.map { subject in
      let namesakes = subjects.filter { $0.topology == subject.topology }
      let telling = subject.parameters.keys.filter { key in Set(namesakes.map { $0.parameters[key] }).count > 1 }
      return subject.name(with: telling)
    }
    return short.indices.map { index in
      let earlier = short[..<index].filter { $0 == short[index] }.count
      return earlier == 0 ? short[index] : "\(short[index]) (\(earlier + 1))"
    }
  }

  /// Who runs each collective, where groups of ranks run it side by side.
  private func groupSentences(_ labels: [String]) -> [String] {
    let answers = comparison.answers.first ?? []
    guard answers.contains(where: { $0.groups != nil }) else { return [] }
    if Set(answers.map(\.participants)).count == 1 { return ["Each collective joins \(answers[0].participants)."] }
    return zip(labels, answers).map { "On \($0) each collective joins \($1.participants)." }
  }

  /// The subjects with title and ranks, a line each.
  private func subjectTable(_ labels: [String]) -> TextTable {
    var table = TextTable([.init("subject"), .init("GPUs", isNumeric: true), .init("what it is"), .init("parameters")])
    for (index, subject) in comparison.subjects.enumerated() {
      let parameters = subject.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      table.append([labels[index], "\(comparison.ranks[index])", subject.title, parameters.joined(separator: " ")])
    }
    return table
  }

  /// The figures of all answers, each once.
  private var assumptions: [Cluster.Assumption] {
    var seen: Set<Cluster.Assumption> = []
    return comparison.answers.flatMap { $0 }.flatMap(\.assumptions).filter { seen.insert($0).inserted }
  }

  /// The rows of each collective.
  var sections: [ComparisonSection] {
    var sections: [ComparisonSection] = []
    for row in comparison.rows {
      if sections.last?.collective != row.collective {
        sections.append(ComparisonSection(collective: row.collective, rows: []))
      }
      sections[sections.count - 1].rows.append(row)
    }
    return sections
  }

  /// The remarks of all answers, each once, with the subject it is about.
  var remarks: [String] {
    var seen: Set<String> = []
    return comparison.answers.flatMap { answers in
      answers.indices.flatMap { index in answers[index].remarks.map { "\(labels[index]): \($0)" } }
    }.filter { seen.insert($0).inserted }
  }
}
