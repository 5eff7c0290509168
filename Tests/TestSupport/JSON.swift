/// A JSON value, for reading case files.
package enum JSON: Decodable, Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// What a case file lacks.
  package struct Mismatch: Error, CustomStringConvertible {
    package var description: String

    package init(description: String) { self.description = description }
  }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let truth = try? value.decode(Bool.self) {
      self = .bool(truth)
    } else if let elements = try? value.decode([JSON].self) {
      self = .array(elements)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }

  package subscript(key: String) -> JSON {
    get throws {
      guard let value = try object[key] else { throw Mismatch(description: "no key '\(key)'") }
      return value
    }
  }

  package var object: [String: JSON] {
    get throws {
      guard case .object(let members) = self else { throw Mismatch(description: "not an object: \(self)") }
      return members
    }
  }

  package var array: [JSON] {
    get throws {
      guard case .array(let elements) = self else { throw Mismatch(description: "not an array: \(self)") }
      return elements
    }
  }

  package var number: Double {
    get throws {
      guard case .number(let number) = self else { throw Mismatch(description: "not a number: \(self)") }
      return number
    }
  }

  package var integer: Int {
    get throws {
      guard let integer = Int(exactly: try number) else { throw Mismatch(description: "not a whole number: \(self)") }
      return integer
    }
  }

  package var string: String {
    get throws {
      guard case .string(let text) = self else { throw Mismatch(description: "not a text: \(self)") }
      return text
    }
  }
}
