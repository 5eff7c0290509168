public import Diagnostics
import Documents
import Matrices
import Quantities

extension LibraryProfile {
  /// Reads a profile from a catalogue file or a user's own.
  /// - Parameters:
  ///   - source: The file.
  ///   - list: Takes every mistake of the file.
  ///   - base: Gives the profile of a name, for a file that extends another.
  /// - Returns: The profile, or nil when the file cannot be read as one; figures that are wrong are left out after an
  ///   error.
  public init?(
    _ source: SourceText, _ list: inout DiagnosticList, base: (String) -> LibraryProfile? = { _ in nil }
  ) {
    guard let root = source.document(&list), let fields = Fields(root, Schemas.profile, &list),
      let name = fields.name("library", &list), let about = fields.text("about", &list),
      let latency = fields.choice("latency", as: LatencyModel.self, &list)
    else { return nil }
    let vendors = fields.sequence("usual-for", &list).compactMap { $0.name("vendor", &list)?.value }
    let isNeutral = fields.boolean("neutral", &list)?.value ?? false
    let sources = LibraryProfile.sources(fields, &list)
    let extended = LibraryProfile.extended(fields, base, &list)
    let figures = (extended?.figures ?? [:])
      .merging(LibraryProfile.figures(fields, sources: sources, &list)) { $1 }
    if !isNeutral {
      for required in LibraryProfile.requiredFigures where figures[required] == nil {
        list.error("profile.missing-figure", "library '\(name.value)' lacks the figure '\(required)'", at: name.range)
      }
    }
    self.init(
      name: name.value, about: about.value, usualFor: vendors, latencyModel: latency.value,
      isNeutral: isNeutral, offers: LibraryProfile.offers(fields, &list),
      avoids: LibraryProfile.lists("avoids", Schemas.avoids, of: fields, &list),
      fittedOn: LibraryProfile.lists("fitted-on", Schemas.fittedOn, of: fields, &list), figures: figures,
      covariance: LibraryProfile.covariance(fields, &list) ?? extended?.covariance)
    tuner = fields.text("picks-by", &list)?.value
    treeCorrection = LibraryProfile.treeCorrection(fields, &list)
    releases = LibraryProfile.releases(fields, sources: sources, &list)
  }

  private static func releases(
    _ fields: Fields, sources: [String: String], _ list: inout DiagnosticList
  ) -> Releases? {
    guard let node = fields["releases"], let range = Fields(node, Schemas.releases, &list),
      let oldest = version("oldest", of: range, &list), let newest = version("newest", of: range, &list)
    else { return nil }
    var releases = Releases(oldest: oldest, newest: newest)
    for node in range.sequence("earlier", &list) {
      guard let change = Fields(node, Schemas.earlier, &list), let before = version("before", of: change, &list) else {
        continue
      }
      releases.earlier.append(
        Earlier(
          before: before, figures: figures(change, sources: sources, &list),
          lacks: lists("lacks", Schemas.lacks, of: change, &list)))
    }
    releases.earlier.sort { $0.before > $1.before }
    return releases
  }

  private static func version(_ key: String, of fields: Fields, _ list: inout DiagnosticList) -> LibraryVersion? {
    guard let text = fields.text(key, &list) else { return nil }
    guard let version = LibraryVersion(text.value) else {
      list.error("profile.release", "'\(text.value)' is no release", at: text.range, notes: ["such as '2.20.5'"])
      return nil
    }
    return version
  }

  private static func treeCorrection(_ fields: Fields, _ list: inout DiagnosticList) -> [MessageProtocol: [Double]] {
    guard let node = fields["tree-correction"], let byProtocol = Fields(node, Schemas.treeCorrection, &list) else {
      return [:]
    }
    var corrections: [MessageProtocol: [Double]] = [:]
    for entry in byProtocol.mapping.entries {
      guard let messageProtocol = MessageProtocol(rawValue: entry.key.value) else { continue }
      corrections[messageProtocol] = (entry.value.sequence(entry.key.value, &list) ?? []).compactMap { member in
        guard let text = member.text("a share", &list) else { return nil }
        guard let share = Double(text.value), share > 0, share <= 1 else {
          list.error("profile.share", "'\(text.value)' is no share of a bandwidth", at: text.range)
          return nil
        }
        return share
      }
    }
    return corrections
  }

  /// The profile that a file extends; nil where it extends none.
  private static func extended(
    _ fields: Fields, _ base: (String) -> LibraryProfile?, _ list: inout DiagnosticList
  ) -> LibraryProfile? {
    guard let name = fields.name("extends", &list) else { return nil }
    guard let profile = base(name.value) else {
      list.error("profile.unknown-base", "there is no library '\(name.value)' to extend", at: name.range)
      return nil
    }
    return profile
  }

