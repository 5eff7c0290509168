import ClusterModel
import Collectives
import Estimation
import Quantities

extension ComparisonReport {
  /// The comparison as one self-contained page: sentences, charts of time and ratio, drawings, tables, sources.
  public var html: String {
    let labels = self.labels
    let title = "Isochrone: " + labels.joined(separator: " and ")
    var body = [
      Markup("h1", text: labels.joined(separator: " against ")),
      htmlTable(lines: subjectRows(labels), header: ["subject", "GPUs", "what it is", "parameters"], numeric: [1]),
    ]
    for section in sections { body += html(of: section, labels) }
    body += drawings(labels)
    body += sources
    body.append(Markup("p", ["class": "quiet"], text: "Made by isochrone \(Release.version)."))
    let head = Markup(
      "head", [:],
      [
        Markup.meta(["charset": "utf-8"]),
        Markup.meta(["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        Markup("title", text: title), .style(StyleSheet.report),
      ].flatMap { [.newline, $0] })
    let page = Markup(
      "html", ["lang": "en"],
      [.newline, head, .newline, Markup("body", [:], [Markup("main", [:], body.flatMap { [.newline, $0] })])])
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  private func subjectRows(_ labels: [String]) -> [[String]] {
    comparison.subjects.indices.map { index in
      let subject = comparison.subjects[index]
      let parameters = subject.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return [labels[index], "\(comparison.ranks[index])", subject.title, parameters.joined(separator: " ")]
    }
  }

  private func html(of section: ComparisonSection, _ labels: [String]) -> [Markup] {
    let name = section.collective.capitalised
    let times = LineChart(
      title: "\(name): time against message size", unit: "time",
      series: labels.indices.map { index in
        .init(name: labels[index], points: section.rows.map { ($0.bytes, $0.estimates[index].time.value) })
      }, reference: nil, scale: ChartScale.times)
    let ratios = LineChart(
      title: "\(name): time over that of \(labels.first ?? "the first") against message size",
      unit: "ratio to the first",
      series: labels.indices.map { index in
        .init(name: labels[index], points: section.rows.map { ($0.bytes, $0.ratiosToFirst[index]) })
      }, reference: 1, scale: ChartScale.ratios)
    let table = section.table(labels)
    let figures = [times, ratios].compactMap { chart in
      chart.markup().map { Markup("figure", [:], [$0, Markup("figcaption", text: chart.title)]) }
    }
    let numeric = Set(table.columns.indices.filter { table.columns[$0].isNumeric })
    return [Markup("h2", text: name)] + section.sentences(labels).map { Markup("p", text: $0) } + figures
      + [
        htmlTable(
          lines: table.rows, header: table.columns.map(\.title), numeric: numeric, caption: "\(name), every size")
      ]
  }

  private func drawings(_ labels: [String]) -> [Markup] {
    guard !descriptions.isEmpty else { return [] }
    return [Markup("h2", text: "The layouts")]
      + zip(descriptions.indices, labels).map { index, label in
        let drawing = TierDrawing(description: descriptions[index], decisions: decisions(of: index))
        return Markup("figure", [:], [Markup("h3", text: label), drawing.markup()])
      }
  }

  /// What the tiers of one subject decide at the largest size of each collective.
  private func decisions(of subject: Int) -> [Tier: String] {
    var decisions: [Tier: [String]] = [:]
    for section in sections {
      guard let largest = section.rows.max(by: { $0.bytes < $1.bytes }),
        case .link(let bottleneck) = largest.estimates[subject].decider
      else { continue }
      decisions[bottleneck.tier, default: []].append("\(section.collective) at \(largest.bytes)")
    }
    return decisions.mapValues { $0.joined(separator: ", ") }
  }

  private var sources: [Markup] {
    var seen: Set<Cluster.Assumption> = []
    let assumptions = comparison.answers.flatMap { $0 }.flatMap(\.assumptions).filter { seen.insert($0).inserted }
    var parts: [Markup] = []
    if !remarks.isEmpty {
      parts.append(Markup("h2", text: "Worth knowing"))
      parts.append(Markup("ul", [:], remarks.map { Markup("li", text: $0) }))
    }
    guard !assumptions.isEmpty else { return parts }
    parts.append(Markup("h2", text: "What it rests on"))
    parts.append(
      htmlTable(
        lines: assumptions.map { [$0.name, $0.value, $0.source] }, header: ["figure", "value", "source"], numeric: []))
    return parts
  }

  private func htmlTable(
    lines: [[String]], header: [String], numeric: Set<Int>, caption: String? = nil
  ) -> Markup {
    func cells(_ name: String, _ fields: [String]) -> [Markup] {
      fields.enumerated().map { column, text in
        numeric.contains(column) ? Markup(name, ["class": "number"], text: text) : Markup(name, text: text)
      }
    }
    let rows = lines.flatMap { [.newline, Markup("tr", [:], cells("td", $0))] }
    let table = Markup(
      "table", [:],
      (caption.map { [Markup("caption", text: $0)] } ?? [])
        + [
          .newline, Markup("thead", [:], [Markup("tr", [:], cells("th", header))]), Markup("tbody", [:], rows),
        ])
    return Markup("div", ["class": "scroll"], [table])
  }
}
