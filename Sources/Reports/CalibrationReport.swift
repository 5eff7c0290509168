import Collectives
public import Estimation

/// What a calibration found.
public struct CalibrationReport: Report {
  /// What is reported.
  public var calibration: Calibration
  /// The file that the profile was written to; nil where it is the answer itself.
  public var file: String?

  /// A report of a calibration.
  public init(_ calibration: Calibration, writtenTo file: String? = nil) {
    self.calibration = calibration
    self.file = file
  }

  /// How much better estimates become, then the factors.
  public var page: Page {
    var table = TextTable([
      .init("factor"), .init("value", isNumeric: true), .init("95 % within"), .init("told by the logs"),
      .init("what it is", rank: 1),
    ])
    for factor in calibration.profile.factors {
      table.append([
        factor.name, ratioText(factor.value),
        "\(ratioText(factor.interval.lowerBound)) – \(ratioText(factor.interval.upperBound))",
        factor.isIdentified ? "yes" : "no", factor.about,
      ])
    }
    let together = calibration.profile.unidentified.map {
      "The logs tell only together: \($0.joined(separator: ", "))."
    }
    let written = file.map { ["Written to \($0)."] } ?? []
    return Page(
      title: "Calibration on \(calibration.subject.fullName)", answer: gains + together + written,
      sections: [.init(nil, [.table(table)]), .remarks(calibration.leftOut)])
  }

  /// The profile's file, with what it is worth as comments.
  public var profileText: String { gains.map { "# \($0)\n" }.joined() + calibration.profile.text }

  private var gains: [String] {
    MessageRegime.allCases.compactMap { regime in
      calibration.errors[regime].map {
        "Median error at \(regime.rawValue) sizes: \(percent($0.before)) before, \(percent($0.after)) after."
      }
    }
  }

  /// The factors with their intervals.
  public var json: JSON {
    .object([
      Release.member,
      ("topology", .string(calibration.subject.topology)),
      ("parameters", calibration.subject.parametersJSON),
      ("library", .string(calibration.profile.library)),
      (
        "logs",
        .array(calibration.sources) { .object([("name", .string($0.name)), ("rows", .count($0.rows))]) }
      ),
      (
        "factors",
        .array(calibration.profile.factors) {
          .object([
            ("name", .string($0.name)), ("value", .number($0.value)),
            ("interval", .array([.number($0.interval.lowerBound), .number($0.interval.upperBound)])),
            ("identified", .boolean($0.isIdentified)),
          ])
        }
      ),
      ("toldTogether", .array(calibration.profile.unidentified) { .array($0, JSON.string) }),
      (
        "medianAbsoluteError",
        .object(
          MessageRegime.allCases.map { regime in
            (
              regime.rawValue,
              calibration.errors[regime].map {
                .object([("before", .number($0.before)), ("after", .number($0.after))])
              } ?? .null
            )
          })
      ),
      ("profile", .string(calibration.profile.text)),
    ])
  }
}
