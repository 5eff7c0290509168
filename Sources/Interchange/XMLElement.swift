import Diagnostics

/// An element of an XML document with its place.
struct XMLElement: Sendable {
  /// An attribute with its place.
  struct Attribute: Sendable {
    var name: String
    var value: String
    var offset: Int
  }

  /// Its name without a namespace's prefix.
  var name: String
  var attributes: [Attribute] = []
  var children: [XMLElement] = []
  /// Its own text, without that of its children.
  var text = ""
  /// Where it begins, as an offset into the bytes of the file.
  var offset: Int

  /// The value of an attribute.
  subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

  /// The children of a name.
  func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The place of its name in a file.
  func range(in source: SourceText) -> SourceRange {
    SourceRange(
      file: source.name, start: source.location(ofByte: offset), length: name.unicodeScalars.count + 1)
  }

  /// A whole number that an attribute holds: decimal, or hexadecimal with `0x`; nil without one, or after an error.
  func integer(
    _ attribute: String, in allowed: ClosedRange<Int>, _ source: SourceText, _ list: inout DiagnosticList
  ) -> Int? {
    guard let found = attributes.first(where: { $0.name == attribute }), !found.value.isEmpty else { return nil }
    let digits = found.value.lowercased()
    let value = digits.hasPrefix("0x") ? Int(digits.dropFirst(2), radix: 16) : Int(digits)
    guard let value, allowed.contains(value) else {
      list.error(
        "import.number",
        "'\(attribute)' of <\(name)> must be a whole number from \(allowed.lowerBound) to \(allowed.upperBound)",
        at: SourceRange(
          file: source.name, start: source.location(ofByte: found.offset), length: attribute.unicodeScalars.count))
      return nil
    }
    return value
  }
}
