public import Collectives
public import Diagnostics
import Documents
import Foundation
import Quantities

/// What a calibration found: factors on parts of a library's profile, as a small file.
public struct SiteProfile: Sendable {
  /// A factor with what is known of it.
  public struct Factor: Sendable, Hashable {
    /// Its name: `network-hops`.
    public var name: String
    /// What it is.
    public var about: String
    /// The factor on times; 1 is the library's profile, more is slower.
    public var value: Double
    /// Holds the site's factor with a probability of 95 %.
    public var interval: ClosedRange<Double>
    /// Whether the logs tell more of it than was known before.
    public var isIdentified: Bool
  }

  /// The name of the library whose profile is scaled.
  public var library: String
  /// What it was fitted on, one line a log.
  public var fittedOn: [String]
  /// The factors.
  public var factors: [Factor]
  /// Factors that the logs tell only together, each list one combination.
  public var unidentified: [[String]]
  /// By regime with measurements, how far rows stray: the standard deviation of the logarithm of time.
  public var spreads: [MessageRegime: Double]

  /// The profile that `estimate --profile` takes.
  /// - Parameters:
  ///   - source: A file that `calibrate` wrote, or a whole profile of a library.
  ///   - list: Takes every mistake of the file.
  /// - Returns: The profile, or nil when the file cannot be read as one.
  public static func profile(_ source: SourceText, _ list: inout DiagnosticList) -> LibraryProfile? {
    guard let root = source.document(&list), let mapping = root.mapping("the file", &list) else { return nil }
    guard mapping["site-profile-of"] != nil else { return LibraryProfile(source, &list) }
    let fields = Fields(mapping, Schemas.file, &list)
    if let version = fields.integer("isochrone", in: 1...1_000_000, &list), version.value > SiteProfile.version {
      list.error(
        "file.newer-version",
        "the file is of version \(version.value); this program knows up to \(SiteProfile.version)",
        at: version.range)
      return nil
    }
    guard let library = fields.text("site-profile-of", &list) else { return nil }
    guard let base = (try? LibraryProfiles.shipped(named: library.value)) ?? nil else {
      list.unknown(
        "library.unknown", "unknown library '\(library.value)'", library, among: LibraryProfiles.names,
        otherwise: "known: \(LibraryProfiles.alternatives(to: library.value).joined(separator: ", "))")
      return nil
    }
    let known = SiteFactor.shipped()
    var values: [(factor: SiteFactor, value: Double)] = []
    for entry in fields.named("factors", &list) {
      guard let factor = known.first(where: { $0.name == entry.key.value }) else {
        list.unknown(
          "factor.unknown", "unknown factor '\(entry.key.value)'", entry.key, among: known.map(\.name),
          otherwise: "known: \(known.map(\.name).joined(separator: ", "))")
        continue
      }
      guard let fields = Fields(entry.value, Schemas.factor, &list),
        let value = fields.number("value", in: 0.001...1000, &list)
      else { continue }
      values.append((factor, value.value))
    }
    var profile = base.scaled(by: values)
    if let stated = fields["spread"].flatMap({ Fields($0, Schemas.spread, &list) }) {
      var spreads: [MessageRegime: Double] = [:]
      for regime in MessageRegime.allCases {
        spreads[regime] = stated.number(regime.rawValue, in: 0...10, &list)?.value
      }
      profile.setSpreads(spreads)
    }
    return profile
  }

  /// The text of the file.
  public var text: String {
    func number(_ value: Double) -> String { DecimalPrefix.significant(value, digits: 4) }
    func quoted(_ text: String) -> String {
      "\""
        + text.filter { !$0.isNewline }.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
    var lines = ["isochrone: \(SiteProfile.version)", "site-profile-of: \(library)"]
    lines += ["fitted-on:"] + fittedOn.map { "  - \(quoted($0))" }
    lines += [
      "# Factors on times: 1 is the library's own profile, more is slower. low and high hold 95 %.", "factors:",
    ]
    for factor in factors {
      let known = factor.isIdentified ? "" : ", identified: false"
      lines.append("  # \(factor.about)")
      lines.append(
        "  \(factor.name): {value: \(number(factor.value)), low: \(number(factor.interval.lowerBound)), "
          + "high: \(number(factor.interval.upperBound))\(known)}")
    }
    if !unidentified.isEmpty {
      lines += ["# The logs tell these only together."]
      lines += ["told-together:"] + unidentified.map { "  - [\($0.joined(separator: ", "))]" }
    }
    if !spreads.isEmpty {
      let values = MessageRegime.allCases.compactMap { regime in
        spreads[regime].map { "\(regime.rawValue): \(number($0))" }
      }
      lines += [
        "# How far rows stray, as the standard deviation of the logarithm of time.",
        "spread: {\(values.joined(separator: ", "))}",
      ]
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static let version = 1

  private enum Schemas {
    static let file = Schema(
      "site profile", "Factors of one site on a library's profile.",
      keys: [
        .required("isochrone", .integer, "The version of the form."),
        .required("site-profile-of", .text, "The library whose profile is scaled."),
        .optional("fitted-on", .list(.text), "The logs."),
        .required("factors", .named(.mapping("factor of a site")), "The factors."),
        .optional("told-together", .list(.list(.text)), "Factors that the logs tell only together."),
        .optional("spread", .mapping("spread"), "How far rows stray, by regime."),
      ])
    static let factor = Schema(
      "factor of a site", "One factor.",
      keys: [
        .required("value", .number, "The factor on times."), .optional("low", .number, "Lower end of 95 %."),
        .optional("high", .number, "Upper end of 95 %."),
        .optional("identified", .boolean, "Whether the logs tell it."),
      ])
    static let spread = Schema(
      "spread", "Standard deviations of the logarithm of time.",
      keys: MessageRegime.allCases.map { .optional($0.rawValue, .number, "At \($0.rawValue) sizes.") })
  }
}
