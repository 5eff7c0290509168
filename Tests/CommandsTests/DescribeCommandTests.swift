import Commands
import Foundation
import Testing

@Suite struct DescribeCommandTests {
  private func members(_ line: String) throws -> [String: Any] {
    let run = Run(line + " --format json")
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test(
    "A rack has 72 accelerators, 18 NVSwitch chips, 900 GB/s into the domain over one switch, and its own rate out",
    arguments: [("gb200-nvl72", 50e9), ("gb300-nvl72", 100e9)])
  func rack(_ name: String, _ out: Double) throws {
    let answer = try members("describe \(name)")
    #expect(answer["acceleratorCount"] as? Int == 72)
    let devices = try #require(answer["devices"] as? [[String: Any]])
    let chips = devices.filter { $0["kind"] as? String == "scale-up-switch" }.compactMap { $0["count"] as? Int }
    #expect(chips.reduce(0, +) == 18)
    let tiers = try #require(answer["tiers"] as? [[String: Any]])
    let rack = try #require(tiers.first { $0["tier"] as? String == "rack" })
    #expect(rack["bandwidthPerAccelerator"] as? Double == 900e9 && rack["switchHops"] as? Int == 1)
    let leaf = try #require(tiers.first { $0["tier"] as? String == "leaf" })
    #expect(leaf["bandwidthPerAccelerator"] as? Double == out)
  }

  @Test("Close on a million GPUs are described by a few cells")
  func large() throws {
    let answer = try members("describe gb200-nvl72:racks=13824")
    #expect(answer["acceleratorCount"] as? Int == 995_328)
    #expect((answer["cellCount"] as? Int ?? .max) < 1000)
  }

  @Test("Rows are not the answer, so there is no CSV form")
  func csv() {
    let run = Run("describe gb200-nvl72 --format csv")
    #expect(run.status == .usage && run.output.isEmpty)
  }
}
