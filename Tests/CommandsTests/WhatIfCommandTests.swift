import Commands
import Foundation
import Testing

@Suite struct WhatIfCommandTests {
  private func answer(_ words: [String], files: [String: String] = [:]) throws -> [String: Any] {
    let environment = FakeEnvironment(files: files)
    let status = Isochrone.run(words + ["--format", "json"], in: environment)
    #expect(status == .done && environment.complaints.isEmpty, "\(environment.complaints)")
    return try #require(JSONSerialization.jsonObject(with: Data(environment.output.utf8)) as? [String: Any])
  }

  private func scenarios(_ answer: [String: Any], _ key: String) throws -> [[String: Any]] {
    try #require(answer[key] as? [[String: Any]])
  }

  @Test("Every link and switch fails once, the costliest first, and none makes anything faster")
  func failures() throws {
    for topology in ["gb200-nvl72:racks=16", "dgx-h100:nodes=4"] {
      let answer = try answer(["what-if", "all-to-all", topology])
      let failures = try scenarios(answer, "failures")
      let ratios = failures.map { $0["ratio"] as? Double ?? .infinity }
      #expect(ratios.allSatisfy { $0 >= 1 - 1e-9 } && zip(ratios, ratios.dropFirst()).allSatisfy { $0 >= $1 })
      #expect(failures.allSatisfy { ($0["ratio"] is NSNull) == !($0["refusal"] is NSNull) })
      for failure in failures {
        guard let weighted = (failure["weightedSeconds"] as? [Double])?.first else { continue }
        let time = try #require((failure["seconds"] as? [Double])?.first)
        #expect(weighted < time)
      }
      #expect(failures.contains { $0["weightedSeconds"] is [Double] } == topology.hasPrefix("gb200"))
    }
  }

  @Test("The failures of a rack count each of its links and switches once")
  func counts() throws {
    let answer = try answer(["what-if", "all-reduce", "gb200-nvl72"])
    let counts = try scenarios(answer, "failures").compactMap { failure -> Int? in
      let name = try #require(failure["name"] as? String)
      return name.hasPrefix("nvlink5") || name.contains("nvswitch") ? failure["count"] as? Int : nil
    }
    #expect(counts.sorted() == [18, 1296])
  }

