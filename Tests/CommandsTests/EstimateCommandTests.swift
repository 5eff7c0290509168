import Commands
import Foundation
import Testing

@Suite struct EstimateCommandTests {
  private func members(_ line: String) throws -> [String: Any] {
    let run = Run(line + " --format json", in: FakeEnvironment(files: Files.all))
    #expect(run.status == .done && run.complaints.isEmpty, "\(run.complaints)")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private func rows(_ line: String) throws -> [[String: Any]] {
    try #require(try members(line)["estimates"] as? [[String: Any]])
  }

  @Test("The answer names what was asked: topology, parameters with their defaults, collective, ranks, library")
  func question() throws {
    let answer = try members("estimate all-reduce gb200-nvl72:trays=17 --sizes 8B")
    #expect(answer["topology"] as? String == "gb200-nvl72" && answer["collective"] as? String == "all-reduce")
    let parameters = try #require(answer["parameters"] as? [String: Any])
    #expect(parameters["racks"] as? Int == 1 && parameters["trays"] as? Int == 17)
    #expect(answer["ranks"] as? Int == 68 && answer["library"] as? String == "nccl")
    #expect((answer["assumptions"] as? [[String: Any]])?.isEmpty == false)
  }

  @Test("There is a row for each asked size, unrounded and in the asked order")
  func sizes() throws {
    let rows = try rows("estimate all-gather gb200-nvl72 --sizes 1MiB,7B,1000001B,8B..32B")
    #expect(rows.map { $0["bytes"] as? Int } == [1_048_576, 7, 1_000_001, 8, 16, 32])
    for row in rows { #expect((row["seconds"] as? Double ?? 0) > 0) }
  }

  @Test(
    "Every option is accepted",
    arguments: [
      "--ranks 7", "--algorithm ring", "--algorithm ring --protocol simple", "--protocol LL", "--protocol ll128",
      "--library nccl", "--gpus-per-process 8", "--graph-launch", "--launcher torch", "--launcher nccl-tests",
      "--in-switch on", "--in-switch off", "--in-switch auto", "--explain",
    ])
  func options(_ option: String) throws {
    let rows = try rows("estimate all-reduce gb200-nvl72 --sizes 1MiB \(option)")
    #expect(rows.count == 1 && rows[0]["seconds"] is Double)
  }

  @Test("Without a bound all is as before but the bound, and the answer says so")
  func withoutBound() throws {
    let line = "estimate all-to-all gb200-nvl72:racks=2 --sizes 8B,1GiB"
    let (whole, part) = (try members(line), try members(line + " --no-bound"))
    let rows = try [whole, part].map { try #require($0["estimates"] as? [[String: Any]]) }
    for (with, without) in zip(rows[0], rows[1]) {
      #expect(with["lowerBoundSeconds"] is Double && without["lowerBoundSeconds"] is NSNull)
      #expect(with["seconds"] as? Double == without["seconds"] as? Double)
    }
    #expect((part["remarks"] as? [String])?.contains { $0.hasPrefix("No bound was computed") } == true)
    #expect((whole["remarks"] as? [String])?.contains { $0.hasPrefix("No bound was computed") } == false)
    let text = Run(line + " --no-bound --explain").output
    #expect(!text.contains("bound: ") && text.contains("No bound was computed"))
    #expect(
      Run(line + " --no-bound --format csv").output.split(separator: "\n").dropFirst().allSatisfy { $0.contains(",,") })
    for other in ["compare gb200-nvl72 gb300-nvl72", "what-if all-reduce gb200-nvl72"] {
      #expect(Run("\(other) --sizes 1GiB --no-bound").output.contains("No bound was computed"))
    }
  }

  @Test("The same words give the same bytes", arguments: ["text", "json", "csv"])
  func deterministic(_ format: String) {
    let line = "estimate all-reduce gb300-nvl72:racks=2 --explain --format \(format)"
    #expect(Run(line).output == Run(line).output)
  }

  @Test("A file of ten lines is answered like a shipped topology")
  func file() throws {
    let answer = try members("estimate all-to-all good.yaml --sizes 1GiB")
    #expect(answer["topology"] as? String == "good.yaml" && answer["title"] as? String == "Two racks of mine")
    #expect(answer["ranks"] as? Int == 144)
  }

  @Test("The user's folder of topologies comes before the shipped ones")
  func folder() {
    let environment = FakeEnvironment(
      files: ["mine/gb200-nvl72.yaml": Files.good], variables: ["ISOCHRONE_TOPOLOGIES": "mine"])
    #expect(Run("describe gb200-nvl72", in: environment).output.hasPrefix("Two racks of mine"))
  }

  @Test(
    "What is wrong with the question, the file or its name has its own status, and nothing is answered",
    arguments: [
      ("gb200-nvl72:racks=0", Commands.ExitStatus.usage, "racks must be"),
      ("gb200-nvl72:rack=8", .usage, "did you mean 'racks'"),
      ("gb200-nvl72:racks=,trays=1", .usage, "NAME=VALUE"), ("gb200-nvl72:racks=1,racks=2", .usage, "twice"),
      ("gb200-nvl72:racks=1e400", .usage, "must be"), ("gb200-nvl72:racks=-1", .usage, "must be"),
      ("gb200-nvl72 --ranks 73", .usage, "72"), ("gb200-nvl72 --algorithm rng", .usage, "did you mean 'ring'?"),
      ("gb200-nvl72 --library ncl", .usage, "did you mean 'nccl'?"),
      ("gb200-nvl7", .noInput, "did you mean 'gb200-nvl72'"), ("nowhere/mine.yaml", .noInput, "nowhere/mine.yaml"),
      ("misspelt.yaml", .badData, "misspelt.yaml:4:3: error: "), ("newer.yaml", .badData, "newer.yaml:1:12: error: "),
    ])
  func refuses(_ rest: String, _ status: Commands.ExitStatus, _ message: String) {
    let run = Run("estimate all-reduce \(rest)", in: FakeEnvironment(files: Files.all))
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.complaints.contains(message), "\(run.complaints)")
  }
}
