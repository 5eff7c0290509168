public import Diagnostics
public import Quantities

extension Node {
  /// The value as a quantity with its unit.
  /// - Parameter isPositive: Whether zero is an error.
  public func quantity<Quantity: UnitParsable & Sendable>(
    _ label: String, as _: Quantity.Type, isPositive: Bool = false, _ list: inout DiagnosticList
  ) -> Located<Quantity>? {
    guard let scalar = scalar(label, &list) else { return nil }
    do {
      let value = try Quantity(parsing: scalar.text)
      guard !isPositive || !value.isZero else {
        list.error("quantity.zero", "\(label) must be more than zero", at: scalar.range)
        return nil
      }
      return Located(value, at: scalar.range)
    } catch {
      list.append(error.diagnostic(label: label, scalar: scalar))
      return nil
    }
  }
}

extension QuantityError {
  fileprivate func diagnostic(label: String, scalar: Scalar) -> Diagnostic {
    let range = scalar.range
    func fixIt(_ text: String, saying: String? = nil) -> Diagnostic.FixIt {
      .init(message: "write '\(text)'\(saying ?? "")", range: range, replacement: text)
    }
    switch self {
    case .notANumber:
      return Diagnostic(
        .error, id: "quantity.not-a-number", "\(label) must be a number with a unit, not \(excerpt(scalar.text))",
        at: range)
    case .missingUnit(let suggestions):
      return Diagnostic(
        .error, id: "quantity.missing-unit", "\(label) needs a unit", at: range,
        fixIts: suggestions.map { fixIt($0, saying: QuantityError.reading(of: $0)) })
    case .unknownUnit(let unit, let suggestions):
      let near = Suggestions.nearest(to: unit, among: suggestions)
      return Diagnostic(
        .error, id: "quantity.unknown-unit", "unknown unit \(excerpt(unit)) of \(label)", at: range,
        notes: [Suggestions.note(near) ?? "units that would do: \(suggestions.joined(separator: ", "))"])
    case .notWhole:
      return Diagnostic(.error, id: "quantity.not-whole", "\(label) must be a whole number of bytes", at: range)
    case .negative:
      return Diagnostic(.error, id: "quantity.negative", "\(label) may not be negative", at: range)
    case .outOfRange:
      return Diagnostic(.error, id: "quantity.out-of-range", "\(label) is too large to be meant", at: range)
    }
  }

  /// How a unit that is easily mistaken is read.
  private static func reading(of quantity: String) -> String {
    quantity.hasSuffix("B/s") ? " (bytes)" : quantity.hasSuffix("b/s") ? " (bits)" : ""
  }
}
