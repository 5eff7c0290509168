/// The order of names with numbers in them: `n2` before `n10`.
enum HostOrder {
  /// What names are compared by.
  struct Key: Comparable {
    private var parts: [(text: String, number: Int)] = []

    init(_ name: String) {
      var text = ""
      var digits = ""
      for character in name {
        if character.isASCII, character.isNumber, digits.count < 15 {
          digits.append(character)
          continue
        }
        if !digits.isEmpty {
          parts.append((text, Int(digits) ?? 0))
          text = ""
          digits = ""
        }
        text.append(character)
      }
      parts.append((text, digits.isEmpty ? -1 : Int(digits) ?? 0))
    }

    static func < (left: Key, right: Key) -> Bool {
      for (one, other) in zip(left.parts, right.parts) where one != other { return one < other }
      return left.parts.count < right.parts.count
    }

    static func == (left: Key, right: Key) -> Bool {
      left.parts.count == right.parts.count && zip(left.parts, right.parts).allSatisfy { $0 == $1 }
    }
  }

  static func key(_ name: String) -> Key { Key(name) }
}
