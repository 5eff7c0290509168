import Diagnostics

/// A look at a text before it is composed, which refuses what could make composing slow, large or unsafe.
struct Screening {
  /// The most values and keys that a document may hold.
  static let mostValues = 400_000

  private let source: SourceText

  init(_ source: SourceText) { self.source = source }

  /// Whether the text may be composed; adds the errors if not.
  func passes(_ list: inout DiagnosticList) -> Bool {
    let before = list.count
    let survey = source.text.utf8.withContiguousStorageIfAvailable(Screening.survey) ?? Survey()
    if let (offset, scalar) = survey.firstControl {
      list.error(
        "yaml.control-character", "control character U+\(hexadecimal(scalar)) is not allowed",
        at: range(ofByte: offset))
    }
    if survey.separators > Screening.mostValues {
      list.error(
        "yaml.too-many-values", "the file holds too many values: at most \(Screening.mostValues) are read",
        at: source.range(line: 1, column: 1))
    }
    for offset in survey.aliases {
      list.error(
        "yaml.alias", "anchors and aliases are not supported: write the value out", at: range(ofByte: offset),
        notes: ["aliases could multiply without limit"])
    }
    return list.count == before
  }

  private func range(ofByte offset: Int) -> SourceRange {
    SourceRange(file: source.name, start: source.location(ofByte: offset))
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private struct Survey {
    var firstControl: (offset: Int, scalar: UInt32)?
    /// An upper bound of the number of keys and values.
    var separators = 0
    /// Where an alias of a name stands that the text also has as an anchor: the first few.
    var aliases: [Int] = []
  }

  private static let mostAliasesReported = 10

  /// Finds what may be harmful.
  ///
  /// Anchors and aliases are told by their characters alone, also inside quotes and comments, so that none is missed;
  /// only a name that occurs as both can be an alias that multiplies.
  private static func survey(_ bytes: UnsafeBufferPointer<UInt8>) -> Survey {
    var survey = Survey()
    var anchors: Set<[UInt8]> = []
    for (offset, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "["), UInt8(ascii: "{"),
        UInt8(ascii: ":"):
        survey.separators += 1
      // These begin a value only before a blank.
      case UInt8(ascii: "-"), UInt8(ascii: "?"):
        if offset + 1 >= bytes.count || bytes[offset + 1] <= UInt8(ascii: " ") { survey.separators += 1 }
      case UInt8(ascii: "&"):
        if let name = name(in: bytes, after: offset) { anchors.insert(name) }
      default: break
      }
      if survey.firstControl == nil, let scalar = controlCharacter(in: bytes, at: offset) {
        survey.firstControl = (offset, scalar)
      }
    }
    guard !anchors.isEmpty else { return survey }
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "*") {
      guard survey.aliases.count < mostAliasesReported else { break }
      if let name = name(in: bytes, after: offset), anchors.contains(name) { survey.aliases.append(offset) }
    }
    return survey
  }

  /// The characters after which an anchor or alias may begin.
  private static let openers = Array("\n\r\t []{},:-?\"'".utf8)

  /// The name of an anchor or alias whose sign stands at an offset where one may begin.
  private static func name(in bytes: UnsafeBufferPointer<UInt8>, after offset: Int) -> [UInt8]? {
    if offset > 0, bytes[offset - 1] < 0x80, !openers.contains(bytes[offset - 1]) { return nil }
    let name = bytes[(offset + 1)...].prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return name.isEmpty ? nil : Array(name.prefix(256))
  }

  /// A character that YAML does not allow: controls but tab and line breaks, and noncharacters.
  private static func controlCharacter(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32? {
    let byte = bytes[offset]
    let next = offset + 1 < bytes.count ? bytes[offset + 1] : 0
    switch byte {
    case 0x09, 0x0A, 0x0D: return nil
    case 0..<0x20, 0x7F: return UInt32(byte)
    case 0xC2 where next < 0xA0 && next != 0x85: return UInt32(next)
    case 0xEF where next == 0xBF && offset + 2 < bytes.count && bytes[offset + 2] >= 0xBE:
      return 0xFFC0 | UInt32(bytes[offset + 2] & 0x3F)
    default: return nil
    }
  }
}
