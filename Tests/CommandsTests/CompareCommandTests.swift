import Commands
import Foundation
import Testing

@Suite struct CompareCommandTests {
  @Test("By default all-reduce and all-to-all are asked, from 1 MiB to 16 GiB")
  func standard() throws {
    let run = Run("compare gb200-nvl72:racks=2 gb300-nvl72:racks=2 --format json")
    #expect(run.status == .done && run.complaints.isEmpty)
    let answer = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let rows = try #require(answer["rows"] as? [[String: Any]])
    #expect(Set(rows.compactMap { $0["collective"] as? String }) == ["all-reduce", "all-to-all"])
    let sizes = rows.compactMap { $0["bytes"] as? Int }
    #expect(sizes.min() == 1 << 20 && sizes.max() == 1 << 34)
    #expect(
      (answer["subjects"] as? [[String: Any]])?.map { $0["topology"] as? String } == ["gb200-nvl72", "gb300-nvl72"])
  }

  @Test("A topology compared with itself has ratio 1 in every row")
  func itself() throws {
    let run = Run("compare dgx-h100:nodes=2 dgx-h100:nodes=2 --sizes 8B..16GiB*64 --format json")
    let answer = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let rows = try #require(answer["rows"] as? [[String: Any]])
    #expect(!rows.isEmpty && rows.allSatisfy { $0["ratioToFirst"] as? [Double] == [1, 1] })
  }

  @Test("A page is written beside the answer, and only when everything could be answered")
  func page() {
    let environment = FakeEnvironment(files: Files.all)
    let line = "compare gb200-nvl72 good.yaml --collective all-reduce --sizes 1MiB,1GiB --html out.html"
    let run = Run(line, in: environment)
    #expect(run.status == .done && run.output.contains("All-reduce"))
    #expect(environment.contents["out.html"]?.hasPrefix("<!DOCTYPE html>") == true)

    let failing = FakeEnvironment(files: Files.all)
    #expect(Run(line.replacing("good", with: "misspelt"), in: failing).status == .badData)
    #expect(failing.contents["out.html"] == nil)
  }

  @Test("A page that cannot be written is a failure without an answer")
  func unwritable() {
    let run = Run("compare gb200-nvl72 gb300-nvl72 --sizes 1MiB --html /nowhere/out.html")
    #expect(run.status == .noInput && run.output.isEmpty && run.complaints.contains("/nowhere/out.html"))
  }

  @Test("Groups of ranks are compared side by side, and those that do not fit are refused at their place")
  func groups() throws {
    let line = "compare dgx-h100:nodes=9 dgx-b200:nodes=9 --sizes 1GiB --collective all-reduce --group tensor=8,data=*"
    let run = Run("\(line) --along data --format json")
    #expect(run.status == .done && run.complaints.isEmpty)
    let answer = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let subjects = try #require(answer["subjects"] as? [[String: Any]])
    #expect(subjects.map { ($0["group"] as? [String: Any])?["ranks"] as? Int } == [9, 9])
    let alone = Run(
      "estimate all-reduce dgx-h100:nodes=9 --sizes 1GiB --group tensor=8,data=* --along data --format json")
    let estimate = try #require(JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any])
    let seconds = (estimate["estimates"] as? [[String: Any]])?.first?["seconds"] as? Double
    #expect((answer["rows"] as? [[String: Any]])?.first?["seconds"].flatMap { ($0 as? [Double])?.first } == seconds)
    #expect(Run(line).output.contains("Each collective joins 8 GPUs along 'tensor', in 9 groups side by side."))

    let misfit = Run(line.replacing("tensor=8", with: "tensor=7"))
    #expect(misfit.status == .usage && misfit.output.isEmpty)
    #expect(misfit.complaints.contains("[usage.group-product]") && misfit.complaints.contains("--group:1:"))
  }
}
