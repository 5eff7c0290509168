public import Diagnostics
public import Quantities

/// A mapping whose keys have been checked against a schema, ready to be read key by key.
///
/// Reading a key that is absent gives nil without an error: the check has reported what is required.
public struct Fields: Sendable {
  /// The mapping.
  public let mapping: Mapping
  /// What it was checked against.
  public let schema: Schema
  /// The entries with keys of the schema.
  private var entries: [String: Mapping.Entry] = [:]

  /// Checks a value's shape and keys: a value that is not a mapping, unknown keys and missing ones are reported.
  /// - Returns: The checked mapping, or nil when the value is not a mapping.
  public init?(_ node: Node, _ schema: Schema, _ list: inout DiagnosticList) {
    guard let mapping = node.mapping("'\(schema.name)'", &list) else { return nil }
    self.init(mapping, schema, &list)
  }

  /// Checks a mapping's keys: unknown ones and missing ones are reported.
  public init(_ mapping: Mapping, _ schema: Schema, _ list: inout DiagnosticList) {
    self.mapping = mapping
    self.schema = schema
    let known = schema.keys.map(\.name)
    var unknown: [Located<String>] = []
    for entry in mapping.entries {
      if known.contains(entry.key.value) {
        entries[entry.key.value] = entry
      } else {
        unknown.append(entry.key)
      }
    }
    let absent = known.filter { entries[$0] == nil }
    for key in unknown {
      guard !list.isFull else {
        list.error("key.unknown", "", at: key.range)
        continue
      }
      list.unknown(
        "key.unknown", "unknown key \(excerpt(key.value)) in '\(schema.name)'", key, among: absent,
        otherwise: "keys of '\(schema.name)': \(known.joined(separator: ", "))")
    }
    for key in schema.keys where key.isRequired && entries[key.name] == nil {
      list.error("key.missing", "'\(schema.name)' needs the key '\(key.name)'", at: mapping.range, notes: [key.about])
    }
  }

  /// The value of a key; nil where the key is absent.
  public subscript(key: String) -> Node? { entries[key]?.value }

  /// The place of a key's name.
  public func place(of key: String) -> SourceRange? {
    entries[key]?.key.range
  }

  /// The value of a key as a text.
  public func text(_ key: String, _ list: inout DiagnosticList) -> Located<String>? {
    self[key]?.text(key, &list)
  }

  /// The value of a key as a name.
  public func name(_ key: String, _ list: inout DiagnosticList) -> Located<String>? {
    self[key]?.name(key, &list)
  }

  /// The value of a key as one of several words.
  public func choice(_ key: String, among choices: [String], _ list: inout DiagnosticList) -> Located<String>? {
    self[key]?.choice(key, among: choices, &list)
  }

  /// The value of a key as a member of a closed set.
  public func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ key: String, as type: Choice.Type, _ list: inout DiagnosticList
  ) -> Located<Choice>? where Choice.RawValue == String {
    self[key]?.choice(key, as: type, &list)
  }

  /// The value of a key as `true` or `false`.
  public func boolean(_ key: String, _ list: inout DiagnosticList) -> Located<Bool>? {
    self[key]?.boolean(key, &list)
  }

  /// The value of a key as a whole number.
  public func integer(_ key: String, in allowed: ClosedRange<Int>, _ list: inout DiagnosticList) -> Located<Int>? {
    self[key]?.integer(key, in: allowed, &list)
  }

  /// The value of a key as a finite real number.
  public func number(
    _ key: String, in allowed: ClosedRange<Double>, _ list: inout DiagnosticList
  ) -> Located<Double>? {
    self[key]?.number(key, in: allowed, &list)
  }

  /// The value of a key as a quantity with its unit.
  public func quantity<Quantity: UnitParsable & Sendable>(
    _ key: String, as type: Quantity.Type, isPositive: Bool = false, _ list: inout DiagnosticList
  ) -> Located<Quantity>? {
    self[key]?.quantity(key, as: type, isPositive: isPositive, &list)
  }

  /// The value of a key as a list; none where the key is absent.
  public func sequence(_ key: String, _ list: inout DiagnosticList) -> [Node] {
    self[key]?.sequence(key, &list) ?? []
  }

  /// The entries of a key's mapping of free names, leaving out after an error what is not a name.
  public func named(_ key: String, _ list: inout DiagnosticList) -> [Mapping.Entry] {
    guard let entries = self[key]?.mapping(key, &list)?.entries else { return [] }
    return entries.filter { entry in
      if Node.isName(entry.key.value) { return true }
      list.error(
        "value.name", "\(excerpt(entry.key.value)) in '\(key)' is not a name", at: entry.key.range,
        notes: ["a name consists of letters, digits, '.', '_', '+' and '-', and begins with a letter or digit"])
      return false
    }
  }
}
