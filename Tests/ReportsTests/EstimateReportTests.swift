import Collectives
import Estimation
import Foundation
import Quantities
import Testing

@testable import Reports

@Suite struct EstimateReportTests {
  private func members(_ report: some Report) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(report.json.encoded().utf8)) as? [String: Any])
  }

  @Test("The first sentence says how long the largest size takes, how, and which links decide")
  func headline() {
    let lines = EstimateReport(Samples.answer()).text(width: nil).split(separator: "\n")
    #expect(
      lines[0] == "All-reduce of 8 GiB over 72 GPUs takes 21.5 ms: 789 GB/s bus bandwidth, by nvls simple; "
        + "the nvlink5 links inside the rack decide.")
    #expect(lines[1].hasPrefix("At 1 KiB it takes 10.0 µs, by nvls simple; latency decides, most of it start-up"))
  }

  @Test("The JSON form has the members that others rely on, the form's number first")
  func json() throws {
    let report = EstimateReport(Samples.answer())
    #expect(
      report.json.encoded().hasPrefix("{\n  \"isochrone\": {\"format\": 1, \"version\": \"\(Release.version)\"},"))
    let answer = try members(report)
    for key in ["isochrone", "topology", "parameters", "collective", "ranks", "library", "estimates", "assumptions"] {
      #expect(answer[key] != nil, "\(key)")
    }
    #expect(answer["parameters"] as? [String: Int] == ["racks": 2])
    let rows = try #require(answer["estimates"] as? [[String: Any]])
    let row = try #require(rows.last)
    for key in [
      "bytes", "seconds", "algorithmBandwidth", "busBandwidth", "algorithm", "protocol", "latencySeconds",
      "bandwidthSeconds", "lowerBoundSeconds", "interval", "basis", "bottleneck", "candidates",
    ] { #expect(row[key] != nil, "\(key)") }
    #expect(row["bytes"] as? Int == 8_589_934_592)
    let seconds = try #require(row["seconds"] as? Double)
    let busBandwidth = try #require(row["busBandwidth"] as? Double)
    #expect(abs(busBandwidth / (8_589_934_592 / seconds * 2 * 71 / 72) - 1) < 1e-12)
    let bottleneck = try #require(row["bottleneck"] as? [String: Any])
    #expect(bottleneck["link"] as? String == "nvlink5" && bottleneck["tier"] as? String == "rack")
  }

  @Test("Without a bottleneck the member is null")
  func noBottleneck() throws {
    var answer = Samples.answer()
    answer.estimates = [Samples.estimate(8, bottleneck: nil)]
    let rows = try #require(try members(EstimateReport(answer))["estimates"] as? [[String: Any]])
    #expect(rows[0]["bottleneck"] is NSNull)
    #expect(EstimateReport(answer).text(width: nil).contains("latency decides"))
  }

  @Test("The CSV form has a row a size, each as long as the header")
  func csv() throws {
    let csv = try #require(EstimateReport(Samples.answer()).csv)
    #expect(csv.rows.count == 2 && csv.rows.allSatisfy { $0.count == csv.header.count })
    #expect(csv.rows[1][0] == "8589934592")
  }

  @Test("An explanation tells terms, candidates, refusals, schedules and sources")
  func explanation() throws {
    let report = EstimateReport(Samples.answer(), explains: true)
    let text = report.text(width: nil)
    for part in [
      "S / 400 GB/s", "ring LL128", "direct simple", "tree: There is one domain only.", "every GPU sends",
      "[1] a fit", "[2] a data sheet", "bound:", "9 in 10",
    ] { #expect(text.contains(part), "\(part)") }
    let answer = try members(report)
    #expect(answer["schedules"] as? [String: [String]] == ["nvls": Samples.schedule.explanation])
    #expect((answer["refusals"] as? [Any])?.count == 1)
  }

  @Test("No line of a table is wider than the terminal")
  func width() {
    let text = EstimateReport(Samples.answer()).text(width: 80)
    let table = text.split(separator: "\n").drop { !$0.contains("busbw") }.prefix(3)
    #expect(table.count == 3 && table.allSatisfy { $0.count <= 80 })
  }

  @Test("A share that is only near 0 or 1 does not claim to be there")
  func shares() {
    #expect(percent(1) == "100 %" && percent(0.9999) == "> 99 %" && percent(0.001) == "< 1 %" && percent(0) == "0 %")
  }
}
