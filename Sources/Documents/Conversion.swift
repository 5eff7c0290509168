import Diagnostics
import Yams

/// Turns composed nodes into located values, refusing what the language leaves out of YAML.
struct Conversion {
  private static let deepest = 64
  static let tooDeep = "values are nested too deeply: at most \(deepest) levels are read"

  let source: SourceText
  let masks: KeyMasks
  private var reportedDepth = false

  init(source: SourceText, masks: KeyMasks) {
    self.source = source
    self.masks = masks
  }

  mutating func node(_ node: Yams.Node, depth: Int, _ list: inout DiagnosticList) -> Node? {
    let range = node.mark.map { source.range(line: $0.line, column: $0.column) } ?? source.range(line: 1, column: 1)
    guard depth < Conversion.deepest else {
      if !reportedDepth { list.error("yaml.too-deep", Conversion.tooDeep, at: range) }
      reportedDepth = true
      return nil
    }
    switch node {
    case .scalar(let scalar):
      checkMarks(anchor: scalar.anchor, tag: scalar.style == .plain ? scalar.tag : nil, at: range, &list)
      let converted = self.scalar(scalar, text: scalar.string, at: range)
      return Node(.scalar(converted), at: converted.range)
    case .sequence(let sequence):
      checkMarks(anchor: sequence.anchor, tag: sequence.tag, at: range, &list)
      var members: [Node] = []
      members.reserveCapacity(sequence.count)
      for member in sequence {
        if let member = self.node(member, depth: depth + 1, &list) { members.append(member) }
      }
      return Node(.sequence(members), at: range)
    case .mapping(let mapping):
      checkMarks(anchor: mapping.anchor, tag: mapping.tag, at: range, &list)
      return Node(.mapping(self.mapping(mapping, at: range, depth: depth, &list)), at: range)
    case .alias:
      list.error("yaml.alias", "anchors and aliases are not supported: write the value out", at: range)
      return nil
    }
  }

  private mutating func mapping(
    _ mapping: Yams.Node.Mapping, at range: SourceRange, depth: Int, _ list: inout DiagnosticList
  ) -> Mapping {
    var entries: [Mapping.Entry] = []
    entries.reserveCapacity(mapping.count)
    var places: [String: SourceRange] = [:]
    for (keyNode, valueNode) in mapping {
      let value = node(valueNode, depth: depth + 1, &list)
      guard let key = key(keyNode, &list) else { continue }
      if let first = places.updateValue(key.range, forKey: key.value) {
        list.error(
          "yaml.duplicate-key", "duplicate key \(excerpt(key.value))", at: key.range,
          notes: ["first written at line \(first.start.line), column \(first.start.column)"])
        continue
      }
      if let value { entries.append(Mapping.Entry(key: key, value: value)) }
    }
    return Mapping(entries, at: range)
  }

  private mutating func key(_ node: Yams.Node, _ list: inout DiagnosticList) -> Located<String>? {
    let range = node.mark.map { source.range(line: $0.line, column: $0.column) } ?? source.range(line: 1, column: 1)
    guard case .scalar(let scalar) = node else {
      list.error("yaml.key", "a key must be a text", at: range)
      return nil
    }
    checkMarks(anchor: scalar.anchor, tag: scalar.style == .plain ? scalar.tag : nil, at: range, &list)
    let key = self.scalar(scalar, text: masks.restored(scalar.string, at: range.start), at: range)
    guard !key.isNull else {
      list.error("yaml.key", "a key is missing before ':'", at: range)
      return nil
    }
    guard key.text != "<<" || key.isQuoted else {
      list.error("yaml.merge-key", "merge keys are not supported: write the keys out", at: key.range)
      return nil
    }
    return Located(key.text, at: key.range)
  }

  private func checkMarks(anchor: Anchor?, tag: Tag?, at range: SourceRange, _ list: inout DiagnosticList) {
    if anchor != nil {
      list.error("yaml.anchor", "anchors and aliases are not supported: write the value out", at: range)
    }
    guard let name = tag?.description, !name.isEmpty, !Conversion.ownTags.contains(name) else { return }
    list.error("yaml.tag", "tags are not supported: remove \(excerpt(name))", at: range)
  }

  /// The tags that the composer itself gives to untagged values.
  private static let ownTags: Set<String> = [
    "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map",
  ]

  private func scalar(_ scalar: Yams.Node.Scalar, text: String, at range: SourceRange) -> Scalar {
    var result = Scalar(text: text, range: range, isQuoted: scalar.style != .plain, verbatimColumn: nil)
    let length = text.unicodeScalars.count
    let line = range.start.line
    switch scalar.style {
    case .plain where source.holds(text, line: line, column: range.start.column):
      result.range.length = max(1, length)
      result.verbatimColumn = range.start.column
    case .doubleQuoted, .singleQuoted:
      if source.holds(text, line: line, column: range.start.column + 1, closedByQuote: true) {
        result.range.length = length + 2
        result.verbatimColumn = range.start.column + 1
      } else {
        result.range.length = source.quotedLength(line: line, column: range.start.column) ?? 1
      }
    default: break
    }
    return result
  }
}

extension SourceText {
  /// Lines longer than this are only searched if they are ASCII, where a column is found at once.
  private static let longLine = 4096

  /// Whether a text stands at a place character by character, in one line.
  fileprivate func holds(_ text: String, line: Int, column: Int, closedByQuote: Bool = false) -> Bool {
    guard let rest = bytes(line: line, column: column) else { return false }
    guard rest.starts(with: text.utf8) else { return false }
    guard closedByQuote else { return true }
    let next = rest.dropFirst(text.utf8.count).first
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
  }

  /// How many scalars a quoted text takes whose opening quote stands at a place; nil if it does not end in the line.
  fileprivate func quotedLength(line: Int, column: Int) -> Int? {
    guard let rest = bytes(line: line, column: column), let quote = rest.first else { return nil }
    var length = 1
    var escaped = false
    for byte in rest.dropFirst() {
      if escaped, quote == UInt8(ascii: "'"), byte != quote { return length }
      if byte & 0xC0 != 0x80 { length += 1 }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || length > SourceText.longLine { return nil }
      if escaped {
        escaped = false
      } else if byte == quote, quote == UInt8(ascii: "\"") {
        return length
      } else {
        // A doubled single quote stands for one.
        escaped = byte == (quote == UInt8(ascii: "'") ? quote : UInt8(ascii: "\\"))
      }
    }
    return nil
  }

  private func bytes(line: Int, column: Int) -> Substring.UTF8View? {
    guard let start = index(of: SourceLocation(line: line, column: column), longLine: SourceText.longLine) else {
      return nil
    }
    return text[start...].utf8
  }
}
