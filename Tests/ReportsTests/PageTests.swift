import Testing

@testable import Reports

@Suite struct PageTests {
  private var page: Page {
    var table = TextTable([.init("size", isNumeric: true), .init("name")])
    table.append(["8 B", "a|b"])
    let chart = LineChart(
      title: "Time", horizontal: .sizes, vertical: .times,
      series: [.init(name: "one", points: [.init(8, 1e-6), .init(1024, 1e-5)])])
    return Page(
      title: "A <title>", answer: ["It takes *8* µs.", "More."],
      sections: [
        .init(nil, [.table(table)]), .init("Charts", [.figure(chart)]),
        .init("Only text", [.lines(["  a"])], in: .text),
        .init("Only documents", [.sentences(["b"])], in: .document), .remarks([]),
      ])
  }

  @Test("A pipe gets neither colours nor charts")
  func plain() {
    #expect(page.text(.plain) == "It takes *8* µs.\nMore.\n\nsize  name\n 8 B  a|b\n\nOnly text:\n    a\n")
  }

  @Test("A terminal gets colours, and charts of the characters it has")
  func terminal() {
    let unicode = page.text(TextStyle(width: 80, isColoured: true, charts: .unicode))
    #expect(unicode.contains("\u{1B}[1mIt takes") && unicode.contains("●") && unicode.contains("└"))
    let ascii = page.text(TextStyle(width: 80, charts: .ascii))
    #expect(ascii.contains("*") && ascii.contains("+--") && !ascii.contains("\u{1B}"))
    #expect(ascii.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("Markdown means what it says, and has the figures behind each chart")
  func markdown() {
    let text = page.markdown(reproducedBy: "isochrone estimate")
    #expect(text.hasPrefix("# A \\<title\\>\n\n**It takes \\*8\\* µs.**\n\nMore."))
    for part in ["| 8 B | a\\|b |", "| 1 KiB | 10.0 µs |", "## Only documents", "    isochrone estimate"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains("Only text"))
  }

  @Test("HTML tells the command that makes it again, and nothing is fetched or run")
  func html() {
    let text = page.html(reproducedBy: "isochrone estimate <x>")
    #expect(text.contains("<code>isochrone estimate &lt;x&gt;</code>"))
    #expect(
      text.contains("A &lt;title&gt;") && !text.contains("<script") && !text.contains("src=")
        && !text.contains("Only text"))
  }
}
