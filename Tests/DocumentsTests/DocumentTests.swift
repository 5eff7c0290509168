import Diagnostics
import Documents
import Quantities
import Testing

/// The document of a text and what was found in it, as `line:column id`.
func read(_ text: String) -> (node: Node?, found: [String]) {
  var list = DiagnosticList()
  let node = SourceText(name: "test.yaml", text: text).document(&list)
  return (node, summary(of: list))
}

func summary(of list: DiagnosticList) -> [String] {
  list.diagnostics.map { diagnostic in
    diagnostic.range.map { "\($0.start.line):\($0.start.column)+\($0.length) \(diagnostic.id)" } ?? diagnostic.id
  }
}

@Suite("Documents")
struct DocumentTests {
  @Test("Scalars, lists and mappings come with their places")
  func places() throws {
    let (node, found) = read("a: one\nb:\n  - \"two\"\n  - {c: 'it''s', d: \"\\t\"}\n")
    #expect(found == [])
    let root = try #require(node?.mapping)
    #expect(root.keys == ["a", "b"])
    #expect(root["a"]?.range == SourceRange(file: "test.yaml", start: .init(line: 1, column: 4), length: 3))
    let list = try #require(root["b"]?.sequence)
    #expect(list[0].scalar?.text == "two")
    #expect(list[0].range.length == 5)
    let inner = try #require(list[1].mapping)
    #expect(inner["c"]?.scalar?.text == "it's")
    #expect(inner["c"]?.range == SourceRange(file: "test.yaml", start: .init(line: 4, column: 9), length: 7))
    #expect(inner["d"]?.range == SourceRange(file: "test.yaml", start: .init(line: 4, column: 21), length: 4))
  }

  @Test("A part of a plain or quoted scalar has its own place")
  func parts() throws {
    let scalar = try #require(read("é: \"8 × NAME\"").node?.mapping?["é"]?.scalar)
    let name = try #require(scalar.text.split(separator: " ").last)
    #expect(scalar.range(of: name) == SourceRange(file: "test.yaml", start: .init(line: 1, column: 9), length: 4))
  }

  @Test("Every duplicate key is reported at its second place, and the rest is read all the same")
  func duplicates() {
    let (node, found) = read("a: 1\nb: {x: 1, \"x\": 2, y: 3}\na: 2\nc: {d: 1, d: 2, d: 3}\n")
    #expect(
      found == [
        "2:11+3 yaml.duplicate-key", "3:1+1 yaml.duplicate-key", "4:11+1 yaml.duplicate-key",
        "4:17+1 yaml.duplicate-key",
      ])
    #expect(node?.mapping?["a"]?.scalar?.text == "1")
    #expect(node?.mapping?["b"]?.mapping?.keys == ["x", "y"])
  }

  @Test(
    "What the language leaves out of YAML is a located error",
    arguments: [
      ("a: &x 1\n", "1:4+1 yaml.anchor"), ("a: &x 1\nb: *x\n", "2:4+1 yaml.alias"), ("a: *x\n", "1:4+1 yaml.alias"),
      ("a: !!int 1\n", "1:4+1 yaml.tag"), ("a: !mine [1]\n", "1:4+1 yaml.tag"),
      ("<<: {a: 1}\n", "1:1+2 yaml.merge-key"),
      ("? [a, b]\n: 1\n", "1:3+1 yaml.key"), ("{ ~: 1}\n", "1:3+1 yaml.key"),
      ("a: 1\n---\nb: 2\n", "3:1+1 yaml.several-documents"),
      ("a:\n\tb: 1\n", "2:1+1 yaml.tab"), ("", "1:1+1 yaml.empty"), ("# nothing\n", "1:1+1 yaml.empty"),
      ("a: \u{0}\n", "1:4+1 yaml.control-character"), ("a: \u{7F}\n", "1:4+1 yaml.control-character"),
      ("a: [1, 2\n", "2:1+1 yaml.syntax"), ("a: b: c\n", "1:5+1 yaml.syntax"), ("a: \"x\n", "2:1+1 yaml.syntax"),
      ("a: @x\n", "1:4+1 yaml.syntax"),
    ])
  func refused(text: String, expected: String) {
    #expect(read(text).found == [expected])
  }

  @Test("Aliases that multiply are refused before they are expanded")
  func billionLaughs() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    text += "? *a60\n: 1\n"
    let (node, found) = read(text)
    #expect(node == nil)
    #expect(found.first == "2:10+1 yaml.alias")
  }

  @Test("Nesting beyond the limit is refused, whether in flow or block style", arguments: [65, 990, 200_000])
  func deep(levels: Int) {
    let flow = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let block = String(repeating: "- ", count: levels) + "a"
    for text in [flow, block] {
      let found = read(text).found
      #expect(found.count == 1)
      #expect(found.allSatisfy { $0.hasSuffix("yaml.too-deep") || $0.hasSuffix("yaml.too-many-values") })
    }
    #expect(read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).found == [])
  }

  @Test("A file of too many values is refused before it is composed")
  func many() {
    #expect(read("[" + String(repeating: "a,", count: 400_001) + "]").found == ["1:1+1 yaml.too-many-values"])
  }

  @Test("Bytes that are too many or not UTF-8 are refused with their place")
  func bytes() {
    var list = DiagnosticList()
    #expect(SourceText.decoding(Array("a: é\nb: ".utf8) + [0xFF, 0x0A], name: "f", &list) == nil)
    #expect(SourceText.decoding(Array("a\r\nb".utf8) + [0xE2, 0x82], name: "f", &list) == nil)
    #expect(SourceText.decoding([UInt8](repeating: 0x20, count: SourceText.largestFile + 1), name: "f", &list) == nil)
    #expect(summary(of: list) == ["1:1+1 file.too-large", "2:2+1 file.encoding", "2:4+1 file.encoding"])
    #expect(SourceText.decoding(Array("\u{FEFF}a: 1".utf8), name: "f", &list)?.text == "a: 1")
  }

  @Test("Places are right with a byte order mark, CR LF, and characters of several bytes")
  func lineBreaks() throws {
    let root = try #require(read("\u{FEFF}a: 1\r\nnäme: {b: 2, ç: 3}\r\n").node?.mapping)
    #expect(root["a"]?.range.start == SourceLocation(line: 1, column: 4))
    #expect(root["näme"]?.mapping?["ç"]?.range.start == SourceLocation(line: 2, column: 17))
  }
}