  /// Figures with the lower triangle of their covariance, as numbers in the order of its rows.
  private static func covariance(_ fields: Fields, _ list: inout DiagnosticList) -> FigureCovariance? {
    guard let node = fields["covariance"], let covariance = Fields(node, Schemas.covariance, &list),
      let triangle = covariance.text("triangle", &list)
    else { return nil }
    let names = covariance.sequence("figures", &list).compactMap { $0.name("figure", &list)?.value }
    let values = triangle.value.split(whereSeparator: \.isWhitespace).map { Double($0) ?? .nan }
    guard values.count == names.count * (names.count + 1) / 2, values.allSatisfy(\.isFinite) else {
      list.error(
        "profile.covariance", "the triangle needs \(names.count * (names.count + 1) / 2) numbers", at: triangle.range)
      return nil
    }
    return FigureCovariance(
      names: names,
      matrix: Matrix(rows: names.count, columns: names.count) { row, column in
        let (low, high) = (min(row, column), max(row, column))
        return values[high * (high + 1) / 2 + low]
      })
  }

  private static func offers(_ fields: Fields, _ list: inout DiagnosticList) -> [Collective: [Offer]] {
    var offers: [Collective: [Offer]] = [:]
    guard let node = fields["algorithms"], let byCollective = Fields(node, Schemas.algorithms, &list) else {
      return [:]
    }
    for entry in byCollective.mapping.entries {
      guard let collective = Collective(rawValue: entry.key.value),
        let algorithms = entry.value.mapping(entry.key.value, &list)
      else { continue }
      for algorithm in algorithms.entries {
        let protocols = (algorithm.value.sequence("protocols", &list) ?? [])
          .compactMap { $0.choice("protocol", as: MessageProtocol.self, &list)?.value }
        offers[collective, default: []].append(Offer(algorithm: algorithm.key.value, protocols: protocols))
      }
    }
    return offers
  }

  /// A key whose value is a mapping of known names to lists of names.
  private static func lists(
    _ key: String, _ schema: Schema, of fields: Fields, _ list: inout DiagnosticList
  ) -> [String: [String]] {
    guard let node = fields[key], let named = Fields(node, schema, &list) else { return [:] }
    var lists: [String: [String]] = [:]
    for entry in named.mapping.entries {
      lists[entry.key.value] = (entry.value.sequence(entry.key.value, &list) ?? [])
        .compactMap { $0.name(key, &list)?.value }
    }
    return lists
  }

  private static func sources(_ fields: Fields, _ list: inout DiagnosticList) -> [String: String] {
    var sources: [String: String] = [:]
    for entry in fields.named("sources", &list) {
      guard let source = Fields(entry.value, Schemas.source, &list) else { continue }
      let parts = [source.text("title", &list), source.text("url", &list), source.text("date", &list)]
      sources[entry.key.value] = parts.compactMap { $0?.value }.joined(separator: ", ")
    }
    return sources
  }

  private static func figures(
    _ fields: Fields, sources: [String: String], _ list: inout DiagnosticList
  ) -> [String: Figure] {
    var figures: [String: Figure] = [:]
    for entry in fields.named("figures", &list) {
      guard let figure = Fields(entry.value, Schemas.figure, &list), let text = figure.text("value", &list),
        let value = number(text, &list)
      else { continue }
      let isAssumed = figure.boolean("assumed", &list)?.value ?? false
      let key = figure.name("source", &list)
      if let key, sources[key.value] == nil {
        list.unknown("source.unknown", "unknown source '\(key.value)'", key, among: sources.keys.sorted())
      }
      if key == nil, !isAssumed {
        list.error("figure.no-source", "figure '\(entry.key.value)' has no source", at: entry.key.range)
      }
      let ends = [figure.text("low", &list)?.value, figure.text("high", &list)?.value].compactMap { $0 }
      let prior = figure.text("prior", &list).flatMap { number($0, &list) }
      let spread = figure.text("spread", &list).flatMap { number($0, &list) }
      figures[entry.key.value] = Figure(
        value: value, text: text.value, interval: ends.count == 2 ? "\(ends[0]) to \(ends[1])" : "",
        prior: prior.flatMap { prior in spread.map { Figure.Prior(value: prior, spread: $0) } },
        source: isAssumed ? "assumed" : key.flatMap { sources[$0.value] } ?? "",
        note: figure.text("note", &list)?.value ?? "")
    }
    return figures
  }

  /// A time in seconds, a rate in bytes per second, or a plain number.
  private static func number(_ text: Located<String>, _ list: inout DiagnosticList) -> Double? {
    if let plain = Double(text.value), plain.isFinite, plain >= 0 { return plain }
    if let time = try? Seconds(parsing: text.value) { return time.value }
    if let rate = try? Bandwidth(parsing: text.value) { return rate.bytesPerSecond }
    list.error(
      "profile.value", "'\(text.value)' is neither a number nor a time nor a rate", at: text.range,
      notes: ["such as '0.77', '2.9 us' or '6 GB/s'"])
    return nil
  }

