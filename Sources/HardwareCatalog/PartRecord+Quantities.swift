import Quantities

extension PartRecord {
  /// A figure as a quantity; nil where there is none or its text is not one.
  func quantity<Quantity: UnitParsable & Sendable>(_ name: String) -> Figure<Quantity>? {
    figure(name)?.compactMap { try? Quantity(parsing: $0) }
  }

  /// A figure as a whole number; nil where there is none or its text is not one.
  func count(_ name: String) -> Figure<Int>? { figure(name)?.compactMap { Int($0) } }
}
