import Diagnostics

/// Reads XML without anything that could reach out of the file or multiply: no entities but the five of XML itself and
/// characters by number, no document type with declarations inside.
///
/// More liberal than XML where tools are: text between elements is kept aside, several top-level comments are fine.
struct XMLReader {
  static let deepest = 200
  static let mostElements = 400_000
  static let mostAttributes = 64

  private struct Failure: Error {
    var id: String
    var message: String
    var offset: Int
    var notes: [String] = []
  }

  private let bytes: [UInt8]
  private var position = 0
  private var elements = 0

  /// The outermost element, or nil after an error.
  static func root(of source: SourceText, _ list: inout DiagnosticList) -> XMLElement? {
    var reader = XMLReader(bytes: Array(source.text.utf8))
    do throws(Failure) {
      return try reader.document()
    } catch {
      let place = SourceRange(file: source.name, start: source.location(ofByte: error.offset))
      list.error(error.id, error.message, at: place, notes: error.notes)
      return nil
    }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func document() throws(Failure) -> XMLElement {
    var stack: [XMLElement] = []
    var root: XMLElement?
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        let text = try text()
        if stack.isEmpty {
          if !text.allSatisfy(\.isWhitespace) {
            throw failure("xml.syntax", "not XML: text outside of any element", at: firstInk(before: position))
          }
        } else {
          stack[stack.count - 1].text += text
        }
        continue
      }
      if starts("<!--") {
        try skip(through: "-->", what: "comment")
      } else if starts("<?") {
        try skip(through: "?>", what: "processing instruction")
      } else if starts("<![CDATA[") {
        let start = position + 9
        try skip(through: "]]>", what: "CDATA section")
        if !stack.isEmpty { stack[stack.count - 1].text += string(start..<position - 3) }
      } else if starts("<!") {
        try documentType()
      } else if starts("</") {
        let start = position
        position += 2
        let name = try self.name()
        skipSpace()
        try expect(">", what: "the end tag </\(name)>")
        guard let last = stack.popLast(), last.name == name else {
          throw failure(
            "xml.mismatch", "</\(name)> does not close what is open", at: start,
            notes: stack.last.map { ["open is <\($0.name)>"] } ?? ["nothing is open"])
        }
        if stack.isEmpty { root = last } else { stack[stack.count - 1].children.append(last) }
      } else {
        guard root == nil || !stack.isEmpty else {
          throw failure("xml.syntax", "not XML: a second outermost element", at: position)
        }
        let (element, isEmpty) = try startTag()
        guard stack.count < XMLReader.deepest else {
          throw failure(
            "xml.too-deep", "elements are nested too deeply: at most \(XMLReader.deepest) levels are read",
            at: element.offset)
        }
        if !isEmpty {
          stack.append(element)
        } else if stack.isEmpty {
          root = element
        } else {
          stack[stack.count - 1].children.append(element)
        }
      }
    }
    if let open = stack.last {
      let line = bytes[..<min(open.offset, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
      throw failure(
        "xml.truncated", "the file ends inside of <\(open.name)>", at: lastInk,
        notes: ["<\(open.name)> begins at line \(line)"])
    }
    guard let root else { throw failure("xml.empty", "the file holds no element", at: 0) }
    return root
  }

  private mutating func startTag() throws(Failure) -> (XMLElement, isEmpty: Bool) {
    let start = position
    position += 1
    elements += 1
    guard elements <= XMLReader.mostElements else {
      throw failure("xml.too-many", "too many elements: at most \(XMLReader.mostElements) are read", at: start)
    }
    var element = XMLElement(name: try name(), offset: start)
    while true {
      skipSpace()
      guard position < bytes.count else { throw ended(inside: "the tag <\(element.name)") }
      switch bytes[position] {
      case UInt8(ascii: ">"):
        position += 1
        return (element, false)
      case UInt8(ascii: "/"):
        position += 1
        try expect(">", what: "the tag <\(element.name)")
        return (element, true)
      default:
        let attribute = try self.attribute(of: element)
        element.attributes.append(attribute)
      }
    }
  }

  private mutating func attribute(of element: XMLElement) throws(Failure) -> XMLElement.Attribute {
    let start = position
    let name = try self.name()
    guard element[name] == nil else {
      throw failure("xml.twice", "the attribute '\(name)' is given twice", at: start)
    }
    guard element.attributes.count < XMLReader.mostAttributes else {
      throw failure(
        "xml.too-many", "too many attributes: at most \(XMLReader.mostAttributes) of one element are read", at: start)
    }
    skipSpace()
    try expect("=", what: "the attribute '\(name)'")
    skipSpace()
    guard position < bytes.count else { throw ended(inside: "the attribute '\(name)'") }
    let quote = bytes[position]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw failure("xml.syntax", "not XML: the value of '\(name)' is not quoted", at: position)
    }
    position += 1
    let from = position
    while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "<") { position += 1 }
    guard position < bytes.count else { throw ended(inside: "the value of '\(name)'") }
    guard bytes[position] == quote else {
      throw failure("xml.syntax", "not XML: '<' in the value of '\(name)'; its quote may not be closed", at: start)
    }
    let value = try unescaped(from..<position)
    position += 1
    return XMLElement.Attribute(name: name, value: value, offset: start)
  }

  /// A name without a namespace's prefix.
  private mutating func name() throws(Failure) -> String {
    let start = position
    while position < bytes.count, XMLReader.isNameByte(bytes[position]) { position += 1 }
    guard position > start else {
      guard position < bytes.count else { throw ended(inside: "a tag") }
      throw failure("xml.syntax", "not XML: a name is expected here", at: start)
    }
    let name = string(start..<position)
    return name.split(separator: ":").last.map(String.init) ?? name
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: ":"), 0x80...:
      true
    default: false
    }
  }

  private mutating func text() throws(Failure) -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    return try unescaped(start..<position)
  }

  private func unescaped(_ range: Range<Int>) throws(Failure) -> String {
    guard let first = bytes[range].firstIndex(of: UInt8(ascii: "&")) else { return string(range) }
    var result = string(range.lowerBound..<first)
    var place = first
    while place < range.upperBound {
      guard bytes[place] == UInt8(ascii: "&") else {
        let next = bytes[place..<range.upperBound].firstIndex(of: UInt8(ascii: "&")) ?? range.upperBound
        result += string(place..<next)
        place = next
        continue
      }
      guard let end = bytes[place..<min(place + 12, range.upperBound)].firstIndex(of: UInt8(ascii: ";")) else {
        throw failure("xml.entity", "'&' begins no entity of XML", at: place)
      }
      result.unicodeScalars.append(try scalar(string(place + 1..<end), at: place))
      place = end + 1
    }
    return result
  }

  private func scalar(_ entity: String, at offset: Int) throws(Failure) -> Unicode.Scalar {
    switch entity {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    if entity.hasPrefix("#") {
      let number =
        entity.hasPrefix("#x") ? UInt32(entity.dropFirst(2), radix: 16) : UInt32(entity.dropFirst(), radix: 10)
      if let scalar = number.flatMap(Unicode.Scalar.init),
        scalar.value >= 0x20 || "\t\n\r".unicodeScalars.contains(scalar)
      {
        return scalar
      }
    }
    throw failure(
      "xml.entity", "the entity '&\(entity);' is not read: only those of XML itself are", at: offset)
  }

  /// Skips `<!DOCTYPE …>`; one with declarations inside is refused.
  private mutating func documentType() throws(Failure) {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
      if bytes[position] == UInt8(ascii: "[") {
        throw failure(
          "xml.declaration", "declarations inside of a document type are refused", at: position,
          notes: ["entities could multiply without limit or read other files"])
      }
      position += 1
    }
    guard position < bytes.count else { throw ended(inside: "<!") }
    guard string(start..<min(start + 9, bytes.count)).uppercased() == "<!DOCTYPE" else {
      throw failure("xml.declaration", "declarations of entities and elements are refused", at: start)
    }
    position += 1
  }

  // MARK: Bytes

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func starts(_ prefix: StaticString) -> Bool {
    guard position + prefix.utf8CodeUnitCount <= bytes.count else { return false }
    return prefix.withUTF8Buffer { $0.elementsEqual(bytes[position..<position + $0.count]) }
  }

  private mutating func skip(through end: StaticString, what: String) throws(Failure) {
    let start = position
    while position < bytes.count {
      if starts(end) {
        position += end.utf8CodeUnitCount
        return
      }
      position += 1
    }
    throw failure("xml.truncated", "the file ends inside of a \(what)", at: start)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func expect(_ byte: Unicode.Scalar, what: String) throws(Failure) {
    guard position < bytes.count else { throw ended(inside: what) }
    guard UInt32(bytes[position]) == byte.value else {
      throw failure("xml.syntax", "not XML: '\(byte)' is expected in \(what)", at: position)
    }
    position += 1
  }

  private var lastInk: Int { bytes.lastIndex { $0 > 0x20 } ?? 0 }

  private func firstInk(before end: Int) -> Int {
    let start = bytes[..<end].lastIndex { $0 == UInt8(ascii: ">") } ?? 0
    return bytes[start..<end].firstIndex { $0 > 0x20 && $0 != UInt8(ascii: ">") } ?? start
  }

  private func ended(inside what: String) -> Failure {
    failure("xml.truncated", "the file ends inside of \(what)", at: lastInk)
  }

  private func failure(_ id: String, _ message: String, at offset: Int, notes: [String] = []) -> Failure {
    Failure(id: id, message: message, offset: offset, notes: notes)
  }
}
