/// One line of a log as words, without colours, control characters and the marks of tables and fences.
struct LogLine {
  let words: [String]

  init(_ bytes: ArraySlice<UInt8>) {
    var words: [String] = []
    var word: [UInt8] = []
    var index = bytes.startIndex
    func close() {
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      word.removeAll(keepingCapacity: true)
    }
    while index < bytes.endIndex {
      let byte = bytes[index]
      switch byte {
      case LogLine.escape:
        index = LogLine.endOfSequence(bytes, after: index)
        continue
      case 0...0x20, 0x7F, UInt8(ascii: "|"), UInt8(ascii: "`"):
        close()
      // A space that does not break, as pastes from web pages have it.
      case 0xC2 where index + 1 < bytes.endIndex && bytes[index + 1] == 0xA0:
        close()
        index += 1
      default:
        word.append(byte)
      }
      index += 1
    }
    close()
    self.words = words
  }

  private static let escape: UInt8 = 0x1B

  /// The place after a terminal's control sequence: `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and one character.
  private static func endOfSequence(_ bytes: ArraySlice<UInt8>, after start: Int) -> Int {
    var index = start + 1
    guard index < bytes.endIndex else { return index }
    switch bytes[index] {
    case UInt8(ascii: "["):
      index += 1
      while index < bytes.endIndex, !(0x40...0x7E).contains(bytes[index]) { index += 1 }
    case UInt8(ascii: "]"):
      while index < bytes.endIndex, bytes[index] != 0x07 { index += 1 }
    default: break
    }
    return min(index + 1, bytes.endIndex)
  }

  /// The word after one that is equal to `name`, without regard to case.
  func word(after name: String) -> String? {
    guard let place = words.firstIndex(where: { $0.lowercased() == name }), place + 1 < words.count else { return nil }
    return words[place + 1]
  }

  /// The number after a word.
  func number(after name: String) -> Int? { word(after: name).flatMap { Int($0) } }
}
