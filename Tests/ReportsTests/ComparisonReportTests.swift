import Collectives
import Estimation
import Foundation
import Quantities
import Testing

@testable import Reports

@Suite struct ComparisonReportTests {
  private let report = ComparisonReport(Samples.comparison(), descriptions: [Samples.description()])

  @Test("The sentences name what decides at both ends for each subject, and where the ratio changes")
  func sentences() {
    let text = report.text(width: nil)
    for part in [
      "At 1 KiB latency decides, most of it start-up, before the nvlink5 links inside the rack: two-racks takes",
      "At 8 GiB the nvlink5 links inside the rack decide: two-racks takes 21.5 ms by nvls simple, "
        + "other takes 10.7 ms (0.50×) by nvls simple.",
      "goes from 1.00× at 1 KiB to 0.50× at 8 GiB",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test("The JSON form has subjects and rows with a value for each subject")
  func json() throws {
    let object = try JSONSerialization.jsonObject(with: Data(report.json.encoded().utf8))
    let answer = try #require(object as? [String: Any])
    let subjects = try #require(answer["subjects"] as? [[String: Any]])
    #expect(subjects.map { $0["topology"] as? String } == ["two-racks", "other"])
    #expect(subjects[0]["parameters"] as? [String: Int] == ["racks": 2])
    let rows = try #require(answer["rows"] as? [[String: Any]])
    #expect(rows.map { $0["collective"] as? String } == ["all-reduce", "all-reduce", "all-to-all", "all-to-all"])
    for row in rows {
      #expect((row["seconds"] as? [Double])?.count == 2)
      #expect((row["ratioToFirst"] as? [Double])?.first == 1)
      #expect((row["bottleneck"] as? [[String: Any]])?.count == 2)
      #expect(row["bytes"] is Int)
    }
  }

  @Test("A subject compared with itself has ratio 1 in every row and a name of its own")
  func itself() {
    let answer = Samples.answer()
    let report = ComparisonReport(Comparison([[answer, answer]]))
    #expect(report.labels == ["two-racks", "two-racks (2)"])
    #expect(report.comparison.rows.allSatisfy { $0.ratiosToFirst == [1, 1] })
    #expect(report.text(width: nil).contains("is 1.00× at every size"))
  }

  @Test("Topologies of one name are told apart by the parameters that differ")
  func labels() {
    let answers = ["8", "16"].map {
      Samples.answer(subject: Samples.subject("rack", parameters: ["racks": $0, "trays": "18"]))
    }
    #expect(ComparisonReport(Comparison([answers])).labels == ["rack:racks=8", "rack:racks=16"])
  }

  @Test("The CSV form has a row for each collective, size and subject")
  func csv() throws {
    let csv = try #require(report.csv)
    #expect(csv.rows.count == 8 && csv.rows.allSatisfy { $0.count == csv.header.count })
  }

  @Test("An empty comparison is reported without a crash")
  func empty() {
    let report = ComparisonReport(Comparison([]))
    #expect(!report.json.encoded().isEmpty && !report.html().isEmpty && report.csv?.rows.isEmpty == true)
    _ = report.text(width: 40)
  }
}

@Suite struct ComparisonPageTests {
  /// The names of elements that are opened and not closed, or closed and not open, in order.
  private func unbalanced(_ page: String) -> [String] {
    var open: [String] = []
    var wrong: [String] = []
    for tag in page.matches(of: #/<(/?)([a-zA-Z0-9]+)[^<>]*>/#) where tag.output.2 != "meta" {
      if tag.output.1.isEmpty {
        open.append(String(tag.output.2))
      } else if open.popLast() != String(tag.output.2) {
        wrong.append(String(tag.output.2))
      }
    }
    return wrong + open
  }

  @Test("The page is well formed and has a chart of time, one of ratio and a drawing for each subject")
  func parts() {
    let page = ComparisonReport(
      Samples.comparison(), descriptions: [Samples.description(), Samples.description()]
    ).html()
    #expect(unbalanced(page) == [])
    #expect(page.matches(of: #/<svg\s/#).count == 2 * 2 + 2)
    #expect(page.matches(of: #/<polyline\s/#).count == 2 * (2 + 1))
    #expect(page.contains("decides all-reduce at 8 GiB, all-to-all at 8 GiB"))
    #expect(!page.contains("http://www.w3.org/1999") && !page.contains("src=") && !page.contains("<script"))
  }

  @Test("Names from files cannot become markup", arguments: ["<script>x</script>", "\"onload='x'", "a & b", "&lt;"])
  func escaping(_ name: String) {
    let subject = Subject(topology: name, title: name, parameters: [name: name])
    let answer = Samples.answer(subject: subject, remarks: [name])
    let page = ComparisonReport(
      Comparison([[answer, answer]]), descriptions: [Samples.description(title: name)]
    ).html()
    #expect(unbalanced(page) == [])
    #expect(!page.contains("<script") && !page.contains("'x'") && !page.contains(name))
  }

  @Test("A name of 200 characters is shortened in drawings and whole in the text")
  func longNames() {
    let name = String(repeating: "ab", count: 100)
    let answer = Samples.answer(subject: Subject(topology: name, title: name, parameters: [:]))
    let page = ComparisonReport(Comparison([[answer, answer]])).html()
    #expect(page.contains("<h1>\(name)"))
    #expect(page.contains("…</text>"))
  }
}

@Suite struct ChartScaleTests {
  @Test("Places run from 0 to 1 in the order of the values")
  func monotone() {
    let values = [1e-6, 2e-5, 3e-4, 1.0]
    let scale = ChartScale.logarithmic(values, unit: "s")
    let places = values.map(scale.position)
    #expect(places == places.sorted() && places.allSatisfy { (0...1).contains($0) })
    #expect(scale.ticks.map(\.value) == [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1])
  }

  @Test("Ticks are few at any range of values", arguments: [[1.0], [0.5, 1.2], [1, 9], [1, 137], [1e-3, 4e6]])
  func ratios(_ values: [Double]) {
    let scale = ChartScale.straight(values, holding: 1)
    #expect((2...7).contains(scale.ticks.count))
    #expect(Set(scale.ticks.map(\.label)).count == scale.ticks.count)
  }

  @Test(
    "Values at the ends of what a number holds make a scale",
    arguments: [[Double.leastNonzeroMagnitude], [1.7e308], [Double.leastNonzeroMagnitude, 1.7e308]])
  func extremes(_ values: [Double]) {
    for scale in [ChartScale.logarithmic(values, unit: "s"), ChartScale.straight(values, holding: 1)] {
      #expect(values.map(scale.position).allSatisfy { (0...1).contains($0) })
    }
  }

  @Test("Of thirty sizes at most eight are labelled")
  func sizes() {
    let scale = ChartScale.sizes((3..<33).map { Double(1 << $0) })
    #expect(scale.ticks.count <= 8 && scale.ticks.first?.label == "8 B")
    #expect(ChartScale.sizes([8]).position(8) == 0.5)
  }
}
