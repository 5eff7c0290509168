import Commands
import Foundation
import Testing

@Suite struct CheckCommandTests {
  @Test("A good file is silent")
  func good() {
    let run = Run("check good.yaml gb200-nvl72", in: FakeEnvironment(files: Files.all))
    #expect(run.status == .done && run.output.isEmpty && run.complaints.isEmpty)
  }

  @Test("Every mistake of every file is told at its place, on standard error")
  func bad() {
    let run = Run("check misspelt.yaml good.yaml newer.yaml", in: FakeEnvironment(files: Files.all))
    #expect(run.status == .badData && run.output.isEmpty)
    for place in ["misspelt.yaml:4:3: error: ", "misspelt.yaml:5:18: error: ", "newer.yaml:1:12: error: "] {
      #expect(run.complaints.contains(place))
    }
    #expect(!run.complaints.contains("good.yaml"))
  }

  @Test("The JSON form is a list of the same mistakes on standard output as well")
  func json() throws {
    let run = Run("check misspelt.yaml --format json", in: FakeEnvironment(files: Files.all))
    #expect(run.status == .badData && run.complaints.contains("misspelt.yaml:5:18"))
    let answer = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let list = try #require(answer["diagnostics"] as? [[String: Any]])
    let kind = try #require(list.first { $0["line"] as? Int == 5 })
    #expect(kind["file"] as? String == "misspelt.yaml" && kind["column"] as? Int == 18)
    #expect(kind["severity"] as? String == "error" && kind["id"] is String && kind["message"] is String)
    let fixIts = try #require(kind["fixIts"] as? [[String: Any]])
    #expect(fixIts.map { $0["replacement"] as? String } == ["rail-optimised"])
  }

  @Test("--fix mends what has one mending, says so, and leaves the rest")
  func fix() {
    let environment = FakeEnvironment(files: Files.all)
    let run = Run("check --fix misspelt.yaml newer.yaml good.yaml", in: environment)
    #expect(run.status == .badData && run.complaints.contains("misspelt.yaml: mended 2 mistakes"))
    #expect(environment.contents["misspelt.yaml"] == Files.good)
    #expect(environment.contents["newer.yaml"] == Files.newer && environment.contents["good.yaml"] == Files.good)
    let again = Run("check --fix misspelt.yaml", in: FakeEnvironment(files: environment.contents))
    #expect(again.status == .done && again.complaints.isEmpty)
  }

  @Test("A file that is not there has a status of its own")
  func missing() {
    let run = Run("check nowhere.yaml", in: FakeEnvironment())
    #expect(run.status == .noInput && run.complaints.contains("nowhere.yaml"))
  }
}
