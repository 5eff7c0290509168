import Diagnostics
import Testing

private func range(_ line: Int, _ column: Int, _ length: Int = 1) -> SourceRange {
  SourceRange(file: "cluster.yaml", start: SourceLocation(line: line, column: column), length: length)
}

private func rendered(_ text: String, _ range: SourceRange) -> [Substring] {
  Diagnostic(.error, id: "an.id", "wrong", at: range)
    .rendered(in: SourceText(name: "cluster.yaml", text: text))
    .split(separator: "\n", omittingEmptySubsequences: false)
}

@Suite("Rendering of diagnostics")
struct RenderingTests {
  @Test("The place, the line, the caret, the fix-its and the notes stand as documented")
  func example() {
    let text = String(repeating: "\n", count: 13) + "    bandwidth: 900\n"
    let stretch = range(14, 16, 3)
    let diagnostic = Diagnostic(
      .error, id: "quantity.missing-unit", "bandwidth needs a unit", at: stretch, notes: ["a note"],
      fixIts: [
        .init(message: "write '900 GB/s' (bytes)", range: stretch, replacement: "900 GB/s"),
        .init(message: "write '900 Gb/s' (bits)", range: stretch, replacement: "900 Gb/s"),
      ])
    #expect(
      diagnostic.rendered(in: SourceText(name: "cluster.yaml", text: text)) == """
        cluster.yaml:14:16: error: bandwidth needs a unit [quantity.missing-unit]
           14 |     bandwidth: 900
              |                ^~~
              = fix-it: write '900 GB/s' (bytes) or '900 Gb/s' (bits)
              = note: a note
        """)
  }

  @Test("Without a place or a source there is no excerpt")
  func bare() {
    #expect(Diagnostic(.warning, id: "a.b", "hm").rendered() == "warning: hm [a.b]")
    #expect(Diagnostic(.error, id: "a.b", "hm", at: range(1, 2)).rendered() == "cluster.yaml:1:2: error: hm [a.b]")
  }

  @Test("Tabs, wide characters and combining marks keep the caret under its character")
  func alignment() {
    #expect(rendered("\ta: x", range(1, 5))[2] == "      | \t   ^")
    #expect(rendered("名: x", range(1, 4))[2] == "      |     ^")
    #expect(rendered("e\u{301}: x", range(1, 5))[2] == "      |    ^")
  }

  @Test("A carriage return is no part of the line, and controls are not sent to the terminal")
  func controls() {
    #expect(rendered("a: x\r\nb: y\r\n", range(2, 4))[1] == "    2 | b: y")
    #expect(rendered("a: \u{1B}[2Jx", range(1, 4))[1] == "    1 | a: \u{FFFD}[2Jx")
    #expect(rendered("a: \u{202E}x", range(1, 4))[1] == "    1 | a: \u{FFFD}x")
  }

  @Test("A caret beyond the end of a line, and an underline that is too long, stay on it")
  func beyond() {
    #expect(rendered("abc", range(1, 9))[2] == "      |    ^")
    #expect(rendered("abc", range(1, 2, 50))[2] == "      |  ^~")
    #expect(rendered("abc", range(7, 1)).count == 1)
  }

  @Test("Of a very long line only the part around the place is shown")
  func longLine() {
    let lines = rendered(
      String(repeating: "a", count: 5000) + "b" + String(repeating: "c", count: 5000), range(1, 5001))
    #expect(lines[1].count < 120)
    let column = lines[1].firstIndex(of: "b").map { lines[1].distance(from: lines[1].startIndex, to: $0) }
    let caret = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
    #expect(column == caret)
    #expect(lines[1].hasSuffix("…"))
  }
}

@Suite("Lists of diagnostics")
struct DiagnosticListTests {
  @Test("Diagnostics come sorted by place, each once")
  func sorted() {
    var list = DiagnosticList()
    list.error("b", "second", at: range(2, 1))
    list.error("a", "first", at: range(1, 9))
    list.error("b", "second", at: range(2, 1))
    list.warning("c", "nowhere", at: nil)
    #expect(list.diagnostics.map(\.message) == ["nowhere", "first", "second"])
    #expect(list.hasErrors)
  }

  @Test("Errors beyond the limit are counted, not kept")
  func limited() {
    var list = DiagnosticList(limit: 3)
    for line in 1...10 { list.error("a", "wrong", at: range(line, 1)) }
    #expect(list.isFull)
    #expect(list.diagnostics.count == 4)
    #expect(list.diagnostics.last?.message == "7 more mistakes not shown")
  }

  @Test("Warnings alone throw nothing")
  func warnings() throws {
    var list = DiagnosticList()
    list.warning("a", "hm", at: nil)
    try list.throwIfErrors()
    list.error("a", "wrong", at: nil)
    #expect(throws: DiagnosticsError.self) { try list.throwIfErrors() }
  }
}

@Suite("Fix-its")
struct FixItTests {
  private func fix(_ text: String, _ changes: [(SourceRange, String)]) -> (text: String, applied: Int) {
    SourceText(name: "cluster.yaml", text: text).applyingFixIts(
      of: changes.map {
        Diagnostic(.error, id: "a", "b", at: $0, fixIts: [.init(message: "", range: $0, replacement: $1)])
      })
  }

  @Test("All changes are made at the places they had before any of them")
  func several() {
    let result = fix("a: é1\r\nb: 2\n", [(range(1, 4, 2), "long text"), (range(2, 4), "3"), (range(1, 1), "key")])
    #expect(result.text == "key: long text\r\nb: 3\n")
    #expect(result.applied == 3)
  }

  @Test("Of changes that overlap the first wins, and changes beyond the text are left out")
  func overlap() {
    #expect(fix("abcdef", [(range(1, 2, 3), "X"), (range(1, 3, 3), "Y"), (range(1, 5), "Z")]).text == "aXZf")
    #expect(fix("abc", [(range(1, 3, 5), "X"), (range(4, 1), "Y"), (range(1, 99), "Z")]).applied == 0)
  }

  @Test("A choice of several fix-its is left to the user")
  func ambiguous() {
    let place = range(1, 1)
    let diagnostic = Diagnostic(
      .error, id: "a", "b", at: place,
      fixIts: [.init(message: "", range: place, replacement: "x"), .init(message: "", range: place, replacement: "y")])
    #expect(SourceText(name: "cluster.yaml", text: "a").applyingFixIts(of: [diagnostic]).text == "a")
  }
}
