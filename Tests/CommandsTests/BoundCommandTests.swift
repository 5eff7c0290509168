import Commands
import Foundation
import Testing

@Suite struct BoundCommandTests {
  private func answer(_ line: String) throws -> [String: Any] {
    let run = Run(line + " --format json")
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private static let collectives = [
    "all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "reduce", "gather", "scatter", "send-recv",
  ]

  @Test("Every collective has a bound with its reason, and no algorithm is below it", arguments: collectives)
  func bounds(collective: String) throws {
    for topology in ["gb200-nvl72:racks=2", "dgx-h100:nodes=3", "rtx-pro-6000-pcie"] {
      let answer = try answer("bound \(collective) \(topology) --sizes 1MiB,1GiB")
      let bound = try #require(answer["bound"] as? [String: Any])
      let perByte = try #require(bound["secondsPerByte"] as? Double)
      let reason = try #require(bound["reason"] as? String)
      #expect(perByte > 0 && !reason.isEmpty)
      let rows = try #require(answer["rows"] as? [[String: Any]])
      #expect(rows.count == 2)
      for row in rows {
        let bytes = try #require(row["bytes"] as? Double)
        let least = try #require(row["lowerBoundSeconds"] as? Double)
        #expect(abs(least - perByte * bytes) <= 1e-9 * least)
        for algorithm in try #require(row["algorithms"] as? [[String: Any]]) {
          let ratio = try #require(algorithm["ratioToBound"] as? Double)
          let time = try #require(algorithm["seconds"] as? Double)
          #expect(ratio >= 1 && time >= least)
        }
      }
      guard let cut = bound["cut"] as? [String: Any] else { continue }
      let links = try #require(cut["links"] as? [[String: Any]])
      let together = links.reduce(0.0) {
        $0 + ($1["count"] as? Double ?? .nan) * ($1["bandwidth"] as? Double ?? .nan)
      }
      let capacity = try #require(cut["capacity"] as? Double)
      #expect(abs(together - capacity) <= 1e-9 * together)
    }
  }

  @Test("A single rank has no bound and no ratio")
  func singleRank() throws {
    let answer = try answer("bound all-gather gb200-nvl72 --ranks 1 --sizes 1GiB")
    #expect(answer["bound"] is NSNull)
    #expect(Run("bound all-gather gb200-nvl72 --ranks 1").output.contains("Nothing has to cross a link"))
  }

  @Test("What does not fit is refused")
  func badInput() {
    #expect(Run("bound all-gather gb200-nvl72 --ranks 73").status == .usage)
    #expect(Run("bound all-gathr gb200-nvl72").status == .usage)
    #expect(Run("bound all-gather nowhere").status == .noInput)
    #expect(Run("bound all-gather gb200-nvl72 --format csv").status == .usage)
  }
}
