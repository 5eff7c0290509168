/// The text of one source file with a table of its lines.
///
/// Line breaks are those of YAML: LF, CR LF, CR, NEL, LS and PS. Columns count Unicode scalars from 1.
public struct SourceText: Sendable {
  /// The name of the file as the user gave it.
  public let name: String
  /// The text without a byte order mark.
  public let text: String
  /// For each line, the offset of its first byte in `text.utf8`.
  private let lineStarts: [Int]
  private let isASCII: Bool

  /// A source file by its name and text.
  /// - Complexity: O(length of the text).
  public init(name: String, text: String) {
    self.name = name
    var text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    text.makeContiguousUTF8()
    self.text = text
    isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    lineStarts = text.utf8.withContiguousStorageIfAvailable(SourceText.lineStarts) ?? [0]
  }

  /// How many lines the text has; an empty text has one.
  public var lineCount: Int { lineStarts.count }

  /// A line without its line break, or nil where there is no such line.
  public func line(_ number: Int) -> Substring? {
    guard let range = byteRange(ofLine: number) else { return nil }
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
    let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
    let line = text.unicodeScalars[start..<end]
    guard let last = line.lastIndex(where: { !SourceText.isLineBreak($0) }) else { return text[start..<start] }
    return text[start..<line.index(after: last)]
  }

  /// The bytes of a line with its line break.
  private func byteRange(ofLine number: Int) -> Range<Int>? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    return lineStarts[number - 1]..<(number < lineStarts.count ? lineStarts[number] : text.utf8.count)
  }

  /// The place of a byte of the text.
  /// - Parameter offset: An offset into `text.utf8`; beyond the end counts as the end.
  public func location(ofByte offset: Int) -> SourceLocation {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: lineStarts[low])
    let end = utf8.index(utf8.startIndex, offsetBy: min(max(offset, lineStarts[low]), utf8.count))
    let continuationBytes: ClosedRange<UInt8> = 0x80...0xBF
    let column = utf8[start..<end].lazy.filter { !continuationBytes.contains($0) }.count + 1
    return SourceLocation(line: low + 1, column: column)
  }

  /// The index of a place in the text, or nil where the line is shorter.
  /// - Parameter longLine: Do not search columns beyond this one in a text that is not ASCII; nil is returned then.
  /// - Complexity: O(1) in a text that is ASCII, else O(column).
  public func index(of location: SourceLocation, longLine: Int = .max) -> String.Index? {
    guard let range = byteRange(ofLine: location.line), location.column >= 1 else { return nil }
    let utf8 = text.utf8
    if isASCII {
      let offset = range.lowerBound + min(location.column - 1, range.count + 1)
      return offset <= range.upperBound ? utf8.index(utf8.startIndex, offsetBy: offset) : nil
    }
    guard location.column <= longLine else { return nil }
    let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
    let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
    return text.unicodeScalars.index(start, offsetBy: location.column - 1, limitedBy: end)
  }

  /// A stretch of this file.
  public func range(line: Int, column: Int, length: Int = 1) -> SourceRange {
    SourceRange(file: name, start: SourceLocation(line: line, column: column), length: length)
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  private static func lineStarts(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var starts = [0]
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      switch byte {
      case 0x0A: starts.append(index + 1)
      case 0x0D where next != 0x0A: starts.append(index + 1)
      case 0xC2 where next == 0x85: starts.append(index + 2)
      case 0xE2 where next == 0x80 && index + 2 < bytes.count && (bytes[index + 2] | 1) == 0xA9:
        starts.append(index + 3)
      default: break
      }
    }
    return starts
  }
}
