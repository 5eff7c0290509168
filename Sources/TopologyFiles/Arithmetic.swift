import Diagnostics
import Documents

/// Arithmetic in counts: whole and decimal numbers, names of parameters, `+ - * / ( )`, exact.
struct Arithmetic {
  private static let deepest = 32

  private let text: Located<String>
  private let place: (Substring) -> SourceRange
  private let parameters: Parameters
  private var rest: Substring
  private var depth = 0

  /// Evaluates a scalar; nil after an error.
  static func value(
    of scalar: Scalar, _ parameters: Parameters, _ list: inout DiagnosticList
  ) -> Located<Rational>? {
    evaluate(Located(scalar.text, at: scalar.range), place: scalar.range(of:), parameters, &list)
  }

  /// Evaluates a part of a line whose characters stand in the file as they are; nil after an error.
  static func value(
    of text: Located<String>, _ parameters: Parameters, _ list: inout DiagnosticList
  ) -> Located<Rational>? {
    let scalars = text.value.unicodeScalars
    let isVerbatim = text.range.length == scalars.count
    return evaluate(
      text,
      place: { part in
        guard isVerbatim else { return text.range }
        var range = text.range
        range.start.column += scalars.distance(from: scalars.startIndex, to: part.startIndex)
        range.length = max(1, scalars.distance(from: part.startIndex, to: part.endIndex))
        return range
      }, parameters, &list)
  }

  private static func evaluate(
    _ text: Located<String>, place: @escaping (Substring) -> SourceRange, _ parameters: Parameters,
    _ list: inout DiagnosticList
  ) -> Located<Rational>? {
    var arithmetic = Arithmetic(
      text: text, place: place, parameters: parameters, rest: text.value[...])
    do throws(Failure) {
      let value = try arithmetic.sum()
      arithmetic.skipBlanks()
      guard arithmetic.rest.isEmpty else { throw arithmetic.unexpected() }
      return Located(value, at: text.range)
    } catch {
      list.append(error.diagnostic)
      return nil
    }
  }

  private struct Failure: Error {
    var diagnostic: Diagnostic
  }

  private mutating func sum() throws(Failure) -> Rational {
    var value = try product()
    while let sign = operatorSign(among: "+-−") {
      let right = try product()
      value = try checked(sign == "+" ? value.adding(right) : value.subtracting(right))
    }
    return value
  }

  private mutating func product() throws(Failure) -> Rational {
    var value = try factor()
    while let sign = operatorSign(among: "*/") {
      skipBlanks()
      let start = rest
      let right = try factor()
      guard sign == "/" else {
        value = try checked(value.multiplied(by: right))
        continue
      }
      guard right.numerator != 0 else {
        throw failure("arithmetic.division", "division by zero", start[..<rest.startIndex])
      }
      value = try checked(value.divided(by: right))
    }
    return value
  }

  private mutating func factor() throws(Failure) -> Rational {
    skipBlanks()
    guard let first = rest.first else { throw unexpected() }
    if first == "(" {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Arithmetic.deepest else {
        throw failure("arithmetic.syntax", "parentheses are nested too deeply", rest.prefix(1))
      }
      rest.removeFirst()
      let value = try sum()
      skipBlanks()
      guard rest.first == ")" else { throw unexpected(wanting: "')'") }
      rest.removeFirst()
      return value
    }
    if first.isNumber {
      let numeral = rest.prefix { $0.isNumber || $0 == "." || $0 == "_" }
      rest = rest[numeral.endIndex...]
      guard let value = Rational(decimal: numeral) else {
        let isWhole = numeral.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "_") }
        throw failure(
          isWhole ? "arithmetic.overflow" : "arithmetic.syntax",
          isWhole ? "\(excerpt(numeral)) is too large" : "\(excerpt(numeral)) is not a number", numeral)
      }
      return value
    }
    return try parameter()
  }

  private mutating func parameter() throws(Failure) -> Rational {
    // A hyphen inside a name belongs to it only if such a parameter exists: `gpus-1` is a difference.
    let isNameCharacter: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    guard let first = rest.first, first.isLetter || first == "_" else { throw unexpected() }
    let longest = rest.prefix(while: isNameCharacter)
    let short = rest.prefix { isNameCharacter($0) && $0 != "-" }
    let name = parameters.values[String(longest)] == nil ? short : longest
    rest = rest[name.endIndex...]
    switch parameters.values[String(name)] {
    case .number(let value): return value
    case .word:
      throw failure("parameter.not-a-number", "parameter \(excerpt(name)) is a word, not a number", name)
    case nil:
      var list = DiagnosticList()
      list.unknown(
        "parameter.unknown", "unknown parameter \(excerpt(name))", Located(String(name), at: place(name)),
        among: parameters.values.keys,
        otherwise: parameters.values.isEmpty
          ? "the file declares no parameters" : "parameters: \(parameters.values.keys.sorted().joined(separator: ", "))"
      )
      throw Failure(diagnostic: list.diagnostics[0])
    }
  }

  private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

  private mutating func operatorSign(among signs: String) -> Character? {
    skipBlanks()
    guard let first = rest.first, signs.contains(first) else { return nil }
    rest.removeFirst()
    return first
  }

  private func checked(_ value: Rational?) throws(Failure) -> Rational {
    guard let value else {
      throw failure("arithmetic.overflow", "\(excerpt(text.value)) is too large to compute", text.value[...])
    }
    return value
  }

  private func unexpected(wanting wanted: String = "a number or a parameter") -> Failure {
    rest.isEmpty
      ? failure("arithmetic.syntax", "\(wanted) is missing at the end of \(excerpt(text.value))", text.value[...])
      : failure("arithmetic.syntax", "unexpected \(excerpt(rest.prefix(1))) in \(excerpt(text.value))", rest.prefix(1))
  }

  private func failure(_ id: String, _ message: String, _ part: Substring) -> Failure {
    Failure(diagnostic: Diagnostic(.error, id: id, message, at: place(part)))
  }
}
