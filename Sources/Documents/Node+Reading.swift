public import Diagnostics

extension Node {
  /// The value as a single scalar that is not empty.
  /// - Parameter label: What is read, as messages call it: `bandwidth`.
  /// - Returns: The scalar, or nil after an error for a list, a mapping or nothing.
  public func scalar(_ label: String, _ list: inout DiagnosticList) -> Scalar? {
    guard case .scalar(let scalar) = content else {
      list.error("value.shape", "\(label) must be a single value, not a \(shape)", at: range)
      return nil
    }
    guard !scalar.isNull, !scalar.text.allSatisfy(\.isWhitespace) else {
      list.error("value.empty", "\(label) has no value", at: range)
      return nil
    }
    return scalar
  }

  /// The value as a list.
  public func sequence(_ label: String, _ list: inout DiagnosticList) -> [Node]? {
    if case .sequence(let members) = content { return members }
    report(label, mustBe: "a list", &list)
    return nil
  }

  /// The value as a mapping.
  public func mapping(_ label: String, _ list: inout DiagnosticList) -> Mapping? {
    if case .mapping(let mapping) = content { return mapping }
    report(label, mustBe: "a mapping of keys to values", &list)
    return nil
  }

  private func report(_ label: String, mustBe wanted: String, _ list: inout DiagnosticList) {
    guard !isNull else {
      list.error("value.empty", "\(label) has no value", at: range)
      return
    }
    list.error("value.shape", "\(label) must be \(wanted), not a \(shape)", at: range)
  }

  private var shape: String {
    switch content {
    case .scalar: "single value"
    case .sequence: "list"
    case .mapping: "mapping"
    }
  }

  /// The value as a text.
  public func text(_ label: String, _ list: inout DiagnosticList) -> Located<String>? {
    scalar(label, &list).map { Located($0.text, at: $0.range) }
  }

  /// The value as a name: letters, digits, `.`, `_`, `+` and `-`, at most 100 of them.
  public func name(_ label: String, _ list: inout DiagnosticList) -> Located<String>? {
    guard let text = text(label, &list) else { return nil }
    return Node.isName(text.value) ? text : Node.reportName(text, label: label, &list)
  }

  /// Whether a text may name a part, block, device, parameter or file entry.
  public static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first.isNumber, text.count <= 100 else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || "._+-".contains($0) }
  }

  private static func reportName(
    _ text: Located<String>, label: String, _ list: inout DiagnosticList
  ) -> Located<String>? {
    list.error(
      "value.name", "\(label) \(excerpt(text.value)) is not a name", at: text.range,
      notes: ["a name consists of letters, digits, '.', '_', '+' and '-', and begins with a letter or digit"])
    return nil
  }

  /// The value as one of several words.
  public func choice(
    _ label: String, among choices: [String], _ list: inout DiagnosticList
  ) -> Located<String>? {
    guard let text = text(label, &list) else { return nil }
    if choices.contains(text.value) { return text }
    list.unknown(
      "value.unknown", "unknown \(label) \(excerpt(text.value))", text, among: choices,
      otherwise: "known: \(choices.joined(separator: ", "))")
    return nil
  }

  /// The value as a member of a closed set.
  public func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ label: String, as _: Choice.Type, _ list: inout DiagnosticList
  ) -> Located<Choice>? where Choice.RawValue == String {
    guard let word = choice(label, among: Choice.allCases.map(\.rawValue), &list),
      let value = Choice(rawValue: word.value)
    else { return nil }
    return Located(value, at: word.range)
  }

  /// The value as `true` or `false`.
  public func boolean(_ label: String, _ list: inout DiagnosticList) -> Located<Bool>? {
    guard let scalar = scalar(label, &list) else { return nil }
    switch scalar.text {
    case "true": return Located(true, at: scalar.range)
    case "false": return Located(false, at: scalar.range)
    default: break
    }
    let meant: String? =
      switch scalar.text.lowercased() {
      case "yes", "on", "y", "true", "1": "true"
      case "no", "off", "n", "false", "0": "false"
      default: nil
      }
    list.error(
      "value.boolean", "\(label) must be true or false", at: scalar.range,
      fixIts: meant.map { [.init(message: "write '\($0)'", range: scalar.range, replacement: $0)] } ?? [])
    return nil
  }

  /// The value as a whole number.
  public func integer(
    _ label: String, in allowed: ClosedRange<Int>, _ list: inout DiagnosticList
  ) -> Located<Int>? {
    guard let scalar = scalar(label, &list) else { return nil }
    let digits = scalar.text.filter { $0 != "_" }
    guard let value = Int(digits) else {
      let isLarge = !digits.isEmpty && digits.drop { "+-".contains($0) }.allSatisfy { $0.isASCII && $0.isNumber }
      if isLarge, digits.count > 1 {
        list.reportRange(label, allowed: "\(allowed.lowerBound) to \(allowed.upperBound)", at: scalar.range)
      } else {
        list.error("number.not-whole", "\(label) must be a whole number", at: scalar.range)
      }
      return nil
    }
    guard allowed.contains(value) else {
      list.reportRange(label, allowed: "\(allowed.lowerBound) to \(allowed.upperBound)", at: scalar.range)
      return nil
    }
    return Located(value, at: scalar.range)
  }

  /// The value as a finite real number.
  public func number(
    _ label: String, in allowed: ClosedRange<Double>, _ list: inout DiagnosticList
  ) -> Located<Double>? {
    guard let scalar = scalar(label, &list) else { return nil }
    let digits = scalar.text.filter { $0 != "_" }
    let lowercased = digits.lowercased()
    let isDecimal = lowercased.allSatisfy { $0.isASCII && ($0.isNumber || "+-.e".contains($0)) }
    guard isDecimal, let value = Double(digits) else {
      let word = lowercased.filter { !"+-.".contains($0) }
      if ["nan", "inf", "infinity"].contains(word) {
        list.error("number.not-finite", "\(label) must be a finite number", at: scalar.range)
      } else {
        list.error("number.not-a-number", "\(label) must be a number", at: scalar.range)
      }
      return nil
    }
    guard allowed.contains(value) else {
      let upper = allowed.upperBound
      let bounds =
        upper < .greatestFiniteMagnitude
        ? "\(plain(allowed.lowerBound)) to \(plain(upper))" : "\(plain(allowed.lowerBound)) or more"
      list.reportRange(label, allowed: bounds, at: scalar.range)
      return nil
    }
    return Located(value, at: scalar.range)
  }

  private func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

extension DiagnosticList {
  fileprivate mutating func reportRange(_ label: String, allowed: String, at range: SourceRange) {
    error("number.range", "\(label) must be \(allowed)", at: range)
  }
}