  private enum Schemas {
    static let profile = Schema(
      "library profile", "What a communication library adds to the graph.",
      keys: [
        .required("library", .name(of: "the library"), "Its name."),
        .required("about", .text, "One sentence."),
        .optional("usual-for", .list(.name(of: "a vendor")), "Vendors of accelerators whose usual library it is."),
        .required("latency", .choice(["message-hops", "graph"]), "Where the latency of a message hop comes from."),
        .optional("extends", .name(of: "a library"), "A library whose figures hold where this file states none."),
        .optional(
          "picks-by", .text, "The profile of what it reckons with when it picks an algorithm."),
        .optional(
          "tree-correction", .mapping("tree correction"),
          "What trees reach of their bandwidth at 64 B, 128 B, and so on."),
        .optional("neutral", .boolean, "Whether figures that are not listed cost nothing."),
        .optional("sources", .named(.mapping("source")), "Where figures come from."),
        .required("algorithms", .mapping("algorithms"), "What it has for each collective."),
        .optional(
          "avoids", .mapping("avoids"), "Algorithms that it is not run with over some transports between domains."),
        .optional("fitted-on", .mapping("fitted-on"), "What its fitted figures were fitted on."),
        .required("figures", .named(.mapping("figure")), "Its figures."),
        .optional("covariance", .mapping("covariance"), "How well its fitted figures are known together."),
        .optional("releases", .mapping("releases"), "The releases that it tells apart."),
      ])
    static let releases = Schema(
      "releases", "The releases that a library's profile tells apart.",
      keys: [
        .required("oldest", .text, "The earliest that is known."),
        .required("newest", .text, "The one that the file's own figures are of."),
        .optional("earlier", .list(.mapping("earlier release")), "What was different before others."),
      ])
    static let earlier = Schema(
      "earlier release", "What was different before a release.",
      keys: [
        .required("before", .text, "The first release that is as later ones."),
        .optional("figures", .named(.mapping("figure")), "Figures that had other values."),
        .optional("lacks", .mapping("lacks"), "Algorithms and protocols that there were not."),
      ])
    static let lacks = Schema(
      "lacks", "Algorithms and protocols that a library does not have, by generation of accelerators.",
      keys: ["all", "volta", "ampere", "hopper", "blackwell"].map {
        .optional($0, .list(.name(of: "an algorithm or protocol")), "For these.")
      })
    static let treeCorrection = Schema(
      "tree correction", "What trees reach of their bandwidth, by protocol, in steps of twice the size.",
      keys: MessageProtocol.allCases.map { .optional($0.rawValue, .list(.number), "Shares from 64 B on.") })
    static let covariance = Schema(
      "covariance", "The covariance of the natural logarithms of fitted figures.",
      keys: [
        .required("figures", .list(.name(of: "a figure")), "The figures."),
        .required("triangle", .text, "The lower triangle, row by row."),
      ])
    static let algorithms = Schema(
      "algorithms", "The algorithms of a library for each collective, each with its protocols.",
      keys: Collective.allCases.map {
        .optional($0.rawValue, .named(.list(.choice(["LL", "LL128", "simple"]))), "Its algorithms.")
      })
    static let avoids = Schema(
      "avoids", "Algorithms that a library is not run with, by transport.",
      keys: Transport.allCases.map {
        .optional($0.rawValue, .list(.name(of: "an algorithm")), "Over this transport.")
      })
    static let fittedOn = Schema(
      "fitted-on", "What there were tables of when a library's figures were fitted.",
      keys: ["generations", "transports", "collectives"].map {
        .optional($0, .list(.name(of: "one of the \($0)")), "The \($0) with a table.")
      })
    static let source = Schema(
      "source", "Where a figure comes from.",
      keys: [
        .required("title", .text, "What it is."), .optional("url", .text, "Its address."),
        .optional("date", .text, "When it was published or read."),
      ])
    static let figure = Schema(
      "figure", "One figure of a profile.",
      keys: [
        .required("value", .quantity("2.9 us, 0.77"), "The value with its unit."),
        .optional("low", .quantity("2.2 us"), "The lower end of the fit's interval."),
        .optional("high", .quantity("5 us"), "The upper end of the fit's interval."),
        .optional("prior", .quantity("1.5, 4 us"), "What was believed before the fit."),
        .optional("spread", .quantity("0.5"), "One standard deviation of the belief's natural logarithm."),
        .optional("source", .name(of: "a source"), "Where it comes from."),
        .optional("assumed", .boolean, "Whether it is an assumption; the note says why."),
        .optional("identified", .choice(["well", "weakly", "frozen", "not"]), "Whether the data determine it."),
        .optional("tables", .integer, "How many tables it moves."),
        .optional("note", .text, "What else is to be known."),
      ])
  }
}
