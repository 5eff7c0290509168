import Foundation
import Testing

@testable import Reports

@Suite struct DescriptionReportTests {
  private let report = DescriptionReport(Samples.description())

  @Test("The first sentence counts the GPUs and says what each can send on every tier")
  func headline() {
    #expect(
      report.text(width: nil).hasPrefix(
        "Two racks of ours: 136 GPUs in use of 144; 900 GB/s (7.20 Tb/s) each inside the rack, "
          + "50.0 GB/s (400 Gb/s) each up to the leaf switches.\n"))
  }

  @Test("Devices, links and tiers are told with their counts, and what cannot be reached is said")
  func tables() {
    let text = report.text(width: nil)
    for part in ["scale-up-switch", "2592  nvlink5", "50.0 GB/s (400 Gb/s)", "unreachable", "2.00 : 1"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test("The JSON form has the counts and tiers that others rely on")
  func json() throws {
    let object = try JSONSerialization.jsonObject(with: Data(report.json.encoded().utf8))
    let answer = try #require(object as? [String: Any])
    for (key, value) in ["acceleratorCount": 136, "vertexCount": 200, "linkCount": 4000, "cellCount": 12] {
      #expect(answer[key] as? Int == value)
    }
    let tiers = try #require(answer["tiers"] as? [[String: Any]])
    for key in [
      "tier", "groups", "acceleratorsPerGroup", "bandwidthPerAccelerator", "latencySeconds", "oversubscription",
    ] { #expect(tiers.allSatisfy { $0[key] != nil }, "\(key)") }
    #expect(tiers[0]["latencySeconds"] as? Double == 6e-7 && tiers[1]["latencySeconds"] is NSNull)
    #expect(tiers.map { $0["tier"] as? String } == ["rack", "leaf"])
  }

  @Test("Rows are not the answer, so there is no CSV form")
  func csv() {
    #expect(report.rendered(as: .csv) == nil)
  }
}
