import Diagnostics
import Documents
import Quantities
import Testing

/// The value under `key` of a one-line mapping.
private func node(_ value: String) throws -> Node {
  try #require(read("key: \(value)").node?.mapping?["key"])
}

@Suite("Reading of values")
struct ReadingTests {
  private enum Colour: String, CaseIterable { case red, green }

  @Test("Values are read as what their reader asks for")
  func values() throws {
    var list = DiagnosticList()
    #expect(try node("'18'").text("key", &list)?.value == "18")
    #expect(try node("GB200-NVL72").name("key", &list)?.value == "GB200-NVL72")
    #expect(try node("-7").integer("key", in: -10...10, &list)?.value == -7)
    #expect(try node("13_824").integer("key", in: 0...20_000, &list)?.value == 13_824)
    #expect(try node("1.5e-3").number("key", in: 0...1, &list)?.value == 0.0015)
    #expect(try node("true").boolean("key", &list)?.value == true)
    #expect(try node("green").choice("key", as: Colour.self, &list)?.value == .green)
    #expect(try node("400 Gb/s").quantity("key", as: Bandwidth.self, &list)?.value == .gigabitsPerSecond(400))
    #expect(try node("[a, b]").sequence("key", &list)?.count == 2)
    #expect(!list.hasErrors)
  }

  @Test(
    "Counts and names are told apart by × or x",
    arguments: [
      ("8 × GB200", "8", "GB200"), ("8×GB200", "8", "GB200"), ("8 x GB200", "8", "GB200"), ("8xGB200", "8", "GB200"),
      ("racks x box-x86", "racks", "box-x86"), ("boxes × x", "boxes", "x"), ("(a + 1)x NAME", "(a + 1)", "NAME"),
      ("\"8 × GB200\"", "8", "GB200"),
    ])
  func counted(text: String, count: String, name: String) throws {
    var list = DiagnosticList()
    let counted = try node(text).countedName("key", &list)
    #expect(counted?.count.value == count)
    #expect(counted?.name.value == name)
    let place = try #require(counted?.name.range.start.column)
    #expect("key: \(text)".dropFirst(place - 1).hasPrefix(name))
  }

  @Test("What is not a count and a name is refused", arguments: ["8", "GB200", "× GB200", "8 ×", "8 × a b", "x"])
  func notCounted(text: String) throws {
    var list = DiagnosticList()
    #expect(try node(text).countedName("key", &list) == nil)
    #expect(list.diagnostics.map(\.id) == ["value.counted"])
  }

  @Test(
    "A value of another shape or none is refused with its place",
    arguments: [
      ("[1]", "1:6+1 value.shape"), ("{a: 1}", "1:6+1 value.shape"), ("", "1:5+1 value.empty"),
      ("~", "1:6+1 value.empty"),
      ("null", "1:6+4 value.empty"), ("\" \"", "1:6+3 value.empty"),
    ])
  func shapes(text: String, expected: String) throws {
    for read: (Node, inout DiagnosticList) -> Bool in [
      { $0.text("key", &$1) == nil }, { $0.integer("key", in: 0...1, &$1) == nil },
      { $0.number("key", in: 0...1, &$1) == nil }, { $0.boolean("key", &$1) == nil },
      { $0.quantity("key", as: Latency.self, &$1) == nil },
    ] {
      var list = DiagnosticList()
      #expect(read(try node(text), &list))
      #expect(summary(of: list) == [expected])
    }
  }

  @Test(
    "Whole numbers beyond 64 bits, fractions and words are told apart",
    arguments: [
      ("1000000000000000000000", "number.range"), ("18", "number.range"), ("1.5", "number.not-whole"),
      ("eight", "number.not-whole"), ("0x10", "number.not-whole"),
    ])
  func integers(text: String, id: String) throws {
    var list = DiagnosticList()
    #expect(try node(text).integer("key", in: 1...10, &list) == nil)
    #expect(list.diagnostics.map(\.id) == [id])
  }

  @Test("A quantity without a unit offers both readings, and neither is applied by itself")
  func missingUnit() throws {
    let source = SourceText(name: "test.yaml", text: "bandwidth: 900\n")
    var list = DiagnosticList()
    let value = try #require(source.document(&list)?.mapping?["bandwidth"])
    #expect(value.quantity("bandwidth", as: Bandwidth.self, &list) == nil)
    let diagnostic = try #require(list.diagnostics.first)
    #expect(diagnostic.fixIts.map(\.replacement) == ["900 GB/s", "900 Gb/s"])
    #expect(source.applyingFixIts(of: list.diagnostics).applied == 0)
    #expect(
      diagnostic.rendered(in: source) == """
        test.yaml:1:12: error: bandwidth needs a unit [quantity.missing-unit]
            1 | bandwidth: 900
              |            ^~~
              = fix-it: write '900 GB/s' (bytes) or '900 Gb/s' (bits)
        """)
  }

  @Test("A word that was meant otherwise is mended by its only suggestion")
  func fixIts() throws {
    let source = SourceText(name: "test.yaml", text: "colour: gren\nshown: yes\n")
    var list = DiagnosticList()
    let fields = try #require(source.document(&list)?.mapping)
    #expect(fields["colour"]?.choice("colour", as: Colour.self, &list) == nil)
    #expect(fields["shown"]?.boolean("shown", &list) == nil)
    #expect(source.applyingFixIts(of: list.diagnostics).text == "colour: green\nshown: true\n")
  }
}

@Suite("Checked mappings")
struct FieldsTests {
  private let schema = Schema(
    "thing", "A thing.",
    keys: [
      .required("count", .integer, "How many."), .optional("kind", .choice(["a", "b"]), "Which."),
      .optional("parts", .named(.integer), "Parts."),
    ])

  @Test("Unknown and missing keys are reported together, and what is there is read")
  func check() throws {
    var list = DiagnosticList()
    let document = try #require(read("kinds: a\nkind: b\ncolour: red\n").node)
    let fields = try #require(Fields(document, schema, &list))
    #expect(summary(of: list) == ["1:1+1 key.missing", "1:1+5 key.unknown", "3:1+6 key.unknown"])
    #expect(fields.choice("kind", among: ["a", "b"], &list)?.value == "b")
    #expect(fields.integer("count", in: 1...9, &list) == nil)
    #expect(list.count == 3)
  }

  @Test("Names of one's own are checked, and the others kept")
  func named() throws {
    var list = DiagnosticList()
    let document = try #require(read("count: 1\nparts: {nic-0: 1, \"a b\": 2, -x: 3}\n").node)
    let fields = try #require(Fields(document, schema, &list))
    #expect(fields.named("parts", &list).map(\.key.value) == ["nic-0"])
    #expect(list.diagnostics.map(\.id) == ["value.name", "value.name"])
  }

  @Test("The reference lists every key with what it takes and means")
  func reference() {
    #expect(
      [schema].reference == """
        ## thing

        A thing.

        | key | value | | meaning |
        |---|---|---|---|
        | `count` | whole number | required | How many. |
        | `kind` | `a`, `b` |  | Which. |
        | `parts` | names, each with: whole number |  | Parts. |

        """)
  }
}
