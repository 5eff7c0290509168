public import Diagnostics
import Yams

extension SourceText {
  /// Reads the text as one YAML document of plain mappings, lists and scalars.
  ///
  /// Anchors, aliases, merge keys, tags, several documents and keys that are not text are errors. So are duplicate keys;
  /// the first one counts then.
  /// - Returns: The outermost value, or nil when the text could not be read.
  /// - Complexity: O(length of the text), within the limits on size, values and depth.
  public func document(_ list: inout DiagnosticList) -> Node? {
    guard Screening(self).passes(&list) else { return nil }
    var masks = KeyMasks(text: text)
    while true {
      do {
        let parser = try Parser(yaml: masks.text, resolver: .basic, encoding: .utf8)
        guard let root = try parser.nextRoot() else {
          list.error("yaml.empty", "the file holds nothing", at: range(line: 1, column: 1))
          return nil
        }
        if let second = try parser.nextRoot() {
          list.error(
            "yaml.several-documents", "a file holds one document, this one begins a second",
            at: second.mark.map { range(line: $0.line, column: $0.column) })
        }
        var conversion = Conversion(source: self, masks: masks)
        return conversion.node(root, depth: 0, &list)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        // The composer stops at duplicate keys; hide this one from it to find the other mistakes as well.
        if masks.hide(context.mark, in: self) { continue }
        list.error(
          "yaml.duplicate-key", "duplicate key \(excerpt(keys.first ?? ""))",
          at: range(line: context.mark.line, column: context.mark.column))
        return nil
      } catch {
        list.append(syntaxError(error))
        return nil
      }
    }
  }

  private func syntaxError(_ error: any Error) -> Diagnostic {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      return syntaxError(problem, context: context, mark: mark)
    case YamlError.reader(let problem, _, _, _):
      return Diagnostic(.error, id: "yaml.syntax", "not YAML: \(problem)", at: range(line: 1, column: 1))
    default:
      return Diagnostic(.error, id: "yaml.syntax", "not YAML", at: range(line: 1, column: 1))
    }
  }

  private func syntaxError(_ problem: String, context: YamlError.Context?, mark: Mark) -> Diagnostic {
    let place = range(line: min(max(1, mark.line), lineCount), column: max(1, mark.column))
    if problem.hasPrefix("Maximum nesting") {
      return Diagnostic(.error, id: "yaml.too-deep", Conversion.tooDeep, at: place)
    }
    if problem.contains("undefined alias") {
      return Diagnostic(
        .error, id: "yaml.alias", "anchors and aliases are not supported: write the value out", at: place)
    }
    if let line = line(place.start.line), let indent = line.firstIndex(where: { $0 != " " }), line[indent] == "\t" {
      let column = line.unicodeScalars.distance(from: line.startIndex, to: indent) + 1
      return Diagnostic(
        .error, id: "yaml.tab", "a tab may not indent: use spaces", at: range(line: place.start.line, column: column))
    }
    var notes = context.map { ["\($0.text) that begins at line \($0.mark.line), column \($0.mark.column)"] } ?? []
    // Inside braces YAML takes the brackets of a path for a list.
    if let line = line(place.start.line), line.contains("{"), line.contains(/[A-Za-z]\[[0-9*]/) {
      notes.append("a path with brackets is quoted inside braces: \"rack[0]\"")
    }
    return Diagnostic(.error, id: "yaml.syntax", "not YAML: \(problem)", at: place, notes: notes)
  }
}

/// Keys hidden from the composer by a changed first character, because it stops at the first duplicate.
struct KeyMasks {
  private static let most = 16
  private static let largestText = 256 << 10
  private static let firstMask: UInt32 = 0xE000

  private(set) var text: String
  private var originals: [SourceLocation: Unicode.Scalar] = [:]

  init(text: String) { self.text = text }

  /// Changes the first character of the key at a mark; false where that cannot be done.
  mutating func hide(_ mark: Mark, in source: SourceText) -> Bool {
    let place = SourceLocation(line: mark.line, column: mark.column)
    guard originals.count < KeyMasks.most, text.utf8.count <= KeyMasks.largestText, originals[place] == nil,
      let mask = Unicode.Scalar(KeyMasks.firstMask + UInt32(originals.count)), var index = source.index(of: place)
    else { return false }
    let scalars = source.text.unicodeScalars
    guard index < scalars.endIndex else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { index = scalars.index(after: index) }
    guard index < scalars.endIndex, !"[]{}&!|>*?\\\"'".unicodeScalars.contains(scalars[index]) else { return false }
    // Masks differ in length from what they replace, but only in bytes, and lines and columns do not count bytes.
    let offset = scalars.distance(from: scalars.startIndex, to: index)
    var changed = text.unicodeScalars
    let target = changed.index(changed.startIndex, offsetBy: offset)
    changed.replaceSubrange(target...target, with: [mask])
    text = String(changed)
    originals[place] = scalars[index]
    return true
  }

  /// The key that stands at a place, as it is written in the file.
  func restored(_ key: String, at place: SourceLocation) -> String {
    guard let original = originals[place] else { return key }
    return String(original) + String(key.unicodeScalars.dropFirst())
  }
}
