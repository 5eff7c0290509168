public import Diagnostics

/// A value of a YAML document with its place.
public struct Node: Sendable {
  /// What a value is.
  public enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping(Mapping)
  }

  /// What it is.
  public var content: Content
  /// Where it begins; a scalar's range covers the scalar.
  public var range: SourceRange

  /// A value at a place.
  public init(_ content: Content, at range: SourceRange) {
    self.content = content
    self.range = range
  }

  /// Whether nothing is written: `key:`, `~` or `null`.
  public var isNull: Bool {
    guard case .scalar(let scalar) = content else { return false }
    return scalar.isNull
  }

  /// The scalar, if it is one.
  public var scalar: Scalar? {
    guard case .scalar(let scalar) = content else { return nil }
    return scalar
  }

  /// The mapping, if it is one.
  public var mapping: Mapping? {
    guard case .mapping(let mapping) = content else { return nil }
    return mapping
  }

  /// The members, if it is a list.
  public var sequence: [Node]? {
    guard case .sequence(let members) = content else { return nil }
    return members
  }
}

/// A scalar of a YAML document: a text whose meaning its reader decides.
public struct Scalar: Sendable {
  /// The text without quotes and escapes.
  public var text: String
  /// Where it stands, quotes included.
  public var range: SourceRange
  /// Whether it is written in quotes or as a block.
  public var isQuoted: Bool
  /// Where in the line the text itself begins, if it stands there character by character; nil for a text with escapes
  /// or over several lines.
  var verbatimColumn: Int?

  /// Whether nothing is written: an empty plain scalar, `~` or `null`.
  public var isNull: Bool { !isQuoted && (text.isEmpty || text == "~" || text == "null") }

  /// The place of a part of the text, or of the whole where the part has no place of its own.
  public func range(of part: Substring) -> SourceRange {
    guard let verbatimColumn else { return range }
    let scalars = text.unicodeScalars
    let before = scalars.distance(from: scalars.startIndex, to: part.startIndex)
    let length = scalars.distance(from: part.startIndex, to: part.endIndex)
    return SourceRange(
      file: range.file, start: SourceLocation(line: range.start.line, column: verbatimColumn + before), length: length)
  }
}

/// A mapping of a YAML document; its keys are distinct texts in file order.
public struct Mapping: Sendable {
  /// A key and its value.
  public struct Entry: Sendable {
    /// The key.
    public var key: Located<String>
    /// The value.
    public var value: Node

    /// A key and its value.
    public init(key: Located<String>, value: Node) {
      self.key = key
      self.value = value
    }
  }

  /// The keys and values in file order.
  public var entries: [Entry]
  /// Where the mapping begins.
  public var range: SourceRange

  /// A mapping of its entries.
  public init(_ entries: [Entry], at range: SourceRange) {
    self.entries = entries
    self.range = range
  }

  /// The value of a key.
  /// - Complexity: O(entries).
  public subscript(key: String) -> Node? { entries.first { $0.key.value == key }?.value }

  /// The names of the keys in file order.
  public var keys: [String] { entries.map(\.key.value) }
}

/// A value with the place it was read from.
public struct Located<Value: Sendable>: Sendable {
  /// The value.
  public var value: Value
  /// Where it stands.
  public var range: SourceRange

  /// A value at a place.
  public init(_ value: Value, at range: SourceRange) {
    self.value = value
    self.range = range
  }

  /// Another value of the same place.
  public func map<Other: Sendable>(_ transform: (Value) -> Other) -> Located<Other> {
    Located<Other>(transform(value), at: range)
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
