import Commands
import Foundation
import Testing

@Suite("Ways of routing on the command line") struct RoutingOptionTests {
  private func estimate(_ options: String) throws -> (routing: String, seconds: Double) {
    let run = Run(
      "estimate all-to-all dgx-h100:nodes=20,oversubscription=4 --sizes 1GiB --format json \(options)",
      in: FakeEnvironment(files: [:]))
    #expect(run.status.rawValue == 0, "\(run.complaints)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let row = try #require((json["estimates"] as? [[String: Any]])?.first)
    return (try #require(json["routing"] as? String), try #require(row["seconds"] as? Double))
  }

  @Test("Traffic kept to rails is asked for by name, told in the answer, and spares the spine")
  func railAligned() throws {
    let usual = try estimate("--algorithm pairwise")
    let kept = try estimate("--algorithm pairwise --routing rail-aligned")
    #expect(usual.routing == "equal-split")
    #expect(kept.routing == "rail-aligned")
    #expect(kept.seconds < 0.5 * usual.seconds)
  }

  @Test("A way of routing that is not known is wrong usage, with those that are")
  func unknown() {
    let run = Run("estimate all-to-all dgx-h100 --routing rail", in: FakeEnvironment(files: [:]))
    #expect(run.status.rawValue == 64)
    #expect(run.complaints.contains("rail-aligned"))
  }
}
