import Commands
import Foundation
import Testing

@Suite struct DiagnoseCommandTests {
  private func json(_ line: String) throws -> (Commands.ExitStatus, [String: Any]) {
    let run = Run(line, in: FakeEnvironment(files: Logs.files))
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return (run.status, try #require(object as? [String: Any]))
  }

  @Test("The JSON form has a row a size, errors by regime and findings")
  func form() throws {
    let (status, answer) = try json("diagnose healthy.log --on dgx-h100 --format json")
    #expect(status == .done)
    let rows = try #require(answer["rows"] as? [[String: Any]])
    #expect(rows.count == 7)
    for row in rows {
      let measured = try #require(row["measuredSeconds"] as? Double)
      let expected = try #require(row["expectedSeconds"] as? Double)
      #expect(abs(try #require(row["ratio"] as? Double) - measured / expected) < 1e-9)
      #expect(["ok", "slow", "fast"].contains(row["verdict"] as? String))
      #expect(row["bytes"] is Int)
    }
    let errors = try #require(answer["medianAbsoluteError"] as? [String: Any])
    #expect(Set(errors.keys) == ["small", "medium", "large"])
    #expect(answer["findings"] is [Any])
  }

  @Test("The check of the bandwidth gives status 1 below the share and 0 above")
  func failBelow() {
    let files = Logs.files
    #expect(
      Run("diagnose slow.log --on dgx-h100 --fail-below 0.9", in: FakeEnvironment(files: files)).status == .checkFailed)
    #expect(
      Run("diagnose healthy.log --on dgx-h100 --fail-below 0.5", in: FakeEnvironment(files: files)).status == .done)
    #expect(Run("diagnose slow.log --on dgx-h100", in: FakeEnvironment(files: files)).status == .done)
    #expect(Run("diagnose slow.log --on dgx-h100 --fail-below 0", in: FakeEnvironment(files: files)).status == .usage)
  }

  @Test("A log of other ranks is not judged: status 65, and each row says so")
  func otherRanks() throws {
    let (status, answer) = try json("diagnose wide.log --on dgx-h100 --format json")
    #expect(status == .badData)
    let rows = try #require(answer["rows"] as? [[String: Any]])
    #expect(rows.count == 7)
    #expect(rows.allSatisfy { $0["verdict"] as? String == "unusable" && $0["expectedSeconds"] is NSNull })
    #expect((answer["findings"] as? [[String: Any]])?.first?["id"] as? String == "log-ranks")
    let run = Run("diagnose wide.log --on dgx-h100", in: FakeEnvironment(files: Logs.files))
    #expect(run.complaints.contains("16 ranks"))
  }

  @Test(
    "Files that are none, are missing or hold no row are told apart",
    arguments: [
      ("diagnose none.log --on dgx-h100", Commands.ExitStatus.noInput), ("diagnose empty.log --on dgx-h100", .badData),
      ("diagnose healthy.log --on dgx-h10", .noInput), ("diagnose healthy.log", .usage),
      ("diagnose healthy.log --on dgx-h100 --collective all-reduec", .usage),
      ("diagnose healthy.log --on dgx-h100 --library rckl", .usage),
      ("diagnose healthy.log --on dgx-h100 --ranks 9", .usage),
      ("calibrate none.log --on dgx-h100", .noInput), ("calibrate empty.log --on dgx-h100", .badData),
      ("calibrate wide.log --on dgx-h100", .badData),
      ("estimate all-reduce dgx-h100 --profile none.yaml", .noInput),
      ("estimate all-reduce dgx-h100 --profile good.yaml", .badData),
    ])
  func mistakes(line: String, status: Commands.ExitStatus) {
    let run = Run(line, in: FakeEnvironment(files: Logs.files))
    #expect(run.status == status, "\(run.complaints)")
    #expect(!run.complaints.isEmpty)
    #expect(run.output.isEmpty)
  }

  @Test("A calibrated profile goes through its file into estimates, and brings them closer to the log")
  func calibrate() throws {
    let environment = FakeEnvironment(files: Logs.files)
    #expect(Run("calibrate site.log --on dgx-h100 -o site.yaml", in: environment).status == .done)
    let text = try #require(environment.contents["site.yaml"])
    // Without -o the same profile is the answer.
    #expect(Run("calibrate site.log --on dgx-h100", in: FakeEnvironment(files: Logs.files)).output == text)
    let files = Logs.files.merging(["site.yaml": text]) { first, _ in first }
    func seconds(_ option: String) throws -> Double {
      let run = Run(
        "estimate all-reduce dgx-h100 --sizes 1GiB --format json\(option)", in: FakeEnvironment(files: files))
      #expect(run.status == .done, "\(run.complaints)")
      let answer = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return try #require((answer?["estimates"] as? [[String: Any]])?.first?["seconds"] as? Double)
    }
    let measured = 3950e-6 * 1.4
    #expect(abs(try seconds(" --profile site.yaml") / measured - 1) < 0.5 * abs(try seconds("") / measured - 1))
  }

  @Test("The JSON form of a calibration has factors with intervals and the profile itself")
  func calibrationForm() throws {
    let (status, answer) = try json("calibrate healthy.log --on dgx-h100 --format json")
    #expect(status == .done)
    let factors = try #require(answer["factors"] as? [[String: Any]])
    #expect(!factors.isEmpty)
    for factor in factors {
      let interval = try #require(factor["interval"] as? [Double])
      let value = try #require(factor["value"] as? Double)
      #expect(interval.count == 2 && interval[0] <= value && value <= interval[1])
    }
    #expect((answer["profile"] as? String)?.hasPrefix("isochrone: 1\n") == true)
  }
}
