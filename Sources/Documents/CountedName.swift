public import Diagnostics

/// So many of something, as in `8 × GB200-NVL72`: a count that is still a text, and a name.
public struct CountedName: Sendable {
  /// The count: a number or arithmetic with parameters.
  public var count: Located<String>
  /// The name of what is counted.
  public var name: Located<String>
}

extension Node {
  /// The value as a count and a name with `×` or `x` between them.
  public func countedName(_ label: String, _ list: inout DiagnosticList) -> CountedName? {
    guard let scalar = scalar(label, &list) else { return nil }
    let text = scalar.text
    guard let sign = CountedName.sign(in: text) else {
      let isName = Node.isName(text) && Int(text) == nil
      list.error(
        "value.counted", "\(label) must be a count and a name, such as '8 × NAME'", at: scalar.range,
        fixIts: isName && !scalar.isQuoted
          ? [.init(message: "write '1 × \(text)'", range: scalar.range, replacement: "1 × \(text)")] : [])
      return nil
    }
    let count = text[..<sign.lowerBound].trimmed
    let name = text[sign.upperBound...].trimmed
    guard !count.isEmpty, Node.isName(String(name)) else {
      list.error(
        "value.counted", "\(label) must be a count and a name, such as '8 × NAME'", at: scalar.range)
      return nil
    }
    return CountedName(
      count: Located(String(count), at: scalar.range(of: count)),
      name: Located(String(name), at: scalar.range(of: name)))
  }
}

extension CountedName {
  /// The last `×`, or the last `x` or `*` that stands apart from letters before it and has a blank after it.
  fileprivate static func sign(in text: String) -> Range<String.Index>? {
    if let index = text.lastIndex(of: "×") { return index..<text.index(after: index) }
    var index = text.endIndex
    while index > text.startIndex {
      index = text.index(before: index)
      guard "xX".contains(text[index]), index > text.startIndex else { continue }
      let before = text[text.index(before: index)]
      let next = text.index(after: index)
      guard next < text.endIndex else { continue }
      let isApart = before.isWhitespace || before == ")"
      let followsNumber = before.isNumber && text[..<index].allSatisfy { $0.isNumber || $0 == "_" }
      if (isApart && text[next].isWhitespace) || followsNumber { return index..<next }
    }
    return nil
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[startIndex..<startIndex]
    }
    return self[first...last]
  }
}
