import Collectives
public import Estimation
import Quantities

/// The model against measured tables: errors by table and regime, of the fit and of tables left out of it.
public struct ValidationReport: Report {
  /// What is reported.
  public var validation: Validation
  /// What others would have made of the tables.
  public var rivals: [Rivals.Comparison]
  /// Whether the refitted figures are told as well.
  public var showsFigures: Bool

  /// A report of a validation.
  public init(_ validation: Validation, rivals: [Rivals.Comparison] = [], showsFigures: Bool = false) {
    self.validation = validation
    self.rivals = rivals
    self.showsFigures = showsFigures
  }

  private static let fits: [(fit: Validation.Fit, title: String, key: String)] = [
    (.all, "fit", "fit"), (.withoutTable, "left out", "leaveOneTableOut"),
    (.withoutFamily, "family out", "leaveOneFamilyOut"),
  ]

  /// The summary, then a row a table.
  public var page: Page {
    Page(
      title: "The model against public measurements",
      answer: [
        "\(counted(validation.rows.count, "public table")) against the model of \(validation.library): medians over the "
          + "tables of the median error over their sizes, and how many sizes the interval of nine in ten holds."
      ],
      sections: [
        .init(nil, [.table(summary)]),
        .init(
          "Against other models: the model's error with the table left out, and theirs (healthy tables that both price)",
          rivals.isEmpty ? [] : [.table(againstRivals)]),
        .init("By table (* where the source does not say that the cluster was in order)", [.table(table)]),
        .init("Figures refitted on all tables", showsFigures ? [.lines(figures)] : []),
      ])
  }

  /// Over the tables of healthy clusters, then over all.
  private var summary: TextTable {
    var table = TextTable(
      [.init("tables"), .init("figures fitted on")]
        + MessageRegime.allCases.map { .init($0.rawValue, isNumeric: true) }
        + MessageRegime.allCases.map { .init("\($0.rawValue) in band", isNumeric: true, rank: 1) })
    let titles = ["all tables", "all but the table", "all but its family"]
    for (group, isHealthy) in [("healthy", true), ("with *", false)] {
      for (entry, title) in zip(ValidationReport.fits, titles) {
        table.append(
          [group, title]
            + MessageRegime.allCases.map { regime in
              text(validation.medianError(entry.fit, regime) { $0.isHealthy || !isHealthy })
            }
            + MessageRegime.allCases.map { isHealthy ? text(validation.coverage(entry.fit, $0)) : "–" })
      }
    }
    return table
  }

  private static let rivalTitles: [Rivals.Rival: String] = [
    .library: "the library's own model", .constantBandwidth: "constant bus bandwidth",
  ]

  /// A row a family and rival.
  private var againstRivals: TextTable {
    var table = TextTable(
      [.init("family"), .init("against")]
        + MessageRegime.allCases.flatMap { regime in
          ["", ", theirs"].map { .init("\(regime.rawValue)\($0)", isNumeric: true) }
        })
    var seen: Set<[String?]> = []
    for one in rivals where seen.insert([one.family, one.rival.rawValue]).inserted {
      let alike = rivals.filter { $0.family == one.family && $0.rival == one.rival }
      table.append(
        [one.family ?? "all", ValidationReport.rivalTitles[one.rival] ?? one.rival.rawValue]
          + MessageRegime.allCases.flatMap { regime in
            let found = alike.first { $0.regime == regime }
            return [text(found?.own), text(found?.theirs)]
          })
    }
    return table
  }

  private var table: TextTable {
    var table = TextTable(
      [.init("table"), .init("system", rank: 1)]
        + ValidationReport.fits.flatMap { entry in
          MessageRegime.allCases.map { .init("\($0.rawValue) \(entry.title)", isNumeric: true) }
        })
    for row in validation.rows {
      table.append(
        [row.table.id + (row.table.isHealthy ? "" : " *"), row.table.topology]
          + ValidationReport.fits.flatMap { entry in
            MessageRegime.allCases.map { text(row.findings[entry.fit]?[$0]?.medianError) }
          })
    }
    return table
  }

  /// The figures in the form of a profile's file.
  private var figures: [String] {
    validation.figures.map { figure in
      "  \(figure.name): {value: \(figure.value), low: \(figure.low), high: \(figure.high), "
        + "identified: \(figure.identification.rawValue), tables: \(figure.tables)}"
    } + ["covariance:", "  figures: [\(validation.figures.map(\.name).joined(separator: ", "))]", "  triangle: |"]
      + validation.covarianceRows.map { "    \($0)" }
  }

  private func text(_ share: Double?) -> String {
    share.map { "\(DecimalPrefix.fixed($0 * 100, decimals: 1)) %" } ?? "–"
  }
}

extension ValidationReport {
  /// The summary and every table's findings; errors and shares are fractions.
  public var json: JSON {
    .object([
      Release.member,
      ("library", .string(validation.library)),
      ("tableCount", .count(validation.rows.count)),
      (
        "summary",
        .object(
          ValidationReport.fits.map { entry in
            (
              entry.key,
              .object([
                ("medianError", regimes { validation.medianError(entry.fit, $0) }),
                ("medianErrorOfHealthy", regimes { validation.medianError(entry.fit, $0, where: \.isHealthy) }),
                ("coverage", regimes { validation.coverage(entry.fit, $0) }),
                ("spread", regimes { validation.spreads[entry.fit]?[$0] }),
              ])
            )
          })
      ),
      (
        "rivals",
        .array(rivals) { one in
          .object([
            ("rival", .string(one.rival.rawValue)), ("family", one.family.map { .string($0) } ?? .null),
            ("regime", .string(one.regime.rawValue)), ("tableCount", .count(one.tables)),
            ("medianError", .number(one.own)), ("medianErrorOfRival", .number(one.theirs)),
          ])
        }
      ),
      ("tables", .array(validation.rows, json(of:))),
    ])
  }

  private func json(of row: Validation.Row) -> JSON {
    .object(
      [
        ("id", .string(row.table.id)), ("topology", .string(row.table.topology)),
        ("family", .string(row.table.family)), ("collective", .string(row.table.collective.rawValue)),
        ("ranks", .count(row.table.ranks)), ("healthy", row.table.isHealthy ? .boolean(true) : .null),
        ("source", .string(row.table.source)),
      ]
        + ValidationReport.fits.map { entry in
          (entry.key, regimes { row.findings[entry.fit]?[$0]?.medianError })
        })
  }

  private func regimes(_ value: (MessageRegime) -> Double?) -> JSON {
    .object(MessageRegime.allCases.map { ($0.rawValue, value($0).map { .number($0) } ?? .null) })
  }
}
