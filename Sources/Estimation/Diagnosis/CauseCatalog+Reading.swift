import Collectives
public import Diagnostics
import Documents
import HardwareCatalog
import Quantities

extension CauseCatalog {
  /// The causes that the binary carries; nil when the shipped file is wrong, which the tests rule out.
  public static func shipped() -> CauseCatalog? {
    var list = DiagnosticList()
    guard let text = HardwareCatalog.causesText, let catalog = CauseCatalog(text, &list), !list.hasErrors else {
      return nil
    }
    return catalog
  }

  /// Reads causes from a file.
  /// - Parameter list: Takes every mistake of the file.
  /// - Returns: The causes, or nil when the file cannot be read.
  public init?(_ source: SourceText, _ list: inout DiagnosticList) {
    guard let root = source.document(&list), let fields = Fields(root, Schemas.file, &list),
      let noise = fields.number("noise", in: 1e-6...1, &list),
      let gain = fields.number("least-gain", in: 0...1000, &list),
      let misfit = fields["misfit"].flatMap({ Fields($0, Schemas.misfit, &list) })
    else { return nil }
    self.noise = noise.value
    leastGain = gain.value
    self.misfit = [:]
    for regime in MessageRegime.allCases {
      self.misfit[regime] = misfit.number(regime.rawValue, in: 0...10, &list)?.value
    }
    causes = fields.named("causes", &list).compactMap { Cause($0, &list) }
  }
}

extension Cause {
  fileprivate init?(_ entry: Mapping.Entry, _ list: inout DiagnosticList) {
    guard let fields = Fields(entry.value, Schemas.cause, &list), let says = fields.text("says", &list),
      let lookAt = fields.text("look-at", &list), let place = fields.choice("tier", as: Place.self, &list)
    else { return nil }
    let grades = fields.sequence("grades", &list).compactMap { Grade($0, &list) }
    guard !grades.isEmpty else {
      list.error("cause.no-grade", "cause '\(entry.key.value)' changes nothing", at: entry.key.range)
      return nil
    }
    self.init(
      id: entry.key.value, says: says.value, lookAt: lookAt.value, place: place.value,
      network: fields.name("network", &list)?.value, grades: grades)
  }
}

extension Cause.Grade {
  fileprivate init?(_ node: Node, _ list: inout DiagnosticList) {
    guard let fields = Fields(node, Schemas.grade, &list) else { return nil }
    links = fields.choice("links", as: Cause.Links.self, &list)?.value
    share = fields["share"].flatMap { node in
      switch node.scalar?.text {
      case "one-less": .oneLess
      case "as-host-link": .asHostLink
      default: node.number("share", in: 1e-6...1, &list).map { .fixed($0.value) }
      }
    }
    added = fields.sequence("add", &list).compactMap { node in
      guard let change = Fields(node, Schemas.addition, &list), let figure = change.text("figure", &list),
        let amount = change.quantity("by", as: Seconds.self, &list)
      else { return nil }
      return .init(figure: figure.value, amount: amount.value.value)
    }
    multiplied = fields.sequence("multiply", &list).compactMap { node in
      guard let change = Fields(node, Schemas.factor, &list), let figure = change.text("figure", &list),
        let amount = change.number("by", in: 1e-6...1e6, &list)
      else { return nil }
      return .init(figure: figure.value, amount: amount.value)
    }
    delay = fields.quantity("delay", as: Seconds.self, &list)?.value ?? .zero
    withoutInSwitch = fields.choice("in-switch", among: ["off"], &list) != nil
    onlyAlgorithms = fields.sequence("only-algorithms", &list).compactMap { $0.name("algorithm", &list)?.value }
    withoutProtocols = fields.sequence("without-protocols", &list)
      .compactMap { $0.choice("protocol", as: MessageProtocol.self, &list)?.value }
    guard (links == nil) == (share == nil) else {
      list.error("cause.share", "a grade has both 'links' and 'share' or neither", at: node.range)
      return nil
    }
  }
}

private enum Schemas {
  static let file = Schema(
    "causes", "What can be wrong with a cluster.",
    keys: [
      .required("about", .text, "One sentence."),
      .required("noise", .number, "Standard deviation of the logarithm of a healthy row's time."),
      .required("misfit", .mapping("misfit"), "How far the model may be off over a range of sizes."),
      .required("least-gain", .number, "Rise of the log-likelihood from which on a cause is named."),
      .required("causes", .named(.mapping("cause")), "The causes by their names."),
    ])
  static let misfit = Schema(
    "misfit", "Standard deviations of the logarithm of time.",
    keys: MessageRegime.allCases.map { .required($0.rawValue, .number, "At \($0.rawValue) sizes.") })
  static let cause = Schema(
    "cause", "One cause.",
    keys: [
      .required("says", .text, "What is wrong, as a clause."),
      .required("look-at", .text, "Where to look."),
      .required("tier", .choice(Cause.Place.allCases.map(\.rawValue)), "Where the shortfall arises."),
      .optional("network", .name(of: "a network"), "What the library's messages call the network then."),
      .required("grades", .list(.mapping("grade")), "Its severities."),
    ])
  static let grade = Schema(
    "grade", "One severity of a cause.",
    keys: [
      .optional("links", .choice(Cause.Links.allCases.map(\.rawValue)), "Links that are slower."),
      .optional("share", .number, "What remains of their rate; or one-less, or as-host-link."),
      .optional("add", .list(.mapping("addition")), "Times added to figures."),
      .optional("multiply", .list(.mapping("factor")), "Factors on figures."),
      .optional("delay", .quantity("20 us"), "Time added to every collective."),
      .optional("in-switch", .choice(["off"]), "Switches do not reduce."),
      .optional("only-algorithms", .list(.name(of: "an algorithm")), "The only algorithms that run."),
      .optional("without-protocols", .list(.name(of: "a protocol")), "Protocols that do not run."),
    ])
  static let addition = Schema(
    "addition", "A time added to figures.",
    keys: [.required("figure", .text, "The figures."), .required("by", .quantity("8 us"), "The time.")])
  static let factor = Schema(
    "factor", "A factor on figures.",
    keys: [.required("figure", .text, "The figures."), .required("by", .number, "The factor.")])
}
