import Commands
import Foundation
import Testing

@Suite struct CatalogCommandTests {
  private func members(_ run: Run) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test("Without a name everything shipped is listed, topologies with their parameters")
  func overview() throws {
    let run = Run("catalog --format json")
    #expect(run.status == .done && run.complaints.isEmpty)
    let topologies = try #require(try members(run)["topologies"] as? [[String: Any]])
    let rack = try #require(topologies.first { $0["name"] as? String == "gb200-nvl72" })
    #expect((rack["parameters"] as? [String: Any])?["trays"] as? Int == 18)
  }

  @Test("Library profiles are listed, and shown as their files")
  func libraries() throws {
    let listed = try #require(try members(Run("catalog --format json"))["libraries"] as? [[String: Any]])
    let names = listed.compactMap { $0["name"] as? String }
    #expect(names.contains("nccl") && names.contains("alpha-beta"))
    #expect(listed.allSatisfy { ($0["about"] as? String)?.isEmpty == false })
    for name in names { #expect(Run("catalog \(name)").output.contains("library: \(name)\n")) }
    #expect(names.allSatisfy { Run("catalog").output.contains($0) })
  }

  @Test("Estates are listed and shown as their files, and language models are listed")
  func estates() throws {
    let listed = try members(Run("catalog --format json"))
    let names = try #require(listed["estates"] as? [[String: Any]]).compactMap { $0["name"] as? String }
    #expect(names.contains("stargate") && names.contains("two-sites"))
    for name in names { #expect(Run("catalog \(name)").output.contains("populations:")) }
    let models = try #require(listed["models"] as? [[String: Any]])
    #expect(models.contains { $0["name"] as? String == "DeepSeek-V3" })
    #expect(models.allSatisfy { ($0["about"] as? String)?.contains("parameters") == true })
  }

  @Test("A part is shown with its figures, each with source or reason")
  func part() throws {
    let figures = try #require(try members(Run("catalog h100 --format json"))["figures"] as? [[String: Any]])
    #expect(!figures.isEmpty)
    #expect(figures.allSatisfy { $0["source"] is String || $0["note"] is String })
  }

  @Test("Names that differ only in case are told apart where they are written exactly")
  func exactCase() {
    #expect(Run("catalog gb200-nvl72").output.hasPrefix("isochrone: 1"))
    #expect(Run("catalog GB200-NVL72").output.hasPrefix("system: GB200-NVL72"))
  }

  @Test("Every figure of the catalogue has a source or a reason")
  func check() {
    let run = Run("catalog --check")
    #expect(run.status == .done, "\(run.output)")
  }

  @Test("The user's own folder comes before the shipped topologies")
  func folder() {
    let environment = FakeEnvironment(
      files: [
        "mine/gb200-nvl72.yaml": "isochrone: 1\nname: My rack\n", "mine/other.yaml": "isochrone: 1\nname: Other\n",
      ],
      variables: ["ISOCHRONE_TOPOLOGIES": "mine"])
    let run = Run("catalog", in: environment)
    #expect(run.output.contains("My rack") && run.output.contains("Other"))
    #expect(run.output.contains("gb300-nvl72") && !run.output.contains("NVIDIA GB200 NVL72 \n"))
  }
}
