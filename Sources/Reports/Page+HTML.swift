extension Page {
  /// The page as one self-contained HTML file: no script, no request to anywhere; light, dark and on paper.
  /// - Parameter command: What makes the page again; nil where nobody asked on a command line.
  func html(reproducedBy command: String?) -> String {
    var body = [Markup("h1", text: title)]
    if !question.isEmpty { body.append(Markup("p", ["class": "quiet"], text: question)) }
    body += answer.enumerated().map { index, sentence in
      Markup("p", ["class": index == 0 ? "answer" : "quiet"], text: sentence)
    }
    for section in sections(for: .document) { body += Page.markup(of: section) }
    if let command {
      body.append(Markup("h2", text: "To make this page again"))
      body.append(Markup("pre", [:], [Markup("code", text: command)]))
    }
    body.append(Markup("p", ["class": "quiet"], text: "Made by isochrone \(Release.version)."))
    let head = [
      Markup.meta(["charset": "utf-8"]),
      Markup.meta(["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      Markup("title", text: "Isochrone: \(title)"), .style(StyleSheet.report),
    ]
    let page = Markup(
      "html", ["lang": "en"],
      [
        .newline, Markup("head", [:], head.flatMap { [.newline, $0] }), .newline,
        Markup("body", [:], [Markup("main", [:], body.flatMap { [.newline, $0] })]),
      ])
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  private static func markup(of section: Section) -> [Markup] {
    let body = grouped(section.blocks)
    guard !body.isEmpty else { return [] }
    return (section.heading.map { [Markup("h2", text: $0)] } ?? []) + body
  }

  /// The blocks in order; figures that follow each other stand side by side where there is room.
  private static func grouped(_ blocks: [Block]) -> [Markup] {
    var parts: [Markup] = []
    var figures: [Markup] = []
    func close() {
      if !figures.isEmpty { parts.append(Markup("div", ["class": "figures"], figures)) }
      figures = []
    }
    for block in blocks {
      if case .figure(let figure) = block {
        if let drawn = markup(of: figure) { figures += [.newline, drawn] }
      } else {
        close()
        parts += markup(of: block)
      }
    }
    close()
    return parts
  }

  private static func markup(of block: Block) -> [Markup] {
    switch block {
    case .sentences(let sentences): sentences.map { Markup("p", text: $0) }
    case .list(let points): [Markup("ul", [:], points.map { Markup("li", text: $0) })]
    case .lines(let lines): [Markup("pre", text: lines.joined(separator: "\n"))]
    case .table(let table): table.rows.isEmpty ? [] : [markup(of: table)]
    case .figure: []
    }
  }

  private static func markup(of figure: any Figure) -> Markup? {
    figure.svg().map { drawing in
      let behind = figure.table.map { table in
        [Markup("details", [:], [Markup("summary", text: "The figures behind it"), markup(of: table)])]
      }
      return Markup("figure", [:], [Markup("figcaption", text: figure.title), .newline, drawing] + (behind ?? []))
    }
  }

  private static func markup(of table: TextTable) -> Markup {
    func cells(_ name: String, _ fields: [String]) -> [Markup] {
      zip(table.columns, fields).map { column, text in
        column.isNumeric ? Markup(name, ["class": "number"], text: text) : Markup(name, text: text)
      }
    }
    let caption = table.caption.map { [Markup("caption", text: $0)] } ?? []
    let header = Markup("thead", [:], [Markup("tr", [:], cells("th", table.columns.map(\.title)))])
    let rows = table.rows.flatMap { [.newline, Markup("tr", [:], cells("td", $0))] }
    return Markup(
      "div", ["class": "scroll", "tabindex": "0"],
      [Markup("table", [:], caption + [.newline, header, Markup("tbody", [:], rows)])])
  }
}
