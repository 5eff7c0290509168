import Collectives
import Diagnostics
import Documents
import HardwareCatalog

/// A part of the time that differs between sites with the same hardware.
struct SiteFactor: Sendable, Hashable {
  /// Its name: `network-hops`.
  var name: String
  /// What it is.
  var about: String
  /// The regime whose spread between sites it is expected to have.
  var regime: MessageRegime
  /// Names of figures that it multiplies; `*` stands for any one part.
  var times: [String]
  /// Names of figures that it divides.
  var rates: [String]

  /// The factors that the binary carries; none when the shipped file is wrong, which the tests rule out.
  static func shipped() -> [SiteFactor] {
    var list = DiagnosticList()
    guard let text = HardwareCatalog.siteFactorsText, let root = text.document(&list),
      let fields = Fields(root, Schemas.file, &list)
    else { return [] }
    let factors = fields.named("factors", &list).compactMap { entry -> SiteFactor? in
      guard let fields = Fields(entry.value, Schemas.factor, &list), let about = fields.text("about", &list),
        let regime = fields.choice("regime", as: MessageRegime.self, &list)
      else { return nil }
      let names = { (key: String) in fields.sequence(key, &list).compactMap { $0.text(key, &list)?.value } }
      return SiteFactor(
        name: entry.key.value, about: about.value, regime: regime.value, times: names("times"), rates: names("rates"))
    }
    return list.hasErrors ? [] : factors
  }

  private enum Schemas {
    static let file = Schema(
      "site factors", "Factors on parts of the time.",
      keys: [
        .required("about", .text, "One sentence."),
        .required("factors", .named(.mapping("site factor")), "The factors by their names."),
      ])
    static let factor = Schema(
      "site factor", "One factor.",
      keys: [
        .required("about", .text, "What it is."),
        .required("regime", .choice(MessageRegime.allCases.map(\.rawValue)), "Whose spread it is expected to have."),
        .optional("times", .list(.text), "Figures that it multiplies."),
        .optional("rates", .list(.text), "Figures that it divides."),
      ])
  }
}

extension SiteFactor {
  /// With what power the factor goes into each figure of a profile that it changes, in alphabetical order.
  func powers(in profile: LibraryProfile) -> [(figure: String, power: Double)] {
    profile.figures.keys.sorted().flatMap { name in
      [(times, 1.0), (rates, -1)].filter { patterns, _ in
        patterns.contains { LibraryProfile.matches(name, $0) }
      }.map { (name, $1) }
    }
  }
}

extension LibraryProfile {
  /// The profile of a site.
  /// - Parameter factors: The factors with their values.
  func scaled(by factors: [(factor: SiteFactor, value: Double)]) -> LibraryProfile {
    var scaled = self
    for (factor, value) in factors where value > 0 {
      scaled.change(factor.times.map { .init(figure: $0, amount: value) }) { $0 * $1 }
      scaled.change(factor.rates.map { .init(figure: $0, amount: value) }) { $0 / $1 }
    }
    return scaled
  }
}
