import Diagnostics
import Documents

/// The parameters of a topology with the values they have for one reading.
struct Parameters: Sendable {
  enum Value: Sendable, Hashable {
    case number(Rational)
    case word(String)
  }

  private(set) var values: [String: Value] = [:]

  /// The numeric ones, as answers show them.
  var numbers: [String: Double] {
    values.compactMapValues { value in
      guard case .number(let number) = value else { return nil }
      return number.real
    }
  }

  /// The ones that are words.
  var words: [String: String] {
    values.compactMapValues { value in
      guard case .word(let word) = value else { return nil }
      return word
    }
  }

  /// Reads the declarations of a file and puts the overrides in the place of the defaults.
  /// - Parameters:
  ///   - entries: The declarations by name.
  ///   - overrides: Values from the command line.
  init(_ entries: [Mapping.Entry], overrides: [TopologyReference.Override], _ list: inout DiagnosticList) {
    var names: [String] = []
    for entry in entries {
      let override = overrides.last { $0.name == entry.key.value }
      names.append(entry.key.value)
      if let value = Parameters.value(of: entry, override: override, &list) { values[entry.key.value] = value }
    }
    for override in overrides where !names.contains(override.name) {
      list.unknown(
        "parameter.unknown-override", "the topology has no parameter \(excerpt(override.name))",
        override.name, at: nil, among: names,
        otherwise: names.isEmpty ? "it has none" : "parameters: \(names.joined(separator: ", "))")
    }
  }

  private static func value(
    of entry: Mapping.Entry, override: TopologyReference.Override?, _ list: inout DiagnosticList
  ) -> Value? {
    guard let fields = Fields(entry.value, Language.parameter, &list) else { return nil }
    if let choices = fields["choices"] {
      return word(entry.key.value, choices, fields, override: override, &list)
    }
    guard let standard = fields["default"]?.scalar("default", &list),
      let number = Rational(decimal: standard.text)
    else {
      if let standard = fields["default"]?.scalar {
        list.error(
          "parameter.default", "the default must be a number", at: standard.range,
          notes: [
            "a parameter that is a word needs 'choices'"
          ])
      }
      return nil
    }
    let range = fields["range"].flatMap { Parameters.range($0, &list) }
    if let range, !range.contains(number) {
      list.error("parameter.default", "the default lies outside of \(range.text)", at: standard.range)
      return nil
    }
    guard let override else { return .number(number) }
    guard let value = Rational(decimal: override.value) else {
      list.error(
        "parameter.value", "\(override.name) must be a number, not \(excerpt(override.value))",
        at: nil)
      return nil
    }
    if let range, !range.contains(value) {
      list.error(
        "parameter.range", "\(override.name) must be from \(range.lowest) to \(range.highest), not \(value)",
        at: nil)
      return nil
    }
    return .number(value)
  }

  private static func word(
    _ name: String, _ node: Node, _ fields: Fields, override: TopologyReference.Override?,
    _ list: inout DiagnosticList
  ) -> Value? {
    let choices = node.sequence("choices", &list)?.compactMap { $0.name("choice", &list)?.value } ?? []
    guard let standard = fields.choice("default", among: choices, &list) else { return nil }
    guard let override else { return .word(standard.value) }
    guard choices.contains(override.value) else {
      list.unknown(
        "parameter.value", "\(name) cannot be \(excerpt(override.value))",
        override.value, at: nil, among: choices,
        otherwise: "it can be \(choices.joined(separator: ", "))")
      return nil
    }
    return .word(override.value)
  }

  private struct Range {
    var text: String
    var lowest: Rational
    var highest: Rational

    func contains(_ value: Rational) -> Bool { value.real >= lowest.real && value.real <= highest.real }
  }

  /// Reads `1..18`.
  private static func range(_ node: Node, _ list: inout DiagnosticList) -> Range? {
    guard let scalar = node.scalar("range", &list) else { return nil }
    let ends = scalar.text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, let lowest = Rational(decimal: ends[0].filter { $0 != " " }),
      let highest = Rational(decimal: ends[1].filter { $0 != " " }), lowest.real <= highest.real
    else {
      list.error("parameter.range-syntax", "a range is written 'LOWEST..HIGHEST'", at: scalar.range)
      return nil
    }
    return Range(text: scalar.text, lowest: lowest, highest: highest)
  }
}
