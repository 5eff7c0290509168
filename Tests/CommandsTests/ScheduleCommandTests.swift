import Commands
import Foundation
import Testing

@Suite("Schedules on the command line") struct ScheduleCommandTests {
  private func rows(_ line: String) -> [[String]] {
    let run = Run(line)
    #expect(run.status.rawValue == 0, "\(run.complaints)")
    return run.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("The classes of a ring's phases add up to what a rank sends")
  func classes() throws {
    let rows = rows("estimate all-reduce dgx-h100:nodes=2 --algorithm ring --sizes 16MiB --schedule --format csv")
    // A place may hold a comma, so the columns behind it are counted from the end.
    let column = rows[0].count - (try #require(rows[0].firstIndex(of: "bytesPerRank")))
    let sent = rows.dropFirst().compactMap { Double($0[$0.count - column]) }.reduce(0, +)
    #expect(abs(sent - 2.0 * 15 / 16 * 16_777_216) < 1)
    #expect(Set(rows.dropFirst().map { $0[3] }) == ["1", "2"])
  }

  @Test("Rank by rank every message is listed, in text, JSON and CSV alike")
  func messages() throws {
    let line = "estimate all-gather dgx-h100 --ranks 5 --algorithm ring --sizes 5KB --schedule --expand"
    let rows = rows(line + " --format csv")
    #expect(rows.count == 1 + 4 * 5)
    #expect(rows[1][3...7] == ["1", "rank 0", "rank 1", "0", "1"] && rows[1][9...] == ["1000", "copy"])
    let text = Run(line).output
    #expect(text.contains("step 4\n") && text.contains("rank 0 → rank 1: chunk 0, copy"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(Run(line + " --format json").output.utf8)) as? [String: Any])
    #expect(json["isochrone"] != nil && json["ranks"] as? Int == 5)
    let schedules = try #require(json["schedules"] as? [[String: Any]])
    let steps = try #require(schedules[0]["steps"] as? [[[String: Any]]])
    #expect(steps.count == 4 && steps.allSatisfy { $0.count == 5 })
    #expect(schedules[0]["bytesPerChunk"] as? Int == 1000)
    #expect(steps[0][0]["from"] as? String == "rank 0")
  }

  @Test("Messages of groups are between the ranks of a group")
  func groups() {
    let rows = rows(
      "estimate all-gather dgx-h100:nodes=3 --group tensor=8,data=* --along data --algorithm ring --sizes 3KB --schedule"
        + " --expand --format csv")
    #expect(rows.count == 1 + 2 * 24)
    for row in rows.dropFirst() {
      let ends = row[4...5].compactMap { Int($0.dropFirst("rank ".count)) }
      #expect(ends.count == 2 && (ends[1] - ends[0]) % 8 == 0 && ends[0] != ends[1])
    }
  }

  @Test(
    "What cannot be listed is refused with the reason",
    arguments: [
      ("estimate all-reduce dgx-h100:nodes=129 --schedule --expand --algorithm ring", "at most 1024 ranks, not 1032"),
      ("estimate all-reduce dgx-h100 --expand", "--expand goes with --schedule"),
      ("estimate all-reduce dgx-h100 --schedule --explain", "ask for one"),
    ])
  func refused(line: String, reason: String) {
    let run = Run(line)
    #expect(run.status.rawValue == 64 && run.complaints.contains(reason) && run.output.isEmpty)
  }
}
