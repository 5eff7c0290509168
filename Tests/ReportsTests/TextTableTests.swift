import Testing

@testable import Reports

@Suite struct TextTableTests {
  private var table: TextTable {
    var table = TextTable([.init("name"), .init("count", isNumeric: true, rank: 1), .init("note", rank: 2)])
    table.append(["a", "7", "first"])
    table.append(["long name", "1234", ""])
    return table
  }

  @Test("Numbers end in one column, texts begin in one, and no line ends with a space")
  func alignment() {
    #expect(
      table.lines() == [
        "name       count  note",
        "a              7  first",
        "long name   1234",
      ])
  }

  @Test("Where the width does not do, the columns that matter least are left out")
  func narrow() {
    #expect(table.lines(width: 20).first == "name       count")
    #expect(table.lines(width: 5).first == "name")
    #expect(table.lines(width: 23) == table.lines())
  }

  @Test("Control and direction characters of names do not reach the terminal")
  func control() {
    #expect(printable("a\u{1B}[31mb\u{202E}c\nd") == "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d")
    #expect(printable("Zürich 東京 👩‍🚀") == "Zürich 東京 👩‍🚀")
  }

  @Test("Fields of comma-separated values are quoted where they need it")
  func commaSeparated() {
    let csv = CSV(header: ["a", "b"], rows: [["1,2", "say \"x\""], ["", "two\nlines"]])
    #expect(csv.encoded() == "a,b\n\"1,2\",\"say \"\"x\"\"\"\n,\"two\nlines\"\n")
  }
}
