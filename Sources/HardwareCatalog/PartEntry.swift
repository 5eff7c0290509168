import ClusterModel
import Diagnostics
import Documents
import Quantities

/// A part as a file states it: without what it takes over from another.
struct PartEntry: Sendable {
  /// Its own statements under its own name.
  var record: PartRecord
  /// Where its name stands.
  var range: SourceRange
  /// The part it takes over.
  var base: Located<String>?
  /// The kind of link it names.
  var link: Located<String>?
}

extension PartEntry {
  /// The most ports, links or cores that are believed.
  private static let greatestCount = 1_000_000

  /// Reads an entry of a family, checking every value that is known.
  init?(_ entry: Mapping.Entry, of family: Family, schema: Schema, sources: SourceList, _ list: inout DiagnosticList) {
    guard let fields = Fields(entry.value, schema, &list) else { return nil }
    record = PartRecord(family: family, name: entry.key.value, attributes: [:], figures: [])
    range = entry.key.range
    base = fields.name("like", &list)
    for rule in Family.commonAttributes + family.attributes where rule.name != "like" {
      guard let value = fields.attribute(rule, &list) else { continue }
      record.attributes[rule.name] = value.value
      if rule.name == "link" { link = value }
    }
    let rules = family.figures
    for entry in fields.named("figures", &list) {
      let rule = rules.first { $0.name == entry.key.value }
      if rule == nil { PartEntry.reportMisspelling(of: entry.key, among: rules.map(\.name), &list) }
      guard let figure = PartEntry.figure(entry, rule, sources: sources, &list) else { continue }
      record.figures.append(.init(name: entry.key.value, figure: figure))
    }
  }

  /// A figure that is not known is kept, unless it looks like one that is.
  private static func reportMisspelling(
    of name: Located<String>, among known: [String], _ list: inout DiagnosticList
  ) {
    guard !list.isFull, !Suggestions.nearest(to: name.value, among: known).isEmpty else { return }
    list.unknown("figure.unknown", "unknown figure \(excerpt(name.value))", name, among: known)
  }

  /// Reads a figure written in full or as its value alone.
  private static func figure(
    _ entry: Mapping.Entry, _ rule: FigureRule?, sources: SourceList, _ list: inout DiagnosticList
  ) -> Figure<String>? {
    guard entry.value.mapping != nil else {
      return text(entry.value, label: entry.key.value, rule, &list).map { Figure($0) }
    }
    guard let fields = Fields(entry.value, Figure<String>.schema, &list) else { return nil }
    let value = fields["value"].flatMap { text($0, label: entry.key.value, rule, &list) }
    let source = fields.name("source", &list).flatMap { sources.source($0, &list) }
    let isAssumed = fields.boolean("assumed", &list)?.value ?? false
    let note = fields.text("note", &list)?.value
    if isAssumed, note == nil, fields["note"] == nil {
      list.error(
        "figure.no-reason", "an assumed figure needs a 'note' that says why", at: entry.key.range)
    }
    return value.map { Figure($0, source: source, isAssumed: isAssumed, note: note) }
  }

  /// The text of a figure's value, once it is known to be of the right kind.
  private static func text(
    _ node: Node, label: String, _ rule: FigureRule?, _ list: inout DiagnosticList
  ) -> String? {
    guard let rule else { return node.text(label, &list)?.value }
    let isPositive = !rule.mayBeZero
    let isValid: Bool =
      switch rule.dimension {
      case .count: node.integer(label, in: 1...greatestCount, &list) != nil
      case .bytes: node.quantity(label, as: Bytes.self, isPositive: isPositive, &list) != nil
      case .bandwidth: node.quantity(label, as: Bandwidth.self, isPositive: isPositive, &list) != nil
      case .latency: node.quantity(label, as: Latency.self, isPositive: isPositive, &list) != nil
      case .operations: node.quantity(label, as: OperationRate.self, isPositive: isPositive, &list) != nil
      case .power: node.quantity(label, as: Power.self, isPositive: isPositive, &list) != nil
      }
    guard isValid, let text = node.scalar?.text else { return nil }
    return rule.dimension == .count ? text.filter { $0 != "_" } : text
  }
}

extension Fields {
  /// The value of an attribute according to its rule.
  fileprivate func attribute(_ rule: AttributeRule, _ list: inout DiagnosticList) -> Located<String>? {
    switch rule.kind {
    case .choice(let words): choice(rule.name, among: words, &list)
    case .name: name(rule.name, &list)
    default: text(rule.name, &list)
    }
  }
}
