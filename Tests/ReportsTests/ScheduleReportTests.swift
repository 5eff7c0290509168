import Testing

@testable import Reports

@Suite("Schedules as reports") struct ScheduleReportTests {
  private let report = ScheduleReport(Samples.answer())

  @Test("Text tells for each size what each phase does and how many bytes go where")
  func text() {
    let text = report.text(width: nil)
    #expect(text.contains("All-reduce of 1 KiB over 72 GPUs, by nvls simple"))
    #expect(text.contains("1. reduction (1 step): every GPU sends to the switches"))
    #expect(text.contains("through the domain's switches") && text.contains("1.54 kB"))
  }

  @Test("JSON and CSV have the same numbers: volumes times the size")
  func data() throws {
    let csv = try #require(report.csv)
    #expect(csv.rows.count == 2 && csv.rows.allSatisfy { $0.count == csv.header.count })
    let column = try #require(csv.header.firstIndex(of: "bytesPerRank"))
    #expect(csv.rows.map { $0[column] } == ["1536", "12884901888"])
    let json = report.json.encoded()
    #expect(json.contains("\"bytesPerRank\": 1536,") && json.contains("\"messagesInTurn\": 2"))
  }
}
