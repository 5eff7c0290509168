/// What a mapping of the language may hold: the one description that the reader checks against and the reference is
/// printed from.
public struct Schema: Sendable {
  /// What a value is, as the reference says it.
  public indirect enum Kind: Sendable, Hashable {
    /// Any text.
    case text
    /// A name of one's own or of something defined elsewhere: `name of a switch`.
    case name(of: String)
    /// One of several words.
    case choice([String])
    case boolean, integer, number
    /// A whole number or arithmetic with parameters: `racks * 2`.
    case count
    /// So many of something: `8 × GB200-NVL72`.
    case counted(of: String)
    /// A number with a unit; examples.
    case quantity(String)
    /// A path that selects parts: `rack[3]/tray[*]`.
    case selector
    /// A mapping with the keys of another schema.
    case mapping(String)
    /// A mapping of free names to values.
    case named(Kind)
    case list(Kind)
    case either([Kind])
  }

  /// A key of the mapping.
  public struct Key: Sendable, Hashable {
    /// The key as written.
    public var name: String
    /// What its value is.
    public var kind: Kind
    /// Whether it must be there.
    public var isRequired: Bool
    /// What it means, in one sentence.
    public var about: String

    /// A key that must be there.
    public static func required(_ name: String, _ kind: Kind, _ about: String) -> Key {
      Key(name: name, kind: kind, isRequired: true, about: about)
    }

    /// A key that may be left out.
    public static func optional(_ name: String, _ kind: Kind, _ about: String) -> Key {
      Key(name: name, kind: kind, isRequired: false, about: about)
    }
  }

  /// What the mapping is, as messages and the reference call it: `fabric`.
  public var name: String
  /// What it says, in one sentence.
  public var about: String
  /// Its keys in the order of the reference.
  public var keys: [Key]

  /// A mapping's description.
  public init(_ name: String, _ about: String, keys: [Key]) {
    self.name = name
    self.about = about
    self.keys = keys
  }
}

extension Schema.Kind: CustomStringConvertible {
  /// The kind in words: `list of names of imports`.
  public var description: String {
    switch self {
    case .text: "text"
    case .name(let of): "name of \(of)"
    case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .boolean: "`true` or `false`"
    case .integer: "whole number"
    case .number: "number"
    case .count: "whole number, or arithmetic with parameters"
    case .counted(let of): "count `×` \(of)"
    case .quantity(let examples): "quantity with unit (\(examples))"
    case .selector: "path with indices"
    case .mapping(let schema): "[\(schema)](#\(schema.replacingSpaces))"
    case .named(let kind): "names, each with: \(kind)"
    case .list(let kind): "list of: \(kind)"
    case .either(let kinds): kinds.map(\.description).joined(separator: "; or ")
    }
  }
}

extension Sequence<Schema> {
  /// The reference of a language as Markdown: a section for each mapping with a table of its keys.
  public var reference: String {
    map { schema in
      let rows = schema.keys.map { key in
        "| `\(key.name)` | \(key.kind) | \(key.isRequired ? "required" : "") | \(key.about) |"
      }
      return """
        ## \(schema.name)

        \(schema.about)

        | key | value | | meaning |
        |---|---|---|---|
        \(rows.joined(separator: "\n"))

        """
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate var replacingSpaces: String { String(map { $0 == " " ? "-" : $0 }) }
}