  @Test("A failure named by hand costs what the same one costs in the list, and a file says the same")
  func named() throws {
    let fabric =
      "isochrone: 1\ncluster:\n  racks: 16 × GB200-NVL72\n  fabric: {kind: rail-optimised, switch: Quantum-2}\n"
    let fault = "exceptions:\n  - failed: {from: \"group[0]/leaf[0]\", to: \"spine[0]\", count: 1}\n"
    let files = ["a.yaml": fabric, "b.yaml": fabric + fault]
    let answer = try answer(
      ["what-if", "all-to-all", "a.yaml", "--fail", "group[0]/leaf[0]--spine[0]=1"], files: files)
    let asked = try #require((try scenarios(answer, "asked").first?["seconds"] as? [Double])?.first)
    let listed = try scenarios(answer, "failures").first { ($0["name"] as? String)?.hasSuffix("– spine[*]") ?? false }
    #expect((listed?["seconds"] as? [Double])?.first == asked)
    let environment = FakeEnvironment(files: files)
    let words = ["estimate", "all-to-all", "b.yaml", "--sizes", "1GiB", "--format", "json"]
    #expect(Isochrone.run(words, in: environment) == .done)
    let estimate = try #require(
      JSONSerialization.jsonObject(with: Data(environment.output.utf8)) as? [String: Any])
    let seconds = try #require(try scenarios(estimate, "estimates").first?["seconds"] as? Double)
    #expect(abs(seconds - asked) <= 1e-9 * asked)
  }

  @Test("Changes are answered one by one and together; faster links help, slower ones do not")
  func changes() throws {
    let answer = try answer([
      "what-if", "all-to-all", "gb200-nvl72:racks=2", "--upgrade", "ndr-400g=800 Gb/s", "--degrade", "ndr-400g=0.5",
      "--add", "racks=2",
    ])
    let ratios = try scenarios(answer, "asked").map { try #require($0["ratio"] as? Double) }
    #expect(ratios.count == 4 && ratios[0] > 1 && ratios[1] < 1 && ratios[2] > 1)
    let links = try self.answer(["what-if", "all-to-all", "gb200-nvl72:racks=2", "--add", "ndr-400g@leaf=1"])
    let ratio = try #require(try scenarios(links, "asked").first?["ratio"] as? Double)
    #expect(ratio <= 1)
  }

  @Test("Sensitivities are the slopes that upgrades show, within their range")
  func sensitivities() throws {
    let answer = try answer(["what-if", "all-to-all", "gb200-nvl72:racks=16,oversubscription=2"])
    let base = try #require((try scenarios(answer, "base").first?["seconds"]) as? Double)
    let figures = try #require(try scenarios(answer, "sensitivities").first?["figures"] as? [[String: Any]])
    let strongest = try #require(figures.first { $0["kind"] as? String == "bandwidth" })
    #expect(strongest["name"] as? String == "ndr-400g" && strongest["tier"] as? String == "spine")
    let elasticity = try #require(strongest["elasticity"] as? Double)
    let high = try #require(strongest["validTo"] as? Double)
    #expect(elasticity < -0.1 && high > 1)
    let upgraded = try self.answer([
      "what-if", "all-to-all", "gb200-nvl72:racks=16,oversubscription=2", "--upgrade", "ndr-400g@spine=50.5 GB/s",
    ])
    let after = try #require((try scenarios(upgraded, "asked").first?["seconds"] as? [Double])?.first)
    #expect(abs((after - base) / base - elasticity * 0.01) < 2e-4)
  }

  @Test("Graphs of single devices have their links and switches failed as well")
  func graph() throws {
    let text = """
      isochrone: 1
      graph:
        devices:
          "gpu[0..3]": {part: H100}
          "sw[0..1]": {kind: switch}
        links:
          - {between: ["gpu[0..3]", "sw[0..1]"], link: NDR-400G}
      """
    let answer = try answer(["what-if", "all-to-all", "g.yaml", "--fail", "sw[0]"], files: ["g.yaml": text])
    let failures = try scenarios(answer, "failures")
    #expect(failures.count == 10 && failures.allSatisfy { ($0["ratio"] as? Double ?? 0) > 1 })
    let devices = failures.filter { $0["kind"] as? String == "device" }
    let asked = try #require(try scenarios(answer, "asked").first?["ratio"] as? Double)
    #expect(devices.count == 2 && devices.allSatisfy { $0["ratio"] as? Double == asked })
  }

  @Test(
    "A change that is no change is refused with what would do",
    arguments: [
      ("--fail", "leaf[99]"), ("--fail", "leaf[0]--gpu"), ("--fail", "x\"y"), ("--fail", ""), ("--fail", "leaf[0]=1"),
      ("--fail", "group[0]/leaf[0]--spine[0]=0"), ("--degrade", "nvlink5"), ("--degrade", "nvlink5=0"),
      ("--degrade", "nvlink5=2"), ("--degrade", "nvlink9=0.5"), ("--upgrade", "nvlink5=fast"),
      ("--upgrade", "nvlink5=0 GB/s"), ("--upgrade", "nvlink9=1 TB/s"), ("--add", "racks=0"), ("--add", "racks=-3"),
      ("--add", "rack=1"), ("--add", "nvlink5=99999999999999999999"), ("--add", "nvlink5=9999999999"),
      ("--add", "racks=9223372036854775807"),
    ])
  func refused(option: String, value: String) {
    let environment = FakeEnvironment()
    let status = Isochrone.run(["what-if", "all-to-all", "gb200-nvl72:racks=16", option, value], in: environment)
    #expect(status == .usage, "\(environment.complaints)")
    #expect(environment.output.isEmpty && !environment.complaints.isEmpty)
  }
}
